/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-boot-text.h"

#include "fg-error.h"

#include <stdlib.h>
#include <string.h>

#define QUOTE_MAX 60
#define READABLE_SHARE 0.85

/* Boot mode numbers of the ESP8266's ROM: esptool docs, boot-mode-selection and boot log. */
#define ESP8266_MODE_LOADER 1

/* The last readable piece, for quoting. */
static char *
last_words (const char *text, gsize len)
{
  GString *words = g_string_new (NULL);

  for (gsize i = len > QUOTE_MAX * 2 ? len - QUOTE_MAX * 2 : 0; i < len; i++)
    if (text[i] >= ' ' && text[i] < 0x7f)
      g_string_append_c (words, text[i]);
    else if (words->len > 0 && words->str[words->len - 1] != ' ')
      g_string_append_c (words, ' ');
  if (words->len > QUOTE_MAX)
    g_string_erase (words, 0, (gssize) words->len - QUOTE_MAX);
  return g_strstrip (g_string_free (words, FALSE));
}

static double
readable_share (const char *text, gsize len)
{
  gsize n = 0;

  for (gsize i = 0; i < len; i++)
    n +=
        (text[i] >= ' ' && text[i] < 0x7f) || text[i] == '\r' || text[i] == '\n' || text[i] == '\t';
  return (double) n / (double) len;
}

/* Later ROMs: "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)", and in the loader "waiting
 * for download" (esptool loader.py, _connect_attempt). FALSE: there is no such line. */
static gboolean
explain_later (const char *text, gsize len, GError **error)
{
  const char *mode = memmem (text, len, "boot:0x", 7);
  gboolean loader = memmem (text, len, "waiting for download", 20) != NULL;
  guint number = 0;

  if (mode == NULL)
    return FALSE;
  for (mode += 7; mode < text + len && g_ascii_isxdigit (*mode) && number < 0x1000; mode++)
    number = number * 16 + (guint) g_ascii_xdigit_value (*mode);
  g_set_error (error, FG_ERROR, FG_ERROR_NOT_IN_LOADER,
               loader ? "the board entered its loader (boot mode 0x%x) but does not hear us: the "
                        "wire to its RX pin is dead"
                      : "the board started its program (boot mode 0x%x) and not its loader",
               number);
  return TRUE;
}

/**
 * fg_boot_text_explain:
 * @text: what was received; any bytes
 * @error: (out): %FG_ERROR_NOT_IN_LOADER with what it means, or %FG_ERROR_NO_ANSWER when @len is 0
 *
 * Returns: %FALSE, so that a caller can return it
 */
gboolean
fg_boot_text_explain (const char *text, gsize len, GError **error)
{
  const char *mode = memmem (text, len, "boot mode:(", 11);
  g_autofree char *words = NULL;

  if (len == 0) {
    g_set_error (error, FG_ERROR, FG_ERROR_NO_ANSWER, "the board does not answer");
    return FALSE;
  }
  if (mode != NULL && (gsize) (mode - text) + 12 < len) {
    int number = atoi ((char[2]){ mode[11], '\0' });

    g_set_error (
        error, FG_ERROR, FG_ERROR_NOT_IN_LOADER,
        number == ESP8266_MODE_LOADER
            ? "the board entered its loader (boot mode %d) but does not hear us: the wire to "
              "its RX pin is dead"
            : "the board started its program (boot mode %d) and not its loader",
        number);
    return FALSE;
  }
  if (explain_later (text, len, error))
    return FALSE;
  words = last_words (text, len);
  if (readable_share (text, len) >= READABLE_SHARE)
    g_set_error (error, FG_ERROR, FG_ERROR_NOT_IN_LOADER,
                 "the board is running a program and not its loader; it says “%s”", words);
  else
    g_set_error (error, FG_ERROR, FG_ERROR_NOT_IN_LOADER,
                 "the board sends unreadable bytes and not a loader's answer: a program at another "
                 "baud rate, or a loose wire");
  return FALSE;
}
