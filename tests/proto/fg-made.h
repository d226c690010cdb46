/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Small files of every kind, made by the formats' own rules and not by the code under test.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *name;
  GBytes *(*make) (void);
} FgMade;

/* Returns: (transfer none): the table, ended by a NULL name */
const FgMade *fg_made_files (void);
/* Returns: (transfer full): the file of this name */
GBytes *fg_made (const char *name);

G_END_DECLS
