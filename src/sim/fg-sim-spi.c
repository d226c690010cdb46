/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-spi.h"

#include <string.h>

/* The same in all chips, PROTOCOL-FACTS 4.2; RD_STATUS: ESP8266 technical reference, appendix 2. */
#define REG_CMD 0x00
#define REG_ADDR 0x04
#define REG_CTRL 0x08
#define REG_RD_STATUS 0x10
#define REG_STATE 0xf8 /* not documented; 0: idle */
#define BUFFER_SIZE 64

/* PROTOCOL-FACTS 7.1 */
#define CMD_USER (1u << 18)
#define USR_COMMAND (1u << 31)
#define USR_ADDRESS (1u << 30)
#define USR_DUMMY (1u << 29)
#define USR_MISO (1u << 28)
#define USR_MOSI (1u << 27)

/* Bits of CMD that make one flash command each; same source as RD_STATUS. */
#define CMD_READ (1u << 31)
#define CMD_WRITE_ENABLE (1u << 30)
#define CMD_WRITE_DISABLE (1u << 29)
#define CMD_READ_ID (1u << 28)
#define CMD_READ_STATUS (1u << 27)
#define CMD_WRITE_STATUS (1u << 26)
#define CMD_PAGE_PROGRAM (1u << 25)
#define CMD_ERASE_SECTOR (1u << 24)
#define CMD_ERASE_BLOCK (1u << 23)
#define CMD_ERASE_CHIP (1u << 22)

/* CTRL, by the same source: the divider, less one; and how the dedicated READ command reads. */
#define CTRL_DIVIDER_SHIFT 8
#define CTRL_DIVIDER_MASK 0xfu
#define CTRL_UNDIVIDED (1u << 12)
#define CTRL_FAST_READ (1u << 13)
#define CTRL_DUAL_OUTPUT (1u << 14)
#define CTRL_OTHER_MODES (1u << 20 | 1u << 23 | 1u << 24) /* QOUT, DIO, QIO */

#define DEFAULT_BIT_NS 50 /* 20 MHz, what the loader sets up */
#define FAST_READ 0x0b
#define FAST_READ_DUMMY_BITS 8

static guint32
reg (const FgSimSpi *self, guint32 offset)
{
  return self->regs[offset / 4];
}

static void
load_buffer (const FgSimSpi *self, guint8 buffer[BUFFER_SIZE])
{
  for (guint i = 0; i < BUFFER_SIZE; i++)
    buffer[i] = (guint8) (self->regs[self->layout->w0 / 4 + i / 4] >> (8 * (i % 4)));
}

static void
store_buffer (FgSimSpi *self, const guint8 *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++) {
    guint32 *word = &self->regs[self->layout->w0 / 4 + i / 4];
    guint shift = 8 * (guint) (i % 4);

    *word = (*word & ~(0xffu << shift)) | (guint32) bytes[i] << shift;
  }
}

static guint32
control (const FgSimSpi *self)
{
  return self->clock_mhz != 0 ? reg (self, REG_CTRL) : 0;
}

static gint64
bit_ns (const FgSimSpi *self)
{
  guint field = control (self) >> CTRL_DIVIDER_SHIFT & CTRL_DIVIDER_MASK;

  if (control (self) & CTRL_UNDIVIDED)
    return 1000 / self->clock_mhz;
  return field == 0 ? DEFAULT_BIT_NS : (gint64) (field + 1) * 1000 / self->clock_mhz;
}

/**
 * fg_sim_spi_transfer:
 * @now_ns: when it begins; it ends at done_ns
 *
 * Moves bits between the controller and the flash, past the registers.
 */
void
fg_sim_spi_transfer (FgSimSpi *self, FgSimTransfer *transfer, gint64 now_ns)
{
  gsize bits = 8 + transfer->address_bits + transfer->dummy_bits
               + 8 * (transfer->mosi_len + transfer->miso_len / (transfer->dual ? 2 : 1));

  self->done_ns = now_ns + (self->timed ? (gint64) bits * bit_ns (self) : 0);
  if (self->attached)
    fg_sim_flash_transfer (self->flash, transfer, self->done_ns);
  else if (transfer->miso != NULL)
    memset (transfer->miso, 0xff, transfer->miso_len);
  if (self->misreads && transfer->miso_len > 0
      && (transfer->opcode == FG_SIM_FLASH_READ || transfer->opcode == FG_SIM_FLASH_READ_DUAL))
    transfer->miso[0] ^= 0x01;
}

/* Bytes. The number of bits less one is in a register of its own, or else in a part of USR1. */
static gsize
data_len (const FgSimSpi *self, guint32 offset, guint32 else_field)
{
  return (((offset != 0 ? reg (self, offset) : else_field) & 0x1ff) + 1) / 8;
}

static void
run_user (FgSimSpi *self, gint64 now_ns)
{
  const FgSimSpiLayout *layout = self->layout;
  guint32 usr = reg (self, layout->usr), usr1 = reg (self, layout->usr1);
  guint32 usr2 = reg (self, layout->usr2), address = reg (self, REG_ADDR);
  guint8 mosi[BUFFER_SIZE], miso[BUFFER_SIZE];
  FgSimTransfer transfer = { .mosi = mosi, .miso = miso };

  /* without an 8-bit command first, the flash takes other bits for one: nothing useful happens */
  transfer.opcode = (usr & USR_COMMAND) && usr2 >> 28 == 7 ? (guint8) usr2 : 0x00;
  if (usr & USR_ADDRESS) {
    transfer.address_bits = (usr1 >> 26) + 1;
    transfer.address =
        layout->address_on_top ? address >> (32 - MIN (transfer.address_bits, 32)) : address;
  }
  if (usr & USR_DUMMY)
    transfer.dummy_bits = (usr1 & 0xff) + 1;
  if (usr & USR_MISO)
    transfer.miso_len = data_len (self, layout->miso_len, usr1 >> 8);
  if (usr & USR_MOSI)
    transfer.mosi_len = data_len (self, layout->mosi_len, usr1 >> 17);
  if (transfer.opcode == FG_SIM_FLASH_WRITE_ENABLE && !self->user_enable)
    return;
  load_buffer (self, mosi);
  fg_sim_spi_transfer (self, &transfer, now_ns);
  if (control (self) & (CTRL_DUAL_OUTPUT | CTRL_OTHER_MODES))
    memset (miso, 0xff, sizeof miso); /* several lines are read, and the flash drives one */
  store_buffer (self, miso, transfer.miso_len);
}

static void
run_simple (FgSimSpi *self, guint8 opcode, gboolean with_address, gint64 now_ns)
{
  FgSimTransfer transfer = {
    .opcode = opcode,
    .address = reg (self, REG_ADDR) & 0xffffff,
    .address_bits = with_address ? 24 : 0,
  };

  fg_sim_spi_transfer (self, &transfer, now_ns);
}

static void
run_read (FgSimSpi *self, FgSimTransfer *transfer, gint64 now_ns)
{
  guint32 ctrl = control (self);
  guint8 buffer[BUFFER_SIZE];

  if (ctrl & CTRL_FAST_READ) {
    transfer->opcode = ctrl & CTRL_DUAL_OUTPUT ? FG_SIM_FLASH_READ_DUAL : FAST_READ;
    transfer->dummy_bits = FAST_READ_DUMMY_BITS;
    transfer->dual = (ctrl & CTRL_DUAL_OUTPUT) != 0;
  }
  transfer->miso = buffer;
  fg_sim_spi_transfer (self, transfer, now_ns);
  if (ctrl & CTRL_OTHER_MODES || (ctrl & (CTRL_FAST_READ | CTRL_DUAL_OUTPUT)) == CTRL_DUAL_OUTPUT)
    memset (buffer, 0xff, sizeof buffer); /* not simulated, or not possible */
  store_buffer (self, buffer, transfer->miso_len);
}

/* READ and PAGE_PROGRAM take their length from the top byte of ADDR. */
static void
run_data (FgSimSpi *self, guint8 opcode, gint64 now_ns)
{
  guint8 buffer[BUFFER_SIZE];
  gsize len = reg (self, REG_ADDR) >> 24;
  FgSimTransfer transfer = {
    .opcode = opcode,
    .address = reg (self, REG_ADDR) & 0xffffff,
    .address_bits = 24,
  };

  if (len == 0 || len > BUFFER_SIZE)
    len = BUFFER_SIZE;
  if (opcode == FG_SIM_FLASH_READ) {
    transfer.miso_len = len;
    run_read (self, &transfer, now_ns);
  } else {
    load_buffer (self, buffer);
    transfer.mosi = buffer;
    transfer.mosi_len = len;
    fg_sim_spi_transfer (self, &transfer, now_ns);
  }
}

static void
run_id (FgSimSpi *self, gint64 now_ns)
{
  guint8 id[3];
  FgSimTransfer transfer = { .opcode = FG_SIM_FLASH_READ_ID, .miso = id, .miso_len = sizeof id };

  fg_sim_spi_transfer (self, &transfer, now_ns);
  self->regs[self->layout->w0 / 4] = 0;
  store_buffer (self, id, sizeof id);
}

static void
run_status (FgSimSpi *self, gboolean write, gint64 now_ns)
{
  guint8 status = (guint8) reg (self, REG_RD_STATUS);
  FgSimTransfer transfer = { .opcode = FG_SIM_FLASH_READ_STATUS, .miso = &status, .miso_len = 1 };

  if (write)
    transfer =
        (FgSimTransfer){ .opcode = FG_SIM_FLASH_WRITE_STATUS, .mosi = &status, .mosi_len = 1 };
  fg_sim_spi_transfer (self, &transfer, now_ns);
  if (!write)
    self->regs[REG_RD_STATUS / 4] = (reg (self, REG_RD_STATUS) & ~0xffu) | status;
}

static void
start (FgSimSpi *self, guint32 cmd, gint64 now_ns)
{
  if (cmd & CMD_USER)
    run_user (self, now_ns);
  else if (!self->layout->has_flash_commands)
    return;
  else if (cmd & CMD_READ)
    run_data (self, FG_SIM_FLASH_READ, now_ns);
  else if (cmd & CMD_WRITE_ENABLE)
    run_simple (self, FG_SIM_FLASH_WRITE_ENABLE, FALSE, now_ns);
  else if (cmd & CMD_WRITE_DISABLE)
    run_simple (self, FG_SIM_FLASH_WRITE_DISABLE, FALSE, now_ns);
  else if (cmd & CMD_READ_ID)
    run_id (self, now_ns);
  else if (cmd & (CMD_READ_STATUS | CMD_WRITE_STATUS))
    run_status (self, (cmd & CMD_WRITE_STATUS) != 0, now_ns);
  else if (cmd & CMD_PAGE_PROGRAM)
    run_data (self, FG_SIM_FLASH_PAGE_PROGRAM, now_ns);
  else if (cmd & CMD_ERASE_SECTOR)
    run_simple (self, FG_SIM_FLASH_ERASE_SECTOR, TRUE, now_ns);
  else if (cmd & CMD_ERASE_BLOCK)
    run_simple (self, FG_SIM_FLASH_ERASE_BLOCK, TRUE, now_ns);
  else if (cmd & CMD_ERASE_CHIP)
    run_simple (self, FG_SIM_FLASH_ERASE_CHIP, FALSE, now_ns);
}

/** fg_sim_spi_init: @timed: whether transfers take the time their bits take */
void
fg_sim_spi_init (FgSimSpi *self, FgSimFlash *flash, const FgSimSpiLayout *layout, gboolean timed)
{
  *self = (FgSimSpi){ .flash = flash, .layout = layout, .timed = timed, .user_enable = TRUE };
  fg_sim_spi_reset (self);
}

/** fg_sim_spi_reset: as a chip reset does; the flash itself has no reset pin. */
void
fg_sim_spi_reset (FgSimSpi *self)
{
  memset (self->regs, 0, sizeof self->regs);
  self->regs[self->layout->usr / 4] = USR_COMMAND;
  self->regs[self->layout->usr2 / 4] = 7u << 28;
  self->attached = self->misreads = FALSE;
  self->done_ns = 0;
}

/** fg_sim_spi_attach: gives the flash pins to the controller (PROTOCOL-FACTS 7.4). */
void
fg_sim_spi_attach (FgSimSpi *self)
{
  self->attached = TRUE;
}

/** fg_sim_spi_read: @offset: word-aligned, below %FG_SIM_SPI_SPAN */
guint32
fg_sim_spi_read (const FgSimSpi *self, guint32 offset, gint64 now_ns)
{
  if (offset == REG_STATE)
    return now_ns < self->done_ns;
  if (offset == REG_CMD && now_ns >= self->done_ns)
    return 0;
  return reg (self, offset);
}

/** fg_sim_spi_write: @offset: word-aligned, below %FG_SIM_SPI_SPAN; 0 starts a transfer */
void
fg_sim_spi_write (FgSimSpi *self, guint32 offset, guint32 value, gint64 now_ns)
{
  if (offset == REG_CMD && now_ns < self->done_ns)
    return;
  self->regs[offset / 4] = value;
  if (offset == REG_CMD && value != 0)
    start (self, value, now_ns);
}
