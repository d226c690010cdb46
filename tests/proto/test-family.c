/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole jobs against the simulated chips from the ESP32 on. */

#include "fg-error.h"
#include "fg-job-run.h"
#include "fg-make-image.h"
#include "fg-open.h"
#include "fg-test-board.h"

#include <string.h>

typedef struct {
  FgTestBoard board;
  const FgChip *chip;
} Rig;

static char *
sim_name (const FgChip *chip)
{
  g_auto (GStrv) parts = g_strsplit (chip->name, "-", -1);
  g_autofree char *joined = g_strjoinv ("", parts);

  return g_ascii_strdown (joined, -1);
}

static FgJob *
rig_job (Rig *self, FgJobKind kind, const char *options)
{
  g_autofree char *name = sim_name (self->chip);
  g_autofree char *port =
      g_strdup_printf ("sim:%s,timing=none,image=%s,%s", name, self->board.image, options);

  return fg_job_new (kind, port);
}

static void
on_log (FgLogLevel level, const char *line, gpointer data)
{
  g_test_message ("%d %s", level, line);
  if (data != NULL)
    g_string_append_printf (data, "%s\n", line);
}

static FgResult *
run (FgJob *job, GString *log, GError **error)
{
  const FgReporter reporter = { .log = on_log, .data = log };
  g_autoptr (FgTransport) wire = fg_open (job->port, NULL, error);

  return wire != NULL ? fg_job_run (job, wire, &reporter, NULL, error) : NULL;
}

static GBytes *
firmware_for (const FgChip *chip, guint total)
{
  return fg_make_image_later ((guint8) chip->image_chip_id, FG_FLASH_MODE_DIO, TRUE, total);
}

static const FgRegionResult *
region (const FgResult *result, guint index)
{
  return &g_array_index (result->regions, FgRegionResult, index);
}

/* Resets take their time: they are tried with three chips, and the rest waits in its loader. */
static const char *
flash_options (const FgChip *chip)
{
  return chip->id == FG_CHIP_ESP32 || chip->id == FG_CHIP_ESP32S3 || chip->id == FG_CHIP_ESP32C3
             ? "flash=4M"
             : "flash=4M,lines=no,boot=loader";
}

/* Detected, flashed and verified; again, and there is nothing to do; one byte, and one sector is
 * written. */
static void
test_flash (gconstpointer data)
{
  Rig rig = { .chip = data };
  g_autoptr (GBytes) firmware = firmware_for (rig.chip, 300 * KIB + 7);
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GBytes) flash = NULL;
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgJob) again = NULL;
  g_autoptr (FgJob) update = NULL;
  g_autoptr (FgResult) first = NULL;
  g_autoptr (FgResult) second = NULL;
  g_autoptr (FgResult) third = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;
  guint8 *copy;

  fg_test_board_init (&rig.board);
  job = rig_job (&rig, FG_JOB_FLASH, flash_options (rig.chip));
  fg_job_add_firmware (job, "app.bin", rig.chip->boot_offset, firmware);
  first = run (job, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->board->chip->name, ==, rig.chip->name);
  g_assert_cmpuint (first->board->flash_size, ==, 4 * MIB);
  g_assert_true (region (first, 0)->verified);
  g_assert_cmpuint (region (first, 0)->written, ==, 304 * KIB);
  g_assert_cmpuint (first->bytes_on_wire, <, 100 * KIB); /* it was deflated */
  flash = fg_test_board_flash (&rig.board);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (flash, NULL) + rig.chip->boot_offset,
                   300 * KIB + 7, g_bytes_get_data (firmware, NULL), 300 * KIB + 7);

  again = rig_job (&rig, FG_JOB_FLASH, flash_options (rig.chip));
  fg_job_add_firmware (again, "app.bin", rig.chip->boot_offset, firmware);
  second = run (again, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (region (second, 0)->written, ==, 0);
  g_assert_true (region (second, 0)->verified);

  copy = g_memdup2 (g_bytes_get_data (firmware, &len), 300 * KIB + 7);
  copy[200 * KIB] ^= 1;
  changed = g_bytes_new_take (copy, len);
  update = rig_job (&rig, FG_JOB_FLASH, flash_options (rig.chip));
  fg_job_add_firmware (update, "app.bin", rig.chip->boot_offset, changed);
  third = run (update, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (region (third, 0)->written, ==, 4 * KIB);
  fg_test_board_clear (&rig.board);
}

/* What deflate cannot shrink goes as it is, at an offset beyond the 2 MB a ROM believes in. */
static void
test_noise (void)
{
  Rig rig = { .chip = fg_chip_get (FG_CHIP_ESP32C3) };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GBytes) firmware = NULL;
  g_autoptr (GBytes) flash = NULL;
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint32 *noise = g_new (guint32, 16 * KIB);

  for (guint i = 0; i < 16 * KIB; i++)
    noise[i] = g_rand_int (rand);
  firmware = g_bytes_new_take (noise, 64 * KIB);
  fg_test_board_init (&rig.board);
  job = rig_job (&rig, FG_JOB_FLASH, "flash=16M");
  fg_job_add_firmware (job, "noise.bin", 12 * MIB, firmware);
  result = run (job, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (region (result, 0)->verified);
  flash = fg_test_board_flash (&rig.board);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (flash, NULL) + 12 * MIB, 64 * KIB,
                   g_bytes_get_data (firmware, NULL), 64 * KIB);
  fg_test_board_clear (&rig.board);
}

static void
fill_flash (Rig *self, gsize size)
{
  g_autofree guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (i / 4096 * 3 + i % 251);
  g_assert_true (g_file_set_contents (self->board.image, (const char *) data, (gssize) size, NULL));
}

/* Exactly what was said, and nothing beside it. */
static void
test_erase (void)
{
  Rig rig = { .chip = fg_chip_get (FG_CHIP_ESP32) };
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GError) error = NULL;
  const guint8 *old, *now;

  fg_test_board_init (&rig.board);
  fill_flash (&rig, 2 * MIB);
  before = fg_test_board_flash (&rig.board);
  job = rig_job (&rig, FG_JOB_ERASE, "flash=2M");
  job->offset = 0x3000;
  job->length = 0x52000;
  result = run (job, NULL, &error);
  g_assert_no_error (error);
  after = fg_test_board_flash (&rig.board);
  old = g_bytes_get_data (before, NULL);
  now = g_bytes_get_data (after, NULL);
  g_assert_cmpmem (now, 0x3000, old, 0x3000);
  g_assert_cmpmem (now + 0x55000, 2 * MIB - 0x55000, old + 0x55000, 2 * MIB - 0x55000);
  for (guint i = 0x3000; i < 0x55000; i++)
    g_assert_cmphex (now[i], ==, 0xff);
  fg_test_board_clear (&rig.board);
}

static void
test_read (void)
{
  Rig rig = { .chip = fg_chip_get (FG_CHIP_ESP32S3) };
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GBytes) flash = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;
  const guint8 *got;

  fg_test_board_init (&rig.board);
  fill_flash (&rig, 2 * MIB);
  flash = fg_test_board_flash (&rig.board);
  job = rig_job (&rig, FG_JOB_READ, "flash=2M");
  job->offset = 0x1f123;
  job->length = 0x5001;
  result = run (job, NULL, &error);
  g_assert_no_error (error);
  got = g_bytes_get_data (result->bytes, &len);
  g_assert_cmpmem (got, len, (const guint8 *) g_bytes_get_data (flash, NULL) + 0x1f123, 0x5001);
  fg_test_board_clear (&rig.board);
}

/* The first byte that differs is named. */
static void
test_verify (void)
{
  Rig rig = { .chip = fg_chip_get (FG_CHIP_ESP32) };
  g_autoptr (FgJob) job = NULL;
  g_autoptr (GBytes) wrong = NULL;
  g_autoptr (GBytes) flash = NULL;
  g_autoptr (GError) error = NULL;
  guint8 *copy;

  fg_test_board_init (&rig.board);
  fill_flash (&rig, 2 * MIB);
  flash = fg_test_board_flash (&rig.board);
  copy = g_memdup2 ((const guint8 *) g_bytes_get_data (flash, NULL) + 0x10000, 0x20000);
  copy[0x15678] ^= 0x10;
  copy[0x17000] ^= 0x10;
  wrong = g_bytes_new_take (copy, 0x20000);
  job = rig_job (&rig, FG_JOB_VERIFY, "flash=2M");
  fg_job_add_firmware (job, "data.bin", 0x10000, wrong);
  g_assert_null (run (job, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_VERIFY);
  g_assert_nonnull (strstr (error->message, "0x25678"));
  fg_test_board_clear (&rig.board);
}

typedef struct {
  const char *name;
  FgChipId chip;
  const char *options;
} FaultCase;

/* Bytes that get lost or changed cost time only. */
static const FaultCase fault_cases[] = {
  { "esp32-drop-rx", FG_CHIP_ESP32, "flash=4M,drop-rx=9000" },
  { "esp32-drop-tx", FG_CHIP_ESP32, "flash=4M,drop-tx=1500" },
  { "esp32-corrupt-rx", FG_CHIP_ESP32, "flash=4M,corrupt-rx=12000" },
  { "s3-corrupt-tx", FG_CHIP_ESP32S3, "flash=4M,corrupt-tx=1600" },
  { "c3-no-lines", FG_CHIP_ESP32C3, "flash=4M,lines=no,boot=loader,drop-rx=9000" },
};

static void
test_fault (gconstpointer data)
{
  const FaultCase *c = data;
  Rig rig = { .chip = fg_chip_get (c->chip) };
  g_autoptr (GBytes) firmware = firmware_for (rig.chip, 600 * KIB);
  g_autoptr (GBytes) flash = NULL;
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fg_test_board_init (&rig.board);
  job = rig_job (&rig, FG_JOB_FLASH, c->options);
  fg_job_add_firmware (job, "app.bin", 0x10000, firmware);
  result = run (job, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (region (result, 0)->verified);
  flash = fg_test_board_flash (&rig.board);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (flash, NULL) + 0x10000, 600 * KIB,
                   g_bytes_get_data (firmware, NULL), 600 * KIB);
  fg_test_board_clear (&rig.board);
}

typedef struct {
  const char *name;
  FgChipId chip;
  const char *options;
  FgBefore before;
  const char *steps; /* with FG_BEFORE_CUSTOM */
} WayCase;

/* PROTOCOL-FACTS 3.2 and 12: in and out through every kind of port. */
static const WayCase way_cases[] = {
  { "usb-jtag-s3", FG_CHIP_ESP32S3, "flash=4M,usb=jtag", FG_BEFORE_DEFAULT, NULL },
  { "usb-jtag-c3", FG_CHIP_ESP32C3, "flash=4M,usb=jtag", FG_BEFORE_DEFAULT, NULL },
  { "usb-jtag-chosen", FG_CHIP_ESP32C6, "flash=4M,usb=jtag", FG_BEFORE_USB, NULL },
  { "usb-otg-s2", FG_CHIP_ESP32S2, "flash=4M,usb=otg,boot=loader", FG_BEFORE_DEFAULT, NULL },
  { "usb-otg-p4", FG_CHIP_ESP32P4, "flash=4M,usb=otg,boot=loader", FG_BEFORE_DEFAULT, NULL },
  { "custom", FG_CHIP_ESP32, "flash=4M", FG_BEFORE_CUSTOM, "D0|R1|W0.1|D1|R0|W0.05|D0" },
};

static void
test_way (gconstpointer data)
{
  const WayCase *c = data;
  Rig rig = { .chip = fg_chip_get (c->chip) };
  g_autoptr (GBytes) firmware = firmware_for (rig.chip, 40 * KIB);
  g_autoptr (FgJob) job = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GString *log = g_string_new (NULL);

  fg_test_board_init (&rig.board);
  job = rig_job (&rig, FG_JOB_FLASH, c->options);
  job->before = c->before;
  job->before_steps = g_strdup (c->steps);
  fg_job_add_firmware (job, "app.bin", 0x10000, firmware);
  result = run (job, log, &error);
  g_assert_no_error (error);
  g_assert_true (region (result, 0)->verified);
  g_assert_null (strstr (log->str, "Restarting:"));
  if (c->before != FG_BEFORE_CUSTOM)
    g_assert_nonnull (strstr (log->str, "It is back as"));
  g_string_free (log, TRUE);
  fg_test_board_clear (&rig.board);
}

/* Only what the chip allows: plain writing, and only when nobody wants proof. */
static void
test_secure_download (void)
{
  Rig rig = { .chip = fg_chip_get (FG_CHIP_ESP32S3) };
  g_autoptr (GBytes) firmware = firmware_for (rig.chip, 20 * KIB);
  g_autoptr (GBytes) flash = NULL;
  g_autoptr (FgJob) unproven = NULL;
  g_autoptr (FgJob) wanting = NULL;
  g_autoptr (FgJob) reading = NULL;
  g_autoptr (FgResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) no_proof = NULL;
  g_autoptr (GError) no_read = NULL;

  fg_test_board_init (&rig.board);
  wanting = rig_job (&rig, FG_JOB_FLASH, "flash=4M,sdm=yes");
  wanting->flash_size = 4 * MIB;
  fg_job_add_firmware (wanting, "app.bin", 0x10000, firmware);
  g_assert_null (run (wanting, NULL, &no_proof));
  g_assert_error (no_proof, FG_ERROR, FG_ERROR_UNSUPPORTED);
  reading = rig_job (&rig, FG_JOB_READ, "flash=4M,sdm=yes");
  g_assert_null (run (reading, NULL, &no_read));
  g_assert_error (no_read, FG_ERROR, FG_ERROR_UNSUPPORTED);

  unproven = rig_job (&rig, FG_JOB_FLASH, "flash=4M,sdm=yes");
  unproven->flash_size = 4 * MIB;
  unproven->verify = FALSE;
  fg_job_add_firmware (unproven, "app.bin", 0x10000, firmware);
  result = run (unproven, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (region (result, 0)->verified);
  flash = fg_test_board_flash (&rig.board);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (flash, NULL) + 0x10000, 20 * KIB,
                   g_bytes_get_data (firmware, NULL), 20 * KIB);
  fg_test_board_clear (&rig.board);
}

static void
test_encrypted (void)
{
  Rig rig = { .chip = fg_chip_get (FG_CHIP_ESP32C3) };
  g_autoptr (GBytes) firmware = firmware_for (rig.chip, 20 * KIB);
  g_autoptr (FgJob) job = NULL;
  g_autoptr (GError) error = NULL;

  fg_test_board_init (&rig.board);
  job = rig_job (&rig, FG_JOB_FLASH, "flash=4M,encryption=yes");
  fg_job_add_firmware (job, "app.bin", 0, firmware);
  g_assert_null (run (job, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "encrypted"));
  fg_test_board_clear (&rig.board);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = FG_CHIP_ESP32; i < FG_N_CHIPS; i++) {
    const FgChip *chip = fg_chip_get ((FgChipId) i);
    g_autofree char *path = g_strdup_printf ("/flash/%s", chip->name);
    g_test_add_data_func (path, chip, test_flash);
  }
  g_test_add_func ("/flash/noise", test_noise);
  g_test_add_func ("/erase", test_erase);
  g_test_add_func ("/read", test_read);
  g_test_add_func ("/verify", test_verify);
  for (guint i = 0; i < G_N_ELEMENTS (fault_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/fault/%s", fault_cases[i].name);
    g_test_add_data_func (path, &fault_cases[i], test_fault);
  }
  for (guint i = 0; i < G_N_ELEMENTS (way_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/way/%s", way_cases[i].name);
    g_test_add_data_func (path, &way_cases[i], test_way);
  }
  g_test_add_func ("/security/download-mode", test_secure_download);
  g_test_add_func ("/security/encrypted", test_encrypted);
  return g_test_run ();
}
