/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One look at which serial ports this machine has. Opens none of the boards: opening resets some.
 * Any thread.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *path;         /* (owned) "/dev/ttyUSB0" */
  char *product;      /* (owned) (nullable) what the USB device calls itself */
  char *serial;       /* (owned) (nullable) USB serial number */
  char *bus;          /* (owned) (nullable) where on the USB it is plugged in: "1-2.4" */
  guint16 vendor_id;  /* USB; 0: not a USB port */
  guint16 product_id; /* USB */
  gboolean forbidden; /* the user may not open it */
} FgPortFacts;

/* (element-type FgPortFacts) Likely boards first, then by name. Never NULL. */
GPtrArray *fg_port_scan (void);
/* The same without libserialport, which gives up where it cannot look up every port. */
GPtrArray *fg_port_scan_sysfs (void);
/* (transfer full) (nullable) What there is to know about the port at @path; NULL: not in the list
 */
FgPortFacts *fg_port_scan_one (const char *path);
gboolean fg_port_facts_are_likely (const FgPortFacts *self);
FgPortFacts *fg_port_facts_copy (const FgPortFacts *self);
/* (transfer full) (nullable) Where the device that @before was, by its serial number, else by where
 * it was plugged in, is now; its product id may be another one. */
FgPortFacts *fg_port_scan_again (const FgPortFacts *before);
void fg_port_facts_free (FgPortFacts *self);

/* (transfer full) The paths of all likely boards, at least one; FG_ERROR_PORT_MISSING when there is
 * none. */
char **fg_port_scan_likely (GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgPortFacts, fg_port_facts_free)

G_END_DECLS
