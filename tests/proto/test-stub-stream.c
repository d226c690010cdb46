/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Streams through our stub to the flash of a simulated board, compared byte for byte. */

#include "fg-error.h"
#include "fg-stub-rig.h"
#include "fg-stub-write.h"

#include <string.h>

static const FgStubRun places[] = {
  { 0x3000, 70000, NULL },
  { 0x20000, 2 * 65536, NULL },
  { 0x80000, 5001, NULL },
};

/* What the runs shall bring; and what the flash is then, in the rig. */
static FgStubStream *
make_stream (FgStubRig *rig, FgStubFlags flags, guint packet_size)
{
  FgStubRun runs[G_N_ELEMENTS (places)];
  FgStubStream *stream;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    guint32 end = (places[i].offset + places[i].length + 4095) & ~4095u;

    runs[i] = places[i];
    runs[i].data = fg_stub_rig_contents (runs[i].length, 100 + i);
    memset (rig->old + runs[i].offset, 0xff, end - runs[i].offset);
    memcpy (rig->old + runs[i].offset, runs[i].data, runs[i].length);
  }
  stream = fg_stub_stream_new (runs, G_N_ELEMENTS (runs), flags, packet_size);
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    g_free ((gpointer) runs[i].data);
  return stream;
}

typedef struct {
  const char *name;
  FgStubFlags flags;
  guint packet_size;
  double damage;
  const char *spec;
  guint baud;
} WriteCase;

#define ALL (FG_STUB_HOLD | FG_STUB_VERIFY | FG_STUB_PACKED)

static const WriteCase write_cases[] = {
  { "packed", ALL, 1024, 0, "timing=none", 0 },
  { "plain", 0, 2048, 0, "timing=none", 0 },
  { "small-packets", FG_STUB_VERIFY | FG_STUB_PACKED, 68, 0, "timing=none", 0 },
  { "bad-line", ALL, 1024, 0.03, "timing=none", 0 },
  { "worse-line", ALL, 256, 0.2, "timing=none", 0 },
  { "real-time", ALL, 1024, 0, "timing=datasheet", 921600 },
  { "real-time-bad-line", ALL, 1024, 0.05, "timing=datasheet", 921600 },
};

static void
watch_progress (guint32 address, guint64 done, gpointer data)
{
  guint64 *last = data;

  g_assert_cmpuint (done, >, *last);
  g_assert_cmpuint (address, >=, places[0].offset);
  *last = done;
}

static void
test_write (gconstpointer data)
{
  const WriteCase *c = data;
  g_autoptr (FgStubStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  FgStubReport report;
  gint64 start_us;
  guint64 done = 0;
  FgStubRig rig;

  fg_stub_rig_start (&rig, c->spec);
  if (c->baud != 0)
    fg_stub_set_baud (&rig.stub, rig.loader.baud, c->baud, &error);
  g_assert_no_error (error);
  stream = make_stream (&rig, c->flags, c->packet_size);
  fg_bad_line_set_share (rig.wire, c->damage, 1);
  start_us = g_get_monotonic_time ();
  fg_stub_write (&rig.stub, stream, watch_progress, &done, &report, &error);
  g_assert_no_error (error);
  g_test_message (
      "%u bytes of %u in %.0f ms (the line: %.0f ms), %u packets of %u, %u again, erased "
      "%u + %u blocks",
      stream->bytes->len, stream->total, (double) (g_get_monotonic_time () - start_us) / 1000,
      (double) fg_stub_line_us (&rig.stub, stream->bytes->len) / 1000, report.packets,
      stream->n_packets, report.resent, report.sectors_erased, report.blocks_erased);
  g_assert_cmpuint (done, ==, stream->total);
  g_assert_cmpuint (report.packets, >=, stream->n_packets + report.resent);
  g_assert_cmpint (fg_bad_line_get_damaged (rig.wire) > 0, ==, c->damage > 0);
  if (c->damage == 0)
    g_assert_cmpuint (report.resent, ==, 0);
  else
    g_assert_cmpuint (report.resent, >, 0);
  g_assert_cmpuint (rig.stub.overflows + rig.stub.lost_bytes, ==, 0);
  fg_stub_rig_assert_flash (&rig);
  fg_stub_rig_close (&rig);
}

typedef struct {
  const char *name;
  const char *spec;
  GQuark (*domain) (void);
  int code;
  const char *words;
} TroubleCase;

static const TroubleCase trouble_cases[] = {
  { "stuck", "stuck=0x21005", fg_error_quark, FG_ERROR_VERIFY, "between 0x003000 and 0x081388" },
  { "stuck-held", "stuck=0x3005", fg_error_quark, FG_ERROR_VERIFY, "0x003000 and 0x003fff" },
  { "stays-busy", "stays-busy=0x5000", fg_error_quark, FG_ERROR_ERASE, "0x005000" },
  { "stays-busy-64k", "stays-busy=0x25000", fg_error_quark, FG_ERROR_ERASE, "0x020000" },
  { "protected", "protect=7,protect-sticks", fg_error_quark, FG_ERROR_ERASE, "unlocked" },
  { "dies", "stub-dies=50000", fg_error_quark, FG_ERROR_TIMEOUT, "writing at 0x0" },
  { "unplugged", "unplug=50000", fg_error_quark, FG_ERROR_DISCONNECTED, "" },
};

static void
test_trouble (gconstpointer data)
{
  const TroubleCase *c = data;
  g_autofree char *spec = g_strdup_printf ("timing=none,%s", c->spec);
  g_autoptr (FgStubStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  FgStubReport report;
  FgStubRig rig;

  fg_stub_rig_start (&rig, spec);
  stream = make_stream (&rig, ALL, 1024);
  g_assert_false (fg_stub_write (&rig.stub, stream, NULL, NULL, &report, &error));
  g_test_message ("%s", error != NULL ? error->message : "no error");
  g_assert_error (error, c->domain (), c->code);
  g_assert_nonnull (strstr (error->message, c->words));
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

/* Answered within 200 ms at the slowest rate; and the stub takes the same stream again. */
static void
test_cancel (void)
{
  g_autoptr (FgStubStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  FgStubReport report;
  Cancel cancel = { 0 };
  gint64 took_us;
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=datasheet");
  cancel.cancellable = rig.cancellable;
  stream = make_stream (&rig, ALL, 1024);
  g_assert_false (fg_stub_write (&rig.stub, stream, cancel_later, &cancel, &report, &error));
  took_us = g_get_monotonic_time () - cancel.at_us;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (took_us, <, 200000);
  g_clear_error (&error);
  g_cancellable_reset (rig.cancellable);
  fg_stub_abandon (&rig.stub, &error);
  g_assert_no_error (error);
  fg_stub_set_baud (&rig.stub, rig.loader.baud, 921600, &error);
  g_assert_no_error (error);
  fg_stub_write (&rig.stub, stream, NULL, NULL, &report, &error);
  g_assert_no_error (error);
  fg_stub_rig_assert_flash (&rig);
  fg_stub_rig_close (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (write_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/stub-stream/write/%s", write_cases[i].name);
    g_test_add_data_func (path, &write_cases[i], test_write);
  }
  for (guint i = 0; i < G_N_ELEMENTS (trouble_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/stub-stream/trouble/%s", trouble_cases[i].name);
    g_test_add_data_func (path, &trouble_cases[i], test_trouble);
  }
  g_test_add_func ("/stub-stream/cancel", test_cancel);
  return g_test_run ();
}
