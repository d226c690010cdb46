/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sector-words.h"

#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

static const char *
state_words (FgFlashMapMode mode, FgSectorState state)
{
  switch (state) {
  case FG_SECTOR_PLANNED:
    return mode == FG_MAP_PLAN ? _ ("will be written") : _ ("to do");
  case FG_SECTOR_UNCHANGED:
    return mode == FG_MAP_BROKEN ? _ ("still old") : _ ("skipped, it is right already");
  case FG_SECTOR_ERASED:
    return mode == FG_MAP_PLAN ? _ ("will be erased") : _ ("erased");
  case FG_SECTOR_WRITTEN:
    return mode == FG_MAP_BROKEN ? _ ("new, not verified") : _ ("written");
  case FG_SECTOR_VERIFIED:
    return _ ("verified");
  case FG_SECTOR_FAILED:
    return _ ("failed");
  case FG_SECTOR_LEFT:
  case FG_N_SECTOR_STATES:
  default:
    return _ ("left as it is");
  }
}

static const FgFlashMapRegion *
find_region (FgFlashMap *map, guint32 address)
{
  for (guint i = 0; i < fg_flash_map_get_n_regions (map); i++) {
    const FgFlashMapRegion *region = fg_flash_map_get_region (map, i);

    if (address >= region->offset && address - region->offset < region->length)
      return region;
  }
  return NULL;
}

char *
fg_sector_words (FgFlashMap *map, guint sector)
{
  guint32 at = sector * FG_SECTOR_SIZE;
  g_autofree char *address = fg_words_address (at);
  const FgFlashMapRegion *region = find_region (map, at);
  const FgZone *zone = fg_flash_map_find_zone (map, at);
  const char *state =
      state_words (fg_flash_map_get_mode (map), fg_flash_map_get_state (map, sector));

  /* Translators: an address, a file, the part of the flash it is in, what happens to it. */
  if (region != NULL && zone != NULL)
    return g_strdup_printf (_ ("%s, %s in %s: %s"), address, region->name, zone->name, state);
  if (region != NULL || zone != NULL)
    return g_strdup_printf (_ ("%s, %s: %s"), address, region != NULL ? region->name : zone->name,
                            state);
  return g_strdup_printf (_ ("%s: %s"), address, state);
}

static gboolean
is_same (FgFlashMap *map, guint a, guint b)
{
  return fg_flash_map_get_state (map, a) == fg_flash_map_get_state (map, b)
         && find_region (map, a * FG_SECTOR_SIZE) == find_region (map, b * FG_SECTOR_SIZE)
         && fg_flash_map_find_zone (map, a * FG_SECTOR_SIZE)
                == fg_flash_map_find_zone (map, b * FG_SECTOR_SIZE);
}

guint
fg_sector_next_change (FgFlashMap *map, guint sector, int step)
{
  guint n_sectors = fg_flash_map_get_size (map) / FG_SECTOR_SIZE;

  if (step > 0) {
    for (guint i = sector + 1; i < n_sectors; i++) {
      if (!is_same (map, i, sector))
        return i;
    }
    return sector;
  }
  if (sector > 0)
    sector--;
  while (sector > 0 && is_same (map, sector, sector - 1))
    sector--;
  return sector;
}
