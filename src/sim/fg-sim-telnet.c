/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-telnet.h"

enum { OPTION_BINARY = 0, OPTION_NO_GO_AHEAD = 3, OPTION_SERIAL_PORT = 44 };

enum {
  COMMAND_END_SUB = 0xf0,
  COMMAND_BEGIN_SUB = 0xfa,
  COMMAND_WILL = 0xfb,
  COMMAND_WONT = 0xfc,
  COMMAND_DO = 0xfd,
  COMMAND_DONT = 0xfe,
  COMMAND_ESCAPE = 0xff,
};

/* Values of @before that are no command of Telnet. */
enum { IN_DATA = 0, IN_SUB = 1, ESCAPE_IN_SUB = 2 };

static gboolean
has_bit (const guint8 *bits, guint8 option)
{
  return (bits[option / 8] >> option % 8 & 1) != 0;
}

static void
set_bit (guint8 *bits, guint8 option, gboolean on)
{
  guint8 mask = (guint8) (1u << option % 8);

  bits[option / 8] = (guint8) (on ? bits[option / 8] | mask : bits[option / 8] & ~mask);
}

static void
send_three (FgSimTelnet *self, guint8 command, guint8 option)
{
  const guint8 bytes[3] = { COMMAND_ESCAPE, command, option };

  fg_sim_queue_push (self->out, bytes, sizeof bytes);
}

/* As ser2net greets: what it offers and what it wants, at once. */
void
fg_sim_telnet_start (FgSimTelnet *self, FgSimQueue *out)
{
  *self = (FgSimTelnet){ .out = out, .before = IN_DATA };
  self->serial = TRUE; /* until refused: pyserial's client may take our DO for an agreement */
  send_three (self, COMMAND_WILL, OPTION_NO_GO_AHEAD);
  send_three (self, COMMAND_DO, OPTION_NO_GO_AHEAD);
  send_three (self, COMMAND_WILL, OPTION_BINARY);
  send_three (self, COMMAND_DO, OPTION_BINARY);
  send_three (self, COMMAND_DO, OPTION_SERIAL_PORT);
  set_bit (self->offered, OPTION_NO_GO_AHEAD, TRUE);
  set_bit (self->offered, OPTION_BINARY, TRUE);
  /* what was asked for needs no second request when the client agrees */
  set_bit (self->agreed, OPTION_NO_GO_AHEAD, TRUE);
  set_bit (self->agreed, OPTION_BINARY, TRUE);
  set_bit (self->agreed, OPTION_SERIAL_PORT, TRUE);
}

static gboolean
is_known (guint8 option)
{
  return option == OPTION_BINARY || option == OPTION_NO_GO_AHEAD || option == OPTION_SERIAL_PORT;
}

static void
hear_option (FgSimTelnet *self, guint8 command, guint8 option)
{
  gboolean on = command == COMMAND_WILL || command == COMMAND_DO;
  gboolean about_client = command == COMMAND_WILL || command == COMMAND_WONT;
  guint8 *bits = about_client ? self->agreed : self->offered;
  gboolean wanted = on && is_known (option) && (about_client || option != OPTION_SERIAL_PORT);

  if (about_client && option == OPTION_SERIAL_PORT)
    self->serial = on;
  if (has_bit (bits, option) == wanted && on == wanted)
    return; /* nothing new */
  set_bit (bits, option, wanted);
  if (about_client)
    send_three (self, wanted ? COMMAND_DO : COMMAND_DONT, option);
  else
    send_three (self, wanted ? COMMAND_WILL : COMMAND_WONT, option);
}

static FgSimTelnetEvent
hear_in_sub (FgSimTelnet *self, guint8 byte)
{
  gboolean escaped = self->before == ESCAPE_IN_SUB;

  if (!escaped && byte == COMMAND_ESCAPE) {
    self->before = ESCAPE_IN_SUB;
    return FG_SIM_TELNET_NOTHING;
  }
  self->before = IN_SUB;
  if (!escaped || byte != COMMAND_END_SUB) {
    if (self->request_len < sizeof self->request)
      self->request[self->request_len++] = byte;
    return FG_SIM_TELNET_NOTHING;
  }
  self->before = IN_DATA;
  if (!self->serial || self->request_len < 2 || self->request[0] != OPTION_SERIAL_PORT)
    return FG_SIM_TELNET_NOTHING;
  self->request_len--;
  memmove (self->request, self->request + 1, self->request_len);
  return FG_SIM_TELNET_REQUEST;
}

FgSimTelnetEvent
fg_sim_telnet_hear (FgSimTelnet *self, guint8 byte)
{
  int before = self->before;

  switch (before) {
  case IN_SUB:
  case ESCAPE_IN_SUB:
    return hear_in_sub (self, byte);
  case COMMAND_WILL:
  case COMMAND_WONT:
  case COMMAND_DO:
  case COMMAND_DONT:
    self->before = IN_DATA;
    hear_option (self, (guint8) before, byte);
    return FG_SIM_TELNET_NOTHING;
  case COMMAND_ESCAPE:
    self->before = byte >= COMMAND_WILL && byte <= COMMAND_DONT ? byte : IN_DATA;
    if (byte == COMMAND_BEGIN_SUB) {
      self->before = IN_SUB;
      self->request_len = 0;
    }
    self->byte = byte;
    return byte == COMMAND_ESCAPE ? FG_SIM_TELNET_BYTE : FG_SIM_TELNET_NOTHING;
  default:
    self->byte = byte;
    if (byte != COMMAND_ESCAPE)
      return FG_SIM_TELNET_BYTE;
    self->before = COMMAND_ESCAPE;
    return FG_SIM_TELNET_NOTHING;
  }
}

void
fg_sim_telnet_say (FgSimTelnet *self, const guint8 *data, gsize len)
{
  for (gsize i = 0; i < len; i++) {
    fg_sim_queue_push (self->out, data + i, 1);
    if (data[i] == COMMAND_ESCAPE)
      fg_sim_queue_push (self->out, data + i, 1);
  }
}

void
fg_sim_telnet_tell (FgSimTelnet *self, guint8 command, const guint8 *value, gsize len)
{
  static const guint8 end[] = { COMMAND_ESCAPE, COMMAND_END_SUB };
  static const guint8 begin[] = { COMMAND_ESCAPE, COMMAND_BEGIN_SUB, OPTION_SERIAL_PORT };

  fg_sim_queue_push (self->out, begin, sizeof begin);
  fg_sim_telnet_say (self, &command, 1);
  fg_sim_telnet_say (self, value, len);
  fg_sim_queue_push (self->out, end, sizeof end);
}
