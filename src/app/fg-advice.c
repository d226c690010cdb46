/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-advice.h"

#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

static void
advice_free (gpointer data)
{
  FgAdvice *self = data;

  g_free (self->message);
  g_free (self);
}

static FgAdvice *G_GNUC_PRINTF (4, 5)
    add (GPtrArray *list, FgSeverity severity, FgError code, const char *format, ...)
{
  FgAdvice *advice = g_new0 (FgAdvice, 1);
  va_list args;

  va_start (args, format);
  advice->severity = severity;
  advice->code = code;
  advice->message = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (list, advice);
  return advice;
}

static void
set_move (FgAdvice *advice, guint32 offset)
{
  advice->remedy = FG_REMEDY_MOVE;
  advice->offset = offset;
}

static guint64
end_of (FgFirmwareItem *item)
{
  return (guint64) fg_firmware_item_get_offset (item)
         + g_bytes_get_size (fg_firmware_item_get_bytes (item));
}

static void
check_unplaced (GPtrArray *list, const FgContent *content)
{
  switch (content->place) {
  case FG_PLACE_INIT_DATA:
    add (list, FG_SEVERITY_ERROR, FG_ERROR_RANGE,
         _ ("Where it goes depends on the size of the flash."))
        ->remedy = FG_REMEDY_DETECT;
    break;
  case FG_PLACE_PARTITION:
    add (list, FG_SEVERITY_ERROR, FG_ERROR_RANGE,
         _ ("Where it goes depends on the partition table: add that file, or type an offset."));
    break;
  case FG_PLACE_ASK:
  case FG_PLACE_FIXED:
  case FG_PLACE_APP:
  default:
    add (list, FG_SEVERITY_ERROR, FG_ERROR_RANGE,
         _ ("Its content does not tell where it goes: type an offset."));
  }
}

/* The place that its content asks for, if that is another one and nobody who knows said so. */
static void
check_usual_place (GPtrArray *list, FgFirmwareItem *item, const FgPlaceHints *hints)
{
  const FgContent *content = fg_firmware_item_get_content (item);
  guint32 offset = fg_firmware_item_get_offset (item), usual = 0;
  g_autofree char *address = NULL;

  if (fg_firmware_item_get_placed (item) == FG_BUNDLE_BY_LIST
      || !fg_place_find (content, hints, &usual) || usual == offset)
    return;
  address = fg_words_address (usual);
  set_move (add (list, FG_SEVERITY_WARNING, FG_ERROR_RANGE, _ ("A file like this belongs at %s."),
                 address),
            usual);
}

static void
check_place (GPtrArray *list, FgFirmwareItem *item, const FgAdviceContext *context)
{
  guint32 offset = fg_firmware_item_get_offset (item);
  guint32 flash_size = context->board != NULL ? context->board->flash_size : 0;

  if (fg_firmware_item_get_place (item) == FG_ITEM_BAD_TEXT) {
    add (list, FG_SEVERITY_ERROR, FG_ERROR_RANGE,
         _ ("The offset is not a number: type 0x10000, 65536 or 64K."));
  } else if (fg_firmware_item_get_place (item) == FG_ITEM_UNPLACED) {
    check_unplaced (list, fg_firmware_item_get_content (item));
  } else if (offset % FG_SECTOR_SIZE != 0) {
    set_move (add (list, FG_SEVERITY_ERROR, FG_ERROR_RANGE,
                   _ ("An offset is a multiple of 0x1000, the size of a sector.")),
              offset / FG_SECTOR_SIZE * FG_SECTOR_SIZE);
  } else if (flash_size != 0 && end_of (item) > flash_size) {
    g_autofree char *size = fg_words_size (flash_size);
    g_autofree char *end = g_strdup_printf ("0x%05" G_GINT64_MODIFIER "X", end_of (item));

    add (list, FG_SEVERITY_ERROR, FG_ERROR_TOO_LARGE,
         _ ("It does not fit: it ends at %s, and the flash has %s."), end, size);
  } else {
    check_usual_place (list, item, &context->hints);
  }
}

static gboolean
is_web_page (FgFirmwareItem *item)
{
  gsize length;
  const char *data = g_bytes_get_data (fg_firmware_item_get_bytes (item), &length);

  while (length > 0 && g_ascii_isspace (*data))
    data++, length--;
  return length > 0 && *data == '<';
}

/* Text may be meant, for a program that reads it: then somebody has said where it goes. A web page
 * is a download that went wrong, wherever it goes. */
static FgSeverity
severity_of (const FgFinding *finding, FgFirmwareItem *item)
{
  FgBundlePlaced placed = fg_firmware_item_get_placed (item);
  gboolean meant = placed != FG_BUNDLE_UNPLACED && placed != FG_BUNDLE_BY_CONTENT;

  if (meant && g_str_equal (finding->code, "text") && !is_web_page (item))
    return FG_SEVERITY_WARNING;
  return finding->severity;
}

static void
check_content (GPtrArray *list, FgFirmwareItem *item, const FgBoardInfo *board)
{
  const FgContent *content = fg_firmware_item_get_content (item);

  if (content->chip != NULL && board != NULL && content->chip != board->chip)
    add (list, FG_SEVERITY_ERROR, FG_ERROR_WRONG_CHIP,
         _ ("It is made for another chip: for the %s, and this board has an %s."),
         content->chip->name, board->chip->name);
  for (guint i = 0; i < content->findings->len; i++) {
    const FgFinding *finding = g_ptr_array_index (content->findings, i);

    if (finding->severity != FG_SEVERITY_INFO)
      add (list, severity_of (finding, item), FG_ERROR_FILE_KIND, "%s.", finding->message);
  }
}

/* Only the later of two files is told about, with what the other one is called. */
static void
check_overlap (GPtrArray *list, GListModel *items, guint index)
{
  g_autoptr (FgFirmwareItem) item = g_list_model_get_item (items, index);
  guint32 offset = fg_firmware_item_get_offset (item);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++) {
    g_autoptr (FgFirmwareItem) other = g_list_model_get_item (items, i);
    guint32 start = fg_firmware_item_get_offset (other);
    guint64 end = (end_of (other) + FG_SECTOR_SIZE - 1) / FG_SECTOR_SIZE * FG_SECTOR_SIZE;

    if (i == index || fg_firmware_item_get_place (other) != FG_ITEM_PLACED || offset >= end
        || start > offset || (start == offset && i > index))
      continue;
    add (list, FG_SEVERITY_ERROR, FG_ERROR_OVERLAP,
         _ ("It overlaps with %s, which ends at 0x%05X: each file needs sectors of 4 KB of its "
            "own."),
         fg_firmware_item_get_name (other), (guint) end_of (other));
    return;
  }
}

static int
compare_severity (gconstpointer a, gconstpointer b)
{
  const FgAdvice *const *x = a;
  const FgAdvice *const *y = b;

  return (int) (*y)->severity - (int) (*x)->severity;
}

/* Nobody flashes a web page or an ELF: where it might go is no question then. */
static gboolean
is_mistake (FgFirmwareItem *item)
{
  const FgContent *content = fg_firmware_item_get_content (item);

  return fg_firmware_item_get_place (item) == FG_ITEM_UNPLACED
         && (content->kind == FG_CONTENT_TEXT || content->kind == FG_CONTENT_ELF);
}

GPtrArray *
fg_advice_about_item (GListModel *items, guint index, const FgAdviceContext *context)
{
  g_autoptr (FgFirmwareItem) item = g_list_model_get_item (items, index);
  GPtrArray *list = g_ptr_array_new_with_free_func (advice_free);
  guint n_content;

  check_content (list, item, context->board);
  n_content = list->len;
  if (!is_mistake (item))
    check_place (list, item, context);
  if (list->len == n_content && fg_firmware_item_get_place (item) == FG_ITEM_PLACED)
    check_overlap (list, items, index);
  for (guint i = n_content; i < list->len; i++)
    ((FgAdvice *) g_ptr_array_index (list, i))->about_place = TRUE;
  g_ptr_array_sort (list, compare_severity);
  return list;
}

/* The mode that the chip would be told to use; for "as the file says" that of the boot file. */
static FgFlashMode
mode_in_force (GListModel *items, const FgAdviceContext *context)
{
  for (guint i = 0; context->mode == FG_FLASH_MODE_KEEP && i < g_list_model_get_n_items (items);
       i++) {
    g_autoptr (FgFirmwareItem) item = g_list_model_get_item (items, i);
    const FgContent *content = fg_firmware_item_get_content (item);

    if (fg_firmware_item_get_offset (item) == context->board->chip->boot_offset
        && fg_content_has_header (content) && content->image->mode <= FG_FLASH_MODE_DOUT)
      return (FgFlashMode) content->image->mode;
  }
  return context->mode;
}

GPtrArray *
fg_advice_about_all (GListModel *items, const FgAdviceContext *context)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (advice_free);
  FgFlashMode mode;

  if (g_list_model_get_n_items (items) == 0)
    return list;
  if (context->board != NULL && context->board->recommended_mode == FG_FLASH_MODE_DOUT) {
    mode = mode_in_force (items, context);
    if (mode < FG_FLASH_MODE_DOUT)
      add (list, FG_SEVERITY_WARNING, FG_ERROR_RANGE,
           _ ("The flash of this %s is known to work in mode DOUT only."), context->board->variant)
          ->remedy = FG_REMEDY_DOUT;
  }
  if (context->hints.sdk_major >= 3 && !context->erase_all)
    add (list, FG_SEVERITY_INFO, FG_ERROR_RANGE,
         _ ("If this board ran a NodeMCU of SDK 2 or older, erase it first: the new one keeps its "
            "settings elsewhere."))
        ->remedy = FG_REMEDY_ERASE;
  return list;
}

char *
fg_advice_dup_remedy_label (const FgAdvice *self)
{
  g_autofree char *address = NULL;

  switch (self->remedy) {
  case FG_REMEDY_MOVE:
    address = fg_words_address (self->offset);
    return g_strdup_printf (_ ("Move to %s"), address);
  case FG_REMEDY_ERASE:
    return g_strdup (_ ("Erase before flashing"));
  case FG_REMEDY_DOUT:
    return g_strdup (_ ("Use DOUT"));
  case FG_REMEDY_DETECT:
    return g_strdup (_ ("Detect chip"));
  case FG_REMEDY_NONE:
  default:
    return NULL;
  }
}
