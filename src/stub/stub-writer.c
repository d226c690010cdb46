/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stub-writer.h"

#include "stub-crc.h"
#include "stub-flash.h"
#include "stub-memory.h"
#include "stub-rom.h"

#define SECTORS_PER_BLOCK (STUB_BLOCK / STUB_SECTOR)
#define BLOCK_PAYS 4u /* 64 KB take as long as 3.3 sectors: W25Q32JV data sheet, 150 and 45 ms */
#define VERIFY_BYTES 256u
#define BLANK_PIECES 16u /* passed over at once */

/* A place in the runs. */
typedef struct {
  uint32_t run;
  uint32_t address;
} Cursor;

StubWriteReport stub_write_report;

static StubRun runs[STUB_RUNS_MAX];
static uint32_t run_count, total, flags;
static uint32_t produced, programmed, verified; /* positions in the stream */
static Cursor program_at, verify_at;
static uint8_t *hold_buffer;
static uint32_t hold_len, hold_done, hold_verified;

/* What is being erased: up to 64 KB, looked at sector by sector first. */
static struct {
  uint32_t run, start, end;
  uint32_t scan;  /* sectors before this address have been looked at */
  uint32_t dirty; /* sectors that are still to be erased, a bit each */
} area;

static uint32_t
run_end (uint32_t run)
{
  return runs[run].offset + runs[run].len;
}

static uint32_t
sector_up (uint32_t address)
{
  return (address + STUB_SECTOR - 1) & ~(STUB_SECTOR - 1);
}

static void
enter_area (uint32_t run, uint32_t start)
{
  uint32_t end = sector_up (run_end (run));
  uint32_t boundary = (start | (STUB_BLOCK - 1)) + 1;

  area.run = run;
  area.start = area.scan = start;
  area.end = end < boundary ? end : boundary;
  area.dirty = 0;
}

/* A position within the last run stays there, so that the end is a place too. */
static void
move (Cursor *cursor, uint32_t len)
{
  cursor->address += len;
  if (cursor->address == run_end (cursor->run) && cursor->run + 1 < run_count)
    *cursor = (Cursor){ cursor->run + 1, runs[cursor->run + 1].offset };
}

/* @hold: room for a sector, used with %STUB_WRITE_HOLD. The runs have been checked. */
void
stub_writer_open (const StubRun *list, uint32_t count, uint32_t with, uint8_t *hold)
{
  total = produced = programmed = hold_done = hold_verified = 0;
  memcpy (runs, list, count * sizeof *list);
  run_count = count;
  flags = with;
  hold_buffer = hold;
  memset (&stub_write_report, 0, sizeof stub_write_report);
  if (count == 0)
    return;
  for (uint32_t i = 0; i < count; i++)
    total += runs[i].len;
  hold_len = !(with & STUB_WRITE_HOLD) ? 0 : runs[0].len < STUB_SECTOR ? runs[0].len : STUB_SECTOR;
  program_at = verify_at = (Cursor){ 0, runs[0].offset };
  move (&verify_at, hold_len);
  verified = hold_len;
  enter_area (0, runs[0].offset & ~(STUB_SECTOR - 1));
}

void
stub_writer_close (void)
{
  run_count = 0;
}

int
stub_writer_is_open (void)
{
  return run_count != 0;
}

uint32_t
stub_writer_total (void)
{
  return total;
}

/* How far the stream may be produced now without overwriting what is not programmed yet. */
uint32_t
stub_writer_limit (void)
{
  return total - programmed < STUB_WINDOW_BYTES ? total : programmed + STUB_WINDOW_BYTES;
}

uint32_t
stub_writer_position (void)
{
  return produced;
}

/* Where on the flash a position of the stream is. */
uint32_t
stub_writer_address (uint32_t position)
{
  uint32_t run = 0;

  while (run + 1 < run_count && position >= runs[run].len)
    position -= runs[run++].len;
  return runs[run].offset + position;
}

void
stub_writer_advance (uint32_t position)
{
  produced = position;
}

static int
is_erased (uint32_t run, uint32_t address)
{
  uint32_t clean;

  if (run != area.run)
    return run < area.run;
  clean = area.start;
  if (area.scan == area.end)
    clean =
        area.dirty ? area.start + (uint32_t) __builtin_ctz (area.dirty) * STUB_SECTOR : area.end;
  return address < clean;
}

static int
is_blank (const uint32_t *words, uint32_t len)
{
  uint32_t all = 0xffffffff;

  for (uint32_t i = 0; i < len / 4; i++)
    all &= words[i];
  return len % 4 == 0 && all == 0xffffffff;
}

/* Whether there is work for the flash already. */
int
stub_writer_can_program (void)
{
  return produced - programmed >= STUB_PROGRAM_BYTES
         && is_erased (program_at.run, program_at.address);
}

/* Whether there was anything to program. */
static int
program_piece (uint32_t address, const void *bytes, uint32_t len)
{
  if (is_blank (bytes, len))
    return 0;
  stub_flash_program (address, bytes, len);
  return 1;
}

/* Deals with the next piece that has arrived: 0 when there is none. Pieces end where the flash's
 * pages do. */
static int
take_piece (int *started)
{
  uint32_t at = programmed & STUB_WINDOW_MASK;
  uint32_t address = program_at.address;
  uint32_t len = STUB_PROGRAM_BYTES - (address & (STUB_PROGRAM_BYTES - 1));
  uint32_t left = run_end (program_at.run) - address;

  len = len < left ? len : left;
  left = STUB_WINDOW_BYTES - at;
  len = len < left ? len : left;
  if (programmed == total || produced - programmed < len)
    return 0;
  if (programmed < hold_len) {
    memcpy (hold_buffer + programmed, stub_window + at, len);
  } else {
    if (!is_erased (program_at.run, address))
      return 0;
    *started = program_piece (address, stub_window + at, len);
  }
  programmed += len;
  move (&program_at, len);
  return 1;
}

/* Programs the next piece that is not blank: 0 when nothing has arrived. */
static int
program (void)
{
  int started = 0, done = 0;

  for (uint32_t i = 0; i < BLANK_PIECES && !started && take_piece (&started); i++)
    done = 1;
  return done;
}

/* Looks at sectors up to the first blank one: that they are not is seen at once. */
static void
look_at_area (void)
{
  int blank = 0;

  for (; area.scan < area.end && !blank; area.scan += STUB_SECTOR) {
    blank = stub_flash_is_blank (area.scan, STUB_SECTOR);
    if (blank)
      stub_write_report.sectors_blank++;
    else
      area.dirty |= 1u << (area.scan - area.start) / STUB_SECTOR;
  }
}

/* Looks at sectors, or erases, or goes on to the next area: 0 when all is erased. */
static int
erase (void)
{
  uint32_t sectors = (area.end - area.start) / STUB_SECTOR;

  look_at_area ();
  if (area.scan < area.end)
    return 1;
  if (area.dirty != 0) {
    uint32_t first = (uint32_t) __builtin_ctz (area.dirty);
    uint32_t count = 0;

    for (uint32_t bits = area.dirty; bits != 0; bits &= bits - 1)
      count++;
    if (sectors == SECTORS_PER_BLOCK && count >= BLOCK_PAYS) {
      stub_flash_erase (STUB_ERASE_BLOCK, area.start);
      stub_write_report.blocks_erased++;
      area.dirty = 0;
    } else {
      stub_flash_erase (STUB_ERASE_SECTOR, area.start + first * STUB_SECTOR);
      stub_write_report.sectors_erased++;
      area.dirty &= area.dirty - 1;
    }
    return 1;
  }
  if (area.end < run_end (area.run))
    enter_area (area.run, area.end);
  else if (area.run + 1 < run_count)
    enter_area (area.run + 1, runs[area.run + 1].offset & ~(STUB_SECTOR - 1));
  else
    return 0;
  return 1;
}

/* Reads a piece back of what is programmed: 0 when it has caught up. */
static int
verify (void)
{
  uint32_t left = run_end (verify_at.run) - verify_at.address;
  uint32_t len = VERIFY_BYTES < left ? VERIFY_BYTES : left;

  if (!(flags & STUB_WRITE_VERIFY) || verified >= programmed || programmed - verified < len)
    return 0;
  stub_write_report.digest_rest =
      stub_flash_crc (stub_write_report.digest_rest, verify_at.address, len);
  verified += len;
  move (&verify_at, len);
  return 1;
}

/* The sector that was held back, at the very end: 0 when it is on the flash and read back. */
static int
write_held (void)
{
  uint32_t address = runs[0].offset;
  uint32_t len =
      hold_len - hold_done < STUB_PROGRAM_BYTES ? hold_len - hold_done : STUB_PROGRAM_BYTES;

  if (hold_done < hold_len) {
    program_piece (address + hold_done, hold_buffer + hold_done, len);
    hold_done += len;
    return 1;
  }
  if (!(flags & STUB_WRITE_VERIFY) || hold_verified == hold_len)
    return 0;
  stub_write_report.digest_held = stub_flash_crc (0, address, hold_len);
  hold_verified = hold_len;
  return 1;
}

/* Does the next thing, if the flash is ready for one: 0 when everything produced so far is dealt
 * with. Data go first, because the line is what is scarce; then erasing, and reading back in what
 * time is left. */
int
stub_writer_step (void)
{
  if (!stub_writer_is_open () || stub_fault.status != STUB_OK)
    return 0;
  if (!stub_flash_idle ())
    return 1;
  if (stub_fault.status != STUB_OK)
    return 0;
  if (program () || erase () || verify ())
    return 1;
  return programmed == total && write_held ();
}

/* Waits until everything that was produced is on the flash. */
void
stub_writer_finish (void)
{
  while (stub_writer_step ())
    ;
  stub_flash_wait ();
}
