/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Telnet as a client of RFC 2217 needs it: takes the stream apart into the serial port's bytes and
 * the server's COM-PORT-OPTION commands, and negotiates options. Bytes in, bytes out; no I/O.
 * Telnet: RFC 854 and 855; binary: RFC 856; suppress go ahead: RFC 858.
 */

#include <glib.h>

G_BEGIN_DECLS

#define FG_TELNET_BINARY 0
#define FG_TELNET_SGA 3
#define FG_TELNET_COM_PORT 44 /* RFC 2217 */

typedef enum {
  FG_TELNET_OFF,
  FG_TELNET_ASKED,
  FG_TELNET_ON,
  FG_TELNET_REFUSED, /* we asked, and the other side will not */
} FgTelnetState;

/* A command of COM-PORT-OPTION; @code is above 99 when a server sent it. */
typedef void (*FgTelnetCommandFunc) (guint8 code,
                                     const guint8 *value,
                                     gsize len,
                                     gpointer user_data);

typedef struct {
  GByteArray *data; /* (owned) what the port sent; whoever reads it takes it out */
  GByteArray *out;  /* (owned) what is to be sent to the other side; likewise */
  FgTelnetCommandFunc on_command;
  gpointer user_data;
  guint8 ours[256], theirs[256]; /* FgTelnetState by option: what we do, what the other side does */
  guint phase;
  guint8 verb;
  GByteArray *sub; /* (owned) the subnegotiation under way */
} FgTelnet;

void fg_telnet_init (FgTelnet *self, FgTelnetCommandFunc on_command, gpointer user_data);
void fg_telnet_clear (FgTelnet *self);

/* Puts our requests into `out`. */
void fg_telnet_ask (FgTelnet *self);
void fg_telnet_receive (FgTelnet *self, const guint8 *bytes, gsize len);

/* Append to @out. */
void fg_telnet_put_data (GByteArray *out, const guint8 *bytes, gsize len);
void fg_telnet_put_command (GByteArray *out, guint8 code, const guint8 *value, gsize len);

G_END_DECLS
