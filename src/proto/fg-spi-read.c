/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Reading the flash through registers, as quickly as a ROM allows: each 64 bytes cost one WRITE_REG
 * (address and start), one READ_REG that proves the transfer over, and 16 READ_REGs for the data.
 * They are sent without waiting, as many as the ROM is known to take; replies come in order.
 */

#include "fg-spi-flash.h"

#include "fg-error.h"
#include "fg-wire.h"

#include <string.h>

#define ALL_BITS 0xffffffffu
#define CMD_USR (1u << 18)
#define JEDEC_READ 0x03

/* An ESP8266 ROM answered 12 READ_REGs sent at once (PROTOCOL-FACTS 17), which is where we begin.
 * As long as the ROM keeps up with the line, what is under way waits on our side and in the
 * adapter, so more costs nothing and hides the adapter's latency: the window doubles with every
 * sector that arrives whole, and goes back for good to what worked when one does not. */
#define WINDOW_START 12u
#define REPLY_TIMEOUT_US (1 * G_USEC_PER_SEC)

#define WORDS 16u
#define STEPS (2 + WORDS) /* requests of a chunk */
#define PATIENCE_US 500

typedef struct {
  FgSpiFlash *spi;
  guint32 address;
  guint sent, received;       /* requests */
  guint8 chunk[FG_SPI_CHUNK]; /* the chunk being received */
} Reader;

static void
build_request (Reader *self, guint number)
{
  FgLoader *loader = self->spi->loader;
  const FgChip *chip = self->spi->chip;
  guint32 address = self->address + number / STEPS * FG_SPI_CHUNK;
  guint step = number % STEPS;

  if (step == 0) {
    const FgRegWrite writes[] = {
      { chip->spi_base + 4, chip->spi_addr_shifted ? address << 8 : address, ALL_BITS, 0 },
      { chip->spi_base, CMD_USR, ALL_BITS, 0 },
      { chip->spi_base + 4, 0, 0, PATIENCE_US }, /* nothing is written: only the wait counts */
    };
    fg_loader_build_write_regs (loader, writes, self->spi->patient ? 3 : 2);
  } else if (step == 1)
    fg_loader_build_read_reg (loader, chip->spi_base);
  else
    fg_loader_build_read_reg (loader, chip->spi_base + chip->spi_w0 + (step - 2) * 4);
}

/* Fills the window, but only when all that has come is taken in, so that writes are not tiny. */
static gboolean
send_more (Reader *self, guint until, GError **error)
{
  FgLoader *loader = self->spi->loader;

  if (loader->in_pos < loader->in_len && self->sent > self->received)
    return TRUE;
  while (self->sent < until && self->sent - self->received < self->spi->window)
    build_request (self, self->sent++);
  return loader->out->len == 0 || fg_loader_send (loader, error);
}

static gboolean
check_step (Reader *self, guint step, guint32 value, GError **error)
{
  if (step == 1 && (value & CMD_USR) != 0) {
    self->spi->patient = TRUE;
    g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL, "the flash was not read in time");
    return FALSE;
  }
  if (step >= 2)
    fg_put_u32 (self->chunk + (step - 2) * 4, value);
  return TRUE;
}

static gboolean
receive_one (Reader *self, GError **error)
{
  guint step = self->received % STEPS;
  guint8 op = step == 0 ? FG_OP_WRITE_REG : FG_OP_READ_REG;
  gint64 deadline_us = g_get_monotonic_time () + REPLY_TIMEOUT_US;
  FgReply reply;

  if (!fg_loader_receive (self->spi->loader, deadline_us, &reply, error))
    return FALSE;
  if (fg_reply_match (&reply, op, 0, NULL) != FG_MATCH_OK) {
    g_set_error (error, FG_ERROR, FG_ERROR_PROTOCOL, "%s was answered out of turn",
                 fg_op_name (op));
    return FALSE;
  }
  self->received++;
  return check_step (self, step, reply.value, error);
}

static void
window_failed (FgSpiFlash *spi)
{
  spi->window_max = MAX (spi->window / 2, WINDOW_START);
  spi->window = spi->window_max;
}

/* TRUE: go on; FALSE: no more chunks are wanted */
typedef gboolean (*ChunkFunc) (const guint8 *chunk, guint32 index, gpointer data);

static gboolean
read_chunks (FgSpiFlash *spi,
             guint32 address,
             guint32 n_chunks,
             gboolean probe,
             ChunkFunc func,
             gpointer data,
             GError **error)
{
  Reader self = { .spi = spi, .address = address };
  const FgSpiCommand command = {
    .opcode = JEDEC_READ, .address_bits = 24, .address = address, .miso_bits = FG_SPI_CHUNK * 8
  };
  guint until = probe ? STEPS : n_chunks * STEPS;

  if (!spi->ready_to_read && !fg_spi_flash_prepare (spi, &command, error))
    return FALSE;
  spi->ready_to_read = TRUE;
  if (spi->window == 0)
    spi->window = WINDOW_START;
  while (self.received < until) {
    if (!send_more (&self, until, error) || !receive_one (&self, error)) {
      window_failed (spi);
      return FALSE;
    }
    if (self.received % STEPS != 0)
      continue;
    if (!func (self.chunk, self.received / STEPS - 1, data))
      until = self.sent; /* take in what is under way, and no more */
    else if (self.received == STEPS)
      until = n_chunks * STEPS;
  }
  spi->window = MIN (spi->window * 2, spi->window_max);
  return TRUE;
}

static gboolean
copy_chunk (const guint8 *chunk, guint32 index, gpointer data)
{
  memcpy ((guint8 *) data + index * FG_SPI_CHUNK, chunk, FG_SPI_CHUNK);
  return TRUE;
}

/**
 * fg_spi_flash_read:
 * @len: bytes; @address and @len are multiples of 64
 *
 * There is no digest over what comes back: a caller that must be certain reads twice.
 *
 * Returns: %FALSE with %FG_ERROR_PROTOCOL, %FG_ERROR_TIMEOUT or the transport's error set; the
 * caller must drain the loader before it goes on
 */
gboolean
fg_spi_flash_read (FgSpiFlash *self, guint32 address, guint8 *buf, guint32 len, GError **error)
{
  g_return_val_if_fail (address % FG_SPI_CHUNK == 0 && len % FG_SPI_CHUNK == 0, FALSE);
  return read_chunks (self, address, len / FG_SPI_CHUNK, FALSE, copy_chunk, buf, error);
}

typedef struct {
  const guint8 *expected;
  gint64 first_difference; /* bytes from the start; -1: none */
} Comparison;

static gboolean
compare_chunk (const guint8 *chunk, guint32 index, gpointer data)
{
  Comparison *self = data;
  const guint8 *expected = self->expected + index * FG_SPI_CHUNK;

  if (self->first_difference >= 0)
    return FALSE;
  for (guint i = 0; i < FG_SPI_CHUNK; i++)
    if (chunk[i] != expected[i]) {
      self->first_difference = index * FG_SPI_CHUNK + i;
      return FALSE;
    }
  return TRUE;
}

/**
 * fg_spi_flash_compare:
 * @len: bytes; @address and @len are multiples of 64
 * @probe: look at the first chunk before asking for the others: a difference is likely
 * @first_difference: (out): bytes from @address; -1 when all is as expected
 *
 * Stops at the first chunk that differs, which makes a changed sector cheap. See
 * fg_spi_flash_read().
 */
gboolean
fg_spi_flash_compare (FgSpiFlash *self,
                      guint32 address,
                      const guint8 *expected,
                      guint32 len,
                      gboolean probe,
                      gint64 *first_difference,
                      GError **error)
{
  Comparison comparison = { .expected = expected, .first_difference = -1 };

  g_return_val_if_fail (address % FG_SPI_CHUNK == 0 && len % FG_SPI_CHUNK == 0, FALSE);
  if (!read_chunks (self, address, len / FG_SPI_CHUNK, probe, compare_chunk, &comparison, error))
    return FALSE;
  *first_difference = comparison.first_difference;
  return TRUE;
}
