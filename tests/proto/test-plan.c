/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-plan.h"

#include "fg-error.h"
#include "fg-make-image.h"

#include <string.h>

#define MIB (1024u * 1024u)

static FgBoardInfo *
make_board (const char *variant, guint32 flash_size, FgFlashMode mode)
{
  FgBoardInfo *board = fg_board_info_new (fg_chip_get (FG_CHIP_ESP8266));

  board->variant = g_strdup (variant);
  board->flash_size = flash_size;
  board->recommended_mode = mode;
  return board;
}

static GBytes *
make_data (gsize len, guint8 byte)
{
  guint8 *data = g_malloc (len + 1);

  memset (data, byte, len);
  return g_bytes_new_take (data, len);
}

typedef struct {
  const char *name;
  FgFlashMode mode;
  guint freq_mhz;
  guint32 size;
  FgFlashMode recommended;
  guint8 byte2, byte3; /* what the flash gets; the image has DIO (2) and 0x20: 1 MB, 40 MHz */
} PatchCase;

static const PatchCase patch_cases[] = {
  { "automatic", FG_FLASH_MODE_AUTO, 0, FG_FLASH_SIZE_AUTO, FG_FLASH_MODE_DIO, 2, 0x40 },
  { "automatic-esp8285", FG_FLASH_MODE_AUTO, 0, FG_FLASH_SIZE_AUTO, FG_FLASH_MODE_DOUT, 3, 0x40 },
  { "keep", FG_FLASH_MODE_KEEP, 0, FG_FLASH_SIZE_KEEP, FG_FLASH_MODE_DOUT, 2, 0x20 },
  { "qio-80", FG_FLASH_MODE_QIO, 80, FG_FLASH_SIZE_AUTO, FG_FLASH_MODE_DIO, 0, 0x4f },
  { "chosen-size", FG_FLASH_MODE_KEEP, 0, 2 * MIB, FG_FLASH_MODE_DIO, 2, 0x30 },
};

static void
test_patch (gconstpointer data)
{
  const PatchCase *c = data;
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (FgBoardInfo) board = make_board ("ESP8266EX", 4 * MIB, c->recommended);
  g_autoptr (GBytes) image = fg_make_image (FG_FLASH_MODE_DIO, 0x20, 2, 5000);
  g_autoptr (GError) error = NULL;
  g_autoptr (FgPlan) plan = NULL;
  const FgPlanRegion *region;
  const guint8 *got, *file;
  gsize len;

  job->mode = c->mode;
  job->freq_mhz = c->freq_mhz;
  job->flash_size = c->size;
  fg_job_add_firmware (job, "app.bin", 0, image);
  plan = fg_plan_new (job, board, &error);
  g_assert_no_error (error);
  region = plan->regions->pdata[0];
  got = g_bytes_get_data (region->bytes, &len);
  file = g_bytes_get_data (image, NULL);
  g_assert_cmpuint (len, ==, 8192);
  g_assert_cmpuint (region->length, ==, 5000);
  g_assert_cmphex (got[2], ==, c->byte2);
  g_assert_cmphex (got[3], ==, c->byte3);
  g_assert_cmpmem (got, 2, file, 2);
  g_assert_cmpmem (got + 4, 4996, file + 4, 4996);
  for (gsize i = 5000; i < len; i++)
    g_assert_cmphex (got[i], ==, 0xff);
}

/* Only a loader image at the boot offset is patched. */
static void
test_no_patch (void)
{
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (FgBoardInfo) board = make_board ("ESP8266EX", 4 * MIB, FG_FLASH_MODE_DIO);
  g_autoptr (GBytes) image = fg_make_image (FG_FLASH_MODE_DIO, 0x20, 2, 5000);
  g_autoptr (GBytes) plain = make_data (100, 0xe9);
  g_autoptr (GError) error = NULL;
  g_autoptr (FgPlan) plan = NULL;

  job->mode = FG_FLASH_MODE_QIO;
  fg_job_add_firmware (job, "second.bin", 0x10000, image);
  fg_job_add_firmware (job, "data.bin", 0, plain);
  plan = fg_plan_new (job, board, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fg_plan_sectors (plan), ==, 3);
  for (guint i = 0; i < plan->regions->len; i++) {
    const FgPlanRegion *region = plan->regions->pdata[i];
    const FgFirmware *file = job->firmware->pdata[1 - i]; /* sorted by offset */

    g_assert_cmpmem (g_bytes_get_data (region->bytes, NULL), region->length,
                     g_bytes_get_data (file->bytes, NULL), g_bytes_get_size (file->bytes));
  }
  g_assert_cmpuint (plan->warnings->len, ==, 1); /* no image header at 0 */
}

typedef struct {
  const char *name;
  guint32 offset_a, size_a;
  guint32 offset_b, size_b; /* size 0: one file only */
  guint32 flash;
  int code;
  const char *words; /* in the message */
} RefuseCase;

static const RefuseCase refuse_cases[] = {
  { "too-large", 0, 5 * MIB, 0, 0, 4 * MIB, FG_ERROR_TOO_LARGE, "does not fit" },
  { "beyond-the-end", 4 * MIB, 100, 0, 0, 4 * MIB, FG_ERROR_TOO_LARGE, "0x400000" },
  { "over-the-end", 4 * MIB - 4096, 4097, 0, 0, 4 * MIB, FG_ERROR_TOO_LARGE, "4 KB" },
  { "offset-near-4g", 0xfffff000, 0x2000, 0, 0, 4 * MIB, FG_ERROR_TOO_LARGE, "0x100001000" },
  { "size-not-known", 0, 17 * MIB, 0, 0, 0, FG_ERROR_TOO_LARGE, "16 MB" },
  { "not-aligned", 0x1234, 100, 0, 0, 4 * MIB, FG_ERROR_RANGE, "0x1000" },
  { "empty", 0, 0, 0, 0, 4 * MIB, FG_ERROR_FILE_EMPTY, "a.bin is empty" },
  { "overlap", 0, 5000, 0x1000, 100, 4 * MIB, FG_ERROR_OVERLAP, "share a sector" },
  { "same-place", 0x2000, 1, 0x2000, 1, 4 * MIB, FG_ERROR_OVERLAP, "0x2000" },
};

static void
test_refuse (gconstpointer data)
{
  const RefuseCase *c = data;
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (FgBoardInfo) board = make_board ("ESP8266EX", c->flash, FG_FLASH_MODE_DIO);
  g_autoptr (GBytes) a = make_data (c->size_a, 1);
  g_autoptr (GBytes) b = make_data (c->size_b, 2);
  g_autoptr (GError) error = NULL;

  fg_job_add_firmware (job, "a.bin", c->offset_a, a);
  if (c->size_b > 0)
    fg_job_add_firmware (job, "b.bin", c->offset_b, b);
  g_assert_null (fg_plan_new (job, board, &error));
  g_assert_error (error, FG_ERROR, c->code);
  g_assert_nonnull (strstr (error->message, c->words));
}

/* Neighbours are fine, down to the last byte of the flash. */
static void
test_side_by_side (void)
{
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (FgBoardInfo) board = make_board ("ESP8266EX", 4 * MIB, FG_FLASH_MODE_DIO);
  g_autoptr (GBytes) sector = make_data (4096, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (FgPlan) plan = NULL;

  fg_job_add_firmware (job, "b.bin", 4 * MIB - 4096, sector);
  fg_job_add_firmware (job, "a.bin", 4 * MIB - 8192, sector);
  plan = fg_plan_new (job, board, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (((FgPlanRegion *) plan->regions->pdata[0])->offset, ==, 4 * MIB - 8192);
}

static void
test_no_files (void)
{
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (GError) error = NULL;

  g_assert_null (fg_plan_new (job, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_USAGE);
}

static void
test_wrong_chip (void)
{
  /* an ESP32 header: chip id 0 at 12, hash flag at 23, one segment at 0x3F400020 */
  guint8 image[48] = {
    0xe9, 1, 2, 0x20, 0, 0, 8, 0x40, 0xee, [24] = 0x20, 0, 0x40, 0x3f, [28] = 8
  };
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (FgBoardInfo) board = make_board ("ESP8266EX", 4 * MIB, FG_FLASH_MODE_DIO);
  g_autoptr (GBytes) bytes = g_bytes_new (image, sizeof image);
  g_autoptr (GError) error = NULL;

  fg_job_add_firmware (job, "esp32.bin", 0x10000, bytes);
  g_assert_null (fg_plan_new (job, board, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP);
  g_assert_nonnull (strstr (error->message, "ESP32"));
}

static void
test_damaged (void)
{
  g_autoptr (FgJob) boot = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (FgJob) elsewhere = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (GBytes) whole = fg_make_image (FG_FLASH_MODE_DIO, 0x20, 2, 300);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, 90);
  g_autoptr (GError) error = NULL;
  g_autoptr (FgPlan) plan = NULL;

  fg_job_add_firmware (boot, "cut.bin", 0, cut);
  g_assert_null (fg_plan_new (boot, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_FILE_KIND);
  g_clear_error (&error);
  fg_job_add_firmware (elsewhere, "cut.bin", 0x10000, cut);
  plan = fg_plan_new (elsewhere, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plan->warnings->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (patch_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/plan/patch/%s", patch_cases[i].name);
    g_test_add_data_func (path, &patch_cases[i], test_patch);
  }
  for (guint i = 0; i < G_N_ELEMENTS (refuse_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/plan/refuse/%s", refuse_cases[i].name);
    g_test_add_data_func (path, &refuse_cases[i], test_refuse);
  }
  g_test_add_func ("/plan/no-patch", test_no_patch);
  g_test_add_func ("/plan/side-by-side", test_side_by_side);
  g_test_add_func ("/plan/no-files", test_no_files);
  g_test_add_func ("/plan/wrong-chip", test_wrong_chip);
  g_test_add_func ("/plan/damaged", test_damaged);
  return g_test_run ();
}
