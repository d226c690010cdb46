/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions for what the flash is and does, without its contents. */
#include "fg-sim-rom-calls-flash.h"

#define CYCLES_POLL 100
#define STATUS_BUSY 0x01
#define STATUS_PROTECTED 0x1c /* all block protection bits */

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
FgSimRomFlash
fg_sim_rom_flash_get_params (FgSimRomCalls *self)
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
  self->cpu->a[2] = FG_SIM_RESULT_OK;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_spi_attach (FgSimRomCalls *self)
{
  fg_sim_spi_attach (self->spi);
  self->cpu->a[2] = FG_SIM_RESULT_OK;
  return FG_SIM_CALL_RETURN;
}

void
fg_sim_rom_flash_transfer (FgSimRomCalls *self, FgSimTransfer *transfer)
{
  fg_sim_spi_transfer (self->spi, transfer, fg_sim_rom_calls_now_ns (self));
  self->cpu->cycles =
      MAX (self->cpu->cycles, fg_sim_clock_to_cycles (&self->clock, self->spi->done_ns));
}

void
fg_sim_rom_flash_command (FgSimRomCalls *self, guint8 opcode)
{
  FgSimTransfer one = { .opcode = opcode };

  fg_sim_rom_flash_transfer (self, &one);
}

guint8
fg_sim_rom_flash_status (FgSimRomCalls *self)
{
  guint8 status;
  FgSimTransfer read = { .opcode = FG_SIM_FLASH_READ_STATUS, .miso = &status, .miso_len = 1 };

  fg_sim_rom_flash_transfer (self, &read);
  return status;
}

gboolean
fg_sim_rom_flash_is_busy (FgSimRomCalls *self)
{
  return (fg_sim_rom_flash_status (self) & STATUS_BUSY) != 0;
}

FgSimCallResult
fg_sim_rom_flash_wait (FgSimRomCalls *self)
{
  gint64 until_ns = fg_sim_flash_busy_until (self->spi->flash);
  guint64 until = fg_sim_clock_to_cycles (&self->clock, until_ns);

  return fg_sim_rom_calls_sleep (self, MAX (until, self->cpu->cycles + CYCLES_POLL));
}

FgSimCallResult
fg_sim_rom_flash_run_long (FgSimRomCalls *self, FgSimTransfer *work)
{
  gboolean is_new;
  FgSimCallFrame *frame = fg_sim_rom_calls_enter (self, &is_new);

  if (frame == NULL)
    return FG_SIM_CALL_GONE;
  if (fg_sim_rom_flash_is_busy (self))
    return fg_sim_rom_flash_wait (self);
  if (frame->step > 0)
    return fg_sim_rom_calls_leave (self, FG_SIM_RESULT_OK);
  frame->step++;
  fg_sim_rom_flash_command (self, FG_SIM_FLASH_WRITE_ENABLE);
  fg_sim_rom_flash_transfer (self, work);
  return FG_SIM_CALL_WAIT;
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

  return fg_sim_rom_flash_run_long (self, &work);
}

FgSimCallResult
fg_sim_rom_call_spi_lock (FgSimRomCalls *self)
{
  static const guint8 protected = STATUS_PROTECTED;
  FgSimTransfer work = {
    .opcode = FG_SIM_FLASH_WRITE_STATUS,
    .mosi = &protected,
    .mosi_len = 1,
  };

  return fg_sim_rom_flash_run_long (self, &work);
}

FgSimCallResult
fg_sim_rom_call_spi_read_status (FgSimRomCalls *self)
{
  guint32 status = fg_sim_rom_flash_status (self), place = self->cpu->a[3];

  if (fg_sim_rom_calls_memory (self, place, 4) == NULL)
    return FG_SIM_CALL_GONE;
  fg_sim_cpu_store (self->cpu, place, 4, status);
  self->cpu->a[2] = FG_SIM_RESULT_OK;
  return FG_SIM_CALL_RETURN;
}

/* Only what SPI_write_enable was called before has an effect. */
FgSimCallResult
fg_sim_rom_call_spi_write_status (FgSimRomCalls *self)
{
  guint8 status = (guint8) self->cpu->a[3];
  FgSimTransfer work = { .opcode = FG_SIM_FLASH_WRITE_STATUS, .mosi = &status, .mosi_len = 1 };

  if (fg_sim_rom_flash_is_busy (self))
    return fg_sim_rom_flash_wait (self);
  fg_sim_rom_flash_transfer (self, &work);
  self->cpu->a[2] = FG_SIM_RESULT_OK;
  return FG_SIM_CALL_RETURN;
}

FgSimCallResult
fg_sim_rom_call_spi_wait_idle (FgSimRomCalls *self)
{
  gboolean is_new;

  if (fg_sim_rom_calls_enter (self, &is_new) == NULL)
    return FG_SIM_CALL_GONE;
  return fg_sim_rom_flash_is_busy (self) ? fg_sim_rom_flash_wait (self)
                                         : fg_sim_rom_calls_leave (self, FG_SIM_RESULT_OK);
}

FgSimCallResult
fg_sim_rom_call_spi_write_enable (FgSimRomCalls *self)
{
  gboolean is_new;

  if (fg_sim_rom_calls_enter (self, &is_new) == NULL)
    return FG_SIM_CALL_GONE;
  if (fg_sim_rom_flash_is_busy (self))
    return fg_sim_rom_flash_wait (self);
  fg_sim_rom_flash_command (self, FG_SIM_FLASH_WRITE_ENABLE);
  return fg_sim_rom_calls_leave (self, FG_SIM_RESULT_OK);
}
