/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sectors.h"

#include "fg-error.h"

#include <string.h>

static void
report (const FgSectors *self, guint first, guint n)
{
  const FgSector *sector = fg_sectors_at (self, first);

  if (self->reporter != NULL && self->reporter->sectors != NULL)
    self->reporter->sectors (sector->address, n * FG_SECTOR_SIZE, sector->state,
                             self->reporter->data);
}

/** fg_sectors_init: all sectors of @plan (unowned), planned and reported as such. */
void
fg_sectors_init (FgSectors *self, const FgPlan *plan, const FgReporter *reporter)
{
  *self = (FgSectors){ .plan = plan, .reporter = reporter, .right = FG_SECTOR_UNCHANGED };
  self->list = g_array_new (FALSE, FALSE, sizeof (FgSector));
  for (guint i = 0; i < plan->regions->len; i++) {
    const FgPlanRegion *region = plan->regions->pdata[i];
    gsize len;
    const guint8 *data = g_bytes_get_data (region->bytes, &len);
    guint first = self->list->len;

    for (guint32 at = 0; at < len; at += FG_SECTOR_SIZE) {
      const FgSector sector = { region->offset + at, data + at, i, FG_SECTOR_PLANNED };

      g_array_append_val (self->list, sector);
    }
    report (self, first, self->list->len - first);
  }
}

void
fg_sectors_clear (FgSectors *self)
{
  g_clear_pointer (&self->list, g_array_unref);
}

FgSector *
fg_sectors_at (const FgSectors *self, guint index)
{
  return &g_array_index (self->list, FgSector, index);
}

guint
fg_sectors_count (const FgSectors *self, FgSectorState state)
{
  guint n = 0;

  for (guint i = 0; i < self->list->len; i++)
    n += fg_sectors_at (self, i)->state == state;
  return n;
}

/** fg_sectors_mark: @n sectors from index @first that lie side by side are now @state. */
void
fg_sectors_mark (FgSectors *self, guint first, guint n, FgSectorState state)
{
  for (guint i = first; i < first + n; i++)
    fg_sectors_at (self, i)->state = state;
  report (self, first, n);
}

/**
 * fg_sectors_run:
 * @max: at most so many
 *
 * Returns: how many sectors from index @first on are @state and lie side by side in one region
 */
guint
fg_sectors_run (const FgSectors *self, guint first, FgSectorState state, guint max)
{
  guint n = 0;

  while (n < max && first + n < self->list->len) {
    const FgSector *sector = fg_sectors_at (self, first + n);

    if (sector->state != state || sector->region != fg_sectors_at (self, first)->region)
      break;
    n++;
  }
  return n;
}

/** fg_sectors_set_bad_flash: @n sectors stay wrong, the first at @address (bytes). */
void
fg_sectors_set_bad_flash (guint32 address, guint n, GError **error)
{
  g_set_error (error, FG_ERROR, FG_ERROR_VERIFY,
               "the flash does not hold what was written at 0x%X (sectors that are wrong: %u): it "
               "is worn out, write-protected or badly powered",
               address, n);
}

/** fg_sector_is_blank: whether it shall hold nothing but FF. */
gboolean
fg_sector_is_blank (const FgSector *sector)
{
  return sector->data[0] == 0xff
         && memcmp (sector->data, sector->data + 1, FG_SECTOR_SIZE - 1) == 0;
}
