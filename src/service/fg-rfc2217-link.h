/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The connection to an RFC 2217 server: bytes of the serial port, and commands with the server's
 * confirmations. Every wait has a deadline and ends when the cancellable of the opening is
 * cancelled. One worker owns it.
 */

#include "fg-rfc2217-telnet.h"
#include "fg-transport.h"

G_BEGIN_DECLS

/* Commands of a client; the server confirms each with 100 more (RFC 2217, section 3). */
enum {
  FG_COM_SIGNATURE = 0,
  FG_COM_BAUD = 1,
  FG_COM_DATA_SIZE = 2,
  FG_COM_PARITY = 3,
  FG_COM_STOP_SIZE = 4,
  FG_COM_CONTROL = 5,
  FG_COM_LINE_STATE = 6,
  FG_COM_MODEM_STATE = 7,
  FG_COM_SUSPEND = 8,
  FG_COM_RESUME = 9,
  FG_COM_LINE_STATE_MASK = 10,
  FG_COM_MODEM_STATE_MASK = 11,
  FG_COM_PURGE = 12,
};
#define FG_COM_SERVER 100

/* One confirmation that is waited for: of @code, with a value from @low to @high. */
typedef struct {
  guint8 code;
  guint32 low, high;
  gboolean came;
  guint32 value;
} FgComAnswer;

#define FG_COM_ANSWERS_MAX 4

typedef struct {
  FgTransport base;
  GSocketConnection *connection; /* (owned) */
  GCancellable *cancellable;     /* (owned) (nullable) */
  FgTelnet telnet;
  guint timeout_ms; /* for each confirmation */
  GByteArray *head; /* (owned) the first raw bytes that came: what the other side is */
  gboolean closed;  /* by the other side; what came before may still be read */
  gboolean suspended;
  char *signature;    /* (owned) (nullable) what the server calls itself */
  guint8 line_state;  /* RFC 2217: 2 overrun, 4 parity, 8 framing, 16 break; what came so far */
  guint8 modem_state; /* the last; 128 carrier, 64 ring, 32 DSR, 16 CTS */
  FgComAnswer answers[FG_COM_ANSWERS_MAX];
  guint n_answers;
} FgComLink;

void fg_com_link_init (FgComLink *self,
                       const FgTransportOps *ops,
                       GSocketConnection *connection,
                       GCancellable *cancellable,
                       const char *name);
void fg_com_link_clear (FgComLink *self);

/* Waits for something of the server, at most @timeout_us, and takes it in. FALSE with
 * FG_ERROR_DISCONNECTED, FG_ERROR_PORT_FAILED or G_IO_ERROR_CANCELLED. */
gboolean fg_com_link_pump (FgComLink *self, gint64 timeout_us, GError **error);
/* Sends all of @bytes, raw, and empties it. Takes in what comes meanwhile. */
gboolean fg_com_link_send (FgComLink *self, GByteArray *bytes, GError **error);

/* Begins a group of commands. They are collected in telnet.out; confirmations that shall be waited
 * for are announced. */
void fg_com_link_begin (FgComLink *self);
void fg_com_link_expect (FgComLink *self, guint8 code, guint32 low, guint32 high);
void fg_com_link_put (FgComLink *self, guint8 code, guint8 value);
void fg_com_link_put_baud (FgComLink *self, guint32 baud);
/* Sends the commands and waits for the confirmations; FG_ERROR_TIMEOUT when one does not come. The
 * values are in `answers`, as announced, until the next group. */
gboolean fg_com_link_settle (FgComLink *self, GError **error);

G_END_DECLS
