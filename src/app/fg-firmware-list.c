/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-list.h"

#include "fg-firmware-row.h"
#include "fg-note.h"
#include "fg-remedy.h"
#include "fg-template.h"

#include "config.h"

#include <glib/gi18n.h>

struct _FgFirmwareList {
  GtkWidget parent_instance;
  GListStore *items; /* (owned) (element-type FgFirmwareItem) */
  GCancellable *cancellable;
  guint loading;
  GPtrArray *plan_notes; /* (owned) (element-type GtkWidget) (unowned elements) */
  GPtrArray *file_notes; /* the same, about files that could not be read */
  GtkWidget *hint;
  GtkWidget *add;
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

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  GtkWidget *row = fg_firmware_row_new (item);

  g_signal_connect_object (row, "remove", G_CALLBACK (on_remove), data, 0);
  return row;
}

static int
compare_offsets (gconstpointer a, gconstpointer b, gpointer data)
{
  guint32 x = fg_firmware_item_get_offset ((FgFirmwareItem *) a);
  guint32 y = fg_firmware_item_get_offset ((FgFirmwareItem *) b);

  return x < y ? -1 : x > y;
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

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FgFirmwareList) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FgFirmwareItem) item = fg_firmware_item_load_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->loading--;
  if (item != NULL) {
    remove_file (self, fg_firmware_item_get_file (item));
    g_signal_connect_object (item, "notify", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
    g_list_store_insert_sorted (self->items, item, compare_offsets, NULL);
  } else {
    add_file_note (self, error);
    emit_changed (self);
  }
}

void
fg_firmware_list_add (FgFirmwareList *self, GFile *file)
{
  if (self->loading == 0)
    clear_notes (self, self->file_notes);
  self->loading++;
  fg_firmware_item_load_async (file, self->cancellable, on_loaded, g_object_ref (self));
  emit_changed (self);
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

void
fg_firmware_list_show_plan (FgFirmwareList *self, const FgPlan *plan, const GError *error)
{
  clear_notes (self, self->plan_notes);
  if (error != NULL) {
    g_autofree char *text = explain (error);

    add_note (self, self->plan_notes, FG_NOTE_ERROR, text);
  }
  for (guint i = 0; plan != NULL && i < plan->warnings->len; i++)
    add_note (self, self->plan_notes, FG_NOTE_WARNING, g_ptr_array_index (plan->warnings, i));
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
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++) {
    g_autoptr (FgFirmwareItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

    g_signal_handlers_disconnect_by_data (item, self);
  }
  fg_template_dispose (GTK_WIDGET (self), FG_TYPE_FIRMWARE_LIST);
  G_OBJECT_CLASS (fg_firmware_list_parent_class)->dispose (object);
}

static void
fg_firmware_list_finalize (GObject *object)
{
  FgFirmwareList *self = FG_FIRMWARE_LIST (object);

  g_clear_object (&self->items);
  g_clear_object (&self->cancellable);
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
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, dropzone);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, card);
  gtk_widget_class_bind_template_child (widget_class, FgFirmwareList, list);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  signals[CHANGED] = g_signal_new ("changed", FG_TYPE_FIRMWARE_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
fg_firmware_list_init (FgFirmwareList *self)
{
  self->items = g_list_store_new (FG_TYPE_FIRMWARE_ITEM);
  self->cancellable = g_cancellable_new ();
  self->plan_notes = g_ptr_array_new ();
  self->file_notes = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->items), create_row, self, NULL);
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (emit_changed), self,
                           G_CONNECT_SWAPPED);
  update (self);
}
