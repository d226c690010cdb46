/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The names of ports on other machines, taken apart: socket://HOST:PORT, and with pyserial's
 * options rfc2217://HOST:PORT[?OPTION[&OPTION…]]. HOST may be an IPv6 address in brackets.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *place;              /* (owned) "HOST:PORT" */
  gboolean rfc2217;         /* else a raw socket */
  gboolean ignores_control; /* ?ign_set_control: the server does not confirm DTR and RTS */
  guint timeout_ms;         /* ?timeout=SECONDS: for each answer of the server */
} FgNetAddress;

/* Whether @port is meant to be on another machine; it may still be malformed. */
gboolean fg_net_address_is_meant (const char *port);
/* FG_ERROR_USAGE when malformed; @self may be cleared then, too. */
gboolean fg_net_address_parse (FgNetAddress *self, const char *port, GError **error);
void fg_net_address_clear (FgNetAddress *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FgNetAddress, fg_net_address_clear)

G_END_DECLS
