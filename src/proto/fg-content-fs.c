/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-content-fs.h"

#include "fg-wire.h"

#include <string.h>

/* littlefs SPEC.md: the superblock's name and its inline struct, in one of the first two blocks. */
#define LFS_NAME_AT 8
#define LFS_VERSION 20
#define LFS_BLOCK_SIZE 24
#define LFS_BLOCK_COUNT 28
#define LFS_LOOK 40 /* bytes that are needed to say so */
static const char lfs_name[] = "littlefs";

/* SPIFFS src/spiffs_nucleus.h, SPIFFS_MAGIC: in the last but one id of each block's look-up page,
 * mixed with the page size and with how many blocks come, or with the page size alone. */
#define SPIFFS_MAGIC 0x20140529u
#define SPIFFS_ID_LEN 2u
#define SPIFFS_MAX_CHECKED 16u
static const guint spiffs_pages[] = { 256, 512, 1024 };
static const guint spiffs_blocks[] = { 4096, 8192, 16384, 32768, 65536 };

/* Microsoft's FAT specification: the fields of the boot sector. */
#define FAT_SECTOR 512u
#define FAT_WL_SECTOR 4096u /* ESP-IDF's wear levelling keeps one sector before the file system */

static gboolean
is_power_of_two (guint32 n)
{
  return n != 0 && (n & (n - 1)) == 0;
}

static void
check_size (FgContent *self, guint64 said, gsize len)
{
  g_autofree char *size = fg_size_format (said);

  if (said > len)
    fg_findings_add (self->findings, FG_SEVERITY_ERROR, "truncated", (gint64) len,
                     "The file system has %s and the file ends at 0x%" G_GSIZE_MODIFIER
                     "X: it is incomplete",
                     size, len);
}

static gboolean
is_littlefs (const guint8 *p, gsize len)
{
  return len >= LFS_LOOK && memcmp (p + LFS_NAME_AT, lfs_name, strlen (lfs_name)) == 0
         && is_power_of_two (fg_get_u32 (p + LFS_BLOCK_SIZE)) && p[LFS_VERSION + 2] <= 9;
}

gboolean
fg_content_read_littlefs (FgContent *self, const guint8 *data, gsize len)
{
  g_autofree char *size = NULL;
  guint64 total;
  guint32 block;

  if (!is_littlefs (data, len)) {
    if (len < FAT_WL_SECTOR || !is_littlefs (data + FAT_WL_SECTOR, len - FAT_WL_SECTOR))
      return FALSE;
    data += FAT_WL_SECTOR;
  }
  block = fg_get_u32 (data + LFS_BLOCK_SIZE);
  total = (guint64) block * fg_get_u32 (data + LFS_BLOCK_COUNT);
  size = fg_size_format (total);
  fg_content_set_kind (self, FG_CONTENT_LITTLEFS);
  fg_content_set_partition (self, 0x83);
  self->summary =
      g_strdup_printf ("version %u.%u · %s in blocks of %u", fg_get_u16 (data + LFS_VERSION + 2),
                       fg_get_u16 (data + LFS_VERSION), size, block);
  check_size (self, total, len);
  return TRUE;
}

/* Whether each of the first blocks has its magic. @with_count: mixed with the blocks to come. */
static gboolean
is_spiffs (const guint8 *data, gsize len, guint page, guint block, gboolean with_count)
{
  guint count = (guint) (len / block);
  guint ids = block / page;
  guint lookup = MAX (1, (ids * SPIFFS_ID_LEN + page - 1) / page) * page;

  if (count < 2 || len % block != 0 || lookup >= block)
    return FALSE;
  for (guint i = 0; i < MIN (count, SPIFFS_MAX_CHECKED); i++) {
    guint32 magic = SPIFFS_MAGIC ^ page ^ (with_count ? count - i : 0);
    const guint8 *p = data + (gsize) i * block + lookup - 2 * SPIFFS_ID_LEN;

    if (fg_get_u16 (p) != (guint16) magic)
      return FALSE;
  }
  return TRUE;
}

gboolean
fg_content_read_spiffs (FgContent *self, const guint8 *data, gsize len)
{
  for (guint p = 0; p < G_N_ELEMENTS (spiffs_pages); p++)
    for (guint b = 0; b < G_N_ELEMENTS (spiffs_blocks); b++)
      for (gboolean with_count = FALSE; with_count <= TRUE; with_count++)
        if (is_spiffs (data, len, spiffs_pages[p], spiffs_blocks[b], with_count)) {
          fg_content_set_kind (self, FG_CONTENT_SPIFFS);
          fg_content_set_partition (self, 0x82);
          self->summary =
              g_strdup_printf ("pages of %u, blocks of %u", spiffs_pages[p], spiffs_blocks[b]);
          return TRUE;
        }
  return FALSE;
}

static gboolean
is_fat (const guint8 *p, gsize len)
{
  guint16 sector;

  if (len < FAT_SECTOR || p[510] != 0x55 || p[511] != 0xaa || (p[0] != 0xeb && p[0] != 0xe9))
    return FALSE;
  sector = fg_get_u16 (p + 11);
  return is_power_of_two (sector) && sector >= FAT_SECTOR && sector <= FAT_WL_SECTOR
         && is_power_of_two (p[13]) && (p[16] == 1 || p[16] == 2) && p[21] >= 0xf0
         && (memcmp (p + 54, "FAT", 3) == 0 || memcmp (p + 82, "FAT", 3) == 0);
}

gboolean
fg_content_read_fat (FgContent *self, const guint8 *data, gsize len)
{
  g_autofree char *size = NULL;
  guint64 total;
  gsize before = 0;

  if (!is_fat (data, len)) {
    before = FAT_WL_SECTOR;
    if (len < before || !is_fat (data + before, len - before))
      return FALSE;
    data += before;
  }
  total = fg_get_u16 (data + 19) != 0 ? fg_get_u16 (data + 19) : fg_get_u32 (data + 32);
  total *= fg_get_u16 (data + 11);
  size = fg_size_format (total);
  fg_content_set_kind (self, FG_CONTENT_FAT);
  fg_content_set_partition (self, 0x81);
  self->summary = g_strdup_printf ("%s%s", size, before != 0 ? ", with wear levelling" : "");
  check_size (self, before + total, len);
  return TRUE;
}
