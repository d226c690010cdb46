/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-bundle.h"

#include "fg-bundle-archive.h"
#include "fg-bundle-manifest.h"
#include "fg-error.h"
#include "fg-firmware-file.h"
#include "fg-intel-hex.h"
#include "fg-uf2.h"

#include <string.h>

#define MAX_DEPTH 3 /* a list in a zip in a gzip */

/* Where a file comes from, and so where a list finds the files that it names. */
typedef struct {
  const char *source;       /* (unowned) for messages: "release.zip" */
  const char *name;         /* (unowned) of the file itself, with its path inside an archive */
  const char *folder;       /* (unowned) (nullable) on the disk */
  const GPtrArray *entries; /* (unowned) (nullable) of the archive */
  gint64 offset;            /* that was typed, or that a list says; -1: none */
  FgBundlePlaced placed;
  guint depth;
} Origin;

typedef struct {
  FgBundle *bundle;
  const FgChip *chip; /* (nullable) the board's */
} Opening;

static gboolean add_bytes (Opening *self, const Origin *origin, GBytes *bytes, GError **error);

void
fg_bundle_item_free (FgBundleItem *item)
{
  fg_firmware_free (item->firmware);
  g_clear_pointer (&item->content, fg_content_free);
  g_free (item->source);
  g_free (item);
}

void
fg_bundle_free (FgBundle *self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

static void
add_item (Opening *self, const Origin *origin, GBytes *bytes)
{
  FgBundleItem *item = g_new0 (FgBundleItem, 1);
  g_autofree char *name = g_path_get_basename (origin->name);
  guint32 offset = 0;

  item->placed = origin->placed;
  if (origin->offset >= 0) {
    offset = (guint32) origin->offset;
  } else if (fg_firmware_offset_from_name (name, &offset)) {
    item->placed = FG_BUNDLE_BY_NAME;
  } else {
    item->placed = FG_BUNDLE_UNPLACED;
  }
  item->firmware = fg_firmware_new (name, offset, bytes);
  item->content = fg_inspect (bytes);
  item->source = g_strdup (origin->source);
  if (self->bundle->chip == NULL)
    self->bundle->chip = item->content->chip;
  g_ptr_array_add (self->bundle->items, item);
}

/* Intel HEX and UF2. */
static gboolean
add_pieces (Opening *self, const Origin *origin, const GPtrArray *pieces)
{
  for (guint i = 0; i < pieces->len; i++) {
    const FgPiece *piece = pieces->pdata[i];
    g_autoptr (GBytes) bytes = g_bytes_new (piece->bytes->data, piece->bytes->len);
    Origin one = *origin;

    one.offset = (gint64) piece->address + MAX (origin->offset, 0);
    one.placed = FG_BUNDLE_BY_LIST;
    add_item (self, &one, bytes);
  }
  return TRUE;
}

static gboolean
add_uf2 (Opening *self, const Origin *origin, const guint8 *data, gsize len, GError **error)
{
  g_autoptr (GPtrArray) pieces = NULL;
  g_autoptr (GError) cause = NULL;
  const FgChip *chip = self->chip;

  pieces = fg_uf2_read (data, len, &chip, &cause);
  if (pieces != NULL) {
    if (self->bundle->chip == NULL)
      self->bundle->chip = chip;
    return add_pieces (self, origin, pieces);
  }
  if (g_error_matches (cause, FG_ERROR, FG_ERROR_UNKNOWN_CHIP)) {
    self->bundle->needs_chip = TRUE;
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
add_gzip (Opening *self, const Origin *origin, GBytes *bytes, GError **error)
{
  g_autoptr (GBytes) unpacked = fg_archive_read_gzip (bytes, error);
  g_autofree char *name = g_strdup (origin->name);
  Origin inner = *origin;

  if (unpacked == NULL)
    return FALSE;
  if (g_str_has_suffix (name, ".gz"))
    name[strlen (name) - 3] = '\0';
  inner.name = name;
  inner.depth++;
  return add_bytes (self, &inner, unpacked, error);
}

static GBytes *
find_entry (const GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++) {
    const FgArchiveEntry *entry = entries->pdata[i];

    if (g_str_equal (entry->name, name))
      return g_bytes_ref (entry->bytes);
  }
  return NULL;
}

/* A file that a list names. */
static GBytes *
read_named (const Origin *list, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (list->name);
  g_autofree char *full = NULL;
  GBytes *bytes;

  if (list->entries == NULL) {
    full = g_build_filename (list->folder, path, NULL);
    return fg_firmware_read (full, error);
  }
  full = g_str_equal (folder, ".") ? g_strdup (path) : g_strdup_printf ("%s/%s", folder, path);
  bytes = find_entry (list->entries, full);
  if (bytes == NULL)
    g_set_error (error, FG_ERROR, FG_ERROR_FILE,
                 "the list %s names “%s”, which is not in the archive", list->name, path);
  return bytes;
}

static gboolean
add_list (Opening *self, const Origin *origin, GBytes *bytes, GError **error)
{
  g_autoptr (FgManifest) manifest = fg_manifest_read (bytes, self->chip, error);

  if (manifest == NULL)
    return FALSE;
  self->bundle->needs_chip |= manifest->needs_chip;
  if (self->bundle->chip == NULL)
    self->bundle->chip = manifest->chip;
  for (guint i = 0; i < manifest->parts->len; i++) {
    const FgManifestPart *part = manifest->parts->pdata[i];
    g_autoptr (GBytes) file = read_named (origin, part->path, error);
    g_autofree char *source = g_strdup_printf ("%s: %s", origin->source, part->path);
    Origin inner = *origin;

    if (file == NULL)
      return FALSE;
    inner.source = source;
    inner.name = part->path;
    inner.offset = part->offset;
    inner.placed = FG_BUNDLE_BY_LIST;
    inner.depth++;
    if (!add_bytes (self, &inner, file, error))
      return FALSE;
  }
  return TRUE;
}

/* The list that is nearest to the archive's top: flasher_args.json before manifest.json. */
static const FgArchiveEntry *
find_list (const GPtrArray *entries)
{
  static const char *const names[] = { "flasher_args.json", "manifest.json" };
  const FgArchiveEntry *best = NULL;

  for (guint n = 0; n < G_N_ELEMENTS (names) && best == NULL; n++)
    for (guint i = 0; i < entries->len; i++) {
      const FgArchiveEntry *entry = entries->pdata[i];
      g_autofree char *name = g_path_get_basename (entry->name);

      if (g_str_equal (name, names[n])
          && (best == NULL || strlen (entry->name) < strlen (best->name)))
        best = entry;
    }
  return best;
}

/* Archives also hold instructions, licences, maps and what a desktop leaves behind. */
static gboolean
is_firmware (const FgArchiveEntry *entry)
{
  static const char *const suffixes[] = { ".bin", ".hex", ".uf2", ".img", ".gz", ".ihex" };
  g_autofree char *name = g_path_get_basename (entry->name);
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (name[0] == '.' || g_str_has_prefix (entry->name, "__MACOSX/")
      || g_bytes_get_size (entry->bytes) == 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
add_zip (Opening *self, const Origin *origin, GBytes *bytes, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  const FgArchiveEntry *list;
  guint taken = 0;

  if (origin->offset >= 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, "an archive takes no offset");
    return FALSE;
  }
  entries = fg_archive_read_zip (bytes, error);
  if (entries == NULL)
    return FALSE;
  list = find_list (entries);
  for (guint i = 0; i < entries->len; i++) {
    const FgArchiveEntry *entry = entries->pdata[i];
    g_autofree char *source = g_strdup_printf ("%s: %s", origin->source, entry->name);
    Origin inner = *origin;

    if (list != NULL ? entry != list : !is_firmware (entry))
      continue;
    inner.source = list != NULL ? origin->source : source;
    inner.name = entry->name;
    inner.entries = entries;
    inner.depth++;
    if (!add_bytes (self, &inner, entry->bytes, error))
      return FALSE;
    taken++;
  }
  if (taken == 0)
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                 "the zip archive holds no firmware: none of its %u files is a .bin, .hex, .uf2 or "
                 "a list of such",
                 entries->len);
  return taken > 0;
}

static gboolean
add_bytes (Opening *self, const Origin *origin, GBytes *bytes, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);
  gboolean zip = fg_archive_is_zip (bytes);
  g_autoptr (GPtrArray) pieces = NULL;

  if (origin->depth > MAX_DEPTH || (zip && origin->entries != NULL)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                 "%s is an archive inside an archive: unpack the outer one first", origin->name);
    return FALSE;
  }
  if (zip)
    return add_zip (self, origin, bytes, error);
  if (fg_archive_is_gzip (bytes))
    return add_gzip (self, origin, bytes, error);
  if (fg_uf2_is (data, len))
    return add_uf2 (self, origin, data, len, error);
  if (fg_manifest_is (bytes) && origin->offset < 0)
    return add_list (self, origin, bytes, error);
  if (fg_intel_hex_is (data, len)) {
    pieces = fg_intel_hex_read (data, len, error);
    return pieces != NULL && add_pieces (self, origin, pieces);
  }
  add_item (self, origin, bytes);
  return TRUE;
}

static gboolean
add_what (Opening *self, const char *what, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *shown = NULL;
  FgPlaced placed = FG_PLACED_NOWHERE;
  g_autoptr (FgFirmware) firmware = fg_firmware_load_placed (what, &placed, &path, error);
  Origin origin = { .offset = -1 };

  if (firmware == NULL)
    return FALSE;
  folder = g_path_get_dirname (path);
  shown = g_filename_display_name (path);
  origin.source = shown;
  origin.name = firmware->name;
  origin.folder = folder;
  if (placed == FG_PLACED_BY_USER) {
    origin.offset = firmware->offset;
    origin.placed = FG_BUNDLE_BY_USER;
  }
  if (add_bytes (self, &origin, firmware->bytes, error))
    return TRUE;
  g_prefix_error (error, "%s: ", shown);
  return FALSE;
}

/* Whether something else is at the start of the flash, or is to go there before @index. */
static gboolean
start_is_taken (const FgBundle *self, guint index)
{
  for (guint i = 0; i < self->items->len; i++) {
    const FgBundleItem *other = self->items->pdata[i];

    if (i != index && other->firmware->offset == 0
        && (other->placed != FG_BUNDLE_UNPLACED || i < index))
      return TRUE;
  }
  return FALSE;
}

static void
place (FgBundle *self, const FgBundleBoard *board)
{
  FgPlaceHints hints = { .flash_size = board != NULL ? board->flash_size : 0 };

  for (guint i = 0; i < self->items->len; i++)
    fg_place_hints_learn (&hints, ((FgBundleItem *) self->items->pdata[i])->content);
  for (guint i = 0; i < self->items->len; i++) {
    FgBundleItem *item = self->items->pdata[i];

    if (item->placed != FG_BUNDLE_UNPLACED)
      continue;
    if (fg_place_find (item->content, &hints, &item->firmware->offset))
      item->placed = FG_BUNDLE_BY_CONTENT;
    else
      self->needs_flash_size |= fg_place_needs_flash_size (item->content, &hints);
  }
}

FgBundle *
fg_bundle_open (const char *const *whats, const FgBundleBoard *board, GError **error)
{
  g_autoptr (FgBundle) self = g_new0 (FgBundle, 1);
  Opening opening = { .bundle = self, .chip = board != NULL ? board->chip : NULL };

  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) fg_bundle_item_free);
  for (guint i = 0; whats[i] != NULL; i++)
    if (!add_what (&opening, whats[i], error))
      return NULL;
  place (self, board);
  return g_steal_pointer (&self);
}

static const char *
why_unplaced (const FgContent *content)
{
  if (content->place == FG_PLACE_INIT_DATA)
    return "where it goes depends on the size of the flash, which is not known";
  if (content->place == FG_PLACE_PARTITION)
    return "where it goes depends on the partition table, which is not among the files, or has no "
           "such partition";
  return "its content does not tell where it goes";
}

gboolean
fg_bundle_check_placed (const FgBundle *self, GError **error)
{
  for (guint i = 0; i < self->items->len; i++) {
    const FgBundleItem *item = self->items->pdata[i];

    if (item->placed != FG_BUNDLE_UNPLACED)
      continue;
    /* data that nobody knows go to the start, as long as nothing else is there */
    if (item->content->place == FG_PLACE_ASK && !start_is_taken (self, i))
      continue;
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, "%s (%s): %s; write OFFSET=%s", item->source,
                 item->content->title, why_unplaced (item->content), item->firmware->name);
    return FALSE;
  }
  return TRUE;
}
