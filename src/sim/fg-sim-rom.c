/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-rom.h"

#include "fg-sim-queue.h"
#include "fg-sim-rom-ops.h"
#include "fg-sim-slip.h"

/* PROTOCOL-FACTS section 2 */
enum {
  OP_FLASH_BEGIN = 0x02,
  OP_FLASH_DATA = 0x03,
  OP_FLASH_END = 0x04,
  OP_MEM_BEGIN = 0x05,
  OP_MEM_END = 0x06,
  OP_MEM_DATA = 0x07,
  OP_SYNC = 0x08,
  OP_WRITE_REG = 0x09,
  OP_READ_REG = 0x0A,
  OP_SPI_SET_PARAMS = 0x0B,
};

/* Section 1.5 */
#define FAIL_MESSAGE 0x05
#define FAIL_RESULT 0x06
#define FAIL_CHECKSUM 0x07
#define FAIL_WRITE 0x08

#define HEADER_LEN 8
#define DATA_HEADER_LEN 16
#define BLOCK_MAX 0x1800u
#define SYNC_REPLIES 8
/* What waits while the ROM is busy: the UART's FIFO, and the buffer that its interrupt fills. The
 * FIFO is 128 deep; 256 for the buffer is what Espressif's own driver for this UART has. */
#define RECEIVE_MAX (128u + 256u)
#define COMMAND_NS 40000  /* a few thousand instructions at 52 MHz; estimated */
#define CHECK_BYTE_NS 400 /* reading back at 20 MHz */

/* One announced run of blocks, to the flash or to RAM. */
typedef struct {
  guint32 total, packets, block_size, address; /* as announced; address moves on */
  guint32 received;                            /* bytes */
  guint32 sequence;                            /* of the next block */
} Run;

struct _FgSimRom {
  FgSimBus *bus;     /* (unowned) */
  FgSimSpi *spi;     /* (unowned) */
  FgSimFlash *flash; /* (unowned) */
  gboolean timed;
  FgSimRomState state;
  FgSimQueue received;
  FgSimSlip frame;
  GArray *ops; /* (owned) (element-type FgSimOp) of the command being executed */
  guint next_op;
  gint64 busy_until;
  FgSimRomFlash params;
  Run flash_run, mem_run;
  /* The reply lives on from command to command: what a command does not set is stale. */
  guint8 reply_op;
  guint32 reply_value;
  guint8 reply_status[2];
};

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

static void
reply (FgSimRom *self, guint8 failure, GByteArray *out)
{
  guint8 bytes[HEADER_LEN + 2] = { 0x01, self->reply_op, sizeof self->reply_status, 0 };
  guint repeat = self->reply_op == OP_SYNC ? SYNC_REPLIES : 1;

  self->reply_status[0] = failure != 0;
  if (failure != 0)
    self->reply_status[1] = failure;
  for (guint i = 0; i < 4; i++)
    bytes[4 + i] = (guint8) (self->reply_value >> (8 * i));
  bytes[HEADER_LEN] = self->reply_status[0];
  bytes[HEADER_LEN + 1] = self->reply_status[1];
  for (guint i = 0; i < repeat; i++)
    fg_sim_slip_append (out, bytes, sizeof bytes);
}

/* Whether a BEGIN can be accepted; its data is 16 bytes on this ROM, never 20. */
static gboolean
begin (Run *run, const guint8 *data, gsize len)
{
  if (len != 16 || get_u32 (data + 8) > BLOCK_MAX)
    return FALSE;
  *run = (Run){
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
accept_block (Run *run, const guint8 *data, gsize len, guint8 checksum)
{
  guint32 size;

  if (len < DATA_HEADER_LEN)
    return FAIL_MESSAGE;
  size = get_u32 (data);
  if (size != len - DATA_HEADER_LEN || size > run->block_size || size % 4 != 0
      || get_u32 (data + 4) != run->sequence)
    return FAIL_MESSAGE;
  run->sequence++;
  if (fg_sim_rom_checksum (data + DATA_HEADER_LEN, size) != checksum)
    return FAIL_CHECKSUM;
  run->received += size;
  return 0;
}

static void
flash_begin (FgSimRom *self, const guint8 *data, gsize len)
{
  if (!begin (&self->flash_run, data, len)) {
    plan_reply (self, FAIL_MESSAGE);
    return;
  }
  fg_sim_spi_attach (self->spi);
  plan_reply (self, fg_sim_ops_plan_erase (self->ops, &self->params, self->flash_run.address,
                                           self->flash_run.total)
                        ? 0
                        : FAIL_RESULT);
}

static void
flash_data (FgSimRom *self, const guint8 *data, gsize len, guint8 checksum)
{
  Run *run = &self->flash_run;
  guint8 failure = accept_block (run, data, len, checksum);
  guint32 size;

  if (failure != 0) {
    plan_reply (self, failure);
    return;
  }
  size = get_u32 (data);
  if ((guint64) run->address + size > self->params.chip_size) {
    plan_reply (self, FAIL_RESULT);
    return;
  }
  fg_sim_ops_plan_program (self->ops, run->address, data + DATA_HEADER_LEN, size);
  plan_reply (self, 0);
  run->address += size;
}

static void
flash_end (FgSimRom *self, gsize len)
{
  const Run *run = &self->flash_run;

  if (len != 4) {
    plan_reply (self, FAIL_MESSAGE);
    return;
  }
  plan_reply (self, run->sequence != run->packets || run->received != run->total ? FAIL_RESULT : 0);
  plan (self, (FgSimOp){ .kind = FG_SIM_OP_LEAVE, .value = FG_SIM_ROM_LEFT_TO_FLASH });
}

static void
mem_data (FgSimRom *self, const guint8 *data, gsize len, guint8 checksum)
{
  Run *run = &self->mem_run;
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
  plan_reply (self, len == 8 ? 0 : FAIL_MESSAGE);
  if (len == 8 && data[0] == 0)
    plan (self, (FgSimOp){ .kind = FG_SIM_OP_LEAVE, .value = FG_SIM_ROM_LEFT_TO_RAM });
}

static void
write_reg (FgSimRom *self, const guint8 *data, gsize len)
{
  if (len == 0 || len % 16 != 0) {
    plan_reply (self, FAIL_MESSAGE);
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
    plan_reply (self, FAIL_MESSAGE);
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
    plan_reply (self, FAIL_MESSAGE);
    return;
  }
  params = (FgSimRomFlash){
    .chip_size = get_u32 (data + 4),
    .block_size = get_u32 (data + 8),
    .sector_size = get_u32 (data + 12),
  };
  if (params.sector_size == 0 || params.block_size < params.sector_size) {
    plan_reply (self, FAIL_MESSAGE);
    return;
  }
  self->params = params;
  plan_reply (self, 0);
}

static void
answer_sync (FgSimRom *self, const guint8 *data, gsize len)
{
  if (len < 4) {
    plan_reply (self, FAIL_MESSAGE);
    return;
  }
  self->reply_value = get_u32 (data); /* it echoes the first word, whatever it is */
  plan_reply (self, 0);
}

/* Plans what the frame asks for. */
static void
execute (FgSimRom *self, gint64 now_ns)
{
  const guint8 *frame = self->frame.bytes, *data = frame + HEADER_LEN;
  gsize len = self->frame.len - HEADER_LEN;
  guint8 op = frame[1], checksum = frame[4];

  if (op < OP_FLASH_BEGIN || op > OP_SPI_SET_PARAMS) {
    plan_reply (self, FAIL_MESSAGE); /* under the op of the command before */
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
    plan_reply (self, begin (&self->mem_run, data, len) ? 0 : FAIL_MESSAGE);
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
    answer->value = FAIL_WRITE;
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
    if (!fg_sim_op_flash (op, self->flash, now_ns))
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
    if (frame->len >= HEADER_LEN && frame->bytes[0] == 0x00
        && (frame->bytes[2] | (gsize) frame->bytes[3] << 8) == frame->len - HEADER_LEN)
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
    execute (self, now_ns);
  }
  while (self->state == FG_SIM_ROM_RUNNING && now_ns >= self->busy_until
         && self->next_op < self->ops->len) {
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

/** fg_sim_rom_reset: starts the loader afresh, with a flash of 4 MB in mind (PROTOCOL-FACTS 9.3).
 */
void
fg_sim_rom_reset (FgSimRom *self)
{
  self->state = FG_SIM_ROM_RUNNING;
  fg_sim_queue_clear (&self->received);
  finish_command (self);
  self->busy_until = 0;
  self->params = (FgSimRomFlash){ 4u << 20, FG_SIM_BLOCK_SIZE, FG_SIM_SECTOR_SIZE };
  self->flash_run = self->mem_run = (Run){ 0 };
  self->reply_op = 0;
  self->reply_value = 0;
  self->reply_status[0] = self->reply_status[1] = 0;
}

/** fg_sim_rom_new: @timed: whether commands, delays and overflows are those of real time */
FgSimRom *
fg_sim_rom_new (FgSimBus *bus, FgSimSpi *spi, FgSimFlash *flash, gboolean timed)
{
  FgSimRom *self = g_new0 (FgSimRom, 1);

  self->bus = bus;
  self->spi = spi;
  self->flash = flash;
  self->timed = timed;
  self->ops = g_array_new (FALSE, FALSE, sizeof (FgSimOp));
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
  g_array_unref (self->ops);
  g_free (self);
}
