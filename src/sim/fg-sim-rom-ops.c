/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-rom-ops.h"

#define STATUS_WRITE_ENABLED 0x02
#define SECTORS_MAX 65536u /* nonsense in SPI_SET_PARAMS must not fill the memory */
#define CHECKSUM_SEED 0xef /* PROTOCOL-FACTS 1.2 */

static void
append (GArray *ops, FgSimOpKind kind, guint32 address, const guint8 *data, gsize len)
{
  FgSimOp op = { .kind = kind, .address = address, .data = data, .len = len };

  g_array_append_val (ops, op);
}

/**
 * fg_sim_ops_plan_erase:
 * @ops: (element-type FgSimOp)
 *
 * The ROM erases sectors one by one up to the end of the block but forgets to subtract them from
 * what is left to do (PROTOCOL-FACTS 9.2). It notices the end of the chip only when it gets there.
 *
 * Returns: whether the whole erase is going to work
 */
gboolean
fg_sim_ops_plan_erase (GArray *ops, const FgSimRomFlash *flash, guint32 address, guint32 size)
{
  guint32 per_block = flash->block_size / flash->sector_size;
  guint64 count = ((guint64) size + flash->sector_size - 1) / flash->sector_size;
  guint64 sector = address / flash->sector_size;
  guint64 chip_sectors = flash->chip_size / flash->sector_size;
  guint64 head = MIN (per_block - sector % per_block, count);

  if ((guint64) address + size > flash->chip_size || address % flash->sector_size != 0
      || chip_sectors > SECTORS_MAX)
    return FALSE;
  for (; head > 0; head--, sector++) {
    if (sector >= chip_sectors)
      return FALSE;
    append (ops, FG_SIM_OP_ERASE_SECTOR, (guint32) sector * flash->sector_size, NULL, 0);
  }
  while (count > 0) {
    if (sector >= chip_sectors)
      return FALSE;
    if (count > per_block) {
      append (ops, FG_SIM_OP_ERASE_BLOCK, (guint32) sector * flash->sector_size, NULL, 0);
      count -= per_block;
      sector += per_block;
    } else {
      append (ops, FG_SIM_OP_ERASE_SECTOR, (guint32) sector * flash->sector_size, NULL, 0);
      count--;
      sector++;
    }
  }
  return TRUE;
}

/**
 * fg_sim_ops_plan_erase_exactly:
 *
 * What the ROMs after the ESP8266's erase: the sectors that are asked for, in blocks where they
 * are whole.
 *
 * Returns: %FALSE when that is not within what the ROM knows of its flash
 */
gboolean
fg_sim_ops_plan_erase_exactly (GArray *ops,
                               const FgSimRomFlash *flash,
                               guint32 address,
                               guint32 size)
{
  guint64 end = (guint64) address + size;
  guint64 at = address;

  if (address >= flash->chip_size || end > flash->chip_size || address % flash->sector_size != 0
      || flash->chip_size / flash->sector_size > SECTORS_MAX)
    return FALSE;
  while (at < end) {
    gboolean whole = at % flash->block_size == 0 && end - at >= flash->block_size;

    append (ops, whole ? FG_SIM_OP_ERASE_BLOCK : FG_SIM_OP_ERASE_SECTOR, (guint32) at, NULL, 0);
    at += whole ? flash->block_size : flash->sector_size;
  }
  return TRUE;
}

/** fg_sim_ops_plan_program: page by page, then the check that the ROM makes. */
void
fg_sim_ops_plan_program (GArray *ops, guint32 address, const guint8 *data, gsize len)
{
  for (gsize done = 0; done < len;) {
    guint32 at = address + (guint32) done;
    gsize room = FG_SIM_PAGE_SIZE - at % FG_SIM_PAGE_SIZE;
    gsize part = MIN (room, len - done);

    append (ops, FG_SIM_OP_PROGRAM, at, data + done, part);
    done += part;
  }
  append (ops, FG_SIM_OP_CHECK, address, data, len);
}

static guint8
read_status (FgSimFlash *flash, gint64 now_ns)
{
  guint8 status;
  FgSimTransfer transfer = { .opcode = FG_SIM_FLASH_READ_STATUS, .miso = &status, .miso_len = 1 };

  fg_sim_flash_transfer (flash, &transfer, now_ns);
  return status;
}

/**
 * fg_sim_op_flash: starts an erase or a program.
 *
 * Returns: %FALSE when the flash does not answer: the ROM then waits for ever
 */
gboolean
fg_sim_op_flash (const FgSimOp *op, FgSimFlash *flash, gint64 now_ns)
{
  FgSimTransfer enable = { .opcode = FG_SIM_FLASH_WRITE_ENABLE };
  FgSimTransfer work = { .address = op->address, .address_bits = 24 };

  fg_sim_flash_transfer (flash, &enable, now_ns);
  if (read_status (flash, now_ns) == 0xff || !(read_status (flash, now_ns) & STATUS_WRITE_ENABLED))
    return FALSE;
  if (op->kind == FG_SIM_OP_PROGRAM) {
    work.opcode = FG_SIM_FLASH_PAGE_PROGRAM;
    work.mosi = op->data;
    work.mosi_len = op->len;
  } else {
    work.opcode =
        op->kind == FG_SIM_OP_ERASE_BLOCK ? FG_SIM_FLASH_ERASE_BLOCK : FG_SIM_FLASH_ERASE_SECTOR;
  }
  fg_sim_flash_transfer (flash, &work, now_ns);
  return TRUE;
}

guint8
fg_sim_rom_checksum (const guint8 *data, gsize len)
{
  guint8 sum = CHECKSUM_SEED;

  while (len-- > 0)
    sum ^= *data++;
  return sum;
}

/** fg_sim_op_check: the ROM's weak check: both checksums, not the bytes (PROTOCOL-FACTS 9.1). */
gboolean
fg_sim_op_check (const FgSimOp *op, FgSimFlash *flash, gint64 now_ns)
{
  g_autofree guint8 *back = g_malloc (MAX (op->len, 1));
  FgSimTransfer transfer = {
    .opcode = FG_SIM_FLASH_READ,
    .address = op->address,
    .address_bits = 24,
    .miso = back,
    .miso_len = op->len,
  };

  fg_sim_flash_transfer (flash, &transfer, now_ns);
  return fg_sim_rom_checksum (back, op->len) == fg_sim_rom_checksum (op->data, op->len);
}
