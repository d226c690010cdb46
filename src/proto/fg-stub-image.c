/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-image.h"

#include "fg-stub-esp8266.h"
#include "fg-wire.h"

/**
 * fg_stub_image_new:
 * @data: (nullable): initialised variables; @data_address means nothing without
 *
 * Returns: (transfer full): with references of its own
 */
FgStubImage *
fg_stub_image_new (
    guint32 entry, guint32 text_address, GBytes *text, guint32 data_address, GBytes *data)
{
  FgStubImage *self = g_atomic_rc_box_new0 (FgStubImage);

  self->entry = entry;
  self->text_address = text_address;
  self->text = g_bytes_ref (text);
  self->data_address = data_address;
  self->data = data != NULL ? g_bytes_ref (data) : NULL;
  return self;
}

static GBytes *
bytes_of_words (const guint32 *words, gsize n)
{
  guint8 *bytes = g_malloc (n * 4);

  for (gsize i = 0; i < n; i++)
    fg_put_u32 (bytes + i * 4, words[i]);
  return g_bytes_new_take (bytes, n * 4);
}

/** fg_stub_image_new_esp8266: Returns: (transfer full): our own stub, from src/stub */
FgStubImage *
fg_stub_image_new_esp8266 (void)
{
  const FgStubData *stub = &fg_stub_esp8266;
  g_autoptr (GBytes) text = bytes_of_words (stub->text, stub->text_words);
  g_autoptr (GBytes) data = bytes_of_words (stub->data, stub->data_words);

  return fg_stub_image_new (stub->entry, stub->text_address, text, stub->data_address, data);
}

FgStubImage *
fg_stub_image_ref (FgStubImage *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_image (gpointer data)
{
  FgStubImage *self = data;

  g_bytes_unref (self->text);
  g_clear_pointer (&self->data, g_bytes_unref);
}

/** fg_stub_image_unref: @self: (nullable) (transfer full) */
void
fg_stub_image_unref (FgStubImage *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear_image);
}
