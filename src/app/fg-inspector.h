/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A dialog with everything that is known about one piece of firmware. Escape closes it. */

#include "fg-firmware-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FG_TYPE_INSPECTOR (fg_inspector_get_type ())
G_DECLARE_FINAL_TYPE (FgInspector, fg_inspector, FG, INSPECTOR, GtkDialog)

FgInspector *fg_inspector_new (GtkWindow *parent, FgFirmwareItem *item);

G_END_DECLS
