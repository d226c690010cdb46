/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A preloaded library that makes simulated USB serial ports look real to an unmodified program.
 * $FG_SIMTTY_ROOT holds the overlay: sys/class/tty, sys/devices/simtty, dev, and `control`, the
 * socket of the test that plugs the ports in (simtty.py, which also tells the messages). Without
 * that variable nothing is changed. Any thread; no allocation.
 */

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* The function of this name that would have been called without the overlay. */
#define SIMTTY_NEXT(function)                                                                      \
  ({                                                                                               \
    static __typeof__ (function) *next_function;                                                   \
    if (next_function == NULL)                                                                     \
      next_function = (__typeof__ (function) *) dlsym (RTLD_NEXT, #function);                      \
    next_function;                                                                                 \
  })

/* The root of the overlay; NULL: there is none. */
const char *simtty_root (void);

/* Where @path is in the overlay, written to @mapped, or @path itself. */
const char *simtty_map (const char *path, char mapped[PATH_MAX]);

/* TRUE and the name ("ttyUSB0") when @path is the device node of a simulated port, by its name or
 * by a link in /dev/serial. */
bool simtty_is_node (const char *path, char name[NAME_MAX + 1]);

/* As open(2) on the port's node. */
int simtty_port_open (const char *name, int flags);

/* As access(2) with R_OK or W_OK on the port's node. */
int simtty_port_access (const char *name);
