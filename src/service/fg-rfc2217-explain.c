/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-rfc2217-explain.h"

#include "fg-error.h"

#define TEXT_MAX 80

gboolean
fg_rfc2217_is_echo (const FgComLink *link)
{
  FgTelnet telnet;
  gboolean same;

  fg_telnet_init (&telnet, NULL, NULL);
  fg_telnet_ask (&telnet);
  same = link->head->len >= telnet.out->len
         && memcmp (link->head->data, telnet.out->data, telnet.out->len) == 0;
  fg_telnet_clear (&telnet);
  return same;
}

/* (transfer full) (nullable) The last line of text that came: after a banner a server such as
 * ser2net says why it hangs up. NULL when there is none, or it is not text. */
static char *
last_line (const FgComLink *link)
{
  const GByteArray *data = link->telnet.data;
  g_autofree char *text = g_strndup (data->len > 0 ? (const char *) data->data : "", data->len);
  g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);
  const char *found = NULL;

  for (char **line = lines; *line != NULL; line++)
    if (g_strstrip (*line)[0] != '\0')
      found = *line;
  if (found == NULL || !g_str_is_ascii (found))
    return NULL;
  for (const char *c = found; *c != '\0'; c++)
    if (!g_ascii_isprint (*c))
      return NULL;
  return g_strndup (found, TEXT_MAX);
}

static void
explain_hang_up (const char *name, const char *line, GError **error)
{
  if (line == NULL) {
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_FAILED,
                 "%s closed the connection at once and did not say why: another program may be "
                 "using its serial port, or it is no RFC 2217 server",
                 name);
    return;
  }
  /* "Port already in use" is ser2net's. */
  g_set_error (error, FG_ERROR,
               strstr (line, "in use") != NULL ? FG_ERROR_PORT_BUSY : FG_ERROR_PORT_FAILED,
               "%s closed the connection and said: “%s”", name, line);
}

/* (transfer full) What the other side did instead of agreeing to RFC 2217. */
static char *
describe (const FgComLink *link, const char *line)
{
  const FgTelnet *telnet = &link->telnet;

  if (fg_rfc2217_is_echo (link))
    return g_strdup ("it sends back what it gets");
  if (telnet->ours[FG_TELNET_COM_PORT] == FG_TELNET_REFUSED)
    return g_strdup ("it refuses to share the settings of its serial port (COM-PORT-OPTION)");
  if (telnet->ours[FG_TELNET_COM_PORT] == FG_TELNET_ON)
    return g_strdup ("it does not agree to send and receive all bytes (binary transmission)");
  if (line != NULL)
    return g_strdup_printf ("it said “%s”", line);
  if (link->head->len > 0)
    return g_strdup ("what it sends is not Telnet");
  return g_strdup_printf ("it said nothing within %g s", link->timeout_ms / 1000.0);
}

void
fg_rfc2217_explain (const FgComLink *link, const GError *cause, GError **error)
{
  const char *name = link->base.name;
  g_autofree char *line = last_line (link);
  g_autofree char *what = NULL;

  if (g_error_matches (cause, FG_ERROR, FG_ERROR_DISCONNECTED)) {
    explain_hang_up (name, line, error);
    return;
  }
  if (g_error_matches (cause, FG_ERROR, FG_ERROR_TIMEOUT)) {
    g_set_error_literal (error, FG_ERROR, FG_ERROR_PORT_FAILED, cause->message);
    return;
  }
  if (cause != NULL) {
    g_propagate_error (error, g_error_copy (cause));
    return;
  }
  what = describe (link, line);
  g_set_error (error, FG_ERROR, FG_ERROR_PORT_FAILED,
               "%s is no RFC 2217 server: %s. A server that only passes bytes on is "
               "socket://HOST:PORT",
               name, what);
}
