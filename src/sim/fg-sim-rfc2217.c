/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-tcp.h"
#include "fg-sim-telnet.h"

/*
 * A serial port that is shared over TCP by RFC 2217, "Telnet Com Port Control Option". The port has
 * 8 data bits, no parity, one stop bit and no flow control, whatever is asked for; a client is told
 * so. As with a real port, whoever opens it raises both modem lines, and closing releases them.
 */

#define DEFAULT_BAUD 115200
#define BAUD_MAX 5000000
#define ANSWER 100 /* added to the number of the request */

enum {
  REQUEST_SIGNATURE,
  REQUEST_BAUD,
  REQUEST_DATA_BITS,
  REQUEST_PARITY,
  REQUEST_STOP_BITS,
  REQUEST_CONTROL,
  REQUEST_LINE_STATE,
  REQUEST_MODEM_STATE,
  REQUEST_HOLD,
  REQUEST_GO_ON,
  REQUEST_LINE_STATE_MASK,
  REQUEST_MODEM_STATE_MASK,
  REQUEST_PURGE,
};

enum {
  CONTROL_FLOW_NONE = 1,
  CONTROL_BREAK_ASK = 4,
  CONTROL_BREAK_OFF = 6,
  CONTROL_DTR_ASK = 7,
  CONTROL_DTR_ON,
  CONTROL_DTR_OFF,
  CONTROL_RTS_ASK,
  CONTROL_RTS_ON,
  CONTROL_RTS_OFF,
  CONTROL_FLOW_IN_ASK,
  CONTROL_FLOW_IN_NONE,
  CONTROL_FLOW_IN_LAST = 16,
};

enum { PURGE_RECEIVED = 1, PURGE_BOTH = 3 };

#define LINE_STATE_IDLE 0x60         /* nothing waits to be sent */
#define MODEM_STATE_CTS_AND_DSR 0x30 /* what an adapter without these inputs reports */

typedef struct {
  FgSimTcp tcp;
  FgSimTelnet telnet;
  FgSimQueue held; /* what the board said while the client wanted to hear nothing */
  gboolean holding;
  guint baud;
  gboolean dtr, rts;
} FgSimRfc2217;

static void
greet (FgSimPort *port, FgSimBoard *board, FgSimQueue *out)
{
  FgSimRfc2217 *self = (FgSimRfc2217 *) port;

  fg_sim_telnet_start (&self->telnet, out);
  fg_sim_queue_clear (&self->held);
  self->holding = FALSE;
  self->baud = DEFAULT_BAUD;
  self->dtr = self->rts = TRUE;
  fg_sim_board_set_lines (board, TRUE, TRUE, fg_sim_board_now (board));
}

static void
leave (FgSimPort *port, FgSimBoard *board)
{
  fg_sim_board_set_lines (board, FALSE, FALSE, fg_sim_board_now (board));
}

static void
say (FgSimPort *port, const guint8 *data, gsize len, FgSimQueue *out)
{
  FgSimRfc2217 *self = (FgSimRfc2217 *) port;

  if (self->holding)
    fg_sim_queue_push (&self->held, data, len);
  else
    fg_sim_telnet_say (&self->telnet, data, len);
}

static void
hold (FgSimRfc2217 *self, gboolean holding)
{
  self->holding = holding;
  if (holding)
    return;
  fg_sim_telnet_say (&self->telnet, fg_sim_queue_peek (&self->held),
                     fg_sim_queue_len (&self->held));
  fg_sim_queue_clear (&self->held);
}

static void
answer_byte (FgSimRfc2217 *self, guint8 request, guint8 value)
{
  fg_sim_telnet_tell (&self->telnet, (guint8) (request + ANSWER), &value, 1);
}

/* Zero asks only. */
static void
hear_baud (FgSimRfc2217 *self, const guint8 *value, gsize len, FgSimBoard *board)
{
  guint32 baud;
  guint8 answer[4];

  if (len < sizeof answer)
    return;
  baud = (guint32) value[0] << 24 | (guint32) value[1] << 16 | (guint32) value[2] << 8 | value[3];
  if (baud > 0 && baud <= BAUD_MAX) {
    self->baud = baud;
    fg_sim_board_set_host_baud (board, baud, fg_sim_board_now (board));
  }
  for (guint i = 0; i < sizeof answer; i++)
    answer[i] = (guint8) (self->baud >> (24 - 8 * i));
  fg_sim_telnet_tell (&self->telnet, REQUEST_BAUD + ANSWER, answer, sizeof answer);
}

/* A port without modem lines leaves a request for them unanswered, as ser2net does. */
static void
hear_line (FgSimRfc2217 *self, guint8 value, FgSimBoard *board)
{
  gboolean is_dtr = value < CONTROL_RTS_ASK;
  gboolean *line = is_dtr ? &self->dtr : &self->rts;

  if (!fg_sim_board_has_lines (board))
    return;
  if (value != CONTROL_DTR_ASK && value != CONTROL_RTS_ASK) {
    *line = value == CONTROL_DTR_ON || value == CONTROL_RTS_ON;
    fg_sim_board_set_lines (board, self->dtr, self->rts, fg_sim_board_now (board));
  }
  if (is_dtr)
    value = self->dtr ? CONTROL_DTR_ON : CONTROL_DTR_OFF;
  else
    value = self->rts ? CONTROL_RTS_ON : CONTROL_RTS_OFF;
  answer_byte (self, REQUEST_CONTROL, value);
}

static void
hear_control (FgSimRfc2217 *self, guint8 value, FgSimBoard *board)
{
  if (value >= CONTROL_DTR_ASK && value <= CONTROL_RTS_OFF)
    hear_line (self, value, board);
  else if (value >= CONTROL_BREAK_ASK && value <= CONTROL_BREAK_OFF)
    answer_byte (self, REQUEST_CONTROL, CONTROL_BREAK_OFF);
  else if (value >= CONTROL_FLOW_IN_ASK && value <= CONTROL_FLOW_IN_LAST)
    answer_byte (self, REQUEST_CONTROL, CONTROL_FLOW_IN_NONE);
  else
    answer_byte (self, REQUEST_CONTROL, CONTROL_FLOW_NONE);
}

/* What has been sent cannot be called back, and nothing waits on the way to the board. */
static void
hear_purge (FgSimRfc2217 *self, guint8 value, FgSimBoard *board)
{
  guint8 dropped[256];

  if (value == PURGE_RECEIVED || value == PURGE_BOTH) {
    fg_sim_queue_clear (&self->held);
    while (fg_sim_board_get (board, dropped, sizeof dropped, fg_sim_board_now (board)) > 0)
      continue;
  }
  answer_byte (self, REQUEST_PURGE, value);
}

static void
hear_request (FgSimRfc2217 *self, FgSimBoard *board)
{
  static const char signature[] = "fulgurite-sim";
  const guint8 *value = self->telnet.request + 1;
  gsize len = self->telnet.request_len - 1;
  guint8 request = self->telnet.request[0];
  guint8 first = len > 0 ? value[0] : 0;

  switch (request) {
  case REQUEST_SIGNATURE:
    if (len == 0)
      fg_sim_telnet_tell (&self->telnet, REQUEST_SIGNATURE + ANSWER, (const guint8 *) signature,
                          strlen (signature));
    break;
  case REQUEST_BAUD:
    hear_baud (self, value, len, board);
    break;
  case REQUEST_DATA_BITS:
    answer_byte (self, request, 8);
    break;
  case REQUEST_PARITY:
  case REQUEST_STOP_BITS:
    answer_byte (self, request, 1); /* none; one */
    break;
  case REQUEST_CONTROL:
    hear_control (self, first, board);
    break;
  case REQUEST_LINE_STATE:
    answer_byte (self, request, LINE_STATE_IDLE);
    break;
  case REQUEST_MODEM_STATE:
    answer_byte (self, request, MODEM_STATE_CTS_AND_DSR);
    break;
  case REQUEST_HOLD:
  case REQUEST_GO_ON:
    hold (self, request == REQUEST_HOLD);
    break;
  case REQUEST_LINE_STATE_MASK:
    answer_byte (self, request, first);
    break;
  case REQUEST_MODEM_STATE_MASK:
    answer_byte (self, request, first);
    answer_byte (self, REQUEST_MODEM_STATE, MODEM_STATE_CTS_AND_DSR & first);
    break;
  case REQUEST_PURGE:
    hear_purge (self, first, board);
    break;
  default:
    break;
  }
}

/* Bytes are put down together, as they came; a request has to meet the board after those before
 * it. */
static void
hear (FgSimPort *port, const guint8 *data, gsize len, FgSimBoard *board)
{
  FgSimRfc2217 *self = (FgSimRfc2217 *) port;
  g_autofree guint8 *bytes = g_malloc (len);
  gsize n = 0;

  for (gsize i = 0; i < len; i++) {
    FgSimTelnetEvent event = fg_sim_telnet_hear (&self->telnet, data[i]);

    if (event == FG_SIM_TELNET_BYTE)
      bytes[n++] = self->telnet.byte;
    if (n > 0 && (event == FG_SIM_TELNET_REQUEST || i == len - 1)) {
      fg_sim_board_put (board, bytes, n, fg_sim_board_now (board));
      n = 0;
    }
    if (event == FG_SIM_TELNET_REQUEST)
      hear_request (self, board);
  }
}

static guint
get_baud (FgSimPort *port)
{
  return ((FgSimRfc2217 *) port)->baud;
}

static void
rfc2217_free (FgSimPort *port)
{
  fg_sim_queue_free_contents (&((FgSimRfc2217 *) port)->held);
  fg_sim_tcp_ops.free (port);
}

/** fg_sim_rfc2217_new: @port: on 127.0.0.1; 0 picks a free one */
FgSimPort *
fg_sim_rfc2217_new (guint16 port)
{
  static const FgSimPortTalk talk = { greet, hear, say, leave };
  static FgSimPortOps ops;
  FgSimRfc2217 *self = g_new0 (FgSimRfc2217, 1);

  ops = fg_sim_tcp_ops;
  ops.get_baud = get_baud;
  ops.free = rfc2217_free;
  fg_sim_tcp_init (&self->tcp, &ops, "rfc2217", port);
  self->tcp.port.talk = &talk;
  self->baud = DEFAULT_BAUD;
  fg_sim_queue_init (&self->held);
  return &self->tcp.port;
}
