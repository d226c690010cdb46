/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which commands a ROM knows, and those about registers and RAM. */

#include "fg-sim-rom-private.h"

#define BLOCK_MAX 0x1800u /* PROTOCOL-FACTS 9.1 and 17, "Blocks" */
/* PROTOCOL-FACTS 4.3: what the ROM's own USB port can take. What happens with more is not known. */
#define BLOCK_MAX_OTG 0x800u

guint32
fg_sim_rom_get_u32 (const guint8 *bytes)
{
  return bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 | (guint32) bytes[3] << 24;
}

void
fg_sim_rom_plan (FgSimRom *self, FgSimOp op)
{
  g_array_append_val (self->ops, op);
}

/** fg_sim_rom_plan_reply: @failure: a reason code; 0: done */
void
fg_sim_rom_plan_reply (FgSimRom *self, guint8 failure)
{
  fg_sim_rom_plan (self, (FgSimOp){ .kind = FG_SIM_OP_REPLY, .value = failure });
}

/**
 * fg_sim_rom_begin:
 * @len: how long the data has to be, exactly: 16, or 20 with a flag for encryption behind the rest
 *
 * Returns: whether a BEGIN can be accepted
 */
gboolean
fg_sim_rom_begin (FgSimRomRun *run, const FgSimRequest *request, gsize len)
{
  const guint8 *data = request->data;

  if (request->len != len || fg_sim_rom_get_u32 (data + 8) > BLOCK_MAX)
    return FALSE;
  *run = (FgSimRomRun){
    .total = fg_sim_rom_get_u32 (data),
    .packets = fg_sim_rom_get_u32 (data + 4),
    .block_size = fg_sim_rom_get_u32 (data + 8),
    .address = fg_sim_rom_get_u32 (data + 12),
    .encrypt = len > 16 && fg_sim_rom_get_u32 (data + 16) != 0,
  };
  return TRUE;
}

/**
 * fg_sim_rom_accept_block:
 * @align: what the length of the payload has to be a multiple of
 *
 * Checks a block. The sequence moves on before the checksum is looked at: a bad block cannot be
 * sent again.
 *
 * Returns: 0 or the failure code
 */
guint8
fg_sim_rom_accept_block (FgSimRomRun *run, const FgSimRequest *request, guint align)
{
  const guint8 *data = request->data;
  guint32 size;

  if (request->len < FG_SIM_ROM_BLOCK_HEADER_LEN)
    return FG_SIM_FAIL_MESSAGE;
  size = fg_sim_rom_get_u32 (data);
  if (size != request->len - FG_SIM_ROM_BLOCK_HEADER_LEN || size > run->block_size
      || size % align != 0 || fg_sim_rom_get_u32 (data + 4) != run->sequence)
    return FG_SIM_FAIL_MESSAGE;
  run->sequence++;
  if (fg_sim_rom_checksum (data + FG_SIM_ROM_BLOCK_HEADER_LEN, size) != request->checksum)
    return FG_SIM_FAIL_CHECKSUM;
  run->received += size;
  return 0;
}

static void
mem_begin (FgSimRom *self, const FgSimRequest *request)
{
  gboolean good = fg_sim_rom_begin (&self->mem_run, request, 16);

  if (self->spec->usb == FG_SIM_USB_OTG && self->mem_run.block_size > BLOCK_MAX_OTG)
    good = FALSE;

  fg_sim_rom_plan_reply (self, good ? 0 : FG_SIM_FAIL_MESSAGE);
}

static void
mem_data (FgSimRom *self, const FgSimRequest *request)
{
  FgSimRomRun *run = &self->mem_run;
  guint8 failure = fg_sim_rom_accept_block (run, request, 4);

  for (gsize i = FG_SIM_ROM_BLOCK_HEADER_LEN; failure == 0 && i < request->len; i += 4) {
    fg_sim_rom_plan (self, (FgSimOp){ .kind = FG_SIM_OP_WRITE_REG,
                                      .address = run->address,
                                      .value = fg_sim_rom_get_u32 (request->data + i),
                                      .mask = G_MAXUINT32 });
    run->address += 4;
  }
  fg_sim_rom_plan_reply (self, failure);
}

static void
mem_end (FgSimRom *self, const FgSimRequest *request)
{
  fg_sim_rom_plan_reply (self, request->len == 8 ? 0 : FG_SIM_FAIL_MESSAGE);
  if (request->len != 8 || request->data[0] != 0)
    return;
  self->entry = fg_sim_rom_get_u32 (request->data + 4);
  fg_sim_rom_plan (self, (FgSimOp){ .kind = FG_SIM_OP_LEAVE, .value = FG_SIM_ROM_LEFT_TO_RAM });
}

static void
write_reg (FgSimRom *self, const FgSimRequest *request)
{
  if (request->len == 0 || request->len % 16 != 0) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  for (const guint8 *data = request->data; data < request->data + request->len; data += 16) {
    /* the delay comes before the write and has 16 bits only (PROTOCOL-FACTS 9.3) */
    fg_sim_rom_plan (self, (FgSimOp){ .kind = FG_SIM_OP_DELAY,
                                      .value = fg_sim_rom_get_u32 (data + 12) & 0xffff });
    fg_sim_rom_plan (self, (FgSimOp){ .kind = FG_SIM_OP_WRITE_REG,
                                      .address = fg_sim_rom_get_u32 (data),
                                      .value = fg_sim_rom_get_u32 (data + 4),
                                      .mask = fg_sim_rom_get_u32 (data + 8) });
  }
  fg_sim_rom_plan_reply (self, 0);
}

static void
read_reg (FgSimRom *self, const FgSimRequest *request)
{
  guint32 address;

  if (request->len != 4) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  address = fg_sim_rom_get_u32 (request->data);
  if (address % 4 != 0) {
    self->state = FG_SIM_ROM_HUNG;
    return;
  }
  self->reply_value = fg_sim_bus_read (self->bus, address, request->now_ns);
  fg_sim_rom_plan_reply (self, 0);
}

static void
answer_sync (FgSimRom *self, const FgSimRequest *request)
{
  if (request->len < 4) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE);
    return;
  }
  /* it echoes the first word, whatever it is */
  self->reply_value = fg_sim_rom_get_u32 (request->data);
  fg_sim_rom_plan_reply (self, 0);
}

/* Which ROMs know a command. */
typedef enum {
  IN_ALL = 1,
  IN_LATER = 2,    /* not in the ESP8266's */
  IN_SECURITY = 4, /* where GET_SECURITY_INFO is */
  WHEN_SECURE = 8, /* also in secure download mode */
} Where;

typedef struct {
  void (*run) (FgSimRom *self, const FgSimRequest *request);
  guint where; /* of Where */
} Command;

/* PROTOCOL-FACTS section 2, and 2.1 for secure download mode; by op */
static const Command commands[] = {
  [0x02] = { fg_sim_rom_flash_begin, IN_ALL | WHEN_SECURE },
  [0x03] = { fg_sim_rom_flash_data, IN_ALL | WHEN_SECURE },
  [0x04] = { fg_sim_rom_flash_end, IN_ALL | WHEN_SECURE },
  [0x05] = { mem_begin, IN_ALL },
  [0x06] = { mem_end, IN_ALL },
  [0x07] = { mem_data, IN_ALL },
  [FG_SIM_ROM_OP_SYNC] = { answer_sync, IN_ALL | WHEN_SECURE },
  [0x09] = { write_reg, IN_ALL },
  [0x0A] = { read_reg, IN_ALL },
  [0x0B] = { fg_sim_rom_set_params, IN_ALL | WHEN_SECURE },
  [0x0D] = { fg_sim_rom_attach, IN_LATER | WHEN_SECURE },
  [0x0E] = { fg_sim_rom_read_slowly, IN_LATER },
  [0x0F] = { fg_sim_rom_change_baud, IN_LATER | WHEN_SECURE },
  [0x10] = { fg_sim_rom_deflate_begin, IN_LATER },
  [0x11] = { fg_sim_rom_deflate_data, IN_LATER },
  [0x12] = { fg_sim_rom_deflate_end, IN_LATER },
  [0x13] = { fg_sim_rom_digest, IN_LATER },
  [0x14] = { fg_sim_rom_get_security, IN_SECURITY | WHEN_SECURE },
};

static const Command *
find_command (const FgSimRom *self, guint8 op)
{
  const Command *command;
  guint here = IN_ALL;

  if (op >= G_N_ELEMENTS (commands))
    return NULL;
  command = &commands[op];
  if (self->spec->variant == NULL)
    here |= IN_LATER;
  if (self->model->security_len != 0)
    here |= IN_SECURITY;
  if ((command->where & here) == 0
      || (self->spec->secure_download && !(command->where & WHEN_SECURE)))
    return NULL;
  return command;
}

/**
 * fg_sim_rom_execute:
 *
 * Plans the steps of the command in the complete frame.
 */
void
fg_sim_rom_execute (FgSimRom *self, gint64 now_ns)
{
  const guint8 *frame = self->frame.bytes;
  FgSimRequest request = {
    .op = frame[1],
    .data = frame + FG_SIM_ROM_HEADER_LEN,
    .len = self->frame.len - FG_SIM_ROM_HEADER_LEN,
    .checksum = frame[4],
    .now_ns = now_ns,
  };
  const Command *command = find_command (self, request.op);

  g_byte_array_set_size (self->reply_data, 0);
  if (command == NULL) {
    fg_sim_rom_plan_reply (self, FG_SIM_FAIL_MESSAGE); /* under the op of the command before */
    return;
  }
  self->reply_op = request.op;
  command->run (self, &request);
}
