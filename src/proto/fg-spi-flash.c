/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-spi-flash.h"

#include "fg-error.h"

/* Register bits: esptool loader.py, run_spiflash_command. */
#define USR_COMMAND (1u << 31)
#define USR_ADDR (1u << 30)
#define USR_MISO (1u << 28)
#define USR_MOSI (1u << 27)
#define CMD_USR (1u << 18)
#define USR2_8_BIT_COMMAND (7u << 28)
#define ALL_BITS 0xffffffffu

/* JEDEC commands: any serial NOR flash's data sheet, here Winbond W25Q32. */
#define JEDEC_WRITE_ENABLE 0x06
#define JEDEC_READ_STATUS 0x05
#define JEDEC_WRITE_STATUS 0x01
#define JEDEC_READ_ID 0x9f
#define JEDEC_ERASE_4K 0x20
#define JEDEC_ERASE_64K 0xd8
#define STATUS_WIP 0x01
#define STATUS_WEL 0x02
#define STATUS_PROTECTED 0x1c /* BP0 to BP2 */
#define BLOCK_64K 0x10000u

#define MAX_WRITES 8 /* registers that one command needs */
#define POLL_MAX 10
/* The slowest parts take 0.4 s for a sector and 2 s for a block; twice that, and something is
 * wrong. */
#define ERASE_TIMEOUT_US (5 * G_USEC_PER_SEC)
#define ERASE_POLL_US 2000

/**
 * fg_spi_flash_init:
 * @loader: (unowned)
 * @chip: (unowned)
 * @window_max: requests that reading may have under way, at least 12
 */
void
fg_spi_flash_init (FgSpiFlash *self, FgLoader *loader, const FgChip *chip, guint window_max)
{
  *self = (FgSpiFlash){ .loader = loader, .chip = chip, .window_max = window_max };
}

static guint32
reg (const FgSpiFlash *self, guint8 offset)
{
  return self->chip->spi_base + offset;
}

/**
 * fg_spi_flash_open:
 *
 * Remembers what the ROM has in the registers that user commands change. The flash must be
 * attached.
 */
gboolean
fg_spi_flash_open (FgSpiFlash *self, GError **error)
{
  const guint8 offsets[3] = { self->chip->spi_usr, self->chip->spi_usr1, self->chip->spi_usr2 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets) && !self->has_saved; i++)
    if (!fg_loader_read_reg (self->loader, reg (self, offsets[i]), &self->saved[i], error))
      return FALSE;
  self->has_saved = TRUE;
  return TRUE;
}

/** fg_spi_flash_restore: gives the ROM its registers back, before FLASH_BEGIN. */
gboolean
fg_spi_flash_restore (FgSpiFlash *self, GError **error)
{
  const FgRegWrite writes[] = {
    { reg (self, self->chip->spi_usr), self->saved[0], ALL_BITS, 0 },
    { reg (self, self->chip->spi_usr1), self->saved[1], ALL_BITS, 0 },
    { reg (self, self->chip->spi_usr2), self->saved[2], ALL_BITS, 0 },
  };

  if (!self->has_saved)
    return TRUE;
  self->ready_to_read = FALSE;
  return fg_loader_write_regs (self->loader, writes, G_N_ELEMENTS (writes), error);
}

/* The registers of one command, the start bit excepted. */
static guint
set_up (FgSpiFlash *self, const FgSpiCommand *command, FgRegWrite *writes)
{
  const FgChip *chip = self->chip;
  guint32 usr = USR_COMMAND;
  guint32 usr1 = 0;
  guint n = 0;

  self->ready_to_read = FALSE;
  if (command->address_bits > 0) {
    usr |= USR_ADDR;
    usr1 |= (guint32) (command->address_bits - 1) << 26;
    writes[n++] =
        (FgRegWrite){ chip->spi_base + 4,
                      chip->spi_addr_shifted ? command->address << (32 - command->address_bits)
                                             : command->address,
                      ALL_BITS, 0 };
  }
  if (command->miso_bits > 0) {
    usr |= USR_MISO;
    if (chip->spi_miso_dlen == 0)
      usr1 |= (guint32) (command->miso_bits - 1) << 8;
    else
      writes[n++] =
          (FgRegWrite){ reg (self, chip->spi_miso_dlen), command->miso_bits - 1u, ALL_BITS, 0 };
  }
  if (command->mosi_bits > 0) {
    usr |= USR_MOSI;
    if (chip->spi_mosi_dlen == 0)
      usr1 |= (guint32) (command->mosi_bits - 1) << 17;
    else
      writes[n++] =
          (FgRegWrite){ reg (self, chip->spi_mosi_dlen), command->mosi_bits - 1u, ALL_BITS, 0 };
  }
  writes[n++] = (FgRegWrite){ reg (self, chip->spi_usr1), usr1, ALL_BITS, 0 };
  writes[n++] = (FgRegWrite){ reg (self, chip->spi_usr), usr, ALL_BITS, 0 };
  writes[n++] =
      (FgRegWrite){ reg (self, chip->spi_usr2), USR2_8_BIT_COMMAND | command->opcode, ALL_BITS, 0 };
  return n;
}

static gboolean
start_and_wait (FgSpiFlash *self, GError **error)
{
  const FgRegWrite start = { self->chip->spi_base, CMD_USR, ALL_BITS, 0 };
  guint32 cmd;

  if (!fg_loader_write_regs (self->loader, &start, 1, error))
    return FALSE;
  for (guint i = 0; i < POLL_MAX; i++) {
    if (!fg_loader_read_reg (self->loader, self->chip->spi_base, &cmd, error))
      return FALSE;
    if ((cmd & CMD_USR) == 0)
      return TRUE;
  }
  g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL, "the chip's SPI controller does not get ready");
  return FALSE;
}

/**
 * fg_spi_flash_prepare:
 *
 * Sets the registers of a command and reads them back, because WRITE_REG carries no checksum and a
 * wrong address would erase, or read, what nobody asked for. Only the start bit is left to set.
 */
gboolean
fg_spi_flash_prepare (FgSpiFlash *self, const FgSpiCommand *command, GError **error)
{
  FgRegWrite writes[MAX_WRITES];
  guint n = set_up (self, command, writes);

  if (!fg_loader_write_regs (self->loader, writes, n, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    guint32 value;

    if (!fg_loader_read_reg (self->loader, writes[i].address, &value, error))
      return FALSE;
    if (value != writes[i].value) {
      g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL,
                   "register 0x%08X holds 0x%08X and not 0x%08X", writes[i].address, value,
                   writes[i].value);
      return FALSE;
    }
  }
  return TRUE;
}

/**
 * fg_spi_flash_run:
 * @value: (out) (optional): up to 32 bits that came back
 *
 * Runs one command of the flash chip.
 */
gboolean
fg_spi_flash_run (FgSpiFlash *self, const FgSpiCommand *command, guint32 *value, GError **error)
{
  FgRegWrite writes[MAX_WRITES];
  guint n = set_up (self, command, writes);

  writes[n++] = (FgRegWrite){ reg (self, self->chip->spi_w0), command->mosi, ALL_BITS, 0 };
  if (!fg_loader_write_regs (self->loader, writes, n, error) || !start_and_wait (self, error))
    return FALSE;
  if (value == NULL)
    return TRUE;
  return fg_loader_read_reg (self->loader, reg (self, self->chip->spi_w0), value, error);
}

/** fg_spi_flash_read_id: @id: (out): 24 bits, the manufacturer in the low byte */
gboolean
fg_spi_flash_read_id (FgSpiFlash *self, guint32 *id, GError **error)
{
  const FgSpiCommand command = { .opcode = JEDEC_READ_ID, .miso_bits = 24 };

  if (!fg_spi_flash_run (self, &command, id, error))
    return FALSE;
  *id &= 0xffffff;
  return TRUE;
}

static gboolean
read_status (FgSpiFlash *self, guint32 *status, GError **error)
{
  const FgSpiCommand command = { .opcode = JEDEC_READ_STATUS, .miso_bits = 8 };

  return fg_spi_flash_run (self, &command, status, error);
}

static gboolean
wait_until_ready (FgSpiFlash *self, guint32 address, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + ERASE_TIMEOUT_US;
  guint32 status;

  while (TRUE) {
    if (!read_status (self, &status, error))
      return FALSE;
    if ((status & STATUS_WIP) == 0)
      return TRUE;
    if (g_get_monotonic_time () > deadline_us)
      break;
    g_usleep (ERASE_POLL_US);
  }
  g_set_error (error, FG_ERROR, FG_ERROR_ERASE, "the flash is still busy at 0x%X after 5 s",
               address);
  return FALSE;
}

/* Write enable, and the proof that it took. */
static gboolean
enable_writing (FgSpiFlash *self, guint32 address, GError **error)
{
  const FgSpiCommand enable = { .opcode = JEDEC_WRITE_ENABLE };
  guint32 status;

  /* an erase that was broken off may still be going on */
  if (!wait_until_ready (self, address, error) || !fg_spi_flash_run (self, &enable, NULL, error)
      || !read_status (self, &status, error))
    return FALSE;
  if ((status & STATUS_WEL) != 0)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_ERASE,
               "the flash does not accept write enable at 0x%X (status %02X)", address,
               status & 0xff);
  return FALSE;
}

/**
 * fg_spi_flash_unlock:
 *
 * Clears the block protection bits, if any is set; leaves the status register alone otherwise.
 *
 * Returns: %FALSE with %FG_ERROR_ERASE set when the flash stays protected, or an error of the
 * loader
 */
gboolean
fg_spi_flash_unlock (FgSpiFlash *self, GError **error)
{
  const FgSpiCommand write = { .opcode = JEDEC_WRITE_STATUS, .mosi_bits = 8, .mosi = 0 };
  guint32 status;

  if (!read_status (self, &status, error))
    return FALSE;
  if ((status & STATUS_PROTECTED) == 0)
    return TRUE;
  fg_report_log (self->loader->reporter, FG_LOG_INFO,
                 "The flash is write-protected (status %02X): unlocking it", status & 0xff);
  if (!enable_writing (self, 0, error) || !fg_spi_flash_run (self, &write, NULL, error)
      || !wait_until_ready (self, 0, error) || !read_status (self, &status, error))
    return FALSE;
  if ((status & STATUS_PROTECTED) == 0)
    return TRUE;
  g_set_error (
      error, FG_ERROR, FG_ERROR_ERASE,
      "the flash is write-protected and cannot be unlocked (status %02X): its WP pin may be "
      "held low",
      status & 0xff);
  return FALSE;
}

static gboolean
erase_one (FgSpiFlash *self, guint8 opcode, guint32 address, GError **error)
{
  const FgSpiCommand erase = { .opcode = opcode, .address_bits = 24, .address = address };

  return enable_writing (self, address, error) && fg_spi_flash_prepare (self, &erase, error)
         && start_and_wait (self, error) && wait_until_ready (self, address, error);
}

/**
 * fg_spi_flash_erase:
 * @address: bytes; a multiple of 4 KB
 * @length: 64 KB at a multiple of 64 KB, else 4 KB
 *
 * Erases exactly this and waits until it is done, at most 5 s.
 *
 * Returns: %FALSE with %FG_ERROR_ERASE or an error of the loader set
 */
gboolean
fg_spi_flash_erase (FgSpiFlash *self, guint32 address, guint32 length, GError **error)
{
  gboolean block = length == BLOCK_64K && address % BLOCK_64K == 0;

  g_return_val_if_fail (block || (length == 0x1000 && address % 0x1000 == 0), FALSE);
  return erase_one (self, block ? JEDEC_ERASE_64K : JEDEC_ERASE_4K, address, error);
}
