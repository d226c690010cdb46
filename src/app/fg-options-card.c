/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-options-card.h"

#include "fg-columns.h"
#include "fg-template.h"
#include "fg-two-lines.h"

#include "config.h"

#include <glib/gi18n.h>

/* In the order of the drop-down in fg-options-card.ui. */
static const struct {
  FgFlashMode mode;
  const char *key; /* in the settings */
} modes[] = {
  { FG_FLASH_MODE_AUTO, "auto" }, { FG_FLASH_MODE_KEEP, "keep" }, { FG_FLASH_MODE_QIO, "qio" },
  { FG_FLASH_MODE_QOUT, "qout" }, { FG_FLASH_MODE_DIO, "dio" },   { FG_FLASH_MODE_DOUT, "dout" },
};

static const guint bauds[] = {
  115200, 230400, 460800, 921600, 1500000, 2000000
}; /* bit/s; the same order */

struct _FgOptionsCard {
  GtkWidget parent_instance;
  FgTwoLines *mode_lines;
  GtkDropDown *mode;
  GtkDropDown *baud;
  GtkCheckButton *erase;
  GtkCheckButton *only_changed;
};

G_DEFINE_FINAL_TYPE (FgOptionsCard, fg_options_card, GTK_TYPE_WIDGET)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_changed (FgOptionsCard *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
mode_from_settings (GValue *value, GVariant *variant, gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++) {
    if (g_str_equal (modes[i].key, g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);
  }
  return TRUE;
}

static GVariant *
mode_to_settings (const GValue *value, const GVariantType *type, gpointer data)
{
  guint selected = g_value_get_uint (value);

  return selected < G_N_ELEMENTS (modes) ? g_variant_new_string (modes[selected].key) : NULL;
}

/* A rate that is not in the list, set by hand, shows as the next lower one. */
static gboolean
baud_from_settings (GValue *value, GVariant *variant, gpointer data)
{
  guint selected = 0;

  for (guint i = 0; i < G_N_ELEMENTS (bauds); i++) {
    if (bauds[i] <= g_variant_get_uint32 (variant))
      selected = i;
  }
  g_value_set_uint (value, selected);
  return TRUE;
}

static GVariant *
baud_to_settings (const GValue *value, const GVariantType *type, gpointer data)
{
  guint selected = g_value_get_uint (value);

  return selected < G_N_ELEMENTS (bauds) ? g_variant_new_uint32 (bauds[selected]) : NULL;
}

void
fg_options_card_bind (FgOptionsCard *self, GSettings *settings)
{
  g_settings_bind_with_mapping (settings, "flash-mode", self->mode, "selected",
                                G_SETTINGS_BIND_DEFAULT, mode_from_settings, mode_to_settings, NULL,
                                NULL);
  g_settings_bind_with_mapping (settings, "baud-rate", self->baud, "selected",
                                G_SETTINGS_BIND_DEFAULT, baud_from_settings, baud_to_settings, NULL,
                                NULL);
  g_settings_bind (settings, "write-only-changed", self->only_changed, "active",
                   G_SETTINGS_BIND_DEFAULT);
}

FgFlashMode
fg_options_card_get_mode (FgOptionsCard *self)
{
  guint selected = gtk_drop_down_get_selected (self->mode);

  return selected < G_N_ELEMENTS (modes) ? modes[selected].mode : FG_FLASH_MODE_AUTO;
}

void
fg_options_card_set_mode (FgOptionsCard *self, FgFlashMode mode)
{
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++) {
    if (modes[i].mode == mode)
      gtk_drop_down_set_selected (self->mode, i);
  }
}

guint
fg_options_card_get_baud (FgOptionsCard *self)
{
  guint selected = gtk_drop_down_get_selected (self->baud);

  return selected < G_N_ELEMENTS (bauds) ? bauds[selected] : bauds[0];
}

gboolean
fg_options_card_get_erase (FgOptionsCard *self)
{
  return gtk_check_button_get_active (self->erase);
}

void
fg_options_card_set_erase (FgOptionsCard *self, gboolean erase)
{
  gtk_check_button_set_active (self->erase, erase);
}

gboolean
fg_options_card_get_only_changed (FgOptionsCard *self)
{
  return gtk_check_button_get_active (self->only_changed);
}

void
fg_options_card_set_mode_words (FgOptionsCard *self, const char *words)
{
  const char *standard = fg_options_card_get_mode (self) == FG_FLASH_MODE_KEEP
                             ? _ ("What the file says")
                             : _ ("What the board needs");

  fg_two_lines_set (self->mode_lines, _ ("Flash mode"), words != NULL ? words : standard);
}

static void
fg_options_card_dispose (GObject *object)
{
  fg_template_dispose (GTK_WIDGET (object), FG_TYPE_OPTIONS_CARD);
  G_OBJECT_CLASS (fg_options_card_parent_class)->dispose (object);
}

static void
fg_options_card_class_init (FgOptionsCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_options_card_dispose;
  g_type_ensure (FG_TYPE_COLUMNS);
  g_type_ensure (FG_TYPE_TWO_LINES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-options-card.ui");
  gtk_widget_class_bind_template_child (widget_class, FgOptionsCard, mode_lines);
  gtk_widget_class_bind_template_child (widget_class, FgOptionsCard, mode);
  gtk_widget_class_bind_template_child (widget_class, FgOptionsCard, baud);
  gtk_widget_class_bind_template_child (widget_class, FgOptionsCard, erase);
  gtk_widget_class_bind_template_child (widget_class, FgOptionsCard, only_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  signals[CHANGED] = g_signal_new ("changed", FG_TYPE_OPTIONS_CARD, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
fg_options_card_init (FgOptionsCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
