/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-port.h"

#include <errno.h>

void
fg_sim_port_free (FgSimPort *self)
{
  if (self != NULL)
    self->ops->free (self);
}

/** fg_sim_port_fail: for implementations: says what failed, from errno. Returns: %FALSE */
gboolean
fg_sim_port_fail (GError **error, const char *what, const char *which)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "cannot %s %s: %s", what, which,
               g_strerror (saved));
  return FALSE;
}
