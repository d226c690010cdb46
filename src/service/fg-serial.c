/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-serial.h"

#include "fg-port-error.h"
#include "fg-port-scan.h"
#include "fg-tty.h"

#include <libserialport.h>
#include <linux/serial.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define INITIAL_BAUD 115200

typedef struct {
  FgFdTransport wire;   /* its descriptor is @port's */
  struct sp_port *port; /* (owned) open */
  int claim_fd;         /* (owned) holds the lock on the port */
  FgPortFacts *facts;   /* (owned) (nullable) to know it again when it comes back */
} FgSerial;

static FgSerial *
get_serial (FgTransport *base)
{
  return (FgSerial *) base;
}

/* What a libserialport call that failed means. Call at once: it reads errno. */
static void
set_serial_error (GError **error, enum sp_return code, const char *path, const char *action)
{
  int errnum = sp_last_error_code ();

  switch (code) {
  case SP_ERR_FAIL:
    fg_port_error_set_io (error, path, action, errnum);
    break;
  case SP_ERR_MEM: /* also what it says when /sys lists a port whose node is not in /dev */
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING,
                 "%s cannot be looked up: the system lists a port that is not in /dev, as happens "
                 "in a sandbox without access to devices",
                 path);
    break;
  case SP_ERR_SUPP:
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED, "%s %s is not supported", action, path);
    break;
  case SP_ERR_ARG:
  case SP_OK:
  default:
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_FAILED, "%s is not a serial port", path);
    break;
  }
}

gboolean
fg_serial_knows (const char *path)
{
  struct sp_port *port = NULL;

  if (sp_get_port_by_name (path, &port) != SP_OK)
    return FALSE;
  sp_free_port (port);
  return TRUE;
}

static gboolean
serial_set_baud (FgTransport *base, guint baud, GError **error)
{
  FgSerial *self = get_serial (base);
  enum sp_return code;

  if (!fg_tty_drain (self->wire.fd, base->name, error))
    return FALSE;
  code = sp_set_baudrate (self->port, (int) baud);
  if (code == SP_ERR_ARG || code == SP_ERR_SUPP) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED, "%s cannot do %u baud", base->name, baud);
    return FALSE;
  }
  if (code != SP_OK) {
    set_serial_error (error, code, base->name, "Setting the rate of");
    return FALSE;
  }
  return fg_tty_check_baud (self->wire.fd, base->name, baud, error);
}

static gboolean
serial_set_lines (FgTransport *base, gboolean dtr, gboolean rts, GError **error)
{
  return fg_tty_set_lines (get_serial (base)->wire.fd, base->name, dtr, rts, error);
}

static void
close_port (FgSerial *self)
{
  if (self->port == NULL)
    return;
  ioctl (self->wire.fd, TIOCNXCL); /* it would stay while another program holds the port, too */
  /* After a cancel a block may be on its way; closing would wait for it, up to 30 s. */
  sp_flush (self->port, SP_BUF_OUTPUT);
  sp_close (self->port);
  sp_free_port (self->port);
  close (self->claim_fd);
  self->port = NULL;
  self->wire.fd = -1;
}

static void
serial_free (FgTransport *base)
{
  FgSerial *self = get_serial (base);

  close_port (self);
  g_clear_pointer (&self->facts, fg_port_facts_free);
  g_free (self);
}

static gboolean
configure (struct sp_port *port, const char *path, GError **error)
{
  enum sp_return code;

  if ((code = sp_set_bits (port, 8)) == SP_OK
      && (code = sp_set_parity (port, SP_PARITY_NONE)) == SP_OK
      && (code = sp_set_stopbits (port, 1)) == SP_OK)
    code = sp_set_flowcontrol (port, SP_FLOWCONTROL_NONE);
  if (code == SP_OK)
    return TRUE;
  set_serial_error (error, code, path, "Configuring");
  return FALSE;
}

/* FTDI adapters otherwise keep short answers back for 16 ms (PROTOCOL-FACTS 13). Others refuse. */
static void
ask_for_low_latency (int fd)
{
  struct serial_struct settings;

  if (ioctl (fd, TIOCGSERIAL, &settings) < 0 || (settings.flags & ASYNC_LOW_LATENCY) != 0)
    return;
  settings.flags |= ASYNC_LOW_LATENCY;
  ioctl (fd, TIOCSSERIAL, &settings);
}

/* Opens the port that @claim_fd holds the lock of. */
static struct sp_port *
open_port (const char *path, GError **error)
{
  struct sp_port *port = NULL;
  enum sp_return code = sp_get_port_by_name (path, &port);

  if (code != SP_OK) {
    set_serial_error (error, code, path, "Looking up");
    return NULL;
  }
  code = sp_open (port, SP_MODE_READ_WRITE);
  if (code != SP_OK) {
    if (code == SP_ERR_FAIL)
      fg_port_error_set_open (error, path, sp_last_error_code ());
    else
      set_serial_error (error, code, path, "Opening");
    sp_free_port (port);
    return NULL;
  }
  return port;
}

/* Claims, opens and sets up the port at @path. */
static gboolean
open_and_set_up (FgSerial *self, const char *path, int claim_fd, GError **error)
{
  self->port = open_port (path, error);
  if (self->port == NULL) {
    close (claim_fd);
    return FALSE;
  }
  self->claim_fd = claim_fd;
  sp_get_port_handle (self->port, &self->wire.fd);
  /* keeps out programs that do not ask for the lock; a refusal is harmless */
  ioctl (self->wire.fd, TIOCEXCL);
  if (!configure (self->port, path, error) || !fg_tty_tune (self->wire.fd, path, error)
      || !serial_set_baud (&self->wire.base, INITIAL_BAUD, error)) {
    close_port (self);
    return FALSE;
  }
  ask_for_low_latency (self->wire.fd);
  sp_flush (self->port, SP_BUF_BOTH);
  return TRUE;
}

static void
remember_facts (FgSerial *self, FgPortFacts *facts)
{
  g_clear_pointer (&self->facts, fg_port_facts_free);
  self->facts = facts;
  self->wire.base.usb_vendor = facts != NULL ? facts->vendor_id : 0;
  self->wire.base.usb_product = facts != NULL ? facts->product_id : 0;
}

/* A port that belongs to the chip comes back after a reset, maybe under another name. */
static gboolean
serial_reopen (FgTransport *base, GError **error)
{
  FgSerial *self = get_serial (base);
  g_autoptr (FgPortFacts) found = NULL;
  int claim_fd;

  close_port (self);
  found = self->facts != NULL ? fg_port_scan_again (self->facts) : NULL;
  if (found == NULL) {
    g_set_error (error, FG_ERROR, FG_ERROR_PORT_MISSING, "%s is not back yet", base->name);
    return FALSE;
  }
  claim_fd = fg_tty_claim (found->path, error);
  if (claim_fd < 0 || !open_and_set_up (self, found->path, claim_fd, error))
    return FALSE;
  g_free (base->name);
  base->name = g_strdup (found->path);
  remember_facts (self, g_steal_pointer (&found));
  return TRUE;
}

static const FgTransportOps serial_ops = {
  .read = fg_fd_transport_read,
  .write = fg_fd_transport_write,
  .set_baud = serial_set_baud,
  .set_lines = serial_set_lines,
  .reopen = serial_reopen,
  .free = serial_free,
};

/**
 * fg_serial_open:
 * @path: a device node
 *
 * Claims the port before anything about it is changed: a program that uses it is not disturbed.
 * The rate is set in a step of its own after the opening, because some drivers program the adapter
 * only at a change of rate (PROTOCOL-FACTS 3.1, esptool issue 44).
 */
FgTransport *
fg_serial_open (const char *path, GError **error)
{
  FgSerial *self;
  int claim_fd = fg_tty_claim (path, error);

  if (claim_fd < 0)
    return NULL;
  /* libserialport insists on modem lines; without them the tty is driven by us alone. */
  if (!fg_tty_has_lines (claim_fd)) {
    close (claim_fd);
    return fg_tty_open (path, error);
  }
  self = g_new0 (FgSerial, 1);
  fg_fd_transport_init (&self->wire, &serial_ops, -1, path);
  if (!open_and_set_up (self, path, claim_fd, error)) {
    fg_transport_free (&self->wire.base);
    return NULL;
  }
  remember_facts (self, fg_port_scan_one (path));
  return &self->wire.base;
}
