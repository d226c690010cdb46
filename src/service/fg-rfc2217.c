/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-rfc2217.h"

#include "fg-error.h"
#include "fg-net-address.h"
#include "fg-rfc2217-explain.h"
#include "fg-rfc2217-link.h"
#include "fg-socket-connect.h"

#define INITIAL_BAUD 115200
#define BAUD_TOLERANCE_PERCENT 3
#define DRAIN_DEADLINE_US (10 * G_TIME_SPAN_SECOND)
#define BITS_PER_BYTE 10

/* Values of the commands: RFC 2217, section 3. */
#define DATA_SIZE_8 8
#define PARITY_NONE 1
#define STOP_SIZE_1 1
#define CONTROL_NO_FLOW 1
#define CONTROL_NO_FLOW_IN 14
#define CONTROL_DTR 8 /* on; one more is off */
#define CONTROL_RTS 11
#define PURGE_BOTH 3
#define LINE_STATE_ERRORS 0x1e /* overrun, parity, framing, break */
#define MODEM_STATE_INPUTS 0xf0

typedef enum { LINES_UNKNOWN, LINES_KNOWN, LINES_REFUSED } LinesState;

typedef struct {
  FgComLink link;
  gboolean ignores_control;
  LinesState lines;
  gboolean dtr, rts;    /* as the server has confirmed */
  guint baud;           /* bit/s, in force */
  gint64 line_free_us;  /* when what was written would have left a serial port on this machine */
  gboolean unconfirmed; /* something was written since the server last answered */
} FgRfc2217;

static gssize
rfc2217_read (FgTransport *base, guint8 *buf, gsize len, guint timeout_ms, GError **error)
{
  FgComLink *link = (FgComLink *) base;
  GByteArray *data = link->telnet.data;
  gint64 deadline_us = g_get_monotonic_time () + timeout_ms * G_TIME_SPAN_MILLISECOND;

  while (data->len == 0) {
    gint64 left_us = deadline_us - g_get_monotonic_time ();

    if (!fg_com_link_pump (link, left_us, error))
      return -1;
    if (left_us <= 0)
      break;
  }
  len = MIN (len, data->len);
  if (len == 0)
    return 0;
  memcpy (buf, data->data, len);
  g_byte_array_remove_range (data, 0, (guint) len);
  return (gssize) len;
}

/* The server asked us to be quiet: until it lets us go on. */
static gboolean
wait_until_resumed (FgRfc2217 *self, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + DRAIN_DEADLINE_US;

  while (self->link.suspended) {
    gint64 left_us = deadline_us - g_get_monotonic_time ();

    if (left_us <= 0) {
      g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "%s holds up what is sent for more than %d s",
                   self->link.base.name, (int) (DRAIN_DEADLINE_US / G_TIME_SPAN_SECOND));
      return FALSE;
    }
    if (!fg_com_link_pump (&self->link, left_us, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
rfc2217_write (FgTransport *base, const guint8 *buf, gsize len, GError **error)
{
  FgRfc2217 *self = (FgRfc2217 *) base;
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new ((guint) len + 16);
  gint64 now_us;

  if (!wait_until_resumed (self, error))
    return FALSE;
  fg_telnet_put_data (bytes, buf, len);
  if (!fg_com_link_send (&self->link, bytes, error))
    return FALSE;
  now_us = g_get_monotonic_time ();
  self->line_free_us = MAX (self->line_free_us, now_us)
                       + (gint64) (len * BITS_PER_BYTE * G_TIME_SPAN_SECOND / self->baud);
  self->unconfirmed = TRUE;
  return TRUE;
}

static gboolean
pause_until (FgRfc2217 *self, gint64 time_us, GError **error)
{
  gint64 left_us;

  if (time_us - g_get_monotonic_time () > DRAIN_DEADLINE_US) {
    g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "%s takes too long to send",
                 self->link.base.name);
    return FALSE;
  }
  while ((left_us = time_us - g_get_monotonic_time ()) > 0)
    if (!fg_com_link_pump (&self->link, left_us, error))
      return FALSE;
  return TRUE;
}

/* No command tells when bytes have left the far port, and servers change the rate at once. What was
 * asked after the bytes is answered after they have arrived there; then they need the time of the
 * wire. */
static gboolean
drain (FgRfc2217 *self, GError **error)
{
  gint64 asked_us = g_get_monotonic_time ();

  if (!self->unconfirmed)
    return TRUE;
  fg_com_link_begin (&self->link);
  fg_com_link_expect (&self->link, FG_COM_BAUD, 0, G_MAXUINT32);
  fg_com_link_put_baud (&self->link, 0); /* which is in force? */
  if (!fg_com_link_settle (&self->link, error))
    return FALSE;
  self->unconfirmed = FALSE;
  return pause_until (self, self->line_free_us + g_get_monotonic_time () - asked_us, error);
}

static gboolean
check_baud (FgRfc2217 *self, guint32 chosen, guint baud, GError **error)
{
  guint64 difference = MAX (chosen, baud) - MIN (chosen, baud);

  if (difference * 100 <= (guint64) baud * BAUD_TOLERANCE_PERCENT) {
    self->baud = baud;
    return TRUE;
  }
  g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED, "%s cannot do %u baud, it chose %u",
               self->link.base.name, baud, chosen);
  return FALSE;
}

static gboolean
rfc2217_set_baud (FgTransport *base, guint baud, GError **error)
{
  FgRfc2217 *self = (FgRfc2217 *) base;

  if (!drain (self, error))
    return FALSE;
  fg_com_link_begin (&self->link);
  fg_com_link_expect (&self->link, FG_COM_BAUD, 0, G_MAXUINT32);
  fg_com_link_put_baud (&self->link, baud);
  return fg_com_link_settle (&self->link, error)
         && check_baud (self, self->link.answers[0].value, baud, error);
}

static void
put_line (FgRfc2217 *self, guint8 line, gboolean on)
{
  guint8 value = on ? line : line + 1;

  if (!self->ignores_control)
    fg_com_link_expect (&self->link, FG_COM_CONTROL, value, value);
  fg_com_link_put (&self->link, FG_COM_CONTROL, value);
}

/* RFC 2217 has a command for each line, so that there is a state in between. Both travel together,
 * and so does the state last only as long as the server needs. On the way to "both released" RTS
 * is first: the other way round the board would be reset. Else DTR is first, as in the classic
 * sequence: BOOT is held when the reset ends. Lines that stay are not mentioned, because
 * esp_rfc2217_server takes each mention as a request to reset. */
static void
put_lines (FgRfc2217 *self, gboolean dtr, gboolean rts)
{
  gboolean all = self->lines == LINES_UNKNOWN;
  gboolean dtr_changes = all || dtr != self->dtr;
  gboolean rts_changes = all || rts != self->rts;
  gboolean rts_first = !dtr && !rts;

  if (rts_first && rts_changes)
    put_line (self, CONTROL_RTS, rts);
  if (dtr_changes)
    put_line (self, CONTROL_DTR, dtr);
  if (!rts_first && rts_changes)
    put_line (self, CONTROL_RTS, rts);
}

/* Waits for the server, so that a step of a sequence lasts as long as it shall, however long the
 * way there takes. */
static gboolean
rfc2217_set_lines (FgTransport *base, gboolean dtr, gboolean rts, GError **error)
{
  FgRfc2217 *self = (FgRfc2217 *) base;
  g_autoptr (GError) cause = NULL;

  if (self->lines != LINES_REFUSED) {
    fg_com_link_begin (&self->link);
    put_lines (self, dtr, rts);
    self->lines = LINES_UNKNOWN;
    if (fg_com_link_settle (&self->link, &cause)) {
      self->lines = LINES_KNOWN;
      self->dtr = dtr;
      self->rts = rts;
      return TRUE;
    }
    if (!g_error_matches (cause, FG_ERROR, FG_ERROR_TIMEOUT)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    self->lines = LINES_REFUSED;
  }
  g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
               "%s does not confirm DTR and RTS: the port has no modem lines, or its server needs "
               "“?ign_set_control” after the address",
               base->name);
  return FALSE;
}

static void
rfc2217_free (FgTransport *base)
{
  fg_com_link_clear ((FgComLink *) base);
  g_free (base);
}

static const FgTransportOps rfc2217_ops = {
  .read = rfc2217_read,
  .write = rfc2217_write,
  .set_baud = rfc2217_set_baud,
  .set_lines = rfc2217_set_lines,
  .free = rfc2217_free,
};

static gboolean
is_settled (const FgTelnet *telnet)
{
  return telnet->ours[FG_TELNET_COM_PORT] != FG_TELNET_ASKED
         && telnet->ours[FG_TELNET_BINARY] != FG_TELNET_ASKED
         && telnet->theirs[FG_TELNET_BINARY] != FG_TELNET_ASKED;
}

static gboolean
is_agreed (const FgTelnet *telnet)
{
  return telnet->ours[FG_TELNET_COM_PORT] == FG_TELNET_ON
         && telnet->ours[FG_TELNET_BINARY] == FG_TELNET_ON
         && telnet->theirs[FG_TELNET_BINARY] == FG_TELNET_ON;
}

/* FALSE without an error: the other side does not speak RFC 2217 with us. */
static gboolean
negotiate (FgRfc2217 *self, GError **error)
{
  FgTelnet *telnet = &self->link.telnet;
  gint64 deadline_us = g_get_monotonic_time () + self->link.timeout_ms * G_TIME_SPAN_MILLISECOND;

  fg_telnet_ask (telnet);
  while (!is_settled (telnet) && telnet->ours[FG_TELNET_COM_PORT] != FG_TELNET_REFUSED) {
    gint64 left_us = deadline_us - g_get_monotonic_time ();

    if (left_us <= 0)
      return FALSE;
    if (!fg_com_link_pump (&self->link, left_us, error))
      return FALSE;
  }
  return is_agreed (telnet) && !fg_rfc2217_is_echo (&self->link);
}

static gboolean
check_frame_format (FgRfc2217 *self, GError **error)
{
  const FgComAnswer *answers = self->link.answers;

  if (answers[0].value == DATA_SIZE_8 && answers[1].value == PARITY_NONE
      && answers[2].value == STOP_SIZE_1)
    return TRUE;
  g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED,
               "%s cannot do 8 data bits without parity and 1 stop bit: it chose %u, parity %u, %u",
               self->link.base.name, answers[0].value, answers[1].value, answers[2].value);
  return FALSE;
}

/* What some servers leave unanswered (the signature, the masks, a purge, flow control) is not
 * waited for. The modem lines stay as they are. */
static gboolean
configure (FgRfc2217 *self, GError **error)
{
  static const struct {
    guint8 code, value;
  } awaited[] = {
    { FG_COM_DATA_SIZE, DATA_SIZE_8 },
    { FG_COM_PARITY, PARITY_NONE },
    { FG_COM_STOP_SIZE, STOP_SIZE_1 },
  };
  FgComLink *link = &self->link;

  fg_com_link_begin (link);
  fg_telnet_put_command (link->telnet.out, FG_COM_SIGNATURE, NULL, 0);
  for (guint i = 0; i < G_N_ELEMENTS (awaited); i++) {
    fg_com_link_expect (link, awaited[i].code, 0, G_MAXUINT32);
    fg_com_link_put (link, awaited[i].code, awaited[i].value);
  }
  fg_com_link_put (link, FG_COM_CONTROL, CONTROL_NO_FLOW);
  fg_com_link_put (link, FG_COM_CONTROL, CONTROL_NO_FLOW_IN);
  fg_com_link_put (link, FG_COM_LINE_STATE_MASK, LINE_STATE_ERRORS);
  fg_com_link_put (link, FG_COM_MODEM_STATE_MASK, MODEM_STATE_INPUTS);
  if (!fg_com_link_settle (link, error) || !check_frame_format (self, error))
    return FALSE;
  fg_com_link_put (link, FG_COM_PURGE, PURGE_BOTH);
  if (!rfc2217_set_baud (&link->base, INITIAL_BAUD, error))
    return FALSE;
  /* What came before is a banner, or what the board said to nobody. */
  g_byte_array_set_size (link->telnet.data, 0);
  return TRUE;
}

FgTransport *
fg_rfc2217_open (const char *port, GCancellable *cancellable, GError **error)
{
  g_auto (FgNetAddress) address = { 0 };
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (FgTransport) transport = NULL;
  g_autoptr (GError) cause = NULL;
  FgRfc2217 *self;

  if (!fg_net_address_parse (&address, port, error))
    return NULL;
  connection = fg_socket_connect (address.place, port, cancellable, error);
  if (connection == NULL)
    return NULL;
  self = g_new0 (FgRfc2217, 1);
  fg_com_link_init (&self->link, &rfc2217_ops, connection, cancellable, port);
  transport = &self->link.base;
  transport->is_remote = TRUE;
  self->link.timeout_ms = address.timeout_ms;
  self->ignores_control = address.ignores_control;
  self->baud = INITIAL_BAUD;
  if (!negotiate (self, &cause) || !configure (self, &cause)) {
    fg_rfc2217_explain (&self->link, cause, error);
    return NULL;
  }
  g_debug ("%s: %s", port, self->link.signature != NULL ? self->link.signature : "no signature");
  return g_steal_pointer (&transport);
}
