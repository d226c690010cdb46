/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* NodeMCU builds name themselves in their start-up banner; this finds it in a file. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *version; /* (owned) (nullable) "2.2.1": of the SDK, or of NodeMCU itself: "3.0.0.0" */
  char *built;   /* (owned) (nullable) "2019-07-16 14:01", "20150318" */
  char *branch;  /* (owned) (nullable) */
  char *commit;  /* (owned) (nullable) in hexadecimal */
  char *release; /* (owned) (nullable) "3.0.0-release_20211229 +1" */
  char *ssl;     /* (owned) (nullable) "true" or "false" */
  char *numbers; /* (owned) (nullable) "float" or "integer" */
  char *lfs;     /* (owned) (nullable) "0x40000 bytes total capacity", "disabled" */
  char *lua;     /* (owned) (nullable) "5.1.4" */
  char *sdk;     /* (owned) (nullable) "2.2.1(6ab97e9)" */
  char *modules; /* (owned) (nullable) "adc,file,gpio" */
  guint n_modules;
} FgNodemcuInfo;

FgNodemcuInfo *fg_nodemcu_find (const guint8 *data, gsize len);
void fg_nodemcu_info_free (FgNodemcuInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgNodemcuInfo, fg_nodemcu_info_free)

G_END_DECLS
