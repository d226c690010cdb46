/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-rom.h"

#include "fg-sim-rom-private.h"

#include <string.h>

#define SYNC_REPLIES 8

/* What waits while the ROM is busy: the UART's FIFO, and the buffer that its interrupt fills. The
 * FIFO is 128 deep; 256 for the buffer is what Espressif's own driver for this UART has. */
#define RECEIVE_MAX (128u + 256u)
#define COMMAND_NS 40000  /* a few thousand instructions at 52 MHz; estimated */
#define CHECK_BYTE_NS 400 /* reading back at 20 MHz */

static void
reply (FgSimRom *self, guint8 failure, GByteArray *out)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint data_len = failure == 0 ? self->reply_data->len : 0;
  guint len = data_len + self->model->status_len;
  guint8 header[FG_SIM_ROM_HEADER_LEN] = { 0x01, self->reply_op, (guint8) len, 0 };
  guint repeat = self->reply_op == FG_SIM_ROM_OP_SYNC ? SYNC_REPLIES : 1;

  self->reply_status[0] = failure != 0;
  if (failure != 0)
    self->reply_status[1] = failure;
  for (guint i = 0; i < 4; i++)
    header[4 + i] = (guint8) (self->reply_value >> (8 * i));
  g_byte_array_append (bytes, header, sizeof header);
  g_byte_array_append (bytes, self->reply_data->data, data_len);
  g_byte_array_append (bytes, self->reply_status, self->model->status_len);
  for (guint i = 0; i < repeat; i++)
    fg_sim_slip_append (out, bytes->data, bytes->len);
}

static void
finish_command (FgSimRom *self)
{
  g_array_set_size (self->ops, 0);
  self->next_op = 0;
  fg_sim_slip_reset (&self->frame);
}

static void
check (FgSimRom *self, const FgSimOp *op, gint64 now_ns)
{
  FgSimOp *answer = &g_array_index (self->ops, FgSimOp, self->ops->len - 1);

  if (!fg_sim_op_check (op, self->flash, now_ns))
    answer->value = FG_SIM_FAIL_WRITE;
  if (self->timed)
    self->busy_until = now_ns + (gint64) op->len * CHECK_BYTE_NS;
}

static void
run_op (FgSimRom *self, const FgSimOp *op, GByteArray *out, gint64 now_ns)
{
  guint32 old;

  switch (op->kind) {
  case FG_SIM_OP_ERASE_SECTOR:
  case FG_SIM_OP_ERASE_BLOCK:
  case FG_SIM_OP_PROGRAM:
    if (!self->spi->attached || !fg_sim_op_flash (op, self->flash, now_ns))
      self->state = FG_SIM_ROM_HUNG;
    self->busy_until = fg_sim_flash_busy_until (self->flash);
    break;
  case FG_SIM_OP_CHECK:
    check (self, op, now_ns);
    break;
  case FG_SIM_OP_DELAY:
    if (self->timed)
      self->busy_until = now_ns + (gint64) op->value * 1000;
    break;
  case FG_SIM_OP_WRITE_REG:
    old = op->mask == G_MAXUINT32 ? 0 : fg_sim_bus_read (self->bus, op->address & ~3u, now_ns);
    fg_sim_bus_write (self->bus, op->address & ~3u, (old & ~op->mask) | (op->value & op->mask),
                      now_ns);
    break;
  case FG_SIM_OP_BAUD:
    fg_sim_bus_request_baud (self->bus, op->value);
    break;
  case FG_SIM_OP_REPLY:
    reply (self, (guint8) op->value, out);
    break;
  case FG_SIM_OP_LEAVE:
    self->state = (FgSimRomState) op->value;
    break;
  default:
    g_assert_not_reached ();
  }
}

/* Whether a command is ready to be executed. What is no request at all is passed over in silence,
 * as is a frame that is shorter or longer than its header says: it was truncated on the way. */
static gboolean
find_command (FgSimRom *self)
{
  while (fg_sim_queue_len (&self->received) > 0) {
    const FgSimSlip *frame = &self->frame;

    if (!fg_sim_slip_push (&self->frame, fg_sim_queue_pop (&self->received)))
      continue;
    if (frame->len >= FG_SIM_ROM_HEADER_LEN && frame->bytes[0] == 0x00
        && (frame->bytes[2] | (gsize) frame->bytes[3] << 8) == frame->len - FG_SIM_ROM_HEADER_LEN)
      return TRUE;
    fg_sim_slip_reset (&self->frame);
  }
  return FALSE;
}

/**
 * fg_sim_rom_run:
 * @out: what the loader sends is appended
 *
 * Works until it waits: for the flash, for a delay, for more bytes, or until one command is done
 * (call again: there may be more).
 */
void
fg_sim_rom_run (FgSimRom *self, GByteArray *out, gint64 now_ns)
{
  if (self->state != FG_SIM_ROM_RUNNING || now_ns < self->busy_until)
    return;
  if (self->ops->len == 0) {
    if (!find_command (self))
      return;
    if (self->timed)
      self->busy_until = now_ns + COMMAND_NS;
    fg_sim_rom_execute (self, now_ns);
  }
  while (self->state == FG_SIM_ROM_RUNNING && now_ns >= self->busy_until
         && self->next_op < self->ops->len && !(out->len > 0 && fg_sim_rom_waits_for_line (self))) {
    FgSimOp op = g_array_index (self->ops, FgSimOp, self->next_op);

    self->next_op++;
    run_op (self, &op, out, now_ns);
  }
  if (self->next_op == self->ops->len && self->ops->len > 0)
    finish_command (self);
}

/**
 * fg_sim_rom_next_event:
 *
 * Returns: when fg_sim_rom_run() can go on; %G_MAXINT64: after more bytes
 */
gint64
fg_sim_rom_next_event (const FgSimRom *self)
{
  if (self->state != FG_SIM_ROM_RUNNING)
    return G_MAXINT64;
  if (self->ops->len > 0 || fg_sim_queue_len (&self->received) > 0)
    return self->busy_until;
  return G_MAXINT64;
}

/** fg_sim_rom_waits_for_line: Returns: whether it goes on only when all it said has left */
gboolean
fg_sim_rom_waits_for_line (const FgSimRom *self)
{
  return self->next_op < self->ops->len
         && g_array_index (self->ops, FgSimOp, self->next_op).kind == FG_SIM_OP_BAUD;
}

/** fg_sim_rom_receive: Returns: %FALSE when the byte was lost because nothing took it in time */
gboolean
fg_sim_rom_receive (FgSimRom *self, guint8 byte)
{
  if (self->timed && fg_sim_queue_len (&self->received) >= RECEIVE_MAX)
    return FALSE;
  fg_sim_queue_push (&self->received, &byte, 1);
  return TRUE;
}

FgSimRomState
fg_sim_rom_get_state (const FgSimRom *self)
{
  return self->state;
}

/** fg_sim_rom_get_entry: Returns: where the loader goes with %FG_SIM_ROM_LEFT_TO_RAM */
guint32
fg_sim_rom_get_entry (const FgSimRom *self)
{
  return self->entry;
}

/** fg_sim_rom_get_params: Returns: (transfer none): what the ROM believes about its flash */
const FgSimRomFlash *
fg_sim_rom_get_params (const FgSimRom *self)
{
  return &self->params;
}

/** fg_sim_rom_reset: starts the loader afresh, with a flash of some size in mind (PROTOCOL-FACTS
 * 9.3 and 17). */
void
fg_sim_rom_reset (FgSimRom *self)
{
  self->state = FG_SIM_ROM_RUNNING;
  fg_sim_queue_clear (&self->received);
  finish_command (self);
  self->busy_until = 0;
  self->params = (FgSimRomFlash){ self->model->flash_known, FG_SIM_BLOCK_SIZE, FG_SIM_SECTOR_SIZE };
  self->flash_run = self->mem_run = (FgSimRomRun){ 0 };
  self->reply_op = 0;
  self->reply_value = 0;
  memset (self->reply_status, 0, sizeof self->reply_status);
  g_byte_array_set_size (self->reply_data, 0);
  fg_sim_inflate_clear (&self->inflate);
}

FgSimRom *
fg_sim_rom_new (const FgSimSpec *spec, FgSimBus *bus, FgSimSpi *spi, FgSimFlash *flash)
{
  FgSimRom *self = g_new0 (FgSimRom, 1);

  self->spec = spec;
  self->model = spec->model;
  self->bus = bus;
  self->spi = spi;
  self->flash = flash;
  self->timed = spec->datasheet;
  self->ops = g_array_new (FALSE, FALSE, sizeof (FgSimOp));
  self->cooked = g_byte_array_new ();
  self->reply_data = g_byte_array_new ();
  fg_sim_queue_init (&self->received);
  fg_sim_rom_reset (self);
  return self;
}

void
fg_sim_rom_free (FgSimRom *self)
{
  if (self == NULL)
    return;
  fg_sim_queue_free_contents (&self->received);
  fg_sim_inflate_clear (&self->inflate);
  g_byte_array_unref (self->cooked);
  g_byte_array_unref (self->reply_data);
  g_array_unref (self->ops);
  g_free (self);
}
