/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A loader of any chip behind a transport: registers and security information from tables, a flash
 * chip that knows its id, and nothing else. What it was asked is written down. */

#include "fg-slip.h"
#include "fg-transport.h"
#include "fg-wire.h"

#include <string.h>

typedef struct {
  FgTransport wire;
  FgSlipDecoder slip;
  GByteArray *replies;
  GHashTable *registers; /* address to value */
  guint status_len;
  const guint8 *security; /* NULL: the command is not known */
  guint security_len;
  gboolean no_registers; /* secure download mode */
  guint32 spi_base, spi_w0, flash_id;
  guint last_op;
  GString *ops;     /* "14 0a 09 …" */
  guint32 attached; /* the first word of SPI_ATTACH */
  guint attach_len;
  guint32 flash_size; /* as SPI_SET_PARAMS said */
  guint32 baud_asked;
  guint baud;
} FgTestLoader;

static inline void
fg_test_loader_set (FgTestLoader *self, guint32 address, guint32 value)
{
  g_hash_table_insert (self->registers, GUINT_TO_POINTER (address), GUINT_TO_POINTER (value));
}

static inline guint32
fg_test_loader_get (FgTestLoader *self, guint32 address)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->registers, GUINT_TO_POINTER (address)));
}

static inline void
fg_test_loader_reply (
    FgTestLoader *self, guint op, guint32 value, const guint8 *data, guint len, guint status)
{
  guint8 packet[128] = { 1, (guint8) op };

  fg_put_u16 (packet + 2, (guint16) (len + self->status_len));
  fg_put_u32 (packet + 4, value);
  if (len > 0)
    memcpy (packet + 8, data, len);
  packet[8 + len] = status >> 8;
  packet[9 + len] = status & 0xff;
  fg_slip_encode (packet, 8 + len + self->status_len, self->replies);
}

static inline void
fg_test_loader_write_reg (FgTestLoader *self, const guint8 *entry)
{
  guint32 address = fg_get_u32 (entry);
  guint32 mask = fg_get_u32 (entry + 8);
  guint32 old = fg_test_loader_get (self, address);

  fg_test_loader_set (self, address, (old & ~mask) | (fg_get_u32 (entry + 4) & mask));
  if (address == self->spi_base && (fg_get_u32 (entry + 4) & 1u << 18) != 0) {
    fg_test_loader_set (self, address, 0);
    fg_test_loader_set (self, self->spi_base + self->spi_w0, self->flash_id);
  }
}

static inline void
fg_test_loader_obey (FgTestLoader *self, const guint8 *packet, gsize len)
{
  guint op = packet[1];
  const guint8 *data = packet + 8;

  g_string_append_printf (self->ops, "%s%02x", self->ops->len > 0 ? " " : "", op);
  if ((op == 0x14 && self->security == NULL)
      || (self->no_registers && (op == 0x09 || op == 0x0a))) {
    fg_test_loader_reply (self, self->last_op, 0, NULL, 0, 0x0105);
    return;
  }
  self->last_op = op;
  if (op == 0x0d) {
    self->attached = fg_get_u32 (data);
    self->attach_len = (guint) len - 8;
  } else if (op == 0x0b)
    self->flash_size = fg_get_u32 (data + 4);
  else if (op == 0x0f)
    self->baud_asked = fg_get_u32 (data);
  else if (op == 0x09)
    for (gsize at = 0; at + 16 <= len - 8; at += 16)
      fg_test_loader_write_reg (self, data + at);
  fg_test_loader_reply (self, op, op == 0x0a ? fg_test_loader_get (self, fg_get_u32 (data)) : 0,
                        op == 0x14 ? self->security : NULL, op == 0x14 ? self->security_len : 0, 0);
}

static inline gssize
fg_test_loader_read (FgTransport *wire, guint8 *buf, gsize len, guint timeout_ms, GError **error)
{
  FgTestLoader *self = (FgTestLoader *) wire;
  gsize n = MIN (len, self->replies->len);

  memcpy (buf, self->replies->data, n);
  g_byte_array_remove_range (self->replies, 0, (guint) n);
  return (gssize) n;
}

static inline gboolean
fg_test_loader_write (FgTransport *wire, const guint8 *buf, gsize len, GError **error)
{
  FgTestLoader *self = (FgTestLoader *) wire;

  for (gsize i = 0; i < len; i++)
    if (fg_slip_decoder_push (&self->slip, buf[i]) == FG_SLIP_FRAME)
      fg_test_loader_obey (self, self->slip.frame->data, self->slip.frame->len);
  return TRUE;
}

static inline gboolean
fg_test_loader_set_baud (FgTransport *wire, guint baud, GError **error)
{
  ((FgTestLoader *) wire)->baud = baud;
  return TRUE;
}

static inline void
fg_test_loader_free (FgTransport *wire)
{
  FgTestLoader *self = (FgTestLoader *) wire;

  fg_slip_decoder_clear (&self->slip);
  g_byte_array_unref (self->replies);
  g_hash_table_unref (self->registers);
  g_string_free (self->ops, TRUE);
  g_free (self);
}

static inline FgTestLoader *
fg_test_loader_new (void)
{
  static const FgTransportOps ops = { .read = fg_test_loader_read,
                                      .write = fg_test_loader_write,
                                      .set_baud = fg_test_loader_set_baud,
                                      .free = fg_test_loader_free };
  FgTestLoader *self = g_new0 (FgTestLoader, 1);

  fg_transport_init (&self->wire, &ops, "test");
  fg_slip_decoder_init (&self->slip);
  self->replies = g_byte_array_new ();
  self->registers = g_hash_table_new (NULL, NULL);
  self->ops = g_string_new (NULL);
  self->status_len = 4;
  self->last_op = 0x08;
  return self;
}
