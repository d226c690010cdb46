/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-board-card.h"

#include "fg-columns.h"
#include "fg-note.h"
#include "fg-security-words.h"
#include "fg-template.h"
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>

#define SMALL_MODULE_SIZE (512u * 1024) /* bytes: ESP-01 and ESP-07 modules */
#define LARGE_MODULE_SIZE (4u * 1024 * 1024)

struct _FgBoardCard {
  GtkWidget parent_instance;
  FgBoardInfo *info; /* (owned) (nullable) */
  FgPortPicker *picker;
  GtkWidget *facts;
  FgNote *advice;
  GtkLabel *chip, *chip_note;
  GtkLabel *flash, *flash_note;
  GtkLabel *mac, *mac_note;
  GtkLabel *crystal, *crystal_note;
};

G_DEFINE_FINAL_TYPE (FgBoardCard, fg_board_card, GTK_TYPE_WIDGET)

static void
show_chip (FgBoardCard *self, const FgBoardInfo *info)
{
  g_autoptr (GString) features = g_string_new (NULL);

  if (info->revision >= 0)
    g_string_append_printf (features, _ ("Revision %d.%d"), info->revision / 100,
                            info->revision % 100);
  for (guint i = 0; info->features != NULL && i < info->features->len; i++) {
    if (features->len > 0)
      g_string_append (features, ", ");
    g_string_append (features, g_ptr_array_index (info->features, i));
  }
  gtk_label_set_label (self->chip, info->variant != NULL ? info->variant : info->chip->name);
  gtk_label_set_label (self->chip_note, features->str);
}

static void
show_flash (FgBoardCard *self, const FgBoardInfo *info)
{
  g_autofree char *size = fg_words_size (info->flash_size);
  g_autofree char *note = NULL;

  if (info->flash_manufacturer != NULL && info->flash_name != NULL)
    note = g_strdup_printf ("%s %s", info->flash_manufacturer, info->flash_name);
  else if (info->flash_manufacturer != NULL)
    note = g_strdup_printf ("%s %04X", info->flash_manufacturer, info->flash_device_id);
  else
    note = g_strdup_printf (_ ("Id %02X %04X"), info->flash_manufacturer_id, info->flash_device_id);
  gtk_label_set_label (self->flash, info->flash_size != 0 ? size : _ ("Unknown"));
  gtk_label_set_label (self->flash_note, note);
}

static void
show_mac (FgBoardCard *self, const FgBoardInfo *info)
{
  g_autofree char *mac = info->has_mac ? fg_board_info_dup_mac (info) : NULL;
  g_autofree char *words = g_strdup_printf ("eFuse %08X %08X", info->efuse[0], info->efuse[1]);
  const char *vendor = info->has_mac        ? fg_board_info_mac_vendor (info)
                       : info->n_efuse != 0 ? words
                                            : _ ("The chip hides it");

  gtk_label_set_label (self->mac, mac != NULL ? mac : _ ("Unknown"));
  gtk_label_set_label (self->mac_note, vendor != NULL ? vendor : _ ("Unknown vendor"));
}

/* The ROM sets its divider for a 40 MHz crystal and 115200 baud (PROTOCOL-FACTS, boot text). */
static guint
boot_text_baud (const FgBoardInfo *info)
{
  return info->chip->id == FG_CHIP_ESP8266 && info->crystal_mhz == 26 ? 74880 : 115200;
}

static void
show_crystal (FgBoardCard *self, const FgBoardInfo *info)
{
  g_autofree char *value = g_strdup_printf (_ ("%u MHz"), info->crystal_mhz);
  g_autofree char *note = g_strdup_printf (_ ("Boot text at %u"), boot_text_baud (info));
  gboolean known = info->crystal_mhz != 0;

  gtk_label_set_label (self->crystal, known ? value : _ ("Unknown"));
  gtk_label_set_label (self->crystal_note, known ? note : _ ("Not measured"));
}

static char *
advice_text (const FgBoardInfo *info)
{
  g_autofree char *mode = g_ascii_strup (fg_flash_mode_name (info->recommended_mode), -1);
  g_autofree char *size = fg_words_size (info->flash_size);

  if (info->flash_size == 0)
    return g_strdup (
        _ ("The flash memory did not tell its size. Check the wiring of the module and "
           "its 3.3 V supply."));
  switch (info->recommended_mode) {
  case FG_FLASH_MODE_DOUT:
    return g_strdup (
        _ ("This chip has its flash inside and needs DOUT. “Automatic” sees to that."));
  case FG_FLASH_MODE_QIO:
    if (info->flash_size <= SMALL_MODULE_SIZE)
      return g_strdup_printf (
          _ ("%s is what ESP-01 and ESP-07 modules have: choose QIO if the file does not say so."),
          size);
    break;
  case FG_FLASH_MODE_DIO:
    if (info->chip->id == FG_CHIP_ESP8266 && info->flash_size >= LARGE_MODULE_SIZE)
      return g_strdup_printf (_ ("%s is what ESP-12 modules have: DIO suits them. “Automatic” "
                                 "keeps what the file says."),
                              size);
    break;
  case FG_FLASH_MODE_QOUT:
  case FG_FLASH_MODE_AUTO:
  case FG_FLASH_MODE_KEEP:
  default:
    break;
  }
  return g_strdup_printf (_ ("%s suits this board. “Automatic” keeps what the file says."), mode);
}

static void
show_advice_for (FgBoardCard *self, const FgBoardInfo *info)
{
  g_autofree char *advice = advice_text (info);
  g_autofree char *conflict = fg_board_info_dup_size_conflict (info);
  g_auto (GStrv) security = fg_security_words (&info->security);

  if (security[0] != NULL)
    fg_note_set (self->advice, FG_NOTE_WARNING, security[0]);
  else if (conflict != NULL)
    fg_note_set (self->advice, FG_NOTE_WARNING, conflict);
  else
    fg_note_set (self->advice, info->flash_size != 0 ? FG_NOTE_HINT : FG_NOTE_WARNING, advice);
}

static void
show_advice (FgBoardCard *self)
{
  FgPort *port = fg_port_picker_get_port (self->picker);
  const char *problem = port != NULL ? fg_port_get_problem (port) : NULL;

  if (self->info != NULL) {
    show_advice_for (self, self->info);
  } else if (problem != NULL) {
    fg_note_set (self->advice, FG_NOTE_WARNING, problem);
  } else {
    fg_note_set (self->advice, FG_NOTE_HINT,
                 _ ("“Detect chip” shows the chip, its flash size and its MAC address. Flashing "
                    "does it by itself."));
  }
}

static void
copy_facts_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FgBoardCard *self = FG_BOARD_CARD (widget);
  g_autofree char *text = self->info != NULL ? fg_board_info_to_text (self->info) : NULL;

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

FgPortPicker *
fg_board_card_get_picker (FgBoardCard *self)
{
  return self->picker;
}

void
fg_board_card_set_info (FgBoardCard *self, FgBoardInfo *info)
{
  if (info != NULL)
    fg_board_info_ref (info);
  g_clear_pointer (&self->info, fg_board_info_unref);
  self->info = info;

  gtk_widget_set_visible (self->facts, info != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "board.copy-facts", info != NULL);
  if (info != NULL) {
    show_chip (self, info);
    show_flash (self, info);
    show_mac (self, info);
    show_crystal (self, info);
  }
  show_advice (self);
}

static void
fg_board_card_dispose (GObject *object)
{
  FgBoardCard *self = FG_BOARD_CARD (object);

  fg_template_dispose (GTK_WIDGET (self), FG_TYPE_BOARD_CARD);
  g_clear_pointer (&self->info, fg_board_info_unref);
  G_OBJECT_CLASS (fg_board_card_parent_class)->dispose (object);
}

static void
fg_board_card_class_init (FgBoardCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_board_card_dispose;
  g_type_ensure (FG_TYPE_COLUMNS);
  g_type_ensure (FG_TYPE_NOTE);
  g_type_ensure (FG_TYPE_PORT_PICKER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-board-card.ui");
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, picker);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, facts);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, advice);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, chip);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, chip_note);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, flash);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, flash_note);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, mac);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, mac_note);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, crystal);
  gtk_widget_class_bind_template_child (widget_class, FgBoardCard, crystal_note);
  gtk_widget_class_install_action (widget_class, "board.copy-facts", NULL, copy_facts_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fg_board_card_init (FgBoardCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->picker, "changed", G_CALLBACK (show_advice), self,
                           G_CONNECT_SWAPPED);
  fg_board_card_set_info (self, NULL);
}
