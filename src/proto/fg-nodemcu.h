/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* NodeMCU builds name themselves in their start-up banner; this finds it in a file. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *version; /* (owned) (nullable) "2.2.1": of the SDK, or of NodeMCU 0.9.x itself */
  char *built;   /* (owned) (nullable) "2019-07-16 14:01", "20150318" */
  char *branch;  /* (owned) (nullable) */
  char *modules; /* (owned) (nullable) "adc,file,gpio" */
  guint n_modules;
} FgNodemcuInfo;

FgNodemcuInfo *fg_nodemcu_find (const guint8 *data, gsize len);
void fg_nodemcu_info_free (FgNodemcuInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgNodemcuInfo, fg_nodemcu_info_free)

G_END_DECLS
