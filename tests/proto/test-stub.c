/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our stub is loaded, started, asked and told to erase; and what does not work is said. */

#include "fg-error.h"
#include "fg-stub-flash.h"
#include "fg-stub-rig.h"

#include <string.h>
#include <zlib.h>

static void
test_start (void)
{
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=none");
  g_assert_cmphex (rig.stub.features, >=, 0x1f);
  g_assert_cmpuint (rig.stub.packet_max, >=, 1024);
  g_assert_cmpuint (rig.stub.slot_bytes, >=, 4096);
  g_assert_cmpuint (rig.stub.runs_max, >=, 16);
  g_assert_cmpuint (rig.stub.flash_size, ==, 1 * MIB);
  g_assert_cmpuint (rig.stub.overflows + rig.stub.lost_bytes, ==, 0);
  fg_stub_rig_close (&rig);
}

/* Damage on the way: a ROM must get a whole part again, a greeting may be lost. */
static void
test_start_on_a_bad_line (void)
{
  for (guint32 seed = 0; seed < 10; seed++) {
    g_autoptr (FgStubImage) image = fg_stub_image_new_esp8266 ();
    g_autoptr (GError) error = NULL;
    FgStubRig rig;

    fg_stub_rig_open (&rig, "timing=none");
    fg_bad_line_set_share (rig.wire, 0.05, seed);
    fg_stub_upload (&rig.loader, image, &error);
    g_assert_no_error (error);
    fg_stub_ask (&rig.stub, &error);
    g_assert_no_error (error);
    fg_stub_rig_close (&rig);
  }
}

typedef struct {
  const char *name;
  const char *text; /* machine code, in hexadecimal */
  int code;
  const char *words;
} StartCase;

static const StartCase start_cases[] = {
  { "no-greeting", "06ffff00", FG_ERROR_TIMEOUT, "does not greet" }, /* j . */
  { "refused", "06ffff", FG_ERROR_REJECTED, "0x4010c000" },          /* not whole words */
};

static void
test_no_start (gconstpointer data)
{
  const StartCase *c = data;
  GByteArray *text = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FgStubImage) image = NULL;
  g_autoptr (GError) error = NULL;
  FgStubRig rig;

  for (const char *p = c->text; *p != '\0'; p += 2) {
    guint8 byte = (guint8) (g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1]));
    g_byte_array_append (text, &byte, 1);
  }
  bytes = g_byte_array_free_to_bytes (text);
  image = fg_stub_image_new (0x4010c000, 0x4010c000, bytes, 0, NULL);
  fg_stub_rig_open (&rig, "timing=none");
  g_assert_false (fg_stub_upload (&rig.loader, image, &error));
  g_assert_error (error, FG_ERROR, c->code);
  g_assert_nonnull (strstr (error->message, c->words));
  fg_stub_rig_close (&rig);
}

/* A loader that has no extensions, here the ROM's. */
static void
test_no_extensions (void)
{
  g_autoptr (GError) error = NULL;
  FgStubRig rig;

  fg_stub_rig_open (&rig, "timing=none");
  g_assert_false (fg_stub_ask (&rig.stub, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED);
  g_assert_cmphex (rig.stub.features, ==, 0);
  fg_stub_rig_close (&rig);
}

static void
test_baud (void)
{
  static const guint rates[] = { 460800, 921600, 115200 };
  g_autoptr (GError) error = NULL;
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=none");
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    fg_stub_set_baud (&rig.stub, rig.loader.baud, rates[i], &error);
    g_assert_no_error (error);
    g_assert_cmpuint (rig.loader.baud, ==, rates[i]);
    fg_stub_ask (&rig.stub, &error);
    g_assert_no_error (error);
  }
  /* More than the chip's clock can do. */
  g_assert_false (fg_stub_set_baud (&rig.stub, rig.loader.baud, 20000000, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_REJECTED);
  fg_stub_rig_close (&rig);
}

static void
count_progress (guint32 address, guint64 done, gpointer data)
{
  guint64 *last = data;

  g_assert_cmpuint (done, >, *last);
  *last = done;
}

static void
digests_at (FgStubRig *rig)
{
  g_autofree guint32 *crcs = g_new (guint32, rig->size / FG_SECTOR_SIZE);
  g_autoptr (GError) error = NULL;
  guint64 done = 0;

  fg_stub_digests (&rig->stub, 0x1000, 255, crcs, count_progress, &done, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done, ==, 255 * FG_SECTOR_SIZE);
  for (guint i = 0; i < 255; i++)
    g_assert_cmphex (crcs[i], ==, crc32 (0, rig->old + (i + 1) * FG_SECTOR_SIZE, FG_SECTOR_SIZE));
}

static void
test_digests (void)
{
  g_autoptr (GError) error = NULL;
  guint32 crcs[2];
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=none");
  digests_at (&rig);
  g_assert_false (fg_stub_digests (&rig.stub, 0xff000, 2, crcs, NULL, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, "0x0ff000"));
  fg_bad_line_set_share (rig.wire, 0.1, 1);
  digests_at (&rig);
  fg_stub_rig_close (&rig);
}

/* The stub says so before we give up waiting, of a sector and of 64 KB. */
static void
test_erase_never_ends (void)
{
  static const struct {
    guint32 offset, length;
    const char *words;
  } ranges[] = { { 0x24000, 0x2000, "0x025000" }, { 0x20000, 0x10000, "0x020000" } };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    g_autoptr (GError) error = NULL;
    FgStubRig rig;

    fg_stub_rig_start (&rig, "timing=none,stays-busy=0x25000");
    g_assert_false (
        fg_stub_erase (&rig.stub, ranges[i].offset, ranges[i].length, NULL, NULL, &error));
    g_assert_error (error, FG_ERROR, FG_ERROR_ERASE);
    g_assert_nonnull (strstr (error->message, ranges[i].words));
    fg_stub_rig_close (&rig);
  }
}

/* Nothing but what was asked for is erased, whatever gets damaged. */
static void
test_erase_on_a_bad_line (void)
{
  g_autoptr (GError) error = NULL;
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=none");
  fg_bad_line_set_share (rig.wire, 0.15, 1);
  for (guint32 at = 0x8000; at < 0x18000; at += 0x2000) {
    fg_stub_erase (&rig.stub, at, 0x1000, NULL, NULL, &error);
    g_assert_no_error (error);
    memset (rig.old + at, 0xff, 0x1000);
  }
  fg_stub_rig_assert_flash (&rig);
  fg_stub_rig_close (&rig);
}

static void
test_erase (void)
{
  g_autoptr (GError) error = NULL;
  guint64 done = 0;
  FgStubRig rig;

  fg_stub_rig_start (&rig, "timing=none");
  fg_stub_erase (&rig.stub, 0xf000, 0x32000, count_progress, &done, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done, ==, 0x32000);
  memset (rig.old + 0xf000, 0xff, 0x32000);
  fg_stub_rig_assert_flash (&rig);
  g_assert_false (fg_stub_erase (&rig.stub, 0xff000, 0x2000, NULL, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_ERASE);
  g_assert_nonnull (strstr (error->message, "0x100000"));
  fg_stub_rig_close (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stub/start", test_start);
  g_test_add_func ("/stub/start-on-a-bad-line", test_start_on_a_bad_line);
  for (guint i = 0; i < G_N_ELEMENTS (start_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/stub/start/%s", start_cases[i].name);
    g_test_add_data_func (path, &start_cases[i], test_no_start);
  }
  g_test_add_func ("/stub/no-extensions", test_no_extensions);
  g_test_add_func ("/stub/baud", test_baud);
  g_test_add_func ("/stub/digests", test_digests);
  g_test_add_func ("/stub/erase", test_erase);
  g_test_add_func ("/stub/erase-never-ends", test_erase_never_ends);
  g_test_add_func ("/stub/erase-on-a-bad-line", test_erase_on_a_bad_line);
  return g_test_run ();
}
