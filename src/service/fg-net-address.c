/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-net-address.h"

#include "fg-error.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define SOCKET_SCHEME "socket://"
#define RFC2217_SCHEME "rfc2217://"
/* pyserial's own; its documentation, url_handlers.rst, lists the options. */
#define DEFAULT_TIMEOUT_S 3.0
#define TIMEOUT_MAX_S 60.0

gboolean
fg_net_address_is_meant (const char *port)
{
  return g_str_has_prefix (port, SOCKET_SCHEME) || g_str_has_prefix (port, RFC2217_SCHEME);
}

/* What pyserial wants to know about its logs and about inputs that nobody reads here is passed
 * over, so that an address made for esptool works as it is. */
static gboolean
parse_option (FgNetAddress *self, const char *option, const char *port, GError **error)
{
  if (strcmp (option, "ign_set_control") == 0) {
    self->ignores_control = TRUE;
    return TRUE;
  }
  if (g_str_has_prefix (option, "timeout=")) {
    const char *text = option + strlen ("timeout=");
    char *end;
    double seconds = g_ascii_strtod (text, &end);

    if (end != text && *end == '\0' && seconds > 0 && seconds <= TIMEOUT_MAX_S) {
      self->timeout_ms = (guint) ceil (seconds * 1000);
      return TRUE;
    }
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, "%s: “%s” is not a time of up to %.0f seconds",
                 port, text, TIMEOUT_MAX_S);
    return FALSE;
  }
  if (strcmp (option, "poll_modem") == 0 || g_str_has_prefix (option, "logging="))
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_USAGE,
               "%s: “%s” is not an option; there are ign_set_control and timeout=SECONDS", port,
               option);
  return FALSE;
}

static gboolean
parse_options (FgNetAddress *self, const char *text, const char *port, GError **error)
{
  g_auto (GStrv) options = g_strsplit (text, "&", -1);

  for (char **option = options; *option != NULL; option++)
    if (!parse_option (self, *option, port, error))
      return FALSE;
  return TRUE;
}

/* Both the host and the number must be there. */
static gboolean
is_place (const char *place)
{
  g_autoptr (GSocketConnectable) parsed = NULL;

  if (place[0] == '\0' || place[0] == ':' || strpbrk (place, "/@?# ") != NULL)
    return FALSE;
  parsed = g_network_address_parse (place, 0, NULL);
  return parsed != NULL && g_network_address_get_port (G_NETWORK_ADDRESS (parsed)) != 0;
}

gboolean
fg_net_address_parse (FgNetAddress *self, const char *port, GError **error)
{
  gboolean rfc2217 = g_str_has_prefix (port, RFC2217_SCHEME);
  const char *scheme = rfc2217 ? RFC2217_SCHEME : SOCKET_SCHEME;
  const char *rest = g_str_has_prefix (port, scheme) ? port + strlen (scheme) : "";
  const char *options = rfc2217 ? strchr (rest, '?') : NULL;
  g_autofree char *place =
      options != NULL ? g_strndup (rest, (gsize) (options - rest)) : g_strdup (rest);

  *self = (FgNetAddress){ .rfc2217 = rfc2217 };
  self->timeout_ms = (guint) (DEFAULT_TIMEOUT_S * 1000);
  if (!is_place (place)) {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE,
                 "“%s” is not of the form %sHOST:PORT with a port number from 1 to 65535", port,
                 scheme);
    return FALSE;
  }
  if (options != NULL && !parse_options (self, options + 1, port, error))
    return FALSE;
  self->place = g_steal_pointer (&place);
  return TRUE;
}

void
fg_net_address_clear (FgNetAddress *self)
{
  g_clear_pointer (&self->place, g_free);
}
