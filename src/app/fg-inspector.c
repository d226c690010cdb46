/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-inspector.h"

#include "fg-accessible.h"
#include "fg-note.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

#define USUAL_WIDTH 560 /* pixels */
#define USUAL_HEIGHT 560
#define LABEL_CHARS 12
#define VALUE_CHARS 40

struct _FgInspector {
  GtkDialog parent_instance;
  GString *text; /* (owned) all of it, for the clipboard */
  GtkLabel *title;
  GtkLabel *summary;
  GtkBox *notes;
  GtkListBox *facts;
  GtkSizeGroup *labels;
};

G_DEFINE_FINAL_TYPE (FgInspector, fg_inspector, GTK_TYPE_DIALOG)

static GtkWidget *
label_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_valign (label, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

/* Lists, sums and addresses align; sentences and names read better in the usual font. */
static gboolean
is_mono (const char *label, const char *value)
{
  static const char *const tables[] = { "Segments", "Partitions", "Parts" };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++) {
    if (g_str_equal (label, tables[i]))
      return TRUE;
  }
  return g_str_has_suffix (label, "SHA-256") || g_str_has_prefix (value, "0x");
}

/* One fact; what belongs to it is in lines. */
static void
add_row (FgInspector *self, const char *label, const char *value)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *left = label_new (label, "dim");
  GtkWidget *right = label_new (value, is_mono (label, value) ? "mono" : "num");
  g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), label, value);

  gtk_label_set_width_chars (GTK_LABEL (left), LABEL_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (left), LABEL_CHARS);
  gtk_label_set_max_width_chars (GTK_LABEL (right), VALUE_CHARS);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_add_css_class (box, "row");
  gtk_widget_add_css_class (box, "slim");
  gtk_box_append (GTK_BOX (box), left);
  gtk_box_append (GTK_BOX (box), right);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_size_group_add_widget (self->labels, left);
  gtk_list_box_append (self->facts, row);
  g_string_append_printf (self->text, "%s: %s\n", label, value);
}

/* "adc,file,gpio" can be broken only behind a space. */
static char *
with_breaks (const char *label, const char *value)
{
  g_auto (GStrv) parts = NULL;

  if (!g_str_equal (label, "Modules"))
    return g_strdup (value);
  parts = g_strsplit (value, ",", -1);
  return g_strjoinv (", ", parts);
}

/* A fact without a label goes on where the one before it ended. */
static void
add_facts (FgInspector *self, const GPtrArray *facts)
{
  for (guint i = 0; i < facts->len;) {
    const FgFact *first = g_ptr_array_index (facts, i++);
    g_autofree char *broken = with_breaks (first->label, first->value);
    g_autoptr (GString) value = g_string_new (broken);

    for (const FgFact *next;
         i < facts->len && *(next = g_ptr_array_index (facts, i))->label == '\0'; i++)
      g_string_append_printf (value, "\n%s", next->value);
    add_row (self, first->label, value->str);
  }
}

static void
add_findings (FgInspector *self, const GPtrArray *findings)
{
  static const FgNoteKind kinds[] = {
    [FG_SEVERITY_INFO] = FG_NOTE_HINT,
    [FG_SEVERITY_WARNING] = FG_NOTE_WARNING,
    [FG_SEVERITY_ERROR] = FG_NOTE_ERROR,
  };

  for (guint i = 0; i < findings->len; i++) {
    const FgFinding *finding = g_ptr_array_index (findings, i);
    g_autofree char *text = g_strdup_printf ("%s.", finding->message);
    GtkWidget *note = fg_note_new (kinds[finding->severity], text);

    gtk_box_append (self->notes, note);
    g_string_append_printf (self->text, "%s\n", text);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->notes), findings->len > 0);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), FG_INSPECTOR (widget)->text->str);
}

/* "Copy" stays open. */
static void
on_response (FgInspector *self, int response)
{
  if (response != GTK_RESPONSE_NONE)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
fg_inspector_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FG_TYPE_INSPECTOR);
  G_OBJECT_CLASS (fg_inspector_parent_class)->dispose (object);
}

static void
fg_inspector_finalize (GObject *object)
{
  FgInspector *self = FG_INSPECTOR (object);

  g_string_free (self->text, TRUE);
  g_object_unref (self->labels);
  G_OBJECT_CLASS (fg_inspector_parent_class)->finalize (object);
}

static void
fg_inspector_class_init (FgInspectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = fg_inspector_dispose;
  object_class->finalize = fg_inspector_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, FgInspector, title);
  gtk_widget_class_bind_template_child (widget_class, FgInspector, summary);
  gtk_widget_class_bind_template_child (widget_class, FgInspector, notes);
  gtk_widget_class_bind_template_child (widget_class, FgInspector, facts);
  gtk_widget_class_install_action (widget_class, "inspector.copy", NULL, copy_action);
}

static void
fg_inspector_init (FgInspector *self)
{
  self->text = g_string_new (NULL);
  self->labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  gtk_widget_init_template (GTK_WIDGET (self));
  fg_accessible_name_once (GTK_WIDGET (self));
  g_signal_connect (self, "response", G_CALLBACK (on_response), NULL);
}

FgInspector *
fg_inspector_new (GtkWindow *parent, FgFirmwareItem *item)
{
  FgInspector *self = g_object_new (FG_TYPE_INSPECTOR, "transient-for", parent, "modal", TRUE,
                                    "use-header-bar", TRUE, NULL);
  const FgContent *content = fg_firmware_item_get_content (item);
  const char *source = fg_firmware_item_get_source (item);
  g_autofree char *address = fg_words_address (fg_firmware_item_get_offset (item));

  gtk_window_set_default_size (GTK_WINDOW (self),
                               MIN (USUAL_WIDTH, gtk_widget_get_width (GTK_WIDGET (parent))),
                               USUAL_HEIGHT);
  gtk_window_set_title (GTK_WINDOW (self), fg_firmware_item_get_name (item));
  gtk_label_set_label (self->title, content->title);
  gtk_label_set_label (self->summary, content->summary != NULL ? content->summary : "");
  gtk_widget_set_visible (GTK_WIDGET (self->summary), content->summary != NULL);
  g_string_append_printf (self->text, "%s\n", fg_firmware_item_get_name (item));
  g_string_append_printf (self->text, "%s\n", content->title);
  add_findings (self, content->findings);
  if (source != NULL)
    add_row (self, _ ("From"), source);
  if (fg_firmware_item_get_place (item) == FG_ITEM_PLACED)
    add_row (self, _ ("Goes to"), address);
  add_facts (self, content->facts);
  gtk_widget_grab_focus (gtk_widget_get_first_child (GTK_WIDGET (self->facts)));
  return self;
}
