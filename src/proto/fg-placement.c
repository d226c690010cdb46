/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-placement.h"

/* NodeMCU docs/en/flash.md: the fourth sector from the end; SDK 3 (app/user/user_main.c) has a
 * fixed place for it. */
#define INIT_FROM_END 0x4000u
#define INIT_SDK3 0xf000u
#define SPIFFS_SUBTYPE 0x82
#define LITTLEFS_SUBTYPE 0x83
#define SMALLEST_FLASH (256u * 1024)

/** fg_place_hints_learn: takes what one of the files that go together tells about the others */
void
fg_place_hints_learn (FgPlaceHints *self, const FgContent *content)
{
  if (self->table == NULL && content->kind == FG_CONTENT_PARTITIONS)
    self->table = content->partitions;
  if (self->sdk_major == 0 && content->nodemcu != NULL && content->nodemcu->sdk != NULL)
    self->sdk_major = (guint) g_ascii_strtoull (content->nodemcu->sdk, NULL, 10);
}

static gboolean
place_init_data (const FgPlaceHints *hints, guint32 *offset)
{
  if (hints->sdk_major >= 3) {
    *offset = INIT_SDK3;
    return TRUE;
  }
  if (hints->flash_size < SMALLEST_FLASH)
    return FALSE;
  *offset = hints->flash_size - INIT_FROM_END;
  return TRUE;
}

static gboolean
place_app (const FgContent *content, const FgPlaceHints *hints, guint32 *offset)
{
  const FgPartition *row = hints->table != NULL ? fg_partition_table_boot_app (hints->table) : NULL;

  *offset = row != NULL ? row->offset : content->offset;
  return TRUE;
}

static gboolean
place_data (const FgContent *content, const FgPlaceHints *hints, guint32 *offset)
{
  const FgPartition *row;

  if (hints->table == NULL)
    return FALSE;
  row = fg_partition_table_find (hints->table, FG_PARTITION_DATA, content->subtype);
  if (row == NULL && content->subtype == LITTLEFS_SUBTYPE) /* Arduino's tables call it SPIFFS */
    row = fg_partition_table_find (hints->table, FG_PARTITION_DATA, SPIFFS_SUBTYPE);
  if (row == NULL)
    return FALSE;
  *offset = row->offset;
  return TRUE;
}

/**
 * fg_place_find:
 * @offset: (out): bytes from the start of the flash
 *
 * Returns: %FALSE when neither the content nor @hints tell
 */
gboolean
fg_place_find (const FgContent *content, const FgPlaceHints *hints, guint32 *offset)
{
  switch (content->place) {
  case FG_PLACE_FIXED:
    *offset = content->offset;
    return TRUE;
  case FG_PLACE_APP:
    return place_app (content, hints, offset);
  case FG_PLACE_INIT_DATA:
    return place_init_data (hints, offset);
  case FG_PLACE_PARTITION:
    return place_data (content, hints, offset);
  case FG_PLACE_ASK:
  default:
    return FALSE;
  }
}

/** fg_place_needs_flash_size: whether the size of the board's flash would tell where it goes */
gboolean
fg_place_needs_flash_size (const FgContent *content, const FgPlaceHints *hints)
{
  guint32 offset;

  return content->place == FG_PLACE_INIT_DATA && !fg_place_find (content, hints, &offset);
}
