/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ROM's functions for the flash. Each is a sequence of transfers, with waiting between them. */
#include "fg-sim-rom-calls-flash.h"

#include <string.h>

#define READ_CHUNK 64   /* bytes: what the controller's buffer holds */
#define WRITE_CHUNK 32  /* bytes that the ROM programs at a time */
#define CYCLES_CHUNK 60 /* copying between buffer and memory; estimated */

/* Enters a call, with its range of the flash from three registers; says whether it can go on. */
static FgSimCallFrame *
enter_range (FgSimRomCalls *self, guint first, FgSimCallResult *result)
{
  const guint32 *a = self->cpu->a + first;
  gboolean is_new;
  FgSimCallFrame *frame = fg_sim_rom_calls_enter (self, &is_new);

  *result = FG_SIM_CALL_GONE;
  if (frame == NULL)
    return NULL;
  if (is_new) {
    frame->address = a[0];
    frame->pointer = a[1];
    frame->left = a[2];
    if ((guint64) a[0] + a[2] > fg_sim_rom_flash_get_params (self).chip_size) {
      *result = fg_sim_rom_calls_leave (self, FG_SIM_RESULT_ERROR);
      return NULL;
    }
  }
  if (fg_sim_rom_flash_is_busy (self)) {
    *result = fg_sim_rom_flash_wait (self);
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

static FgSimCallResult
read_flash (FgSimRomCalls *self, guint first)
{
  FgSimCallResult result;
  FgSimCallFrame *frame = enter_range (self, first, &result);
  FgSimTransfer read = { .opcode = FG_SIM_FLASH_READ, .address_bits = 24 };

  if (frame == NULL)
    return result;
  if (frame->left == 0)
    return fg_sim_rom_calls_leave (self, FG_SIM_RESULT_OK);
  read.address = frame->address;
  read.miso_len = MIN (frame->left, READ_CHUNK);
  read.miso = fg_sim_rom_calls_memory (self, frame->pointer, (guint32) read.miso_len);
  if (read.miso == NULL)
    return FG_SIM_CALL_GONE;
  fg_sim_rom_flash_transfer (self, &read);
  fg_sim_cpu_forget_code (self->cpu, frame->pointer, (guint32) read.miso_len);
  advance (self, frame, (guint32) read.miso_len);
  return FG_SIM_CALL_WAIT;
}

FgSimCallResult
fg_sim_rom_call_spi_read (FgSimRomCalls *self)
{
  return read_flash (self, 2);
}

/* Those with a small letter after SPI_ get the flash's description first; there is but one flash.
 */
FgSimCallResult
fg_sim_rom_call_spi_read_data (FgSimRomCalls *self)
{
  return read_flash (self, 3);
}

static FgSimCallResult
write_flash (FgSimRomCalls *self, guint first)
{
  FgSimCallResult result;
  FgSimCallFrame *frame = enter_range (self, first, &result);
  FgSimTransfer program = { .opcode = FG_SIM_FLASH_PAGE_PROGRAM, .address_bits = 24 };
  guint32 len;

  if (frame == NULL)
    return result;
  if (frame->left == 0)
    return fg_sim_rom_calls_leave (self, FG_SIM_RESULT_OK);
  len = FG_SIM_PAGE_SIZE - frame->address % FG_SIM_PAGE_SIZE;
  len = MIN (MIN (len, WRITE_CHUNK), frame->left);
  program.address = frame->address;
  program.mosi_len = len;
  program.mosi = fg_sim_rom_calls_memory (self, frame->pointer, len);
  if (program.mosi == NULL)
    return FG_SIM_CALL_GONE;
  fg_sim_rom_flash_command (self, FG_SIM_FLASH_WRITE_ENABLE);
  fg_sim_rom_flash_transfer (self, &program);
  advance (self, frame, len);
  return FG_SIM_CALL_WAIT;
}

FgSimCallResult
fg_sim_rom_call_spi_write (FgSimRomCalls *self)
{
  return write_flash (self, 2);
}

FgSimCallResult
fg_sim_rom_call_spi_page_program (FgSimRomCalls *self)
{
  return write_flash (self, 3);
}

static FgSimCallResult
erase (FgSimRomCalls *self, guint8 opcode, gboolean block)
{
  FgSimTransfer work = { .opcode = opcode, .address_bits = 24 };
  FgSimRomFlash flash = fg_sim_rom_flash_get_params (self);
  guint64 address = (guint64) self->cpu->a[2] * (block ? flash.block_size : flash.sector_size);

  if (address >= flash.chip_size) {
    self->cpu->a[2] = FG_SIM_RESULT_ERROR;
    return FG_SIM_CALL_RETURN;
  }
  work.address = (guint32) address;
  return fg_sim_rom_flash_run_long (self, &work);
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
fg_sim_rom_call_spi_sector_erase (FgSimRomCalls *self)
{
  FgSimTransfer work = { .opcode = FG_SIM_FLASH_ERASE_SECTOR,
                         .address = self->cpu->a[3],
                         .address_bits = 24 };

  return fg_sim_rom_flash_run_long (self, &work);
}

/* Erases too much, as PROTOCOL-FACTS 9.2 has it. */
FgSimCallResult
fg_sim_rom_call_spi_erase_area (FgSimRomCalls *self)
{
  const guint32 *a = self->cpu->a;
  g_autoptr (GArray) ops = g_array_new (FALSE, FALSE, sizeof (FgSimOp));
  FgSimRomFlash flash = fg_sim_rom_flash_get_params (self);
  FgSimTransfer work = { .opcode = FG_SIM_FLASH_ERASE_SECTOR, .address_bits = 24 };
  gboolean is_new, good;
  FgSimCallFrame *frame = fg_sim_rom_calls_enter (self, &is_new);
  const FgSimOp *op;

  if (frame == NULL)
    return FG_SIM_CALL_GONE;
  if (fg_sim_rom_flash_is_busy (self))
    return fg_sim_rom_flash_wait (self);
  good = flash.sector_size != 0 && flash.block_size >= flash.sector_size
         && fg_sim_ops_plan_erase (ops, &flash, a[2], a[3]);
  if (frame->step == ops->len)
    return fg_sim_rom_calls_leave (self, good ? FG_SIM_RESULT_OK : FG_SIM_RESULT_ERROR);
  op = &g_array_index (ops, FgSimOp, frame->step);
  frame->step++;
  work.address = op->address;
  if (op->kind == FG_SIM_OP_ERASE_BLOCK)
    work.opcode = FG_SIM_FLASH_ERASE_BLOCK;
  fg_sim_rom_flash_command (self, FG_SIM_FLASH_WRITE_ENABLE);
  fg_sim_rom_flash_transfer (self, &work);
  return FG_SIM_CALL_WAIT;
}

FgSimCallResult
fg_sim_rom_call_spi_erase_chip (FgSimRomCalls *self)
{
  FgSimTransfer work = { .opcode = FG_SIM_FLASH_ERASE_CHIP };

  return fg_sim_rom_flash_run_long (self, &work);
}
