/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-spec.h"

#include "fg-sim-spec-key.h"

#include <string.h>

#define FLASH_MIN (256u * 1024)
#define FLASH_MAX (128u * 1024 * 1024)
#define FLASH_MAX_ESP8266 (16u * 1024 * 1024)

/** fg_sim_key_refuse: Returns: %FALSE, always, with a message that says what is expected */
gboolean
fg_sim_key_refuse (const FgSimKey *key, const char *value, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "simulated board: %s=%s is not understood, expected %s=%s (%s)", key->name, value,
               key->name, key->value, key->help);
  return FALSE;
}

/** fg_sim_key_parse_number: digits only, no sign, nothing behind them */
gboolean
fg_sim_key_parse_number (const char *text, guint base, guint64 max, guint64 *number)
{
  return g_ascii_string_to_unsigned (text, base, 0, max, number, NULL);
}

/* Addresses and counts: decimal or 0x… */
static gboolean
parse_count (const char *text, guint64 max, guint64 *number)
{
  if (g_str_has_prefix (text, "0x") || g_str_has_prefix (text, "0X"))
    return fg_sim_key_parse_number (text + 2, 16, max, number);
  return fg_sim_key_parse_number (text, 10, max, number);
}

gboolean
fg_sim_key_parse_choice (const char *const *choices, const char *value, guint *index)
{
  for (guint i = 0; choices[i] != NULL; i++)
    if (strcmp (choices[i], value) == 0) {
      *index = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
parse_seconds (const char *value, gint64 *us)
{
  char *end;
  double seconds = g_ascii_strtod (value, &end);

  if (end == value || *end != '\0' || !(seconds >= 0 && seconds <= 3600))
    return FALSE;
  *us = (gint64) (seconds * G_USEC_PER_SEC);
  return TRUE;
}

static gboolean
parse_flash (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  g_autofree char *digits = g_strdup (value);
  gsize len = strlen (digits);
  guint64 unit = 1, number = 0;
  guint64 max = spec->variant != NULL ? FLASH_MAX_ESP8266 : FLASH_MAX;

  if (len > 0 && (digits[len - 1] == 'K' || digits[len - 1] == 'M')) {
    unit = digits[len - 1] == 'K' ? 1024 : 1024 * 1024;
    digits[len - 1] = '\0';
  }
  if (!parse_count (digits, max, &number))
    return fg_sim_key_refuse (key, value, error);
  number *= unit;
  if (number < FLASH_MIN || number > max || (number & (number - 1)) != 0)
    return fg_sim_key_refuse (key, value, error);
  spec->flash_size = (guint32) number;
  return TRUE;
}

static gboolean
parse_text (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  char **text = &G_STRUCT_MEMBER (char *, spec, key->arg);

  if (*value == '\0')
    return fg_sim_key_refuse (key, value, error);
  g_free (*text);
  *text = g_strdup (value);
  return TRUE;
}

static gboolean
parse_timing (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  guint index;

  if (!fg_sim_key_parse_choice ((const char *const[]){ "none", "datasheet", NULL }, value, &index))
    return fg_sim_key_refuse (key, value, error);
  spec->datasheet = index == 1;
  return TRUE;
}

/** fg_sim_key_parse_boolean: into the field that the key names */
gboolean
fg_sim_key_parse_boolean (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  guint index;

  if (!fg_sim_key_parse_choice ((const char *const[]){ "no", "yes", NULL }, value, &index))
    return fg_sim_key_refuse (key, value, error);
  G_STRUCT_MEMBER (gboolean, spec, key->arg) = index == 1;
  return TRUE;
}

static gboolean
parse_boot (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  guint index;

  if (!fg_sim_key_parse_choice ((const char *const[]){ "flash", "loader", "button", NULL }, value,
                                &index))
    return fg_sim_key_refuse (key, value, error);
  spec->boot = (FgSimBootKind) index;
  return TRUE;
}

/** fg_sim_key_parse_time: seconds, into the field of microseconds that the key names */
gboolean
fg_sim_key_parse_time (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  return parse_seconds (value, &G_STRUCT_MEMBER (gint64, spec, key->arg))
             ? TRUE
             : fg_sim_key_refuse (key, value, error);
}

static gboolean
parse_flash_id (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  guint64 id;

  if (!fg_sim_key_parse_number (value, 16, 0xffffff, &id))
    return fg_sim_key_refuse (key, value, error);
  spec->flash_id = (guint32) id;
  spec->has_flash_id = TRUE;
  return TRUE;
}

static gboolean
parse_protect (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  guint64 bits;

  if (!fg_sim_key_parse_number (value, 10, 7, &bits))
    return fg_sim_key_refuse (key, value, error);
  spec->protect = (guint8) bits;
  return TRUE;
}

static gboolean
parse_babble (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  spec->babble_us = 100000;
  return TRUE;
}

static gboolean
parse_mute (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  g_array_append_val (spec->faults, ((FgSimFault){ FG_SIM_FAULT_MUTE, 0 }));
  return TRUE;
}

static gboolean
parse_flag (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  G_STRUCT_MEMBER (gboolean, spec, key->arg) = TRUE;
  return TRUE;
}

static gboolean
parse_positive (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  guint64 number;

  if (!parse_count (value, G_MAXUINT32, &number) || number == 0)
    return fg_sim_key_refuse (key, value, error);
  G_STRUCT_MEMBER (guint32, spec, key->arg) = (guint32) number;
  return TRUE;
}

static gboolean
parse_fault (FgSimSpec *spec, const FgSimKey *key, const char *value, GError **error)
{
  FgSimFault fault = { .kind = (FgSimFaultKind) key->arg };
  gboolean from_zero = fault.kind == FG_SIM_FAULT_STUCK || fault.kind == FG_SIM_FAULT_BUSY
                       || fault.kind == FG_SIM_FAULT_MUTE || fault.kind == FG_SIM_FAULT_PROGRAM_DIES
                       || fault.kind == FG_SIM_FAULT_PROGRAM_DIES_ALWAYS;

  if (!parse_count (value, G_MAXUINT32, &fault.value) || (fault.value == 0 && !from_zero))
    return fg_sim_key_refuse (key, value, error);
  g_array_append_val (spec->faults, fault);
  return TRUE;
}

#define FIELD FG_SIM_SPEC_FIELD

static const FgSimKey keys[] = {
  { "flash", "SIZE", "a power of two from 256K to 16M, 128M if not esp8266 (what is usual)",
    parse_flash, 0 },
  { "image", "FILE", "keep the flash in this file; made when it is missing", parse_text,
    FIELD (image) },
  { "rom", "FILE", "esp8266: run this dump of its mask ROM, 64 KB, in place of the stand-in",
    parse_text, FIELD (rom) },
  { "timing", "datasheet|none", "whether bytes and flash operations take time (datasheet)",
    parse_timing, 0 },
  { "lines", "yes|no", "whether DTR and RTS can reset the board (yes)", fg_sim_key_parse_boolean,
    FIELD (lines) },
  { "boot", "flash|loader|button", "what runs after power-on (flash)", parse_boot, 0 },
  { "hold", "SECONDS", "boot=button: when a person holds BOOT, taps RESET (2)",
    fg_sim_key_parse_time, FIELD (hold_us) },
  { "en-delay", "SECONDS", "how long EN takes to rise (0.001)", fg_sim_key_parse_time,
    FIELD (en_delay_us) },
  { "flashid", "1640EF", "the word that command 9F reads, hexadecimal; FFFFFF: a dead flash",
    parse_flash_id, 0 },
  { "protect", "0..7", "block protection bits of the flash (0)", parse_protect, 0 },
  { "sfdp", "yes|no", "whether the flash describes itself (yes)", fg_sim_key_parse_boolean,
    FIELD (sfdp) },
  { "user-enable", "yes|no", "whether a raw write enable reaches the flash (yes)",
    fg_sim_key_parse_boolean, FIELD (user_enable) },
  { "name", "TITLE", "what the board is called", parse_text, FIELD (title) },
  { "babble", NULL, "the application prints all the time", parse_babble, 0 },
  { "mute", NULL, "the board never says anything", parse_mute, 0 },
  { "mute-after", "K", "it says nothing after it received K bytes", parse_fault,
    FG_SIM_FAULT_MUTE },
  { "corrupt-rx", "K", "the K-th byte to the board arrives wrong", parse_fault,
    FG_SIM_FAULT_CORRUPT_RX },
  { "corrupt-tx", "K", "the K-th byte from the board arrives wrong", parse_fault,
    FG_SIM_FAULT_CORRUPT_TX },
  { "drop-rx", "K", "the K-th byte to the board is lost", parse_fault, FG_SIM_FAULT_DROP_RX },
  { "drop-tx", "K", "the K-th byte from the board is lost", parse_fault, FG_SIM_FAULT_DROP_TX },
  { "unplug", "K", "disconnected at the K-th byte to the board", parse_fault,
    FG_SIM_FAULT_UNPLUG_RX },
  { "unplug-tx", "K", "disconnected at the K-th byte from the board", parse_fault,
    FG_SIM_FAULT_UNPLUG_TX },
  { "stuck", "ADDRESS", "this byte of the flash cannot be programmed", parse_fault,
    FG_SIM_FAULT_STUCK },
  { "stays-busy", "ADDRESS", "erasing the sector of this byte never ends", parse_fault,
    FG_SIM_FAULT_BUSY },
  { "protect-sticks", NULL, "the block protection bits cannot be changed", parse_flag,
    FIELD (protect_sticks) },
  { "max-baud", "N", "above this rate the line garbles every byte", parse_positive,
    FIELD (max_baud) },
  { "stub-dies", "K", "the first program in RAM stops after K bytes to it, until a reset",
    parse_fault, FG_SIM_FAULT_PROGRAM_DIES },
  { "stub-dies-always", "K", "every program in RAM stops after K bytes to it", parse_fault,
    FG_SIM_FAULT_PROGRAM_DIES_ALWAYS },
  { "stub-corrupt-rx", "K", "the K-th byte to the first program in RAM arrives wrong", parse_fault,
    FG_SIM_FAULT_PROGRAM_CORRUPT_RX },
  { "stub-corrupt-tx", "K", "the K-th byte from the first program in RAM arrives wrong",
    parse_fault, FG_SIM_FAULT_PROGRAM_CORRUPT_TX },
  { "stub-noise", "N", "one byte in N to and from a program in RAM arrives wrong", parse_positive,
    FIELD (noise) },
  { "stub-misreads", NULL, "a program in RAM reads wrong bytes from the flash", parse_flag,
    FIELD (misreads) },
};

/* All keys, those of the chip last. Returns NULL behind the end. */
static const FgSimKey *
get_key (gsize index)
{
  if (index < G_N_ELEMENTS (keys))
    return &keys[index];
  index -= G_N_ELEMENTS (keys);
  return index < fg_sim_n_chip_keys ? &fg_sim_chip_keys[index] : NULL;
}

static char *
key_list (void)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (gsize i = 0; get_key (i) != NULL; i++)
    g_string_append_printf (list, "%s%s", i == 0 ? "" : ", ", get_key (i)->name);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static const FgSimKey *
find_key (const char *name, gboolean has_value, GError **error)
{
  g_autofree char *list = NULL;
  const FgSimKey *key;

  for (gsize i = 0; (key = get_key (i)) != NULL; i++) {
    if (strcmp (key->name, name) != 0)
      continue;
    if (has_value == (key->value != NULL))
      return key;
    if (has_value)
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "simulated board: %s takes no value", name);
    else
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "simulated board: %s needs a value, write %s=%s", name, name, key->value);
    return NULL;
  }
  list = key_list ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "simulated board: there is no key “%s”; the keys are %s", name, list);
  return NULL;
}

static gboolean
parse_item (FgSimSpec *spec, const char *item, GError **error)
{
  g_auto (GStrv) pair = g_strsplit (item, "=", 2);
  const FgSimKey *key =
      find_key (pair[0] != NULL ? pair[0] : "", strchr (item, '=') != NULL, error);

  return key != NULL && key->parse (spec, key, key->value != NULL ? pair[1] : "", error);
}

/**
 * fg_sim_spec_parse:
 * @text: such as "esp8266,flash=4M,timing=none"
 *
 * Returns: (transfer full): %NULL with %G_IO_ERROR_INVALID_ARGUMENT and a message that names the
 *   offending part and lists what may stand there
 */
FgSimSpec *
fg_sim_spec_parse (const char *text, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  g_autoptr (FgSimSpec) spec = g_new0 (FgSimSpec, 1);

  spec->faults = g_array_new (FALSE, FALSE, sizeof (FgSimFault));
  spec->datasheet = spec->lines = spec->sfdp = spec->user_enable = TRUE;
  spec->hold_us = 2 * G_USEC_PER_SEC;
  spec->en_delay_us = 1000;
  if (!fg_sim_spec_choose_chip (spec, items[0] != NULL ? items[0] : "", error))
    return NULL;
  for (guint i = 1; items[0] != NULL && items[i] != NULL; i++)
    if (!parse_item (spec, items[i], error))
      return NULL;
  if (!fg_sim_spec_finish_chip (spec, error))
    return NULL;
  return g_steal_pointer (&spec);
}

void
fg_sim_spec_free (FgSimSpec *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->image);
  g_free (self->rom);
  g_array_unref (self->faults);
  g_free (self);
}

/** fg_sim_spec_help: Returns: (transfer full): one line for each key */
char *
fg_sim_spec_help (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; get_key (i) != NULL; i++) {
    const FgSimKey *key = get_key (i);
    g_autofree char *usage = g_strdup_printf ("%s%s%s", key->name, key->value != NULL ? "=" : "",
                                              key->value != NULL ? key->value : "");

    g_string_append_printf (text, "  %-26s %s\n", usage, key->help);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
