/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Getting a board into its loader and finding out what it is. */

#include "fg-job.h"
#include "fg-loader.h"
#include "fg-meter.h"
#include "fg-spi-flash.h"

G_BEGIN_DECLS

gboolean
fg_connect (FgLoader *loader, const FgJob *job, guint attempts, FgMeter *meter, GError **error);
FgBoardInfo *fg_identify (FgLoader *loader, GError **error);
gboolean fg_identify_flash (FgSpiFlash *spi, FgBoardInfo *info, GError **error);

G_END_DECLS
