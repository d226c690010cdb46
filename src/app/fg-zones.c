/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-zones.h"

#include "config.h"

#include <glib/gi18n.h>

#define SECTOR 0x1000u

/* From the end of the flash: Espressif's ESP8266 SDK Getting Started Guide, "Flash Maps". */
#define RF_CALIBRATION_FROM_END 0x5000u
#define INIT_DATA_FROM_END 0x4000u
#define SYSTEM_FROM_END 0x3000u
#define INIT_DATA_SDK3 0xf000u /* NodeMCU app/user/user_main.c */
#define LEAST_SIZE 0x40000u

static void
zone_free (gpointer data)
{
  FgZone *zone = data;

  g_free (zone->name);
  g_free (zone);
}

static void
add (GPtrArray *zones, const char *name, guint32 offset, guint32 length)
{
  FgZone *zone = g_new0 (FgZone, 1);

  zone->name = g_strdup (name);
  zone->offset = offset;
  zone->length = length;
  g_ptr_array_add (zones, zone);
}

static void
add_sdk (GPtrArray *zones, guint32 flash_size, guint sdk_major)
{
  if (sdk_major >= 3) {
    add (zones, _ ("SDK init data"), INIT_DATA_SDK3, SECTOR);
    return;
  }
  if (flash_size < LEAST_SIZE)
    return;
  add (zones, _ ("RF calibration"), flash_size - RF_CALIBRATION_FROM_END, SECTOR);
  add (zones, _ ("SDK init data"), flash_size - INIT_DATA_FROM_END, SECTOR);
  add (zones, _ ("SDK settings"), flash_size - SYSTEM_FROM_END, SYSTEM_FROM_END);
}

static void
add_partitions (GPtrArray *zones, const FgChip *chip, const FgPartitionTable *table)
{
  if (chip->boot_offset < FG_PARTITION_TABLE_OFFSET)
    add (zones, _ ("Bootloader"), chip->boot_offset, FG_PARTITION_TABLE_OFFSET - chip->boot_offset);
  add (zones, _ ("Partition table"), FG_PARTITION_TABLE_OFFSET, SECTOR);
  for (guint i = 0; i < table->rows->len; i++) {
    const FgPartition *row = &g_array_index (table->rows, FgPartition, i);

    add (zones, row->label, row->offset, row->size);
  }
}

static int
compare_offsets (gconstpointer a, gconstpointer b)
{
  const FgZone *const *x = a;
  const FgZone *const *y = b;

  return (*x)->offset < (*y)->offset ? -1 : (*x)->offset > (*y)->offset;
}

GPtrArray *
fg_zones_new (const FgChip *chip,
              const FgPartitionTable *table,
              guint32 flash_size,
              guint sdk_major)
{
  GPtrArray *zones = g_ptr_array_new_with_free_func (zone_free);

  if (table != NULL)
    add_partitions (zones, chip, table);
  else if (chip->id == FG_CHIP_ESP8266)
    add_sdk (zones, flash_size, sdk_major);
  g_ptr_array_sort (zones, compare_offsets);
  return zones;
}
