/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads the flash of a simulated board back through our stub. */

#include "fg-error.h"
#include "fg-stub-flash.h"
#include "fg-stub-read.h"
#include "fg-stub-rig.h"

#include <string.h>

typedef struct {
  const char *name;
  guint32 offset, length;
  double damage;
  const char *spec;
  guint baud;
} ReadCase;

static const ReadCase read_cases[] = {
  { "beginning", 0, 128 * KIB, 0, "timing=none", 0 },
  { "odd-ends", 0x1235, 0x8765, 0, "timing=none", 0 },
  { "few-bytes", 0x2ffe, 3, 0, "timing=none", 0 },
  { "one-byte", 0xfffff, 1, 0, "timing=none", 0 },
  { "bad-line", 0, 128 * KIB, 0.15, "timing=none", 0 },
  { "worse-line", 0x3000, 64 * KIB, 0.2, "timing=none", 0 },
  { "real-time", 0, 128 * KIB, 0, "timing=datasheet", 921600 },
  { "real-time-bad-line", 0, 128 * KIB, 0.1, "timing=datasheet", 921600 },
};

static void
watch_progress (guint32 address, guint64 done, gpointer data)
{
  guint64 *last = data;

  g_assert_cmpuint (done, >, *last);
  *last = done;
}

/* A hole of blank sectors in the middle of what is read. */
static void
make_hole (FgStubRig *rig)
{
  g_autoptr (GError) error = NULL;

  fg_stub_erase (&rig->stub, 0x8000, 0x6000, NULL, NULL, &error);
  g_assert_no_error (error);
  memset (rig->old + 0x8000, 0xff, 0x6000);
}

static void
test_read (gconstpointer data)
{
  const ReadCase *c = data;
  g_autofree guint8 *buf = g_malloc0 (c->length);
  g_autoptr (GError) error = NULL;
  guint64 done = 0, received;
  gint64 start_us;
  FgStubRig rig;

  fg_stub_rig_start (&rig, c->spec);
  if (c->baud != 0)
    fg_stub_set_baud (&rig.stub, rig.loader.baud, c->baud, &error);
  g_assert_no_error (error);
  make_hole (&rig);
  fg_bad_line_set_share (rig.wire, c->damage, 1);
  start_us = g_get_monotonic_time ();
  received = rig.wire->bytes_read;
  fg_stub_read (&rig.stub, c->offset, c->length, buf, watch_progress, &done, &error);
  g_assert_no_error (error);
  received = rig.wire->bytes_read - received;
  g_test_message ("%u bytes in %.0f ms; %" G_GUINT64_FORMAT " on the line: %.0f ms", c->length,
                  (double) (g_get_monotonic_time () - start_us) / 1000, received,
                  (double) fg_stub_line_us (&rig.stub, received) / 1000);
  g_assert_cmpint (fg_bad_line_get_damaged (rig.wire) > 0, ==, c->damage > 0);
  g_assert_cmpuint (done, ==, c->length);
  g_assert_cmpmem (buf, c->length, rig.old + c->offset, c->length);
  fg_stub_rig_close (&rig);
}

static void
test_beyond (void)
{
  g_autoptr (GError) error = NULL;
  guint8 buf[8192];
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=none");
  g_assert_false (fg_stub_read (&rig.stub, 0xff000, sizeof buf, buf, NULL, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, "0x0ff000"));
  fg_stub_rig_close (&rig);
}

static void
test_dies (void)
{
  g_autofree guint8 *buf = g_malloc (512 * KIB);
  g_autoptr (GError) error = NULL;
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=none,stub-dies=50");
  g_assert_false (fg_stub_read (&rig.stub, 0x10000, 512 * KIB, buf, NULL, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (error->message, "reading at 0x"));
  fg_stub_rig_close (&rig);
}

typedef struct {
  GCancellable *cancellable;
  gint64 at_us;
} Cancel;

static void
cancel_later (guint32 address, guint64 done, gpointer data)
{
  Cancel *cancel = data;

  if (done < 20000 || cancel->at_us != 0)
    return;
  cancel->at_us = g_get_monotonic_time ();
  g_cancellable_cancel (cancel->cancellable);
}

/* Answered within 200 ms at the slowest rate; and the stub listens again. */
static void
test_cancel (void)
{
  g_autofree guint8 *buf = g_malloc (1 * MIB);
  g_autoptr (GError) error = NULL;
  Cancel cancel = { 0 };
  gint64 took_us;
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=datasheet");
  cancel.cancellable = rig.cancellable;
  g_assert_false (fg_stub_read (&rig.stub, 0, 1 * MIB, buf, cancel_later, &cancel, &error));
  took_us = g_get_monotonic_time () - cancel.at_us;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (took_us, <, 200000);
  g_clear_error (&error);
  g_cancellable_reset (rig.cancellable);
  fg_stub_read (&rig.stub, 0x7000, 3000, buf, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (buf, 3000, rig.old + 0x7000, 3000);
  fg_stub_rig_close (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (read_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/stub-read/%s", read_cases[i].name);
    g_test_add_data_func (path, &read_cases[i], test_read);
  }
  g_test_add_func ("/stub-read/beyond", test_beyond);
  g_test_add_func ("/stub-read/dies", test_dies);
  g_test_add_func ("/stub-read/cancel", test_cancel);
  return g_test_run ();
}
