/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the ROM loader accepts, refuses and survives: PROTOCOL-FACTS 9.1, 9.3 and 17, "Blocks". */

#include "sim-rig.h"

#include <string.h>

enum {
  FLASH_BEGIN = 2,
  FLASH_DATA,
  FLASH_END,
  MEM_BEGIN,
  MEM_END,
  MEM_DATA,
  SYNC,
  WRITE_REG,
  READ_REG,
  SET_PARAMS,
};

static const guint8 ramp[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

typedef struct {
  const char *name;
  guint8 op;
  gsize n;
  guint32 words[9];
  guint status;
} Length;

/* Lengths are exact, and so is the limit of a block. */
static const Length lengths[] = {
  { "begin-16", FLASH_BEGIN, 4, { 0x1000, 1, 0x1800, 0 }, 0 },
  { "begin-20", FLASH_BEGIN, 5, { 0x1000, 1, 0x1800, 0, 0 }, 5 },
  { "begin-12", FLASH_BEGIN, 3, { 0x1000, 1, 0x1800 }, 5 },
  { "begin-block", FLASH_BEGIN, 4, { 0x1000, 1, 0x1801, 0 }, 5 },
  { "mem-begin-16", MEM_BEGIN, 4, { 16, 1, 0x1800, 0x40100000 }, 0 },
  { "mem-begin-20", MEM_BEGIN, 5, { 16, 1, 0x1800, 0x40100000, 0 }, 5 },
  { "mem-begin-block", MEM_BEGIN, 4, { 16, 1, 0x1804, 0x40100000 }, 5 },
  { "mem-end-8", MEM_END, 2, { 1, 0 }, 0 },
  { "mem-end-4", MEM_END, 1, { 1 }, 5 },
  { "read-reg-8", READ_REG, 2, { 0x40001000, 0 }, 5 },
  { "write-reg-16", WRITE_REG, 4, { 0x40100000, 1, 0xffffffff, 0 }, 0 },
  { "write-reg-32", WRITE_REG, 8, { 0x40100000, 1, 0xffffffff, 0, 0x40100004, 2, 1, 0 }, 0 },
  { "write-reg-20", WRITE_REG, 5, { 0x40100000, 1, 0xffffffff, 0, 0 }, 5 },
  { "write-reg-none", WRITE_REG, 0, { 0 }, 5 },
  { "set-params-24", SET_PARAMS, 6, { 0, 8 << 20, 65536, 4096, 256, 0xffff }, 0 },
  { "set-params-20", SET_PARAMS, 5, { 0, 8 << 20, 65536, 4096, 256 }, 5 },
  { "sync-empty", SYNC, 0, { 0 }, 5 },
  { "spi-attach", 0x0d, 1, { 0 }, 5 },
  { "baud", 0x0f, 2, { 460800, 0 }, 5 },
  { "md5", 0x13, 4, { 0, 4096, 0, 0 }, 5 },
  { "security-info", 0x14, 0, { 0 }, 5 },
  { "stub-erase", 0xd0, 0, { 0 }, 5 },
  { "zero", 0x00, 0, { 0 }, 5 },
};

static void
test_length (gconstpointer data)
{
  const Length *row = data;
  g_autoptr (Rig) rig = rig_new_synced ("");
  guint replies = 0;

  /* so that unknown ops do not answer eight times under SYNC's name */
  g_assert_cmphex (rig_read_reg (rig, 0x40001000), ==, 0xfff0c101);
  rig_request_words (rig, row->op, row->n, row->words);
  rig_settle (rig);
  while (TRUE) {
    g_autofree char *frame = rig_frame (rig);

    if (*frame == '\0')
      break;
    g_assert_cmpstr (frame + strlen (frame) - 5, ==, row->status == 0 ? "00 00" : "01 05");
    replies++;
  }
  g_assert_cmpuint (replies, ==, row->op == SYNC ? 8 : 1);
}

static void
begin (Rig *rig, guint32 packets, guint32 block_size)
{
  g_assert_cmpuint (rig_do (rig, FLASH_BEGIN, 0x1000, packets, block_size, 0), ==, 0);
}

static guint
block (Rig *rig, guint32 sequence, gsize len)
{
  rig_block (rig, FLASH_DATA, sequence, ramp, len);
  rig_settle (rig);
  return rig_status (rig);
}

static void
test_sequence (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  begin (rig, 4, 16);
  g_assert_cmpuint (block (rig, 1, 16), ==, 5);
  g_assert_cmpuint (block (rig, 0, 16), ==, 0);
  g_assert_cmpuint (block (rig, 0, 16), ==, 5);
  g_assert_cmpuint (block (rig, 2, 16), ==, 5);
  g_assert_cmpuint (block (rig, 1, 16), ==, 0);
  g_assert_cmpmem (fg_sim_board_get_flash (rig->board, NULL) + 16, 16, ramp, 16);
}

static void
test_block_sizes (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  g_assert_cmpuint (block (rig, 0, 4), ==, 5); /* nothing was begun */
  begin (rig, 4, 12);
  g_assert_cmpuint (block (rig, 0, 16), ==, 5);
  g_assert_cmpuint (block (rig, 0, 10), ==, 5);
  g_assert_cmpuint (block (rig, 0, 8), ==, 0); /* shorter is fine */
  g_assert_cmpuint (block (rig, 1, 12), ==, 0);
  /* one after the other, wherever the block size would have put them */
  g_assert_cmpmem (fg_sim_board_get_flash (rig->board, NULL) + 8, 12, ramp, 12);
}

static void
test_length_disagrees (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");
  guint8 data[16 + 8] = { 12 };

  begin (rig, 1, 16);
  rig_request (rig, FLASH_DATA, 0xef, data, sizeof data);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 5);
}

/* A bad block has used up its number: sent again it is refused, the next one is not. */
static void
test_bad_checksum (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");
  guint8 data[16 + 16] = { 16 };

  memcpy (data + 16, ramp, 16);
  begin (rig, 2, 16);
  rig_request (rig, FLASH_DATA, 0x55, data, sizeof data);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 7);
  g_assert_cmphex (fg_sim_board_get_flash (rig->board, NULL)[0], ==, 0xff);
  g_assert_cmpuint (block (rig, 0, 16), ==, 5);
  g_assert_cmpuint (block (rig, 1, 16), ==, 0);
}

static void
test_largest_block (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");
  g_autofree guint8 *payload = g_malloc (0x1804);

  for (guint i = 0; i < 0x1804; i++)
    payload[i] = (guint8) (i % 3 == 0 ? 0xc0 : i % 3 == 1 ? 0xdb : i);
  begin (rig, 1, 0x1800);
  rig_block (rig, FLASH_DATA, 0, payload, 0x1804); /* longer than the ROM's buffer: no answer */
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
  rig_block (rig, FLASH_DATA, 0, payload, 0x1800);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  g_assert_cmpmem (fg_sim_board_get_flash (rig->board, NULL), 0x1800, payload, 0x1800);
}

static void
test_write_failures (void)
{
  g_autoptr (Rig) stuck = rig_new_synced ("stuck=2");
  g_autoptr (Rig) dirty = rig_new_synced ("");
  g_autoptr (Rig) protected = rig_new_synced ("protect=7");

  begin (stuck, 1, 16);
  g_assert_cmpuint (block (stuck, 0, 16), ==, 8);
  /* nothing erases what was written: bits are only cleared */
  begin (dirty, 1, 16);
  g_assert_cmpuint (block (dirty, 0, 16), ==, 0);
  g_assert_cmpuint (rig_do (dirty, FLASH_BEGIN, 0, 1, 16, 0), ==, 0);
  rig_block (dirty, FLASH_DATA, 0, (const guint8 *) "\xff\x01\xff\xff", 4);
  rig_settle (dirty);
  g_assert_cmpuint (rig_status (dirty), ==, 8);
  begin (protected, 1, 16);
  g_assert_cmpuint (block (protected, 0, 4), ==, 0); /* 0^1^2^3 = 0: the check is that weak */
  g_assert_cmphex (fg_sim_board_get_flash (protected->board, NULL)[0], ==, 0xff);
  g_assert_cmpuint (rig_do (protected, FLASH_BEGIN, 0, 1, 16, 0), ==, 0);
  rig_block (protected, FLASH_DATA, 0, (const guint8 *) "\x10\x20\x40\x83", 4);
  rig_settle (protected);
  g_assert_cmpuint (rig_status (protected), ==, 8);
}

static void
test_dead_flash_hangs (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("flashid=FFFFFF");

  g_assert_cmpuint (rig_do (rig, FLASH_BEGIN, 0, 0, 0x400, 0), ==, 0);
  rig_command (rig, FLASH_BEGIN, 0x1000, 1, 0x400, 0);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "silent");
}

static void
test_beyond_four_megabytes (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("flash=8M");

  g_assert_cmpuint (rig_do (rig, FLASH_BEGIN, 0x1000, 1, 0x400, 0x400000), ==, 6);
  g_assert_cmpuint (rig_do (rig, SET_PARAMS, 0, 8 << 20, 65536, 4096, 256, 0xffff), ==, 0);
  g_assert_cmpuint (rig_do (rig, FLASH_BEGIN, 0x1000, 1, 0x400, 0x400000), ==, 0);
  g_assert_cmpuint (block (rig, 0, 16), ==, 0);
  g_assert_cmpmem (fg_sim_board_get_flash (rig->board, NULL) + 0x400000, 16, ramp, 16);
}

typedef struct {
  const char *name;
  guint32 total, packets, flag;
  guint blocks, status;
} End;

static const End ends[] = {
  { "right", 16, 1, 1, 1, 0 },        { "reboot", 16, 1, 0, 1, 0 },
  { "missing", 32, 2, 1, 1, 6 },      { "one-too-many", 16, 1, 1, 2, 6 },
  { "bytes-differ", 32, 1, 1, 1, 6 },
};

static void
test_end (gconstpointer data)
{
  const End *row = data;
  g_autoptr (Rig) rig = rig_new_synced ("");

  g_assert_cmpuint (rig_do (rig, FLASH_BEGIN, row->total, row->packets, 16, 0), ==, 0);
  for (guint i = 0; i < row->blocks; i++)
    g_assert_cmpuint (block (rig, i, 16), ==, 0);
  rig_command (rig, FLASH_END, row->flag);
  rig_run (rig, 100);
  {
    g_autofree char *frame = rig_frame (rig);

    g_assert_cmpstr (frame, ==,
                     row->status == 0 ? "01 04 02 00 07 07 12 20 00 00"
                                      : "01 04 02 00 07 07 12 20 01 06");
  }
  /* whatever it said, it has left: there is no image, so the ROM gives up and starts over */
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "booted");
  rig_command (rig, READ_REG, 0x40001000);
  rig_run (rig, 100);
  g_assert_null (memchr (rig->heard->data, 0xc0, rig->heard->len));
}

static void
test_mem (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  g_assert_cmpuint (rig_do (rig, MEM_BEGIN, 32, 2, 16, 0x3ffe8000), ==, 0);
  rig_block (rig, MEM_DATA, 0, ramp, 16);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  rig_block (rig, MEM_DATA, 0, ramp, 16);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 5);
  rig_block (rig, MEM_DATA, 1, ramp + 4, 8);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  g_assert_cmphex (rig_read_reg (rig, 0x3ffe8004), ==, 0x07060504);
  g_assert_cmphex (rig_read_reg (rig, 0x3ffe8010), ==, 0x07060504);
  g_assert_cmpuint (rig_do (rig, MEM_END, 1, 0), ==, 0);
  g_assert_cmphex (rig_read_reg (rig, 0x40001000), ==, 0xfff0c101);
  g_assert_cmpuint (rig_do (rig, MEM_END, 0, 0x40100000), ==, 0);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "silent");
  rig_command (rig, READ_REG, 0x40001000);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
}

static void
test_write_reg_masks (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  rig_write_reg (rig, 0x40100000, 0x12345678);
  g_assert_cmpuint (rig_do (rig, WRITE_REG, 0x40100000, 0xffffffff, 0x0000ff00, 0), ==, 0);
  g_assert_cmphex (rig_read_reg (rig, 0x40100000), ==, 0x1234ff78);
  g_assert_cmpuint (rig_do (rig, WRITE_REG, 0x40100000, 0, 0, 0, 0x40100004, 7, 0xffffffff, 0), ==,
                    0);
  g_assert_cmphex (rig_read_reg (rig, 0x40100000), ==, 0x1234ff78);
  g_assert_cmphex (rig_read_reg (rig, 0x40100004), ==, 7);
}

static void
test_registers (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("mac=5C:CF:7F:AB:12:9A");

  g_assert_cmphex (rig_read_reg (rig, 0x3FF00050), ==, 0x9A000000);
  g_assert_cmphex (rig_read_reg (rig, 0x3FF00054), ==, 0x0200AB12);
  g_assert_cmphex (rig_read_reg (rig, 0x3FF00058), ==, 0);
  g_assert_cmphex (rig_read_reg (rig, 0x3FF0005C), ==, 0x005CCF7F);
  g_assert_cmpuint (rig_read_reg (rig, 0x60000014) & 0xfffff, ==, 451); /* 26 MHz at 115200 */
  rig_write_reg (rig, 0x40001000, 0);                                   /* ROM: no effect */
  g_assert_cmphex (rig_read_reg (rig, 0x40001000), ==, 0xfff0c101);
}

static void
test_unaligned_read_hangs (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266,timing=none,boot=loader");

  rig_command (rig, READ_REG, 0x40001002);
  rig_command (rig, READ_REG, 0x40001000);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "silent");
  fg_sim_board_set_lines (rig->board, FALSE, TRUE, rig->now_us);
  fg_sim_board_set_lines (rig->board, TRUE, FALSE, rig->now_us + 100);
  rig_run (rig, 100000);
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmphex (rig_read_reg (rig, 0x40001000), ==, 0xfff0c101);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/rom-rules/length/%s", lengths[i].name);

    g_test_add_data_func (path, &lengths[i], test_length);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/rom-rules/end/%s", ends[i].name);

    g_test_add_data_func (path, &ends[i], test_end);
  }
  g_test_add_func ("/sim/rom-rules/sequence", test_sequence);
  g_test_add_func ("/sim/rom-rules/block-sizes", test_block_sizes);
  g_test_add_func ("/sim/rom-rules/length-disagrees", test_length_disagrees);
  g_test_add_func ("/sim/rom-rules/bad-checksum", test_bad_checksum);
  g_test_add_func ("/sim/rom-rules/largest-block", test_largest_block);
  g_test_add_func ("/sim/rom-rules/write-failures", test_write_failures);
  g_test_add_func ("/sim/rom-rules/dead-flash-hangs", test_dead_flash_hangs);
  g_test_add_func ("/sim/rom-rules/beyond-four-megabytes", test_beyond_four_megabytes);
  g_test_add_func ("/sim/rom-rules/mem", test_mem);
  g_test_add_func ("/sim/rom-rules/write-reg-masks", test_write_reg_masks);
  g_test_add_func ("/sim/rom-rules/registers", test_registers);
  g_test_add_func ("/sim/rom-rules/unaligned-read-hangs", test_unaligned_read_hangs);
  return g_test_run ();
}
