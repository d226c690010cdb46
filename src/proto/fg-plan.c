/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-plan.h"

#include "fg-error.h"
#include "fg-image.h"
#include "fg-patch.h"

#include "fg-wire.h"

#include <string.h>

/* 24 address bits: what SPI commands reach. Headers of later chips name 128 MB at most. */
#define ROM_REACH (16u * 1024 * 1024)
#define MAX_FLASH_SIZE_ESP8266 ROM_REACH
#define MAX_FLASH_SIZE (128u * 1024 * 1024)

#define SECURE_BOOT_V1_END 0x8000u

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

/**
 * fg_plan_check_reach:
 * @what: what ends there, for the message
 * @end: the address behind its last byte
 *
 * The commands of a ROM carry 24 address bits: further up they would silently start from 0 again.
 *
 * Returns: %FALSE with %FG_ERROR_TOO_LARGE set
 */
gboolean
fg_plan_check_reach (const FgJob *job, const char *what, guint64 end, GError **error)
{
  if (end <= ROM_REACH || job->loader == FG_LOADER_FILE)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_TOO_LARGE,
               "%s ends at 0x%" G_GINT64_MODIFIER "X and the chip's own loader reaches 16 MB only "
               "(0x1000000): choose a stub from a file as the loader",
               what, end);
  return FALSE;
}

static gboolean
check_place (const FgPlan *self, const FgFirmware *file, const FgBoardInfo *board, GError **error)
{
  gsize len = g_bytes_get_size (file->bytes);
  guint32 limit = self->flash_size != 0                                 ? self->flash_size
                  : board != NULL && board->chip->id == FG_CHIP_ESP8266 ? MAX_FLASH_SIZE_ESP8266
                                                                        : MAX_FLASH_SIZE;
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
                               : "%s is made for the %s and another file for the %s",
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
  if (file->offset == chip->boot_offset)
    fg_patch_header (copy, len, image, job, board, chip);
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

/* Fuses that a plan must not run into: esptool cmds.py, write_flash. */
static gboolean
check_security (FgPlan *self, const FgFirmware *file, const FgBoardInfo *board, GError **error)
{
  const FgSecurity *security = &board->security;

  if (security->flash_encryption) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
                 "the flash of this %s is encrypted: what is written plainly would be read as "
                 "garbage and not start",
                 board->chip->name);
    return FALSE;
  }
  if (security->secure_boot_v1 && file->offset < SECURE_BOOT_V1_END) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
                 "%s cannot go to 0x%X: secure boot (version 1) is on, and without what is below "
                 "0x8000 this board would never start again",
                 file->name, file->offset);
    return FALSE;
  }
  if (security->secure_boot && self->regions->len == 0)
    warn (self, "Secure boot is on: the board only starts firmware signed with its key");
  return TRUE;
}

/* What the image says of the chip's revision: PROTOCOL-FACTS 11.2 and 11.3. */
static gboolean
check_revision (const FgFirmware *file,
                const FgImageInfo *image,
                const FgBoardInfo *board,
                GError **error)
{
  const guint8 *data = g_bytes_get_data (file->bytes, NULL);
  int old_least, least, most, revision;

  if (image->kind != FG_IMAGE_ESP32 || board->revision < 0)
    return TRUE;
  old_least = data[14];
  least = fg_get_u16 (data + 15);
  most = fg_get_u16 (data + 17);
  revision = board->revision;
  if (most == 0 || (most == G_MAXUINT16 && least == 0 && old_least != 0)) {
    revision = board->chip->id == FG_CHIP_ESP32C3 ? revision % 100 : revision / 100;
    least = old_least;
    most = G_MAXUINT16;
  }
  if (revision >= least && revision <= most)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP,
               "%s is made for other revisions of the %s than this board's %d.%d", file->name,
               board->chip->name, board->revision / 100, board->revision % 100);
  return FALSE;
}

/* Which chip it is about: without a board, the one of the first image that names one. */
static const FgChip *
planned_chip (const FgJob *job, const FgBoardInfo *board)
{
  if (board != NULL)
    return board->chip;
  for (guint i = 0; i < job->firmware->len; i++) {
    const FgFirmware *file = job->firmware->pdata[i];
    g_autoptr (FgImageInfo) image = fg_image_inspect (file->bytes);

    if (image->chip != NULL)
      return image->chip;
  }
  return fg_chip_get (FG_CHIP_ESP8266);
}

static gboolean
add_file (FgPlan *self,
          const FgJob *job,
          const FgFirmware *file,
          const FgBoardInfo *board,
          const FgChip *chip,
          GError **error)
{
  g_autoptr (FgImageInfo) image = NULL;

  if (!check_place (self, file, board, error)
      || !fg_plan_check_reach (job, file->name,
                               (guint64) file->offset + g_bytes_get_size (file->bytes), error)
      || (board != NULL && !check_security (self, file, board, error)))
    return FALSE;
  image = fg_image_inspect (file->bytes);
  if (!check_image (self, file, image, board, chip, error)
      || (board != NULL && !check_revision (file, image, board, error)))
    return FALSE;
  g_ptr_array_add (self->regions, make_region (job, file, image, board, chip));
  return TRUE;
}

/**
 * fg_plan_new:
 * @board: (nullable): what was detected; %NULL checks what the files alone tell
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
  const FgChip *chip;

  self->regions = g_ptr_array_new_with_free_func (region_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->flash_size = usable_size (job, board);
  if (job->firmware->len == 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, "no firmware is chosen");
    return NULL;
  }
  check_options (self, job, board);
  chip = planned_chip (job, board);
  for (guint i = 0; i < job->firmware->len; i++)
    if (!add_file (self, job, job->firmware->pdata[i], board, chip, error))
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
