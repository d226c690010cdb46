/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions for the flash. Each is a sequence of transfers, with waiting between them. */
#include "fg-sim-rom-calls-list.h"

#include <string.h>

#define READ_CHUNK 64   /* bytes: what the controller's buffer holds */
#define WRITE_CHUNK 32  /* bytes that the ROM programs at a time */
#define CYCLES_CHUNK 60 /* copying between buffer and memory; estimated */
#define CYCLES_POLL 100

#define STATUS_BUSY 0x01

#define RESULT_OK 0u
#define RESULT_ERROR 1u

/* Where the ROM keeps what it believes of its flash: flashchip points to it. */
#define FLASHCHIP 0x3fffc714u
#define FLASHCHIP_DATA (FLASHCHIP + 4)
#define FLASHCHIP_LEN 24
#define DEFAULT_ID 0x1640efu
#define PAGE_SIZE 0x100u
#define STATUS_MASK 0xffffu

static void
describe (FgSimRomCalls *self, guint32 id, const FgSimRomFlash *flash, guint32 page, guint32 mask)
{
  const guint32 words[] = {
    FLASHCHIP_DATA, id, flash->chip_size, flash->block_size, flash->sector_size, page, mask
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    fg_sim_cpu_store (self->cpu, FLASHCHIP + 4 * i, 4, words[i]);
}

void
fg_sim_rom_calls_describe_flash (FgSimRomCalls *self, const FgSimRomFlash *flash)
{
  describe (self, DEFAULT_ID, flash, PAGE_SIZE, STATUS_MASK);
}

/* A program may change it in place. */
static FgSimRomFlash
get_flash (FgSimRomCalls *self)
{
  guint32 words[FLASHCHIP_LEN / 4] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    fg_sim_cpu_load (self->cpu, FLASHCHIP_DATA + 4 * i, 4, &words[i]);
  return (FgSimRomFlash){ words[1], words[2], words[3] };
}

FgSimCallResult
fg_sim_rom_call_spi_configure (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;
  FgSimRomFlash flash = { a[3], a[4], a[5] };

  describe (self, a[2], &flash, a[6], a[7]);
  self->cpu->a[2] = RESULT_OK;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_spi_attach (FgSimRomCalls *self)
{
  fg_sim_spi_attach (self->spi);
  self->cpu->a[2] = RESULT_OK;
  return FG_SIM_CALL_RETURN;
}

static void
transfer (FgSimRomCalls *self, FgSimTransfer *transfer)
{
  fg_sim_spi_transfer (self->spi, transfer, fg_sim_rom_calls_now_ns (self));
  self->cpu->cycles =
      MAX (self->cpu->cycles, fg_sim_clock_to_cycles (&self->clock, self->spi->done_ns));
}

static void
command (FgSimRomCalls *self, guint8 opcode)
{
  FgSimTransfer one = { .opcode = opcode };

  transfer (self, &one);
}

/* Whether the flash is at something. Then the caller waits until that is likely to have ended. */
static gboolean
is_busy (FgSimRomCalls *self)
{
  guint8 status;
  FgSimTransfer read = { .opcode = FG_SIM_FLASH_READ_STATUS, .miso = &status, .miso_len = 1 };

  transfer (self, &read);
  return (status & STATUS_BUSY) != 0;
}

static FgSimCallResult
wait_for_flash (FgSimRomCalls *self)
{
  gint64 until_ns = fg_sim_flash_busy_until (self->spi->flash);
  guint64 until = fg_sim_clock_to_cycles (&self->clock, until_ns);

  return fg_sim_rom_calls_sleep (self, MAX (until, self->cpu->cycles + CYCLES_POLL));
}

/* Enters a call, with its range of the flash from a2, a3 and a4; says whether it can go on. */
static FgSimCallFrame *
enter_range (FgSimRomCalls *self, FgSimCallResult *result)
{
  const guint32 *a = self->cpu->a;
  gboolean is_new;
  FgSimCallFrame *frame = fg_sim_rom_calls_enter (self, &is_new);

  *result = FG_SIM_CALL_GONE;
  if (frame == NULL)
    return NULL;
  if (is_new) {
    frame->address = a[2];
    frame->pointer = a[3];
    frame->left = a[4];
    if ((guint64) a[2] + a[4] > get_flash (self).chip_size) {
      *result = fg_sim_rom_calls_leave (self, RESULT_ERROR);
      return NULL;
    }
  }
  if (is_busy (self)) {
    *result = wait_for_flash (self);
    return NULL;
  }
  return frame;
}

static void
advance (FgSimRomCalls *self, FgSimCallFrame *frame, guint32 len)
{
  frame->address += len;
  frame->pointer += len;
  frame->left -= len;
  self->cpu->cycles += CYCLES_CHUNK;
}

FgSimCallResult
fg_sim_rom_call_spi_read (FgSimRomCalls *self)
{
  FgSimCallResult result;
  FgSimCallFrame *frame = enter_range (self, &result);
  FgSimTransfer read = { .opcode = FG_SIM_FLASH_READ, .address_bits = 24 };

  if (frame == NULL)
    return result;
  if (frame->left == 0)
    return fg_sim_rom_calls_leave (self, RESULT_OK);
  read.address = frame->address;
  read.miso_len = MIN (frame->left, READ_CHUNK);
  read.miso = fg_sim_rom_calls_memory (self, frame->pointer, (guint32) read.miso_len);
  if (read.miso == NULL)
    return FG_SIM_CALL_GONE;
  transfer (self, &read);
  fg_sim_cpu_forget_code (self->cpu, frame->pointer, (guint32) read.miso_len);
  advance (self, frame, (guint32) read.miso_len);
  return FG_SIM_CALL_WAIT;
}

FgSimCallResult
fg_sim_rom_call_spi_write (FgSimRomCalls *self)
{
  FgSimCallResult result;
  FgSimCallFrame *frame = enter_range (self, &result);
  FgSimTransfer program = { .opcode = FG_SIM_FLASH_PAGE_PROGRAM, .address_bits = 24 };
  guint32 len;

  if (frame == NULL)
    return result;
  if (frame->left == 0)
    return fg_sim_rom_calls_leave (self, RESULT_OK);
  len = FG_SIM_PAGE_SIZE - frame->address % FG_SIM_PAGE_SIZE;
  len = MIN (MIN (len, WRITE_CHUNK), frame->left);
  program.address = frame->address;
  program.mosi_len = len;
  program.mosi = fg_sim_rom_calls_memory (self, frame->pointer, len);
  if (program.mosi == NULL)
    return FG_SIM_CALL_GONE;
  command (self, FG_SIM_FLASH_WRITE_ENABLE);
  transfer (self, &program);
  advance (self, frame, len);
  return FG_SIM_CALL_WAIT;
}

/* One command that takes long, then the wait for its end. */
static FgSimCallResult
run_long (FgSimRomCalls *self, FgSimTransfer *work)
{
  gboolean is_new;
  FgSimCallFrame *frame = fg_sim_rom_calls_enter (self, &is_new);

  if (frame == NULL)
    return FG_SIM_CALL_GONE;
  if (is_busy (self))
    return wait_for_flash (self);
  if (frame->step > 0)
    return fg_sim_rom_calls_leave (self, RESULT_OK);
  frame->step++;
  command (self, FG_SIM_FLASH_WRITE_ENABLE);
  transfer (self, work);
  return FG_SIM_CALL_WAIT;
}

static FgSimCallResult
erase (FgSimRomCalls *self, guint8 opcode, gboolean block)
{
  FgSimTransfer work = { .opcode = opcode, .address_bits = 24 };
  FgSimRomFlash flash = get_flash (self);
  guint64 address = (guint64) self->cpu->a[2] * (block ? flash.block_size : flash.sector_size);

  if (address >= flash.chip_size) {
    self->cpu->a[2] = RESULT_ERROR;
    return FG_SIM_CALL_RETURN;
  }
  work.address = (guint32) address;
  return run_long (self, &work);
}

FgSimCallResult
fg_sim_rom_call_spi_erase_sector (FgSimRomCalls *self)
{
  return erase (self, FG_SIM_FLASH_ERASE_SECTOR, FALSE);
}

FgSimCallResult
fg_sim_rom_call_spi_erase_block (FgSimRomCalls *self)
{
  return erase (self, FG_SIM_FLASH_ERASE_BLOCK, TRUE);
}

FgSimCallResult
fg_sim_rom_call_spi_erase_chip (FgSimRomCalls *self)
{
  FgSimTransfer work = { .opcode = FG_SIM_FLASH_ERASE_CHIP };

  return run_long (self, &work);
}

/* Takes off the block protection, by writing the status register. */
FgSimCallResult
fg_sim_rom_call_spi_unlock (FgSimRomCalls *self)
{
  static const guint8 unprotected = 0;
  FgSimTransfer work = {
    .opcode = FG_SIM_FLASH_WRITE_STATUS,
    .mosi = &unprotected,
    .mosi_len = 1,
  };

  return run_long (self, &work);
}

FgSimCallResult
fg_sim_rom_call_spi_wait_idle (FgSimRomCalls *self)
{
  gboolean is_new;

  if (fg_sim_rom_calls_enter (self, &is_new) == NULL)
    return FG_SIM_CALL_GONE;
  return is_busy (self) ? wait_for_flash (self) : fg_sim_rom_calls_leave (self, RESULT_OK);
}

FgSimCallResult
fg_sim_rom_call_spi_write_enable (FgSimRomCalls *self)
{
  gboolean is_new;

  if (fg_sim_rom_calls_enter (self, &is_new) == NULL)
    return FG_SIM_CALL_GONE;
  if (is_busy (self))
    return wait_for_flash (self);
  command (self, FG_SIM_FLASH_WRITE_ENABLE);
  return fg_sim_rom_calls_leave (self, RESULT_OK);
}
