/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flash-id.h"

#define KIB 1024u
#define MIB (1024u * 1024u)

#define MANUFACTURER_ADESTO 0x1f

typedef struct {
  guint8 id;
  const char *name;
} Manufacturer;

/* JEDEC JEP106, first bank, as these boards have them; checked against flashrom's flashchips.h. */
static const Manufacturer manufacturers[] = {
  { 0xef, "Winbond" },  { 0xc8, "GigaDevice" },
  { 0x20, "XMC" },      { 0x68, "Boya" },
  { 0x5e, "Zbit" },     { 0x85, "Puya" },
  { 0xa1, "Fudan" },    { 0x1c, "EON" },
  { 0xc2, "Macronix" }, { 0xe0, "Berg Micro" },
  { 0x0b, "XTX" },      { 0xcd, "TH" },
  { 0x9d, "ISSI" },     { MANUFACTURER_ADESTO, "Adesto" },
  { 0xbf, "SST" },
};

typedef struct {
  guint8 manufacturer;
  guint8 type;
  const char *prefix; /* the part's name up to its density in Mbit */
} Series;

/* Makers' data sheets: type byte of the id to the name of the series. */
static const Series series[] = {
  { 0xef, 0x40, "W25Q" },   { 0xef, 0x60, "W25Q" },   { 0xc8, 0x40, "GD25Q" },
  { 0x68, 0x40, "BY25Q" },  { 0x5e, 0x40, "ZB25VQ" }, { 0xa1, 0x40, "FM25Q" },
  { 0x20, 0x40, "XM25QH" }, { 0x0b, 0x40, "XT25F" },  { 0x1c, 0x30, "EN25Q" },
  { 0x1c, 0x70, "EN25QH" }, { 0x85, 0x60, "P25Q" },
};

typedef struct {
  guint8 first, last; /* codes */
  guint32 size;       /* bytes of the first; each next one is double */
} SizeRange;

/* Size byte of the id: esptool cmds.py, DETECTED_FLASH_SIZES. */
static const SizeRange size_ranges[] = {
  { 0x12, 0x1c, 256 * KIB },
  { 0x20, 0x22, 64 * MIB },
  { 0x32, 0x37, 256 * KIB },
  { 0x38, 0x3a, 16 * MIB },
};

static guint32
size_from_code (guint8 code)
{
  for (guint i = 0; i < G_N_ELEMENTS (size_ranges); i++)
    if (code >= size_ranges[i].first && code <= size_ranges[i].last)
      return size_ranges[i].size << (code - size_ranges[i].first);
  return 0;
}

/* Adesto writes the density into the low five bits of the second byte: the same file. */
static guint32
size_from_adesto (guint32 id)
{
  guint code = id >> 8 & 0x1f;

  return code >= 4 && code <= 9 ? 512 * KIB << (code - 4) : 0;
}

static char *
name_part (guint8 manufacturer, guint8 type, guint32 size)
{
  guint megabits = size / (MIB / 8);

  for (guint i = 0; i < G_N_ELEMENTS (series); i++)
    if (series[i].manufacturer == manufacturer && series[i].type == type && megabits > 0)
      /* an 8 Mbit part is called 80, a 4 Mbit part 40 */
      return g_strdup_printf ("%s%u", series[i].prefix, megabits < 10 ? megabits * 10 : megabits);
  return NULL;
}

/**
 * fg_flash_id_read:
 * @id: 24 bits as they come from command 9F, the manufacturer in the low byte
 *
 * Fills in the flash's maker, part and size; what is not in a table stays unknown.
 */
void
fg_flash_id_read (guint32 id, FgBoardInfo *info)
{
  info->flash_id = id;
  info->flash_manufacturer_id = id & 0xff;
  info->flash_device_id = (guint16) ((id & 0xff00) | (id >> 16 & 0xff));
  info->flash_size = 0;
  info->flash_manufacturer = NULL;
  g_clear_pointer (&info->flash_name, g_free);
  if (fg_flash_id_is_dead (id))
    return;
  info->flash_size = info->flash_manufacturer_id == MANUFACTURER_ADESTO
                         ? size_from_adesto (id)
                         : size_from_code (id >> 16 & 0xff);
  for (guint i = 0; i < G_N_ELEMENTS (manufacturers); i++)
    if (manufacturers[i].id == info->flash_manufacturer_id)
      info->flash_manufacturer = manufacturers[i].name;
  info->flash_name = name_part (info->flash_manufacturer_id, id >> 8 & 0xff, info->flash_size);
}

/**
 * fg_flash_id_is_dead:
 *
 * Ids that no flash has: esptool cmds.py, the warning in detect_flash_size.
 *
 * Returns: %TRUE when the cause is wiring, power or a dead flash
 */
gboolean
fg_flash_id_is_dead (guint32 id)
{
  return id == 0xffffff || id == 0x000000 || id == 0xffff3f;
}
