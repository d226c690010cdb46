/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-rfc2217-telnet.h"

/* RFC 854 */
#define SE 240u
#define SB 250u
#define WILL 251u
#define WONT 252u
#define DO 253u
#define DONT 254u
#define IAC 255u

/* No command of RFC 2217 but a signature has more than a few bytes. */
#define SUB_MAX 256u

enum { PHASE_DATA, PHASE_IAC, PHASE_OPTION, PHASE_SUB, PHASE_SUB_IAC };

void
fg_telnet_init (FgTelnet *self, FgTelnetCommandFunc on_command, gpointer user_data)
{
  *self = (FgTelnet){ .on_command = on_command, .user_data = user_data };
  self->data = g_byte_array_new ();
  self->out = g_byte_array_new ();
  self->sub = g_byte_array_new ();
}

void
fg_telnet_clear (FgTelnet *self)
{
  g_clear_pointer (&self->data, g_byte_array_unref);
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_clear_pointer (&self->sub, g_byte_array_unref);
}

static void
put_option (FgTelnet *self, guint8 verb, guint8 option)
{
  const guint8 bytes[] = { IAC, verb, option };

  g_byte_array_append (self->out, bytes, sizeof bytes);
}

void
fg_telnet_ask (FgTelnet *self)
{
  static const guint8 do_both[] = { FG_TELNET_BINARY, FG_TELNET_SGA };

  self->ours[FG_TELNET_COM_PORT] = FG_TELNET_ASKED;
  put_option (self, WILL, FG_TELNET_COM_PORT);
  for (guint i = 0; i < G_N_ELEMENTS (do_both); i++) {
    self->ours[do_both[i]] = self->theirs[do_both[i]] = FG_TELNET_ASKED;
    put_option (self, WILL, do_both[i]);
    put_option (self, DO, do_both[i]);
  }
}

static gboolean
is_welcome (guint8 option)
{
  return option == FG_TELNET_BINARY || option == FG_TELNET_SGA || option == FG_TELNET_COM_PORT;
}

/* Answers only what changes something: two sides that confirm each other's confirmations would
 * never end (RFC 854; RFC 1143 explains). @yes, @no: what we answer with. */
static void
negotiate (FgTelnet *self, guint8 *state, gboolean on, guint8 option, guint8 yes, guint8 no)
{
  if (!on) {
    if (*state == FG_TELNET_ON)
      put_option (self, no, option);
    *state = *state == FG_TELNET_OFF ? FG_TELNET_OFF : FG_TELNET_REFUSED;
  } else if (*state == FG_TELNET_ASKED) {
    *state = FG_TELNET_ON;
  } else if (*state != FG_TELNET_ON) {
    put_option (self, is_welcome (option) ? yes : no, option);
    *state = is_welcome (option) ? FG_TELNET_ON : FG_TELNET_OFF;
  }
}

static void
take_option (FgTelnet *self, guint8 option)
{
  if (self->verb == DO || self->verb == DONT)
    negotiate (self, &self->ours[option], self->verb == DO, option, WILL, WONT);
  else
    negotiate (self, &self->theirs[option], self->verb == WILL, option, DO, DONT);
}

static void
take_sub (FgTelnet *self)
{
  const guint8 *bytes = self->sub->data;

  if (self->sub->len >= 2 && bytes[0] == FG_TELNET_COM_PORT)
    self->on_command (bytes[1], bytes + 2, self->sub->len - 2, self->user_data);
  g_byte_array_set_size (self->sub, 0);
}

static void
take_sub_byte (FgTelnet *self, guint8 byte)
{
  if (self->sub->len < SUB_MAX)
    g_byte_array_append (self->sub, &byte, 1);
}

/* After IAC. */
static guint
take_verb (FgTelnet *self, guint8 byte)
{
  switch (byte) {
  case IAC:
    g_byte_array_append (self->data, &byte, 1);
    return PHASE_DATA;
  case WILL:
  case WONT:
  case DO:
  case DONT:
    self->verb = byte;
    return PHASE_OPTION;
  case SB:
    g_byte_array_set_size (self->sub, 0);
    return PHASE_SUB;
  default: /* NOP, AYT and the like have no meaning here */
    return PHASE_DATA;
  }
}

static void
take_byte (FgTelnet *self, guint8 byte)
{
  switch (self->phase) {
  case PHASE_IAC:
    self->phase = take_verb (self, byte);
    break;
  case PHASE_OPTION:
    take_option (self, byte);
    self->phase = PHASE_DATA;
    break;
  case PHASE_SUB:
    if (byte == IAC)
      self->phase = PHASE_SUB_IAC;
    else
      take_sub_byte (self, byte);
    break;
  case PHASE_SUB_IAC:
    self->phase = byte == SE ? PHASE_DATA : PHASE_SUB;
    if (byte == SE)
      take_sub (self);
    else
      take_sub_byte (self, byte);
    break;
  case PHASE_DATA:
  default:
    if (byte == IAC)
      self->phase = PHASE_IAC;
    else
      g_byte_array_append (self->data, &byte, 1);
    break;
  }
}

void
fg_telnet_receive (FgTelnet *self, const guint8 *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    take_byte (self, bytes[i]);
}

void
fg_telnet_put_data (GByteArray *out, const guint8 *bytes, gsize len)
{
  static const guint8 iac = IAC;

  for (gsize start = 0; start < len;) {
    const guint8 *found = memchr (bytes + start, IAC, len - start);
    gsize end = found != NULL ? (gsize) (found - bytes) + 1 : len;

    g_byte_array_append (out, bytes + start, (guint) (end - start));
    if (found != NULL)
      g_byte_array_append (out, &iac, 1);
    start = end;
  }
}

void
fg_telnet_put_command (GByteArray *out, guint8 code, const guint8 *value, gsize len)
{
  static const guint8 head[] = { IAC, SB, FG_TELNET_COM_PORT };
  static const guint8 tail[] = { IAC, SE };

  g_byte_array_append (out, head, sizeof head);
  g_byte_array_append (out, &code, 1);
  fg_telnet_put_data (out, value, len);
  g_byte_array_append (out, tail, sizeof tail);
}
