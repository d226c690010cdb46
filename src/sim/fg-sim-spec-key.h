/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The keys of a specification, as data, and what their parsers have in common. */

#include "fg-sim-spec.h"

G_BEGIN_DECLS

typedef struct _FgSimKey FgSimKey;
struct _FgSimKey {
  const char *name;
  const char *value; /* what to write after the "="; NULL: the key stands alone */
  const char *help;
  gboolean (*parse) (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error);
  int arg; /* for keys that share a parser */
};

/* What kind of chip it is: in fg-sim-spec-chip. */
extern const FgSimKey fg_sim_chip_keys[];
extern const gsize fg_sim_n_chip_keys;

gboolean fg_sim_key_refuse (const FgSimKey *key, const char *value, GError **error);
gboolean fg_sim_key_parse_number (const char *text, guint base, guint64 max, guint64 *number);
gboolean fg_sim_key_parse_choice (const char *const *choices, const char *value, guint *index);
gboolean
fg_sim_key_parse_boolean (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error);

gboolean
fg_sim_key_parse_time (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error);

gboolean fg_sim_spec_choose_chip (FgSimSpec *spec, const char *name, GError **error);
gboolean fg_sim_spec_finish_chip (FgSimSpec *spec, GError **error);

#define FG_SIM_SPEC_FIELD(name) ((int) G_STRUCT_OFFSET (FgSimSpec, name))

G_END_DECLS
