/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One place where a board can be. Immutable; main thread.
 * Properties: "path", "title", "subtitle", "likely", "problem" (nullable).
 */

#include "fg-port-scan.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum { FG_PORT_SERIAL, FG_PORT_NETWORK, FG_PORT_SIMULATED } FgPortKind;

#define FG_TYPE_PORT (fg_port_get_type ())
G_DECLARE_FINAL_TYPE (FgPort, fg_port, FG, PORT, GObject)

/* A serial port that a scan has found. */
FgPort *fg_port_new_serial (const FgPortFacts *facts);
/* A port that no scan finds: "sim:…" or "socket://…". @title: (nullable) */
FgPort *fg_port_new_address (const char *path, const char *title);

/* The board's own name, else the USB serial chip's: "CP2102N", "CH340"; never NULL. */
const char *fg_port_get_title (FgPort *self);
/* "CP2102N · ttyUSB0"; what the title says already is not said again: "USB serial · ttyUSB0" */
const char *fg_port_get_subtitle (FgPort *self);
/* What a job takes: "/dev/ttyUSB0", "sim:esp8266" */
const char *fg_port_get_path (FgPort *self);
FgPortKind fg_port_get_kind (FgPort *self);
/* Whether a board of ours is probably there (a known USB serial chip). */
gboolean fg_port_get_likely (FgPort *self);
/* (nullable) why it cannot be opened, translated; NULL: nothing known against it. */
const char *fg_port_get_problem (FgPort *self);
/* USB ids; 0: not a USB port. */
guint16 fg_port_get_vendor_id (FgPort *self);
guint16 fg_port_get_product_id (FgPort *self);
/* (nullable) the USB serial number */
const char *fg_port_get_serial (FgPort *self);
/* The same device in the same state. */
gboolean fg_port_equal (FgPort *self, FgPort *other);

G_END_DECLS
