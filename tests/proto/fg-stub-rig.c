/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-rig.h"

#include "fg-open.h"

#include <string.h>

#define SYNC_TRIES 20

guint8 *
fg_stub_rig_contents (gsize len, guint32 seed)
{
  static const guint8 letters[] = "\xc0\xdb flash\x00\xff";
  GRand *rand = g_rand_new_with_seed (seed);
  guint8 *data = g_malloc (len);

  for (gsize i = 0; i < len; i++)
    data[i] = letters[g_rand_int (rand) % (sizeof letters - 1)];
  g_rand_free (rand);
  return data;
}

void
fg_stub_rig_open (FgStubRig *self, const char *spec)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;
  gboolean synced = FALSE;
  FgTransport *wire;

  fg_test_board_init (&self->board);
  self->size = 1 * MIB;
  self->old = fg_stub_rig_contents (self->size, 1);
  g_file_set_contents (self->board.image, (char *) self->old, (gssize) self->size, &error);
  g_assert_no_error (error);
  port = g_strdup_printf ("sim:esp8266,flash=1M,boot=loader,image=%s,%s", self->board.image, spec);
  wire = fg_open (port, NULL, &error);
  g_assert_no_error (error);
  self->wire = fg_bad_line_new (wire);
  fg_transport_set_baud (self->wire, 115200, &error);
  g_assert_no_error (error);
  self->cancellable = g_cancellable_new ();
  fg_loader_init (&self->loader, self->wire, NULL, self->cancellable);
  self->loader.baud = 115200;
  for (guint i = 0; i < SYNC_TRIES && !synced; i++)
    synced = fg_loader_sync (&self->loader, 0, NULL, NULL);
  g_assert_true (synced);
  g_assert_true (fg_loader_drain (&self->loader, 20, NULL));
  fg_stub_init (&self->stub, &self->loader);
}

void
fg_stub_rig_start (FgStubRig *self, const char *spec)
{
  g_autoptr (FgStubImage) image = fg_stub_image_new_esp8266 ();
  g_autoptr (GError) error = NULL;

  fg_stub_rig_open (self, spec);
  fg_stub_upload (&self->loader, image, &error);
  g_assert_no_error (error);
  fg_stub_ask (&self->stub, &error);
  g_assert_no_error (error);
}

void
fg_stub_rig_close (FgStubRig *self)
{
  fg_loader_clear (&self->loader);
  fg_transport_free (self->wire);
  g_object_unref (self->cancellable);
  fg_test_board_clear (&self->board);
  g_free (self->old);
}

void
fg_stub_rig_assert_flash (FgStubRig *self)
{
  g_autoptr (GBytes) flash = fg_test_board_flash (&self->board);
  const guint8 *bytes = g_bytes_get_data (flash, NULL);

  g_assert_cmpuint (g_bytes_get_size (flash), ==, self->size);
  for (gsize i = 0; i < self->size; i++)
    if (bytes[i] != self->old[i])
      g_error ("at 0x%06zx is %02x and not %02x", i, bytes[i], self->old[i]);
}
