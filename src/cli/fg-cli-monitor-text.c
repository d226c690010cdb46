/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-cli-monitor-text.h"

#include "fg-boot-line.h"

#include <stdio.h>

#define LINE_MAX_LEN 4096 /* bytes; a longer line is told in pieces */

void
fg_cli_monitor_text_init (FgCliMonitorText *self,
                          FgCliOutput *output,
                          gboolean timestamps,
                          gboolean raw)
{
  *self = (FgCliMonitorText){ .output = output, .timestamps = timestamps, .raw = raw };
  self->pending = g_byte_array_new ();
  self->line = g_string_new (NULL);
}

void
fg_cli_monitor_text_clear (FgCliMonitorText *self)
{
  g_byte_array_unref (self->pending);
  g_string_free (self->line, TRUE);
}

static char *
clock_text (gint64 time_us)
{
  g_autoptr (GDateTime) seconds = g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (seconds, "%H:%M:%S");

  return g_strdup_printf ("%s.%03d", text, (int) (time_us % G_USEC_PER_SEC / 1000));
}

/* What a banner says is plain enough. */
static gboolean
is_worth_explaining (const FgBootLine *line)
{
  return line->message != NULL && line->kind != FG_BOOT_LINE_BANNER;
}

static void
explain (const FgBootLine *line)
{
  printf ("  ↳ %s", line->message);
  if (line->remedy != NULL)
    printf (". %s", line->remedy);
  putchar ('\n');
}

static void
print_json (FgCliMonitorText *self, const FgBootLine *line)
{
  JsonBuilder *builder = fg_cli_json_begin ("line");

  fg_cli_json_seconds (builder, "time", (double) self->line_us / G_USEC_PER_SEC);
  fg_cli_json_string (builder, "text", self->line->str);
  json_builder_set_member_name (builder, "boot");
  if (!is_worth_explaining (line)) {
    json_builder_add_null_value (builder);
  } else {
    json_builder_begin_object (builder);
    fg_cli_json_string (builder, "code", line->code);
    fg_cli_json_string (builder, "severity", fg_severity_name (line->severity));
    fg_cli_json_string (builder, "message", line->message);
    fg_cli_json_string (builder, "remedy", line->remedy);
    json_builder_end_object (builder);
  }
  fg_cli_json_end (builder);
}

static void
end_line (FgCliMonitorText *self)
{
  g_auto (FgBootLine) line = { 0 };

  fg_boot_line_parse (&line, self->line->str);
  if (self->output->json) {
    if (self->in_line)
      print_json (self, &line);
  } else {
    putchar ('\n');
    if (is_worth_explaining (&line))
      explain (&line);
  }
  self->lines++;
  self->in_line = FALSE;
  g_string_truncate (self->line, 0);
}

static void
begin_line (FgCliMonitorText *self, gint64 time_us)
{
  self->in_line = TRUE;
  self->line_us = time_us;
  if (self->timestamps && !self->output->json) {
    g_autofree char *text = clock_text (time_us);

    printf ("%s  ", text);
  }
}

static void
take_piece (FgCliMonitorText *self, const char *piece, gsize len, gint64 time_us)
{
  if (!self->in_line)
    begin_line (self, time_us);
  g_string_append_len (self->line, piece, (gssize) len);
  if (!self->output->json)
    fwrite (piece, 1, len, stdout);
  if (self->line->len >= LINE_MAX_LEN && self->output->json)
    end_line (self);
  else if (self->line->len >= LINE_MAX_LEN)
    g_string_truncate (self->line, 0); /* no boot message is that long */
}

static void
take_escaped (FgCliMonitorText *self, guint8 byte, gint64 time_us)
{
  char text[8];
  int len = g_snprintf (text, sizeof text, "\\x%02x", byte);

  take_piece (self, text, (gsize) len, time_us);
}

/* One whole character. A lone CR goes back to the begin of the line, as on a terminal. */
static void
take_character (FgCliMonitorText *self, const guint8 *at, gsize len, gint64 time_us)
{
  gboolean after_cr = self->after_cr;

  self->after_cr = *at == '\r';
  if (*at == '\n') {
    if (!self->in_line)
      begin_line (self, time_us);
    end_line (self);
    return;
  }
  if (*at == '\r' || *at == '\0')
    return;
  if (after_cr && !self->output->json)
    putchar ('\r');
  if ((*at < ' ' && *at != '\t' && *at != '\a' && *at != '\b' && *at != 0x1b) || *at == 0x7f)
    take_escaped (self, *at, time_us);
  else
    take_piece (self, (const char *) at, len, time_us);
}

/* Returns how many bytes of the next character there are; 0: not all of it yet. */
static gsize
next_character (const guint8 *at, gsize left, gboolean *valid)
{
  gunichar c;

  *valid = TRUE;
  if (*at < 0x80)
    return 1;
  c = g_utf8_get_char_validated ((const char *) at, (gssize) left);
  if (c == (gunichar) -2 && left < 4 && memchr (at, 0, left) == NULL)
    return 0;
  *valid = c != (gunichar) -1 && c != (gunichar) -2 && c >= 0xa0; /* those below are controls */
  return *valid ? (gsize) (g_utf8_next_char ((const char *) at) - (const char *) at) : 1;
}

static void
take_text (FgCliMonitorText *self, gint64 time_us)
{
  gsize at = 0;

  while (at < self->pending->len) {
    gboolean valid;
    gsize n = next_character (self->pending->data + at, self->pending->len - at, &valid);

    if (n == 0)
      break;
    if (valid)
      take_character (self, self->pending->data + at, n, time_us);
    else
      take_escaped (self, self->pending->data[at], time_us);
    at += n;
  }
  g_byte_array_remove_range (self->pending, 0, (guint) at);
}

void
fg_cli_monitor_text_take (FgCliMonitorText *self, GBytes *bytes, gint64 time_us)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  self->bytes += len;
  if (self->raw) {
    fwrite (data, 1, len, stdout);
  } else {
    g_byte_array_append (self->pending, data, (guint) len);
    take_text (self, time_us);
  }
  fflush (stdout);
}

void
fg_cli_monitor_text_break (FgCliMonitorText *self)
{
  if (self->raw || !self->in_line)
    return;
  end_line (self);
  fflush (stdout);
}
