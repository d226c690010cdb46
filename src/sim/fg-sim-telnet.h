/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The server's end of a Telnet connection that carries a serial port (RFC 854, 855, 2217). Written
 * from the RFCs, apart from the client in src/service: two independent readings.
 */

#include "fg-sim-queue.h"

G_BEGIN_DECLS

/* What one byte from the client completed. */
typedef enum {
  FG_SIM_TELNET_NOTHING,
  FG_SIM_TELNET_BYTE,    /* for the serial port: @byte */
  FG_SIM_TELNET_REQUEST, /* of option 44: @request, its first byte the command */
} FgSimTelnetEvent;

typedef struct {
  FgSimQueue *out; /* (unowned) to the client */
  int before;      /* the command that waits for its option; or where in a subnegotiation */
  guint8 byte;
  guint8 request[64];
  gsize request_len;  /* of @request; cut when the client sends more */
  gboolean serial;    /* the client may speak of the serial port's settings */
  guint8 agreed[32];  /* a bit for each option that the client does, */
  guint8 offered[32]; /* and for each that we do */
} FgSimTelnet;

/* Greets: a new client. */
void fg_sim_telnet_start (FgSimTelnet *self, FgSimQueue *out);
FgSimTelnetEvent fg_sim_telnet_hear (FgSimTelnet *self, guint8 byte);
void fg_sim_telnet_say (FgSimTelnet *self, const guint8 *data, gsize len);
/* A command of option 44 with its value. */
void fg_sim_telnet_tell (FgSimTelnet *self, guint8 command, const guint8 *value, gsize len);

G_END_DECLS
