/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plans for the ESP32 family: headers and their digests, revisions, and what fuses forbid. */

#include "fg-error.h"
#include "fg-make-image.h"
#include "fg-plan.h"

#include <string.h>

#define MIB (1024u * 1024u)
#define HASHED_LEN 144 /* 24 + 8 + 96 bytes, then the checksum at the end of 16 */

static FgBoardInfo *
make_board (FgChipId chip, guint32 flash_size)
{
  FgBoardInfo *board = fg_board_info_new (fg_chip_get (chip));

  board->flash_size = flash_size;
  board->recommended_mode = FG_FLASH_MODE_DIO;
  board->security.known = TRUE;
  return board;
}

typedef struct {
  const char *name;
  FgChipId chip;
  guint8 chip_id;
  guint32 offset; /* where the image goes */
  guint32 flash_size;
  FgFlashMode mode;
  guint freq_mhz;
  guint8 byte2, byte3; /* of the flash; the image has DIO (2) and 0x20: 4 MB, 40 MHz */
} PatchCase;

/* PROTOCOL-FACTS 4.1 (offsets), 4.4 (nibbles) and 11.4 */
static const PatchCase patch_cases[] = {
  { "esp32", FG_CHIP_ESP32, 0, 0x1000, 4 * MIB, FG_FLASH_MODE_AUTO, 0, 2, 0x20 },
  { "esp32-16m", FG_CHIP_ESP32, 0, 0x1000, 16 * MIB, FG_FLASH_MODE_AUTO, 0, 2, 0x40 },
  { "esp32-app", FG_CHIP_ESP32, 0, 0x10000, 16 * MIB, FG_FLASH_MODE_QIO, 80, 2, 0x20 },
  { "s3-32m-qio-80", FG_CHIP_ESP32S3, 9, 0x0, 32 * MIB, FG_FLASH_MODE_QIO, 80, 0, 0x5f },
  { "s3-elsewhere", FG_CHIP_ESP32S3, 9, 0x1000, 32 * MIB, FG_FLASH_MODE_QIO, 80, 2, 0x20 },
  { "c2-60", FG_CHIP_ESP32C2, 12, 0x0, 2 * MIB, FG_FLASH_MODE_DOUT, 60, 3, 0x1f },
  { "c6-80", FG_CHIP_ESP32C6, 13, 0x0, 8 * MIB, FG_FLASH_MODE_AUTO, 80, 2, 0x30 },
  { "h2-16", FG_CHIP_ESP32H2, 16, 0x0, 4 * MIB, FG_FLASH_MODE_AUTO, 16, 2, 0x21 },
  { "p4-128m", FG_CHIP_ESP32P4, 18, 0x2000, 128 * MIB, FG_FLASH_MODE_AUTO, 0, 2, 0x70 },
  { "c5", FG_CHIP_ESP32C5, 23, 0x2000, 8 * MIB, FG_FLASH_MODE_AUTO, 20, 2, 0x32 },
};

static void
test_patch (gconstpointer data)
{
  const PatchCase *c = data;
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp32");
  g_autoptr (FgBoardInfo) board = make_board (c->chip, c->flash_size);
  g_autoptr (GBytes) image = fg_make_image_later (c->chip_id, FG_FLASH_MODE_DIO, TRUE, 5000);
  g_autoptr (GChecksum) sha = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GError) error = NULL;
  g_autoptr (FgPlan) plan = NULL;
  const guint8 *got, *file = g_bytes_get_data (image, NULL);
  guint8 digest[32];
  gsize digest_len = sizeof digest;

  job->mode = c->mode;
  job->freq_mhz = c->freq_mhz;
  fg_job_add_firmware (job, "image.bin", c->offset, image);
  plan = fg_plan_new (job, board, &error);
  g_assert_no_error (error);
  got = g_bytes_get_data (((FgPlanRegion *) plan->regions->pdata[0])->bytes, NULL);
  g_assert_cmphex (got[2], ==, c->byte2);
  g_assert_cmphex (got[3], ==, c->byte3);
  g_checksum_update (sha, got, HASHED_LEN);
  g_checksum_get_digest (sha, digest, &digest_len);
  g_assert_cmpmem (got + HASHED_LEN, 32, digest, 32);
  g_assert_cmpmem (got + 4, HASHED_LEN - 4, file + 4, HASHED_LEN - 4);
  g_assert_cmpmem (got + HASHED_LEN + 32, 5000 - HASHED_LEN - 32, file + HASHED_LEN + 32,
                   5000 - HASHED_LEN - 32);
}

/* Without a digest the bytes after the checksum are somebody's data. */
static void
test_no_digest (void)
{
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp32");
  g_autoptr (FgBoardInfo) board = make_board (FG_CHIP_ESP32, 16 * MIB);
  g_autoptr (GBytes) image = fg_make_image_later (0, FG_FLASH_MODE_DIO, FALSE, 5000);
  g_autoptr (FgPlan) plan = NULL;
  const guint8 *got;

  fg_job_add_firmware (job, "image.bin", 0x1000, image);
  plan = fg_plan_new (job, board, NULL);
  got = g_bytes_get_data (((FgPlanRegion *) plan->regions->pdata[0])->bytes, NULL);
  g_assert_cmphex (got[3], ==, 0x40);
  g_assert_cmpmem (got + 4, 4996, (const guint8 *) g_bytes_get_data (image, NULL) + 4, 4996);
}

typedef struct {
  const char *name;
  FgChipId chip;
  guint8 chip_id;
  int revision;
  guint8 old_least;
  guint16 least, most;
  gboolean fits;
} RevisionCase;

/* PROTOCOL-FACTS 11.3 */
static const RevisionCase revision_cases[] = {
  { "inside", FG_CHIP_ESP32S3, 9, 2, 0, 0, 99, TRUE },
  { "too-old", FG_CHIP_ESP32S3, 9, 2, 0, 100, 199, FALSE },
  { "too-new", FG_CHIP_ESP32S3, 9, 200, 0, 0, 199, FALSE },
  { "open-end", FG_CHIP_ESP32S3, 9, 200, 0, 100, 65535, TRUE },
  { "old-style-major", FG_CHIP_ESP32, 0, 300, 3, 0, 0, TRUE },
  { "old-style-major-too-old", FG_CHIP_ESP32, 0, 101, 3, 0, 0, FALSE },
  { "old-style-minor-on-c3", FG_CHIP_ESP32C3, 5, 4, 3, 0, 0, TRUE },
  { "old-style-minor-too-old", FG_CHIP_ESP32C3, 5, 2, 3, 0, 65535, FALSE },
};

static void
test_revision (gconstpointer data)
{
  const RevisionCase *c = data;
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp32");
  g_autoptr (FgBoardInfo) board = make_board (c->chip, 4 * MIB);
  g_autoptr (GBytes) made = fg_make_image_later (c->chip_id, FG_FLASH_MODE_DIO, FALSE, 5000);
  gsize len;
  guint8 *image = g_bytes_unref_to_data (g_bytes_ref (made), &len);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FgPlan) plan = NULL;

  board->revision = c->revision;
  image[14] = c->old_least;
  image[15] = c->least & 0xff;
  image[16] = c->least >> 8;
  image[17] = c->most & 0xff;
  image[18] = c->most >> 8;
  bytes = g_bytes_new_take (image, len);
  fg_job_add_firmware (job, "image.bin", 0x10000, bytes);
  plan = fg_plan_new (job, board, &error);
  if (c->fits)
    g_assert_no_error (error);
  else
    g_assert_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP);
}

static FgPlan *
plan_with (FgBoardInfo *board, guint32 offset, GError **error)
{
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp32");
  g_autoptr (GBytes) image = fg_make_image_later (0, FG_FLASH_MODE_DIO, TRUE, 5000);

  fg_job_add_firmware (job, "image.bin", offset, image);
  return fg_plan_new (job, board, error);
}

/* PROTOCOL-FACTS 8.2 */
static void
test_fuses (void)
{
  g_autoptr (FgBoardInfo) board = make_board (FG_CHIP_ESP32, 16 * MIB);
  g_autoptr (GError) encrypted = NULL;
  g_autoptr (GError) loader = NULL;
  g_autoptr (FgPlan) refused = NULL;
  g_autoptr (FgPlan) above = NULL;
  g_autoptr (FgPlan) unpatched = NULL;

  board->security.flash_encryption = TRUE;
  refused = plan_with (board, 0x10000, &encrypted);
  g_assert_error (encrypted, FG_ERROR, FG_ERROR_UNSUPPORTED);

  board->security = (FgSecurity){ .known = TRUE, .secure_boot = TRUE, .secure_boot_v1 = TRUE };
  refused = plan_with (board, 0x1000, &loader);
  g_assert_error (loader, FG_ERROR, FG_ERROR_UNSUPPORTED);
  above = plan_with (board, 0x10000, NULL);
  g_assert_nonnull (above);
  g_assert_cmpuint (above->warnings->len, ==, 1);

  board->security.secure_boot_v1 = FALSE;
  unpatched = plan_with (board, 0x1000, NULL);
  g_assert_cmphex (((const guint8 *) g_bytes_get_data (
                       ((FgPlanRegion *) unpatched->regions->pdata[0])->bytes, NULL))[3],
                   ==, 0x20);
}

/* Without a board it is the files that say which chip it is about, and they must agree. */
static void
test_without_board (void)
{
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp32");
  g_autoptr (GBytes) c3 = fg_make_image_later (5, FG_FLASH_MODE_DIO, TRUE, 5000);
  g_autoptr (GBytes) s3 = fg_make_image_later (9, FG_FLASH_MODE_DIO, TRUE, 5000);
  g_autoptr (FgPlan) plan = NULL;
  g_autoptr (GError) error = NULL;

  fg_job_add_firmware (job, "c3.bin", 0, c3);
  plan = fg_plan_new (job, NULL, &error);
  g_assert_no_error (error);
  fg_job_add_firmware (job, "s3.bin", 0x10000, s3);
  g_assert_null (fg_plan_new (job, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (patch_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/patch/%s", patch_cases[i].name);
    g_test_add_data_func (path, &patch_cases[i], test_patch);
  }
  g_test_add_func ("/patch/no-digest", test_no_digest);
  for (guint i = 0; i < G_N_ELEMENTS (revision_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/revision/%s", revision_cases[i].name);
    g_test_add_data_func (path, &revision_cases[i], test_revision);
  }
  g_test_add_func ("/fuses", test_fuses);
  g_test_add_func ("/without-board", test_without_board);
  return g_test_run ();
}
