/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands that write to the flash. */

#include "fg-sim-rom-private.h"

static gboolean
is_esp8266 (const FgSimRom *self)
{
  return self->spec->variant != NULL;
}

/* Where BEGIN, plain or compressed, erases all that will be written. Returns 0 or the failure. */
static guint8
begin (FgSimRom *self, const FgSimRequest *request)
{
  FgSimRomRun *run = &self->flash_run;
  gboolean good;

  if (!fg_sim_rom_begin (run, request, self->model->begin_len))
    return FG_SIM_FAIL_MESSAGE;
  if (is_esp8266 (self)) {
    fg_sim_spi_attach (self->spi);
    good = fg_sim_ops_plan_erase (self->ops, &self->params, run->address, run->total);
  } else {
    good = fg_sim_ops_plan_erase_exactly (self->ops, &self->params, run->address, run->total);
  }
  return good ? 0 : FG_SIM_FAIL_RESULT;
}

void
fg_sim_rom_flash_begin (FgSimRom *self, const FgSimRequest *request)
{
  fg_sim_rom_plan_reply (self, begin (self, request));
}

/* What flash encryption makes of the bytes. Not with a key: it is enough that they are others, and
 * that they depend on where they are. */
static void
encrypt (guint8 *data, gsize len, guint32 address)
{
  for (gsize i = 0; i < len; i++)
    data[i] ^= (guint8) (0xA5 ^ (address + i) ^ (address + i) >> 8);
}

/* @data has to last until the command is finished. */
static void
write_on (FgSimRom *self, const guint8 *data, gsize len)
{
  FgSimRomRun *run = &self->flash_run;

  if ((guint64) run->address + len > self->params.chip_size) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_RESULT);
    return;
  }
  if (run->encrypt) {
    if (data != self->cooked->data)
      g_byte_array_append (self->cooked, data, (guint) len);
    encrypt (self->cooked->data, len, run->address);
    data = self->cooked->data;
  }
  fg_sim_ops_plan_program (self->ops, run->address, data, len);
  fg_sim_rom_plan_reply (self, 0);
  run->address += (guint32) len;
}

void
fg_sim_rom_flash_data (FgSimRom *self, const FgSimRequest *request)
{
  guint8 failure = fg_sim_rom_accept_block (&self->flash_run, request, 4);

  g_byte_array_set_size (self->cooked, 0);
  if (failure != 0)
    fg_sim_rom_plan_reply (self, failure);
  else
    write_on (self, request->data + FG_SIM_ROM_BLOCK_HEADER_LEN,
              request->len - FG_SIM_ROM_BLOCK_HEADER_LEN);
}

/* Leaves the loader even when it is told to stay; with 0 the later ROMs reset the chip. */
void
fg_sim_rom_flash_end (FgSimRom *self, const FgSimRequest *request)
{
  const FgSimRomRun *run = &self->flash_run;
  FgSimRomState where = FG_SIM_ROM_LEFT_TO_FLASH;

  if (request->len != 4) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  fg_sim_rom_plan_reply (
      self, run->sequence != run->packets || run->received != run->total ? FG_SIM_FAIL_RESULT : 0);
  if (!is_esp8266 (self))
    where = request->data[0] == 0 ? FG_SIM_ROM_RESETS : FG_SIM_ROM_ENDED;
  fg_sim_rom_plan (self, (FgSimOp){ .kind = FG_SIM_OP_LEAVE, .value = where });
}

void
fg_sim_rom_deflate_begin (FgSimRom *self, const FgSimRequest *request)
{
  fg_sim_inflate_begin (&self->inflate);
  fg_sim_rom_plan_reply (self, begin (self, request));
}

void
fg_sim_rom_deflate_data (FgSimRom *self, const FgSimRequest *request)
{
  guint8 failure = fg_sim_rom_accept_block (&self->flash_run, request, 1);

  g_byte_array_set_size (self->cooked, 0);
  if (failure == 0
      && !fg_sim_inflate_add (&self->inflate, request->data + FG_SIM_ROM_BLOCK_HEADER_LEN,
                              request->len - FG_SIM_ROM_BLOCK_HEADER_LEN, self->cooked))
    failure = FG_SIM_FAIL_INFLATE;
  if (failure != 0)
    fg_sim_rom_plan_reply (self, failure);
  else
    write_on (self, self->cooked->data, self->cooked->len);
}

/* Unlike FLASH_END it stays when it is told to. */
void
fg_sim_rom_deflate_end (FgSimRom *self, const FgSimRequest *request)
{
  const FgSimRomRun *run = &self->flash_run;

  if (request->len != 4) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  fg_sim_rom_plan_reply (self, run->sequence != run->packets ? FG_SIM_FAIL_RESULT : 0);
  if (request->data[0] == 0)
    fg_sim_rom_plan (self, (FgSimOp){ .kind = FG_SIM_OP_LEAVE, .value = FG_SIM_ROM_RESETS });
}

void
fg_sim_rom_set_params (FgSimRom *self, const FgSimRequest *request)
{
  const guint8 *data = request->data;
  FgSimRomFlash params;

  if (request->len != 24) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  params = (FgSimRomFlash){
    .chip_size = fg_sim_rom_get_u32 (data + 4),
    .block_size = fg_sim_rom_get_u32 (data + 8),
    .sector_size = fg_sim_rom_get_u32 (data + 12),
  };
  if (params.sector_size == 0 || params.block_size < params.sector_size) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  self->params = params;
  fg_sim_rom_plan_reply (self, 0);
}
