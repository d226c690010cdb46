/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The wire as a vtable. Each backend embeds FgTransport as its first member. One worker owns a
 * transport from open to free; nothing here is thread-safe. No call waits without a deadline.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _FgTransport FgTransport;

typedef struct {
  /* Bytes read; 0 when nothing came within @timeout_ms (0 only looks); -1 and @error on failure.
   * A hang-up is FG_ERROR_DISCONNECTED. */
  gssize (*read) (FgTransport *self, guint8 *buf, gsize len, guint timeout_ms, GError **error);
  /* Writes all of @buf, waiting for room at most 10 s. */
  gboolean (*write) (FgTransport *self, const guint8 *buf, gsize len, GError **error);
  /* Waits (at most 10 s) until everything written has left, then changes the rate, in bit/s. NULL:
   * the rate of this transport has no meaning or cannot be changed. */
  gboolean (*set_baud) (FgTransport *self, guint baud, GError **error);
  /* Both modem lines at once; TRUE asserts, which pulls the pin low. NULL: no modem lines. */
  gboolean (*set_lines) (FgTransport *self, gboolean dtr, gboolean rts, GError **error);
  /* After a hang-up: looks once whether the port is back, maybe under another name, and opens it,
   * at 115200 baud. FG_ERROR_PORT_MISSING while it is not. NULL: it is gone for good. */
  gboolean (*reopen) (FgTransport *self, GError **error);
  void (*free) (FgTransport *self);
} FgTransportOps;

/* What is behind a transport, as its USB ids tell. */
typedef enum {
  FG_WIRE_PLAIN,    /* a USB serial chip, or anything that is not known */
  FG_WIRE_USB_JTAG, /* the chip's own USB-Serial-JTAG */
  FG_WIRE_USB_OTG,  /* the ROM's own USB serial port */
} FgWireKind;

struct _FgTransport {
  const FgTransportOps *ops; /* (unowned) static */
  char *name;                /* (owned) what messages call it: "/dev/ttyUSB0" */
  guint64 bytes_written;     /* since it was opened */
  guint64 bytes_read;
  guint16 usb_vendor; /* 0: not a USB port, or not known */
  guint16 usb_product;
  gboolean is_remote; /* bytes, and each change of the lines, travel through a network */
};

void fg_transport_init (FgTransport *self, const FgTransportOps *ops, const char *name);
void fg_transport_free (FgTransport *self);
gboolean fg_transport_has_lines (const FgTransport *self);
gboolean fg_transport_has_baud (const FgTransport *self);
gboolean fg_transport_reopen (FgTransport *self,
                              guint timeout_ms,
                              GCancellable *cancellable,
                              GError **error);
FgWireKind fg_transport_kind (const FgTransport *self);

gssize fg_transport_read (FgTransport *self,
                          guint8 *buf,
                          gsize len,
                          gint64 deadline_us,
                          GCancellable *cancellable,
                          GError **error);
gboolean fg_transport_write (FgTransport *self, const guint8 *buf, gsize len, GError **error);
gboolean fg_transport_set_baud (FgTransport *self, guint baud, GError **error);
gboolean fg_transport_set_lines (FgTransport *self, gboolean dtr, gboolean rts, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgTransport, fg_transport_free)

G_END_DECLS
