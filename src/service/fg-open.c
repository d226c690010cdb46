/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-open.h"

#include "fg-error.h"
#include "fg-port-scan.h"
#include "fg-rfc2217.h"
#include "fg-serial.h"
#include "fg-sim-transport.h"
#include "fg-socket-transport.h"
#include "fg-tty.h"

#include <stdlib.h>

#define FORMS "auto, /dev/ttyUSB0, rfc2217://HOST:PORT, socket://HOST:PORT or sim:esp8266"

/* (transfer full) What the links of @path lead to, or @path. */
static char *
resolve (const char *path)
{
  char *real = realpath (path, NULL);
  char *result = g_strdup (real != NULL ? real : path);

  free (real);
  return result;
}

/* A bare name is in /dev. Links, such as those in /dev/serial/by-id, are for people: libserialport
 * only knows the devices themselves. */
static FgTransport *
open_device (const char *name, GError **error)
{
  g_autofree char *path =
      g_canonicalize_filename (name, strchr (name, '/') == NULL ? "/dev" : NULL);
  g_autofree char *device = NULL;

  if (fg_serial_knows (path))
    return fg_serial_open (path, error);
  device = resolve (path);
  return fg_serial_knows (device) ? fg_serial_open (device, error) : fg_tty_open (device, error);
}

/* A name with a scheme that is none of ours; a path may hold a colon too, but after a slash. */
static gboolean
has_unknown_scheme (const char *port)
{
  return strchr (port, ':') != NULL && port[0] != '/' && port[0] != '.';
}

char **
fg_open_candidates (const char *port, GError **error)
{
  if (g_strcmp0 (port, "auto") == 0)
    return fg_port_scan_likely (error);
  return g_strdupv ((char *[]){ (char *) port, NULL });
}

/**
 * fg_open:
 * @port: see DESIGN section 3; of several boards "auto" opens the first, fg_open_candidates() tells
 *   all
 *
 * Returns: (transfer full): the open transport, at 115200 baud where it has a rate; %NULL with
 *   %FG_ERROR_PORT_MISSING, %FG_ERROR_PORT_BUSY, %FG_ERROR_PORT_FORBIDDEN, %FG_ERROR_PORT_FAILED,
 *   %FG_ERROR_USAGE, %FG_ERROR_UNSUPPORTED or %G_IO_ERROR_CANCELLED set
 */
FgTransport *
fg_open (const char *port, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (port == NULL || port[0] == '\0') {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, "No port is given; a port is " FORMS);
    return NULL;
  }
  if (g_strcmp0 (port, "auto") == 0) {
    g_auto (GStrv) paths = fg_port_scan_likely (error);

    return paths != NULL ? open_device (paths[0], error) : NULL;
  }
  if (g_str_has_prefix (port, "sim:"))
    return fg_sim_transport_open (port + strlen ("sim:"), port, error);
  if (g_str_has_prefix (port, "socket://"))
    return fg_socket_transport_open (port, cancellable, error);
  if (g_str_has_prefix (port, "rfc2217://"))
    return fg_rfc2217_open (port, cancellable, error);
  if (has_unknown_scheme (port)) {
    g_set_error (error, FG_ERROR, FG_ERROR_USAGE, "“%s” is not a port; a port is " FORMS, port);
    return NULL;
  }
  return open_device (port, error);
}
