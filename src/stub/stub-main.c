/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-command.h"
#include "stub-crc.h"
#include "stub-flash.h"
#include "stub-memory.h"
#include "stub-rom.h"
#include "stub-uart.h"
#include "stub-writer.h"

#define OP_RUN_USER_CODE 0xd3

extern uint32_t stub_bss_start[], stub_bss_end[];

void stub_main (void);

/* MEM_END jumps here. Returning from stub_main() goes on in the ROM where a boot from flash does.
 */
__asm__(".section .text\n"
        ".literal_position\n"
        ".align 4\n"
        ".global stub_entry\n"
        "stub_entry:\n"
        "  movi a0, 0x400010a8\n"
        "  j stub_main\n");

void
stub_main (void)
{
  for (uint32_t *word = stub_bss_start; word < stub_bss_end; word++)
    *word = 0;
  stub_crc_init ();
  stub_feed_open (0);
  stub_flash_start ();
  stub_uart_start ();
  stub_uart_delimit ();
  stub_uart_send ("OHAI", 4);
  stub_uart_delimit ();
  for (;;) {
    uint32_t frame_len = 0;
    int is_fed = !(stub_stream_is_open () ? stub_stream_step () : stub_feed_step ());

    stub_writer_step ();
    /* packets of a stream have been copied, others lie where the next one comes */
    if (stub_stream_is_open () ? !stub_stream_is_full () : is_fed)
      frame_len = stub_uart_poll_frame (stub_pool, stub_stream_is_open () ? STUB_STREAM_FRAME
                                                                          : STUB_POOL_BYTES);
    if (frame_len == 0)
      continue;
    if (frame_len == STUB_HEADER_BYTES && stub_pool[0] == 0 && stub_pool[1] == OP_RUN_USER_CODE
        && !stub_stream_is_open ())
      break;
    stub_dispatch (frame_len);
  }
  stub_settle ();
  stub_uart_stop ();
}
