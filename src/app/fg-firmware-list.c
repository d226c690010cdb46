/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-list.h"

#include "fg-advice-note.h"
#include "fg-firmware-load.h"
#include "fg-firmware-row.h"
#include "fg-note.h"
#include "fg-recent.h"
#include "fg-remedy.h"
#include "fg-template.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgFirmwareList {
  GtkWidget parent_instance;
  GListStore *items; /* (owned) (element-type FgFirmwareItem) */
  GCancellable *cancellable;
  guint loading;
  FgBundleBoard board;   /* what is known about it; lists may have builds for several chips */
  GPtrArray *waiting;    /* (owned) (element-type GFile) lists that need to know the chip */
  GPtrArray *plan_notes; /* (owned) (element-type GtkWidget) (unowned elements) */
  GPtrArray *file_notes; /* the same, about files that could not be read */
  char *plan_key;        /* (owned) (nullable) of what `plan_notes` show */
  GtkWidget *hint;
  GtkWidget *add;
  GtkMenuButton *recent;
  GtkWidget *dropzone;
  GtkWidget *card;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (FgFirmwareList, fg_firmware_list, GTK_TYPE_WIDGET)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
update (FgFirmwareList *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->items)) == 0;

  gtk_widget_set_visible (self->dropzone, empty);
  gtk_widget_set_visible (self->hint, !empty);
  gtk_widget_set_visible (self->add, !empty);
  gtk_widget_set_visible (GTK_WIDGET (self->list), !empty);
  gtk_widget_set_visible (self->card,
                          !empty || self->plan_notes->len > 0 || self->file_notes->len > 0);
}

static void
emit_changed (FgFirmwareList *self)
{
  update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clear_notes (FgFirmwareList *self, GPtrArray *notes)
{
  for (guint i = 0; i < notes->len; i++)
    gtk_box_remove (GTK_BOX (self->card), g_ptr_array_index (notes, i));
  g_ptr_array_set_size (notes, 0);
}

static GtkWidget *
add_note (FgFirmwareList *self, GPtrArray *notes, FgNoteKind kind, const char *text)
{
  GtkWidget *note = fg_note_new (kind, text);

  gtk_box_append (GTK_BOX (self->card), note);
  g_ptr_array_add (notes, note);
  return note;
}

/* "What was found. What to do." */
static char *
explain (const GError *error)
{
  g_autofree char *remedy = fg_error_remedy (error, NULL);
  const char *end = g_str_has_suffix (error->message, ".") ? "" : ".";

  return g_strdup_printf ("%s%s %s", error->message, end, remedy);
}

static void
on_dismiss (GtkButton *button, FgFirmwareList *self)
{
  GtkWidget *note = gtk_widget_get_ancestor (GTK_WIDGET (button), FG_TYPE_NOTE);

  g_ptr_array_remove (self->file_notes, note);
  gtk_box_remove (GTK_BOX (self->card), note);
  update (self);
}

static void
add_file_note (FgFirmwareList *self, const GError *error)
{
  g_autofree char *text = explain (error);
  GtkWidget *note = add_note (self, self->file_notes, FG_NOTE_ERROR, text);
  GtkWidget *dismiss = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_widget_add_css_class (dismiss, "flat");
  gtk_widget_set_tooltip_text (dismiss, _ ("Dismiss"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (dismiss), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Dismiss"), -1);
  g_signal_connect_object (dismiss, "clicked", G_CALLBACK (on_dismiss), self, 0);
  fg_note_append (FG_NOTE (note), dismiss);
}

static void
on_remove (FgFirmwareRow *row, FgFirmwareList *self)
{
  guint position;

  if (g_list_store_find (self->items, fg_firmware_row_get_item (row), &position))
    g_list_store_remove (self->items, position);
}

static void
on_placed (FgFirmwareList *self)
{
  gtk_list_box_invalidate_sort (self->list);
}

static int
compare_rows (GtkListBoxRow *a, GtkListBoxRow *b, gpointer data)
{
  guint32 x = fg_firmware_item_get_offset (fg_firmware_row_get_item (FG_FIRMWARE_ROW (a)));
  guint32 y = fg_firmware_item_get_offset (fg_firmware_row_get_item (FG_FIRMWARE_ROW (b)));

  return x < y ? -1 : x > y;
}

static FgFirmwareRow *
row_at (FgFirmwareList *self, guint index)
{
  return FG_FIRMWARE_ROW (gtk_list_box_get_row_at_index (self->list, (int) index));
}

/* A row stays the same widget while its place in the list changes: it may hold the cursor. */
static void
on_items_changed (FgFirmwareList *self, guint position, guint removed, guint added)
{
  guint unused;

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->items)) - added + removed;
       i-- > 0 && removed > 0;) {
    FgFirmwareRow *row = row_at (self, i);

    if (!g_list_store_find (self->items, fg_firmware_row_get_item (row), &unused))
      gtk_list_box_remove (self->list, GTK_WIDGET (row));
  }
  for (guint i = 0; i < added; i++) {
    g_autoptr (FgFirmwareItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->items), position + i);
    GtkWidget *row = fg_firmware_row_new (item);

    g_signal_connect_object (row, "remove", G_CALLBACK (on_remove), self, 0);
    g_signal_connect_object (row, "placed", G_CALLBACK (on_placed), self, G_CONNECT_SWAPPED);
    gtk_list_box_append (self->list, row);
  }
  emit_changed (self);
}

static void
remove_file (FgFirmwareList *self, GFile *file)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->items)); i-- > 0;) {
    g_autoptr (FgFirmwareItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

    if (g_file_equal (fg_firmware_item_get_file (item), file))
      g_list_store_remove (self->items, i);
  }
}

/* Its pieces are known as soon as the chip is. */
static void
wait_for_chip (FgFirmwareList *self, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  FgAdvice advice = {
    .severity = FG_SEVERITY_INFO,
    .message = g_strdup_printf (_ ("%s has firmware for several chips. Which one this board has "
                                   "is not known yet."),
                                name),
    .remedy = FG_REMEDY_DETECT,
  };
  GtkWidget *note = fg_advice_note_new (&advice, name);

  g_ptr_array_add (self->waiting, g_object_ref (file));
  gtk_box_append (GTK_BOX (self->card), note);
  g_ptr_array_add (self->file_notes, note);
  g_free (advice.message);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FgFirmwareList) self = data;
  g_autoptr (GError) error = NULL;
  gboolean needs_chip = FALSE;
  GFile *file = fg_firmware_load_result_file (result);
  g_autoptr (GPtrArray) items = fg_firmware_load_finish (result, &needs_chip, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->loading--;
  if (items == NULL) {
    add_file_note (self, error);
    emit_changed (self);
    return;
  }
  fg_recent_add (file);
  remove_file (self, file);
  if (needs_chip)
    wait_for_chip (self, file);
  for (guint i = 0; i < items->len; i++)
    g_signal_connect_object (g_ptr_array_index (items, i), "notify", G_CALLBACK (emit_changed),
                             self, G_CONNECT_SWAPPED);
  g_list_store_splice (self->items, g_list_model_get_n_items (G_LIST_MODEL (self->items)), 0,
                       items->pdata, items->len);
  if (items->len == 0)
    emit_changed (self);
}

static void
load (FgFirmwareList *self, GFile *file)
{
  self->loading++;
  fg_firmware_load_async (file, &self->board, self->cancellable, on_loaded, g_object_ref (self));
}

void
fg_firmware_list_add (FgFirmwareList *self, GFile *file)
{
  if (self->loading == 0)
    clear_notes (self, self->file_notes);
  load (self, file);
  emit_changed (self);
}

void
fg_firmware_list_set_board (FgFirmwareList *self, const FgBoardInfo *board)
{
  g_autoptr (GPtrArray) waiting = NULL;

  self->board = (FgBundleBoard){ .chip = board != NULL ? board->chip : NULL,
                                 .flash_size = board != NULL ? board->flash_size : 0 };
  if (board == NULL || self->waiting->len == 0)
    return;
  waiting = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  clear_notes (self, self->file_notes);
  for (guint i = 0; i < waiting->len; i++)
    load (self, g_ptr_array_index (waiting, i));
}

static FgFirmwareItem *
item_at (FgFirmwareList *self, guint index) /* (transfer none) */
{
  g_autoptr (FgFirmwareItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), index);

  return item;
}

static gboolean
is_start_taken (FgFirmwareList *self, guint index)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++) {
    FgFirmwareItem *other = item_at (self, i);

    if (i != index && fg_firmware_item_get_offset (other) == 0
        && fg_firmware_item_get_place (other) == FG_ITEM_PLACED)
      return TRUE;
  }
  return FALSE;
}

FgPlaceHints
fg_firmware_list_place (FgFirmwareList *self)
{
  FgPlaceHints hints = { .flash_size = self->board.flash_size };
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; i < n_items; i++)
    fg_place_hints_learn (&hints, fg_firmware_item_get_content (item_at (self, i)));
  g_signal_handlers_block_matched (self, G_SIGNAL_MATCH_ID, signals[CHANGED], 0, NULL, NULL, NULL);
  for (guint i = 0; i < n_items; i++)
    fg_firmware_item_place (item_at (self, i), &hints, is_start_taken (self, i));
  g_signal_handlers_unblock_matched (self, G_SIGNAL_MATCH_ID, signals[CHANGED], 0, NULL, NULL,
                                     NULL);
  return hints;
}

/* "app.bin: It overlaps…": the first error becomes that of the form. */
static void
take_error (GError **error, const char *name, const GPtrArray *advice)
{
  const FgAdvice *worst = advice->len > 0 ? g_ptr_array_index (advice, 0) : NULL;

  if (*error != NULL || worst == NULL || worst->severity != FG_SEVERITY_ERROR)
    return;
  *error = g_error_new (FG_ERROR, worst->code, "%s: %s", name, worst->message);
}

GError *
fg_firmware_list_advise (FgFirmwareList *self, const FgAdviceContext *context)
{
  GError *error = NULL;
  GListModel *items = G_LIST_MODEL (self->items);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++) {
    g_autoptr (GPtrArray) advice = fg_advice_about_item (items, i, context);
    FgFirmwareItem *item = item_at (self, i);

    take_error (&error, fg_firmware_item_get_name (item), advice);
    for (guint k = 0; k < g_list_model_get_n_items (items); k++) {
      FgFirmwareRow *row = row_at (self, k);

      if (fg_firmware_row_get_item (row) == item)
        fg_firmware_row_show_advice (row, advice);
    }
  }
  return error;
}

gboolean
fg_firmware_list_is_loading (FgFirmwareList *self)
{
  return self->loading > 0;
}

GListModel *
fg_firmware_list_get_items (FgFirmwareList *self)
{
  return G_LIST_MODEL (self->items);
}

/* What a row says already is not said again: "app.bin: The file is damaged". */
static gboolean
is_said (FgFirmwareList *self, const char *warning)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++) {
    const FgContent *content = fg_firmware_item_get_content (item_at (self, i));

    for (guint k = 0; k < content->findings->len; k++) {
      const FgFinding *finding = g_ptr_array_index (content->findings, k);

      if (g_str_has_suffix (warning, finding->message))
        return TRUE;
    }
  }
  return FALSE;
}

void
fg_firmware_list_show_plan (FgFirmwareList *self,
                            const FgPlan *plan,
                            const GError *error,
                            const GPtrArray *advice)
{
  g_autofree char *text = error != NULL ? explain (error) : NULL;
  g_autofree char *advice_key = fg_advice_note_dup_key (advice);
  g_autoptr (GString) key = g_string_new (advice_key);
  guint n_warnings = plan != NULL ? plan->warnings->len : 0;

  g_string_append (key, text != NULL ? text : "");
  for (guint i = 0; i < n_warnings; i++)
    g_string_append (key, g_ptr_array_index (plan->warnings, i));
  if (g_strcmp0 (key->str, self->plan_key) != 0) {
    g_free (self->plan_key);
    self->plan_key = g_strdup (key->str);
    clear_notes (self, self->plan_notes);
    if (text != NULL)
      add_note (self, self->plan_notes, FG_NOTE_ERROR, text);
    for (guint i = 0; i < n_warnings; i++) {
      if (!is_said (self, g_ptr_array_index (plan->warnings, i)))
        add_note (self, self->plan_notes, FG_NOTE_WARNING, g_ptr_array_index (plan->warnings, i));
    }
    for (guint i = 0; i < advice->len; i++) {
      GtkWidget *note = fg_advice_note_new (g_ptr_array_index (advice, i), NULL);

      gtk_box_append (GTK_BOX (self->card), note);
      g_ptr_array_add (self->plan_notes, note);
    }
  }
  gtk_list_box_invalidate_sort (self->list);
  update (self);
}

void
fg_firmware_list_set_drop_over (FgFirmwareList *self, gboolean over)
{
  GtkWidget *const targets[] = { self->dropzone, self->card };

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++) {
    if (over)
      gtk_widget_add_css_class (targets[i], "over");
    else
      gtk_widget_remove_css_class (targets[i], "over");
  }
}

static void
fg_firmware_list_dispose (GObject *object)
{
  FgFirmwareList *self = FG_FIRMWARE_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->items, self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++)
    g_signal_handlers_disconnect_by_data (item_at (self, i), self);
  fg_template_dispose (GTK_WIDGET (self), FG_TYPE_FIRMWARE_LIST);
  G_OBJECT_CLASS (fg_firmware_list_parent_class)->dispose (object);
}

static void
fg_firmware_list_finalize (GObject *object)
{
  FgFirmwareList *self = FG_FIRMWARE_LIST (object);

  g_clear_object (&self->items);
  g_clear_object (&self->cancellable);
  g_free (self->plan_key);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->plan_notes, g_ptr_array_unref);
  g_clear_pointer (&self->file_notes, g_ptr_array_unref);
  G_OBJECT_CLASS (fg_firmware_list_parent_class)->finalize (object);
}

static void
fg_firmware_list_class_init (FgFirmwareListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fg_firmware_list_dispose;
  object_class->finalize = fg_firmware_list_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-firmware-list.ui");
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, hint);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, add);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, recent);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, dropzone);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, card);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, list);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  signals[CHANGED] = g_signal_new ("changed", FG_TYPE_FIRMWARE_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
create_recent (GtkMenuButton *button, gpointer data)
{
  g_autoptr (GMenuModel) menu = fg_recent_build_menu ();

  gtk_menu_button_set_menu_model (button, menu);
}

static void
fg_firmware_list_init (FgFirmwareList *self)
{
  self->items = g_list_store_new (FG_TYPE_FIRMWARE_ITEM);
  self->cancellable = g_cancellable_new ();
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->plan_notes = g_ptr_array_new ();
  self->file_notes = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_sort_func (self->list, compare_rows, NULL, NULL);
  gtk_menu_button_set_create_popup_func (self->recent, create_recent, NULL, NULL);
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  update (self);
}
