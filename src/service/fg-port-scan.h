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
  guint16 vendor_id;  /* USB; 0: not a USB port */
  guint16 product_id; /* USB */
  gboolean forbidden; /* the user may not open it */
} FgPortFacts;

/* (element-type FgPortFacts) Likely boards first, then by name. Never NULL. */
GPtrArray *fg_port_scan (void);
/* The same without libserialport, which gives up where it cannot look up every port. */
GPtrArray *fg_port_scan_sysfs (void);
gboolean fg_port_facts_are_likely (const FgPortFacts *self);
FgPortFacts *fg_port_facts_copy (const FgPortFacts *self);
void fg_port_facts_free (FgPortFacts *self);

/* (transfer full) The paths of all likely boards, at least one; FG_ERROR_PORT_MISSING when there is
 * none. */
char **fg_port_scan_likely (GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgPortFacts, fg_port_facts_free)

G_END_DECLS
