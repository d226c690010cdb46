/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-hold-boot-page.h"

#include "fg-board-drawing.h"
#include "fg-clamp.h"
#include "fg-template.h"
#include "fg-two-lines.h"

#include "config.h"

struct _FgHoldBootPage {
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (FgHoldBootPage, fg_hold_boot_page, GTK_TYPE_WIDGET)

static void
fg_hold_boot_page_dispose (GObject *object)
{
  fg_template_dispose (GTK_WIDGET (object), FG_TYPE_HOLD_BOOT_PAGE);
  G_OBJECT_CLASS (fg_hold_boot_page_parent_class)->dispose (object);
}

static void
fg_hold_boot_page_class_init (FgHoldBootPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fg_hold_boot_page_dispose;
  g_type_ensure (FG_TYPE_BOARD_DRAWING);
  g_type_ensure (FG_TYPE_CLAMP);
  g_type_ensure (FG_TYPE_TWO_LINES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               FG_RESOURCE_PATH "/ui/fg-hold-boot-page.ui");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
fg_hold_boot_page_init (FgHoldBootPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
