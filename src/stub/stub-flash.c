/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-flash.h"

#include "stub-crc.h"
#include "stub-hot.h"
#include "stub-rom.h"

#define CMD_READ (1u << 31)
#define CMD_WRITE_ENABLE (1u << 30)
#define CMD_READ_ID (1u << 28)
#define CMD_READ_STATUS (1u << 27)
#define CMD_PROGRAM (1u << 25)
#define CMD_ERASE_SECTOR (1u << 24)
#define CMD_ERASE_BLOCK (1u << 23)
#define CMD_ERASE_CHIP (1u << 22)
#define CMD_USER (1u << 18)

#define USER_COMMAND (1u << 31)
#define USER_MISO (1u << 28)
#define USER_MOSI (1u << 27)
#define USER_COMMAND_BITS (7u << 28)

#define OP_WRITE_STATUS 0x01u
#define OP_READ_STATUS_2 0x35u

/* CTRL makes READ a fast read with two lines for the data: DOUT, which every board is wired for. It
 * is set only while reading, because it spoils what comes back of user commands. */
#define CTRL_READ_MODES (1u << 13 | 1u << 14 | 1u << 20 | 1u << 23 | 1u << 24)
#define CTRL_READ_DUAL (1u << 13 | 1u << 14)

/* Divider of the flash clock in SPI_CTRL, as the second-stage loader sets it: n-1, n/2-1, n-1 in
 * four bits each. By 2 makes 26 MHz out of 52, half of what the slowest flash allows for a plain
 * read; the ROM leaves 13 MHz. */
#define CTRL_CLOCK_MASK 0x1fffu
#define CTRL_CLOCK_HALF 0x0101u
#define CTRL_CLOCK_WHOLE 0x1000u /* needs IO_MUX_FLASH_WHOLE as well */

#define READ_BYTES 32u /* like the ROM; 64 hang the controller (esp-open-rtos, core/spiflash.c) */

#define PROBE_END (32u * STUB_SECTOR)

#define STATUS_BUSY 0x01u
#define STATUS_WRITE_ENABLED 0x02u
#define STATUS_PROTECTED 0x3cu /* BP0 to BP2, and BP3 or TB */

#define CYCLES_256_PER_MS 204u /* of 52 MHz; with a faster clock the limits are shorter */

StubFault stub_fault;
uint32_t stub_flash_size;

static uint8_t reads_dual; /* whether that gives what a plain read gives */
static uint32_t sample_at; /* where the flash is not blank; PROBE_END: not known */

static struct {
  uint32_t address;       /* of what runs */
  uint32_t limit, waited; /* in units of 256 cycles */
  uint32_t last;          /* cycle counter */
  uint8_t running;
} job;

static void
command (uint32_t cmd)
{
  while (SPI_CMD != 0)
    ;
  SPI_CMD = cmd;
  while (SPI_CMD != 0)
    ;
}

static uint32_t
read_status (void)
{
  SPI_RD_STATUS = 0;
  command (CMD_READ_STATUS);
  return SPI_RD_STATUS & 0xff;
}

static uint32_t
read_id (void)
{
  SPI_W[0] = 0;
  command (CMD_READ_ID);
  return SPI_W[0] & 0xffffff;
}

/* Sends an opcode and up to two bytes, or receives one. */
static uint32_t
user_command (uint32_t op, uint32_t out, uint32_t out_bits, uint32_t in_bits)
{
  uint32_t user = SPI_USER, user1 = SPI_USER1, user2 = SPI_USER2, in;

  SPI_USER = USER_COMMAND | (out_bits > 0 ? USER_MOSI : 0) | (in_bits > 0 ? USER_MISO : 0);
  SPI_USER1 = (out_bits > 0 ? (out_bits - 1) << 17 : 0) | (in_bits > 0 ? (in_bits - 1) << 8 : 0);
  SPI_USER2 = USER_COMMAND_BITS | op;
  SPI_W[0] = out;
  command (CMD_USER);
  in = SPI_W[0];
  SPI_USER = user;
  SPI_USER1 = user1;
  SPI_USER2 = user2;
  return in;
}

/* Gives the pins to the flash, and tells the ROM's functions of a size that forbids nothing. */
void
stub_flash_attach (void)
{
  SelectSpiFunction ();
  spi_flash_attach ();
  SPIParamCfg (0, 16u << 20, STUB_BLOCK, STUB_SECTOR, 256, 0xffff);
}

static void
set_clock (uint32_t clock)
{
  SPI_CTRL = (SPI_CTRL & ~CTRL_CLOCK_MASK) | clock;
}

/* What the flash says to a read and to who it is. */
static uint32_t
look (void)
{
  return stub_flash_crc (read_id (), sample_at, READ_BYTES);
}

/* Doubles the clock and reads by two lines, each where the flash answers alike, and learns the size
 * from the third byte of its id. What is blank proves nothing, so it looks at the first sectors for
 * something else. */
void
stub_flash_start (void)
{
  uint32_t clock, sample, code;

  stub_flash_attach ();
  SPI_CTRL &= ~CTRL_READ_MODES;
  clock = SPI_CTRL & CTRL_CLOCK_MASK;
  code = read_id () >> 16;
  stub_flash_size = code >= 0x12 && code <= 0x18 ? 1u << code : 0;
  while (sample_at < PROBE_END && stub_flash_is_blank (sample_at, READ_BYTES))
    sample_at += STUB_SECTOR;
  sample = look ();
  set_clock (CTRL_CLOCK_HALF);
  if (look () != sample)
    set_clock (clock);
  reads_dual = sample_at < PROBE_END;
  reads_dual = reads_dual && look () == sample;
}

/* Doubles the clock of the flash once more, if it answers alike: 52 MHz, which only a plain read is
 * too slow for. */
void
stub_flash_hurry (void)
{
  uint32_t clock = SPI_CTRL & CTRL_CLOCK_MASK, sample;

  stub_flash_wait ();
  if (!reads_dual || clock != CTRL_CLOCK_HALF || IO_MUX & IO_MUX_FLASH_WHOLE)
    return;
  sample = look ();
  IO_MUX |= IO_MUX_FLASH_WHOLE;
  set_clock (CTRL_CLOCK_WHOLE);
  if (look () == sample)
    return;
  set_clock (clock);
  IO_MUX &= ~IO_MUX_FLASH_WHOLE;
}

void
stub_flash_fail (StubStatus status, uint32_t address)
{
  if (stub_fault.status == STUB_OK)
    stub_fault = (StubFault){ status, address };
}

int
stub_flash_has (uint32_t address, uint32_t len)
{
  uint32_t size = stub_flash_size != 0 ? stub_flash_size : 16u << 20;

  return address <= size && len <= size - address;
}

static void
start_job (uint32_t address, uint32_t limit_ms)
{
  job.address = address;
  job.limit = limit_ms * CYCLES_256_PER_MS;
  job.waited = 0;
  job.last = stub_cycles ();
  job.running = 1;
}

/* Whether the flash can take the next command. What takes too long is given up. */
int
stub_flash_idle (void)
{
  uint32_t units;

  if (!job.running)
    return 1;
  if (!(read_status () & STATUS_BUSY)) {
    job.running = 0;
    return 1;
  }
  units = (stub_cycles () - job.last) >> 8;
  job.last += units << 8;
  job.waited += units;
  if (job.waited > job.limit) {
    job.running = 0;
    stub_flash_fail (STUB_FLASH_FAILED, job.address);
  }
  return !job.running;
}

void
stub_flash_wait (void)
{
  while (!stub_flash_idle ())
    ;
}

static int
enable_writing (uint32_t address)
{
  stub_flash_wait ();
  command (CMD_WRITE_ENABLE);
  if ((read_status () & (STATUS_WRITE_ENABLED | STATUS_BUSY)) == STATUS_WRITE_ENABLED)
    return 1;
  stub_flash_fail (STUB_FLASH_FAILED, address);
  return 0;
}

/* To be called before writing: one that is still busy after it was given up would seem to be blank.
 * Clears the protection bits if one is set, and touches the status register only then. The second
 * byte is written back where there is one, because some chips clear it (and with it QE) when only
 * the first is written. */
void
stub_flash_unlock (void)
{
  uint32_t status, second;

  stub_flash_wait ();
  status = read_status ();
  if (status & STATUS_BUSY)
    stub_flash_fail (STUB_FLASH_FAILED, job.address);
  if ((status & STATUS_BUSY) || !(status & STATUS_PROTECTED))
    return;
  second = user_command (OP_READ_STATUS_2, 0, 0, 8) & 0xff;
  if (!enable_writing (0))
    return;
  status &= ~(STATUS_PROTECTED | STATUS_BUSY | STATUS_WRITE_ENABLED);
  if (second == 0 || second == 0xff)
    user_command (OP_WRITE_STATUS, status, 8, 0);
  else
    user_command (OP_WRITE_STATUS, status | second << 8, 16, 0);
  start_job (0, 1000);
  stub_flash_wait ();
  if (read_status () & STATUS_PROTECTED)
    stub_flash_fail (STUB_FLASH_LOCKED, 0);
}

/* Starts an erase. The limits are far above what data sheets call the longest, 0.4 and 2 s, 100 s;
 * and below what a host waits for an answer, so that it hears of the flash and not of silence. */
void
stub_flash_erase (StubErase what, uint32_t address)
{
  static const struct {
    uint32_t cmd, limit_ms;
  } kinds[] = {
    [STUB_ERASE_SECTOR] = { CMD_ERASE_SECTOR, 2000 },
    [STUB_ERASE_BLOCK] = { CMD_ERASE_BLOCK, 4000 },
    [STUB_ERASE_CHIP] = { CMD_ERASE_CHIP, 400000 },
  };

  if (!enable_writing (address))
    return;
  SPI_ADDR = address & 0xffffff;
  command (kinds[what].cmd);
  start_job (address, kinds[what].limit_ms);
}

/* Starts programming 1 to %STUB_PROGRAM_BYTES bytes that lie in one page. */
void
stub_flash_program (uint32_t address, const uint32_t *words, uint32_t len)
{
  command (CMD_WRITE_ENABLE);
  SPI_ADDR = (address & 0xffffff) | len << 24;
  for (uint32_t i = 0; i < (len + 3) / 4; i++)
    SPI_W[i] = words[i];
  command (CMD_PROGRAM);
  start_job (address, 200);
}

/* Until SPI_CTRL is what this returns again. */
static uint32_t
set_reading (void)
{
  uint32_t ctrl = SPI_CTRL;

  if (reads_dual)
    SPI_CTRL = ctrl | CTRL_READ_DUAL;
  return ctrl;
}

static void
begin_read (uint32_t address, uint32_t len)
{
  SPI_ADDR = (address & 0xffffff) | len << 24;
  SPI_CMD = CMD_READ;
}

STUB_HOT static void
end_read (uint32_t *words, uint32_t len)
{
  while (SPI_CMD != 0)
    ;
  if (len == READ_BYTES) {
#pragma GCC unroll 8
    for (uint32_t i = 0; i < READ_BYTES / 4; i++)
      words[i] = SPI_W[i];
    return;
  }
  for (uint32_t i = 0; i < (len + 3) / 4; i++)
    words[i] = SPI_W[i];
}

static uint32_t
piece_of (uint32_t len)
{
  return len < READ_BYTES ? len : READ_BYTES;
}

/* Reads; @words has room for @len rounded up to words. The flash must be idle, here and below. */
void
stub_flash_read (uint32_t address, uint32_t *words, uint32_t len)
{
  uint32_t ctrl = set_reading ();

  while (len > 0) {
    uint32_t piece = piece_of (len);

    begin_read (address, piece);
    end_read (words, piece);
    address += piece;
    words += piece / 4;
    len -= piece;
  }
  SPI_CTRL = ctrl;
}

/* Goes on with a CRC-32 over flash; the next piece is on its way while one is counted in. */
uint32_t
stub_flash_crc (uint32_t crc, uint32_t address, uint32_t len)
{
  uint32_t words[READ_BYTES / 4];
  uint32_t piece = piece_of (len);
  uint32_t ctrl = set_reading ();

  begin_read (address, piece);
  while (len > 0) {
    uint32_t taken = piece;

    end_read (words, taken);
    address += taken;
    len -= taken;
    piece = piece_of (len);
    if (len > 0)
      begin_read (address, piece);
    crc = stub_crc (crc, words, taken);
  }
  SPI_CTRL = ctrl;
  return crc;
}

int
stub_flash_is_blank (uint32_t address, uint32_t len)
{
  uint32_t ctrl = set_reading ();
  uint32_t all = 0xffffffff;

  for (uint32_t at = 0; at < len && all == 0xffffffff; at += READ_BYTES) {
    begin_read (address + at, READ_BYTES);
    while (SPI_CMD != 0)
      ;
    for (uint32_t i = 0; i < READ_BYTES / 4; i++)
      all &= SPI_W[i];
  }
  SPI_CTRL = ctrl;
  return all == 0xffffffff;
}
