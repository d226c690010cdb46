/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-rom-private.h"

/* PROTOCOL-FACTS section 2 */
enum {
  OP_FLASH_BEGIN = 0x02,
  OP_FLASH_DATA = 0x03,
  OP_FLASH_END = 0x04,
  OP_MEM_BEGIN = 0x05,
  OP_MEM_END = 0x06,
  OP_MEM_DATA = 0x07,
  OP_SYNC = FG_SIM_ROM_OP_SYNC,
  OP_WRITE_REG = 0x09,
  OP_READ_REG = 0x0A,
  OP_SPI_SET_PARAMS = 0x0B,
};

#define DATA_HEADER_LEN 16
#define BLOCK_MAX 0x1800u /* PROTOCOL-FACTS 9.1 */

static guint32
get_u32 (const guint8 *bytes)
{
  return bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 | (guint32) bytes[3] << 24;
}

static void
plan (FgSimRom *self, FgSimOp op)
{
  g_array_append_val (self->ops, op);
}

static void
plan_reply (FgSimRom *self, guint8 failure)
{
  plan (self, (FgSimOp){ .kind = FG_SIM_OP_REPLY, .value = failure });
}

/* Whether a BEGIN can be accepted; its data is 16 bytes on this ROM, never 20. */
static gboolean
begin (FgSimRomRun *run, const guint8 *data, gsize len)
{
  if (len != 16 || get_u32 (data + 8) > BLOCK_MAX)
    return FALSE;
  *run = (FgSimRomRun){
    .total = get_u32 (data),
    .packets = get_u32 (data + 4),
    .block_size = get_u32 (data + 8),
    .address = get_u32 (data + 12),
  };
  return TRUE;
}

/* Checks a block. The sequence moves on before the checksum is looked at: a bad block cannot be
 * sent again. Returns 0 or the failure code. */
static guint8
accept_block (FgSimRomRun *run, const guint8 *data, gsize len, guint8 checksum)
{
  guint32 size;

  if (len < DATA_HEADER_LEN)
    return FG_SIM_FAIL_MESSAGE;
  size = get_u32 (data);
  if (size != len - DATA_HEADER_LEN || size > run->block_size || size % 4 != 0
      || get_u32 (data + 4) != run->sequence)
    return FG_SIM_FAIL_MESSAGE;
  run->sequence++;
  if (fg_sim_rom_checksum (data + DATA_HEADER_LEN, size) != checksum)
    return FG_SIM_FAIL_CHECKSUM;
  run->received += size;
  return 0;
}

static void
flash_begin (FgSimRom *self, const guint8 *data, gsize len)
{
  if (!begin (&self->flash_run, data, len)) {
    plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  fg_sim_spi_attach (self->spi);
  plan_reply (self, fg_sim_ops_plan_erase (self->ops, &self->params, self->flash_run.address,
                                           self->flash_run.total)
                        ? 0
                        : FG_SIM_FAIL_RESULT);
}

static void
flash_data (FgSimRom *self, const guint8 *data, gsize len, guint8 checksum)
{
  FgSimRomRun *run = &self->flash_run;
  guint8 failure = accept_block (run, data, len, checksum);
  guint32 size;

  if (failure != 0) {
    plan_reply (self, failure);
    return;
  }
  size = get_u32 (data);
  if ((guint64) run->address + size > self->params.chip_size) {
    plan_reply (self, FG_SIM_FAIL_RESULT);
    return;
  }
  fg_sim_ops_plan_program (self->ops, run->address, data + DATA_HEADER_LEN, size);
  plan_reply (self, 0);
  run->address += size;
}

static void
flash_end (FgSimRom *self, gsize len)
{
  const FgSimRomRun *run = &self->flash_run;

  if (len != 4) {
    plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  plan_reply (
      self, run->sequence != run->packets || run->received != run->total ? FG_SIM_FAIL_RESULT : 0);
  plan (self, (FgSimOp){ .kind = FG_SIM_OP_LEAVE, .value = FG_SIM_ROM_LEFT_TO_FLASH });
}

static void
mem_data (FgSimRom *self, const guint8 *data, gsize len, guint8 checksum)
{
  FgSimRomRun *run = &self->mem_run;
  guint8 failure = accept_block (run, data, len, checksum);

  if (failure == 0) {
    for (gsize i = DATA_HEADER_LEN; i < len; i += 4)
      plan (self, (FgSimOp){ .kind = FG_SIM_OP_WRITE_REG,
                             .address = run->address + (guint32) (i - DATA_HEADER_LEN),
                             .value = get_u32 (data + i),
                             .mask = G_MAXUINT32 });
    run->address += (guint32) (len - DATA_HEADER_LEN);
  }
  plan_reply (self, failure);
}

static void
mem_end (FgSimRom *self, const guint8 *data, gsize len)
{
  plan_reply (self, len == 8 ? 0 : FG_SIM_FAIL_MESSAGE);
  if (len != 8 || data[0] != 0)
    return;
  self->entry = get_u32 (data + 4);
  plan (self, (FgSimOp){ .kind = FG_SIM_OP_LEAVE, .value = FG_SIM_ROM_LEFT_TO_RAM });
}

static void
write_reg (FgSimRom *self, const guint8 *data, gsize len)
{
  if (len == 0 || len % 16 != 0) {
    plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  for (gsize i = 0; i < len; i += 16) {
    /* the delay comes before the write and has 16 bits only (PROTOCOL-FACTS 9.3) */
    plan (self, (FgSimOp){ .kind = FG_SIM_OP_DELAY, .value = get_u32 (data + i + 12) & 0xffff });
    plan (self, (FgSimOp){ .kind = FG_SIM_OP_WRITE_REG,
                           .address = get_u32 (data + i),
                           .value = get_u32 (data + i + 4),
                           .mask = get_u32 (data + i + 8) });
  }
  plan_reply (self, 0);
}

static void
read_reg (FgSimRom *self, const guint8 *data, gsize len, gint64 now_ns)
{
  if (len != 4) {
    plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  if (get_u32 (data) % 4 != 0) {
    self->state = FG_SIM_ROM_HUNG;
    return;
  }
  self->reply_value = fg_sim_bus_read (self->bus, get_u32 (data), now_ns);
  plan_reply (self, 0);
}

static void
set_params (FgSimRom *self, const guint8 *data, gsize len)
{
  FgSimRomFlash params;

  if (len != 24) {
    plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  params = (FgSimRomFlash){
    .chip_size = get_u32 (data + 4),
    .block_size = get_u32 (data + 8),
    .sector_size = get_u32 (data + 12),
  };
  if (params.sector_size == 0 || params.block_size < params.sector_size) {
    plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  self->params = params;
  plan_reply (self, 0);
}

static void
answer_sync (FgSimRom *self, const guint8 *data, gsize len)
{
  if (len < 4) {
    plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  self->reply_value = get_u32 (data); /* it echoes the first word, whatever it is */
  plan_reply (self, 0);
}

/**
 * fg_sim_rom_execute:
 *
 * Plans the steps of the command in the complete frame.
 */
void
fg_sim_rom_execute (FgSimRom *self, gint64 now_ns)
{
  const guint8 *frame = self->frame.bytes, *data = frame + FG_SIM_ROM_HEADER_LEN;
  gsize len = self->frame.len - FG_SIM_ROM_HEADER_LEN;
  guint8 op = frame[1], checksum = frame[4];

  if (op < OP_FLASH_BEGIN || op > OP_SPI_SET_PARAMS) {
    plan_reply (self, FG_SIM_FAIL_MESSAGE); /* under the op of the command before */
    return;
  }
  self->reply_op = op;
  switch (op) {
  case OP_FLASH_BEGIN:
    flash_begin (self, data, len);
    break;
  case OP_FLASH_DATA:
    flash_data (self, data, len, checksum);
    break;
  case OP_FLASH_END:
    flash_end (self, len);
    break;
  case OP_MEM_BEGIN:
    plan_reply (self, begin (&self->mem_run, data, len) ? 0 : FG_SIM_FAIL_MESSAGE);
    break;
  case OP_MEM_END:
    mem_end (self, data, len);
    break;
  case OP_MEM_DATA:
    mem_data (self, data, len, checksum);
    break;
  case OP_SYNC:
    answer_sync (self, data, len);
    break;
  case OP_WRITE_REG:
    write_reg (self, data, len);
    break;
  case OP_READ_REG:
    read_reg (self, data, len, now_ns);
    break;
  default:
    set_params (self, data, len);
    break;
  }
}
