/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-plan.h"

#include "fg-error.h"
#include "fg-image.h"

#include <string.h>

/* 24 address bits: what the ESP8266's SPI commands reach. */
#define MAX_FLASH_SIZE (16u * 1024 * 1024)

static void
region_free (gpointer data)
{
  FgPlanRegion *self = data;

  g_bytes_unref (self->bytes);
  g_free (self->name);
  g_free (self);
}

static int
compare_offsets (gconstpointer a, gconstpointer b)
{
  const FgPlanRegion *const *x = a;
  const FgPlanRegion *const *y = b;

  return (*x)->offset < (*y)->offset ? -1 : (*x)->offset > (*y)->offset;
}

static void G_GNUC_PRINTF (2, 3) warn (FgPlan *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->warnings, g_strdup_vprintf (format, args));
  va_end (args);
}

/* The size the plan must fit: what the user says, but never more than what is there. */
static guint32
usable_size (const FgJob *job, const FgBoardInfo *board)
{
  guint32 detected = board != NULL ? board->flash_size : 0;

  if (job->flash_size == FG_FLASH_SIZE_AUTO || job->flash_size == FG_FLASH_SIZE_KEEP)
    return detected;
  return detected != 0 ? MIN (detected, job->flash_size) : job->flash_size;
}

static gboolean
check_place (const FgPlan *self, const FgFirmware *file, GError **error)
{
  gsize len = g_bytes_get_size (file->bytes);
  guint32 limit = self->flash_size != 0 ? self->flash_size : MAX_FLASH_SIZE;
  g_autofree char *limit_text = fg_size_format (limit);
  g_autofree char *len_text = fg_size_format (len);

  if (len == 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_EMPTY, "%s is empty", file->name);
    return FALSE;
  }
  if (file->offset % FG_SECTOR_SIZE != 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_RANGE,
                 "%s cannot go to 0x%X: an offset is a multiple of 0x1000 (4096), such as 0x%X",
                 file->name, file->offset, file->offset / FG_SECTOR_SIZE * FG_SECTOR_SIZE);
    return FALSE;
  }
  if (file->offset >= limit || len > limit - file->offset) {
    g_set_error (error, FG_ERROR, FG_ERROR_TOO_LARGE,
                 "%s (%s at 0x%X) does not fit: it ends at 0x%" G_GINT64_MODIFIER
                 "X and the flash has %s (0x%X)",
                 file->name, len_text, file->offset, (guint64) file->offset + len, limit_text,
                 limit);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_image (FgPlan *self,
             const FgFirmware *file,
             const FgImageInfo *image,
             const FgBoardInfo *board,
             const FgChip *chip,
             GError **error)
{
  gboolean boots = file->offset == chip->boot_offset;

  if (image->chip != NULL && image->chip != chip) {
    g_set_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP,
                 board != NULL ? "%s is made for the %s and this board has an %s"
                               : "%s is made for the %s; what can be flashed here is the %s",
                 file->name, image->chip->name, chip->name);
    return FALSE;
  }
  if (image->chip != NULL && image->problem != NULL && boots) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "%s: %s", file->name, image->problem);
    return FALSE;
  }
  if (image->problem != NULL)
    warn (self, "%s: %s", file->name, image->problem);
  else if (boots && image->chip == NULL)
    warn (
        self,
        "%s has no %s image header: the board will not start from it, unless it is data on purpose",
        file->name, chip->name);
  return TRUE;
}

static guint8
patched_mode (const FgJob *job, const FgBoardInfo *board, guint8 mode)
{
  if (job->mode < FG_FLASH_MODE_AUTO)
    return (guint8) job->mode;
  if (job->mode == FG_FLASH_MODE_AUTO && board != NULL
      && board->recommended_mode == FG_FLASH_MODE_DOUT)
    return FG_FLASH_MODE_DOUT;
  return mode;
}

static guint8
patched_size_freq (const FgJob *job, const FgBoardInfo *board, const FgChip *chip, guint8 value)
{
  guint32 size = job->flash_size == FG_FLASH_SIZE_AUTO ? board != NULL ? board->flash_size : 0
                                                       : job->flash_size;
  int size_nibble =
      size == 0 || size == FG_FLASH_SIZE_KEEP ? -1 : fg_flash_size_to_nibble (chip, size);
  int freq_nibble =
      job->freq_mhz == FG_FLASH_FREQ_KEEP ? -1 : fg_flash_freq_to_nibble (chip, job->freq_mhz);

  if (size_nibble >= 0)
    value = (guint8) ((guint) size_nibble << 4 | (value & 0x0f));
  if (freq_nibble >= 0)
    value = (guint8) ((value & 0xf0) | freq_nibble);
  return value;
}

/* Bytes 2 and 3 of a loader image lie outside its checksum (esptool bin_image.py); the CRC of an EA
 * image covers them, so that one is never patched. */
static FgPlanRegion *
make_region (const FgJob *job,
             const FgFirmware *file,
             const FgImageInfo *image,
             const FgBoardInfo *board,
             const FgChip *chip)
{
  FgPlanRegion *region = g_new0 (FgPlanRegion, 1);
  gsize len;
  const guint8 *data = g_bytes_get_data (file->bytes, &len);
  gsize padded = (len + FG_SECTOR_SIZE - 1) / FG_SECTOR_SIZE * FG_SECTOR_SIZE;
  guint8 *copy = g_malloc (padded);

  memcpy (copy, data, len);
  memset (copy + len, 0xff, padded - len);
  if (file->offset == chip->boot_offset && image->kind == FG_IMAGE_ESP8266_V1) {
    copy[2] = patched_mode (job, board, copy[2]);
    copy[3] = patched_size_freq (job, board, chip, copy[3]);
  }
  region->offset = file->offset;
  region->length = (guint32) len;
  region->bytes = g_bytes_new_take (copy, padded);
  region->name = g_strdup (file->name);
  return region;
}

static gboolean
check_overlap (const FgPlan *self, GError **error)
{
  for (guint i = 1; i < self->regions->len; i++) {
    const FgPlanRegion *a = self->regions->pdata[i - 1];
    const FgPlanRegion *b = self->regions->pdata[i];

    if (a->offset + g_bytes_get_size (a->bytes) > b->offset) {
      g_set_error (error, FG_ERROR, FG_ERROR_OVERLAP,
                   "%s (0x%X to 0x%X) and %s (from 0x%X) share a sector of 4 KB", a->name,
                   a->offset, a->offset + a->length - 1, b->name, b->offset);
      return FALSE;
    }
  }
  return TRUE;
}

static void
check_options (FgPlan *self, const FgJob *job, const FgBoardInfo *board)
{
  if (job->flash_size != FG_FLASH_SIZE_AUTO && job->flash_size != FG_FLASH_SIZE_KEEP
      && board != NULL && board->flash_size != 0 && job->flash_size > board->flash_size) {
    g_autofree char *chosen = fg_size_format (job->flash_size);
    g_autofree char *found = fg_size_format (board->flash_size);
    warn (self, "The chosen flash size is %s and the chip's flash has %s", chosen, found);
  }
}

static gboolean
add_file (FgPlan *self,
          const FgJob *job,
          const FgFirmware *file,
          const FgBoardInfo *board,
          GError **error)
{
  g_autoptr (FgImageInfo) image = NULL;
  const FgChip *chip = board != NULL ? board->chip : fg_chip_get (FG_CHIP_ESP8266);

  if (!check_place (self, file, error))
    return FALSE;
  image = fg_image_inspect (file->bytes);
  if (!check_image (self, file, image, board, chip, error))
    return FALSE;
  g_ptr_array_add (self->regions, make_region (job, file, image, board, chip));
  return TRUE;
}

/**
 * fg_plan_new:
 * @board: (nullable): what was detected; %NULL checks what the files alone tell, against an ESP8266
 *
 * Checks everything that can be known before the first byte is written.
 *
 * Returns: (transfer full): %NULL with %FG_ERROR_USAGE (no file), %FG_ERROR_FILE_EMPTY,
 *   %FG_ERROR_FILE_KIND, %FG_ERROR_WRONG_CHIP, %FG_ERROR_TOO_LARGE, %FG_ERROR_OVERLAP or
 *   %FG_ERROR_RANGE set
 */
FgPlan *
fg_plan_new (const FgJob *job, const FgBoardInfo *board, GError **error)
{
  g_autoptr (FgPlan) self = g_new0 (FgPlan, 1);

  self->regions = g_ptr_array_new_with_free_func (region_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->flash_size = usable_size (job, board);
  if (job->firmware->len == 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, "no firmware is chosen");
    return NULL;
  }
  check_options (self, job, board);
  for (guint i = 0; i < job->firmware->len; i++)
    if (!add_file (self, job, job->firmware->pdata[i], board, error))
      return NULL;
  g_ptr_array_sort (self->regions, compare_offsets);
  if (!check_overlap (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
fg_plan_free (FgPlan *self)
{
  g_ptr_array_unref (self->regions);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

/**
 * fg_plan_sectors:
 *
 * Returns: how many sectors of 4 KB the plan covers
 */
guint32
fg_plan_sectors (const FgPlan *self)
{
  gsize n = 0;

  for (guint i = 0; i < self->regions->len; i++)
    n += g_bytes_get_size (((FgPlanRegion *) self->regions->pdata[i])->bytes) / FG_SECTOR_SIZE;
  return (guint32) n;
}
