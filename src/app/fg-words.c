/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#define KB 1024u
#define MB (1024u * 1024u)

char *
fg_words_size (guint64 bytes)
{
  double megabytes = (double) bytes / MB;

  if (bytes < KB)
    return g_strdup_printf (_ ("%u B"), (guint) bytes);
  if (bytes < MB)
    return g_strdup_printf (_ ("%u KB"), (guint) ((bytes + KB / 2) / KB));
  if (fabs (megabytes - round (megabytes)) < 0.05)
    return g_strdup_printf (_ ("%.0f MB"), megabytes);
  return g_strdup_printf (_ ("%.1f MB"), megabytes);
}

char *
fg_words_address (guint32 address)
{
  return g_strdup_printf ("0x%05X", address);
}

char *
fg_words_duration (double seconds)
{
  if (seconds < 59.95)
    return g_strdup_printf (_ ("%.1f s"), seconds);
  return g_strdup_printf (_ ("%u:%02u min"), (guint) (seconds + 0.5) / 60,
                          (guint) (seconds + 0.5) % 60);
}

char *
fg_words_time_left (double seconds)
{
  guint whole = (guint) ceil (seconds);

  if (whole < 60)
    return g_strdup_printf (_ ("%u s left"), whole);
  return g_strdup_printf (_ ("%u:%02u min left"), whole / 60, whole % 60);
}

const char *
fg_words_phase (FgPhase phase)
{
  static const char *const names[FG_N_PHASES] = {
    [FG_PHASE_NONE] = "",
    [FG_PHASE_CONNECT] = N_ ("Connect"),
    [FG_PHASE_PREPARE] = N_ ("Prepare"),
    [FG_PHASE_COMPARE] = N_ ("Compare"),
    [FG_PHASE_ERASE] = N_ ("Erase"),
    [FG_PHASE_WRITE] = N_ ("Write"),
    [FG_PHASE_READ] = N_ ("Read"),
    [FG_PHASE_VERIFY] = N_ ("Verify"),
    [FG_PHASE_RESTART] = N_ ("Restart"),
    [FG_PHASE_BOOT] = N_ ("Boot check"),
  };

  return phase > FG_PHASE_NONE && phase < FG_N_PHASES ? _ (names[phase]) : "";
}

char *
fg_words_content (const FgContent *content)
{
  if (content->summary == NULL || *content->summary == '\0')
    return g_strdup (content->title);
  return g_strdup_printf ("%s · %s", content->title, content->summary);
}

char *
fg_words_flash_header (const FgChip *chip, guint8 mode, guint8 size_freq, gboolean with_size)
{
  guint freq_mhz = fg_flash_freq_from_nibble (chip, size_freq & 0x0f);
  guint32 size = fg_flash_size_from_nibble (chip, size_freq >> 4);
  g_autofree char *size_words = fg_words_size (size);
  g_autofree char *mode_name = NULL;

  if (mode > FG_FLASH_MODE_DOUT || freq_mhz == 0 || size == 0)
    return NULL;
  mode_name = g_ascii_strup (fg_flash_mode_name (mode), -1);
  if (!with_size)
    return g_strdup_printf (_ ("%s, %u MHz"), mode_name, freq_mhz);
  return g_strdup_printf (_ ("%s, %u MHz, %s"), mode_name, freq_mhz, size_words);
}

char *
fg_words_files (const GPtrArray *firmware)
{
  if (firmware->len == 1) {
    const FgFirmware *only = g_ptr_array_index (firmware, 0);

    return g_strdup (only->name);
  }
  return g_strdup_printf (ngettext ("%u file", "%u files", firmware->len), firmware->len);
}

char *
fg_words_port (FgPort *port)
{
  switch (fg_port_get_kind (port)) {
  case FG_PORT_SIMULATED:
    return g_strdup (_ ("simulated board"));
  case FG_PORT_NETWORK:
    return g_strdup (fg_port_get_path (port));
  case FG_PORT_SERIAL:
  default:
    return g_strdup (fg_port_get_subtitle (port));
  }
}

const char *
fg_words_loader (const char *id)
{
  if (g_strcmp0 (id, "stub") == 0)
    return _ ("Fulgurite’s stub");
  if (g_strcmp0 (id, "file") == 0)
    return _ ("Stub from a file");
  return _ ("Chip’s own loader");
}
