/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The one error domain. A code stands for a thing the user can do, so that the front ends choose a
 * remedy by code; the message says what was found and where. A cancelled call is
 * %G_IO_ERROR_CANCELLED and never one of these.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FG_ERROR_PORT_MISSING,   /* no such port, or it vanished before it was opened */
  FG_ERROR_PORT_BUSY,      /* another program, or another job, has the port */
  FG_ERROR_PORT_FORBIDDEN, /* the user may not open the port */
  FG_ERROR_PORT_FAILED,    /* the port was opened and does not behave like one */
  FG_ERROR_DISCONNECTED,   /* the board went away while we talked to it */
  FG_ERROR_NO_ANSWER,      /* nothing at all came from the board */
  FG_ERROR_NOT_IN_LOADER, /* something came, and it was not a loader: boot text, a program, noise */
  FG_ERROR_TIMEOUT,       /* a loader that had answered stopped answering */
  FG_ERROR_PROTOCOL,      /* an answer that makes no sense */
  FG_ERROR_REJECTED,      /* the loader refused a command, with a reason */
  FG_ERROR_UNSUPPORTED,   /* this loader, chip or transport cannot do that */
  FG_ERROR_UNKNOWN_CHIP,  /* the chip's identification matches no row of the table */
  FG_ERROR_FLASH_CHIP,    /* the flash memory does not answer or its size is not known */
  FG_ERROR_FILE,          /* a file cannot be read or written */
  FG_ERROR_FILE_EMPTY,    /* a file holds nothing */
  FG_ERROR_FILE_KIND,     /* a file is damaged or is not firmware */
  FG_ERROR_WRONG_CHIP,    /* an image is made for another chip */
  FG_ERROR_TOO_LARGE,     /* a file does not fit where it shall go */
  FG_ERROR_OVERLAP,       /* two files share a sector */
  FG_ERROR_RANGE,         /* an offset or a length is out of range or not aligned */
  FG_ERROR_ERASE,         /* the flash did not become blank */
  FG_ERROR_VERIFY,        /* the flash does not hold what it should */
  FG_ERROR_IN_USE,        /* a job is already running here */
  FG_ERROR_USAGE,         /* an option or a port specification that cannot be understood */
} FgError;

#define FG_ERROR (fg_error_quark ())

GQuark fg_error_quark (void);
const char *fg_error_code_name (const GError *error);

G_END_DECLS
