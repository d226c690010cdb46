/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fg-rfc2217-link.h"

#include "fg-error.h"
#include "fg-fd-transport.h"
#include "fg-socket-connect.h"

#define CHUNK 4096
#define HEAD_MAX 256
#define VALUE_MAX 4

static GSocket *
get_socket (FgComLink *self)
{
  return g_socket_connection_get_socket (self->connection);
}

/* Up to four bytes, the first most significant (RFC 2217 sends in network order). Some servers
 * append zeros. */
static guint32
get_value (const guint8 *bytes, gsize len)
{
  guint32 value = 0;

  for (gsize i = 0; i < MIN (len, VALUE_MAX); i++)
    value = value << 8 | bytes[i];
  return value;
}

static void
take_answer (FgComLink *self, guint8 code, guint32 value)
{
  for (guint i = 0; i < self->n_answers; i++) {
    FgComAnswer *answer = &self->answers[i];

    if (answer->code != code || answer->came || value < answer->low || value > answer->high)
      continue;
    answer->came = TRUE;
    answer->value = value;
    return;
  }
}

/* An empty one asks for ours. */
static void
take_signature (FgComLink *self, const guint8 *text, gsize len)
{
  static const char ours[] = "Fulgurite " FG_VERSION;

  if (len == 0) {
    fg_telnet_put_command (self->telnet.out, FG_COM_SIGNATURE, (const guint8 *) ours,
                           strlen (ours));
    return;
  }
  g_free (self->signature);
  self->signature = g_utf8_make_valid ((const char *) text, (gssize) len);
}

static void
on_command (guint8 code, const guint8 *bytes, gsize len, gpointer data)
{
  FgComLink *self = data;
  guint32 value = get_value (bytes, len);

  switch (code - FG_COM_SERVER) {
  case FG_COM_SIGNATURE:
    take_signature (self, bytes, len);
    break;
  case FG_COM_LINE_STATE:
    self->line_state |= (guint8) value;
    g_debug ("%s: line state 0x%02x", self->base.name, value);
    break;
  case FG_COM_MODEM_STATE:
    self->modem_state = (guint8) value;
    g_debug ("%s: modem state 0x%02x", self->base.name, value);
    break;
  case FG_COM_SUSPEND:
  case FG_COM_RESUME:
    self->suspended = code - FG_COM_SERVER == FG_COM_SUSPEND;
    break;
  default:
    if (code >= FG_COM_SERVER)
      take_answer (self, code - FG_COM_SERVER, value);
    break;
  }
}

void
fg_com_link_init (FgComLink *self,
                  const FgTransportOps *ops,
                  GSocketConnection *connection,
                  GCancellable *cancellable,
                  const char *name)
{
  fg_transport_init (&self->base, ops, name);
  self->connection = g_object_ref (connection);
  g_set_object (&self->cancellable, cancellable);
  self->head = g_byte_array_new ();
  fg_telnet_init (&self->telnet, on_command, self);
  g_socket_set_blocking (get_socket (self), FALSE);
}

void
fg_com_link_clear (FgComLink *self)
{
  g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_clear_object (&self->connection);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->head, g_byte_array_unref);
  g_clear_pointer (&self->signature, g_free);
  fg_telnet_clear (&self->telnet);
}

static gboolean
set_closed (FgComLink *self, GError **error)
{
  g_set_error (error, FG_ERROR, FG_ERROR_DISCONNECTED, "%s: the other side closed the connection",
               self->base.name);
  return FALSE;
}

static gboolean
set_io_error (FgComLink *self, const char *action, const GError *cause, GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else
    g_set_error (error, FG_ERROR, FG_ERROR_DISCONNECTED, "%s %s failed, the connection is lost: %s",
                 action, self->base.name, cause->message);
  return FALSE;
}

/* Without an error: nothing was ready in time. */
static gboolean
wait_ready (
    FgComLink *self, GIOCondition condition, gint64 timeout_us, GCancellable *stop, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (g_socket_condition_timed_wait (get_socket (self), condition, timeout_us, stop, &cause))
    return TRUE;
  if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    set_io_error (self, "Waiting for", cause, error);
  return FALSE;
}

/* What is there now; sends nothing. */
static gboolean
take_in (FgComLink *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  guint8 buffer[CHUNK];
  gssize n = g_socket_receive_with_blocking (get_socket (self), (char *) buffer, sizeof buffer,
                                             FALSE, NULL, &cause);

  if (n < 0 && g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return TRUE;
  if (n < 0)
    return set_io_error (self, "Reading from", cause, error);
  if (n == 0) {
    self->closed = TRUE;
    return set_closed (self, error);
  }
  fg_socket_ack_soon (g_socket_get_fd (get_socket (self)));
  if (self->head->len < HEAD_MAX)
    g_byte_array_append (self->head, buffer, (guint) MIN (n, HEAD_MAX));
  fg_telnet_receive (&self->telnet, buffer, (gsize) n);
  return TRUE;
}

/* Reads while it waits for room: a server may do the same. */
gboolean
fg_com_link_send (FgComLink *self, GByteArray *bytes, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + FG_FD_WRITE_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;
  gsize done = 0;

  while (done < bytes->len) {
    g_autoptr (GError) cause = NULL;
    gint64 left_us = deadline_us - g_get_monotonic_time ();
    gssize n = g_socket_send_with_blocking (get_socket (self), (const char *) bytes->data + done,
                                            bytes->len - done, FALSE, NULL, &cause);

    if (n > 0) {
      done += (gsize) n;
      continue;
    }
    if (n < 0 && !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      return set_io_error (self, "Writing to", cause, error);
    g_clear_error (&cause);
    if (left_us > 0 && wait_ready (self, G_IO_IN | G_IO_OUT, left_us, self->cancellable, &cause)) {
      if (!take_in (self, error))
        return FALSE;
      continue;
    }
    if (cause != NULL)
      g_propagate_error (error, g_steal_pointer (&cause));
    else
      g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT, "%s took only %zu of %u bytes in %u ms",
                   self->base.name, done, bytes->len, FG_FD_WRITE_DEADLINE_MS);
    return FALSE;
  }
  g_byte_array_set_size (bytes, 0);
  return TRUE;
}

gboolean
fg_com_link_pump (FgComLink *self, gint64 timeout_us, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (self->closed)
    return set_closed (self, error);
  if (self->telnet.out->len > 0 && !fg_com_link_send (self, self->telnet.out, error))
    return FALSE;
  if (!wait_ready (self, G_IO_IN, MAX (timeout_us, 0), self->cancellable, &cause)) {
    if (cause == NULL)
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (!take_in (self, error))
    return FALSE;
  return self->telnet.out->len == 0 || fg_com_link_send (self, self->telnet.out, error);
}

void
fg_com_link_begin (FgComLink *self)
{
  self->n_answers = 0;
}

void
fg_com_link_expect (FgComLink *self, guint8 code, guint32 low, guint32 high)
{
  g_return_if_fail (self->n_answers < FG_COM_ANSWERS_MAX);
  self->answers[self->n_answers++] = (FgComAnswer){ .code = code, .low = low, .high = high };
}

void
fg_com_link_put (FgComLink *self, guint8 code, guint8 value)
{
  fg_telnet_put_command (self->telnet.out, code, &value, 1);
}

void
fg_com_link_put_baud (FgComLink *self, guint32 baud)
{
  const guint32 bytes = GUINT32_TO_BE (baud);

  fg_telnet_put_command (self->telnet.out, FG_COM_BAUD, (const guint8 *) &bytes, sizeof bytes);
}

static const FgComAnswer *
find_missing (const FgComLink *self)
{
  for (guint i = 0; i < self->n_answers; i++)
    if (!self->answers[i].came)
      return &self->answers[i];
  return NULL;
}

gboolean
fg_com_link_settle (FgComLink *self, GError **error)
{
  static const char *const names[] = {
    [FG_COM_BAUD] = "the baud rate",  [FG_COM_DATA_SIZE] = "8 data bits",
    [FG_COM_PARITY] = "“no parity”",  [FG_COM_STOP_SIZE] = "1 stop bit",
    [FG_COM_CONTROL] = "DTR and RTS",
  };
  gint64 deadline_us = g_get_monotonic_time () + self->timeout_ms * G_TIME_SPAN_MILLISECOND;

  if (!fg_com_link_send (self, self->telnet.out, error))
    return FALSE;
  while (find_missing (self) != NULL) {
    gint64 left_us = deadline_us - g_get_monotonic_time ();

    if (left_us <= 0) {
      g_set_error (error, FG_ERROR, FG_ERROR_TIMEOUT,
                   "%s: the server did not confirm %s within %g s", self->base.name,
                   names[find_missing (self)->code], self->timeout_ms / 1000.0);
      return FALSE;
    }
    if (!fg_com_link_pump (self, left_us, error))
      return FALSE;
  }
  return TRUE;
}
