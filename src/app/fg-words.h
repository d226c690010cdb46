/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Facts as words: sizes, addresses, times and the names of phases, translated. Every returned
 * string is (transfer full) unless it is const.
 */

#include "fg-content.h"
#include "fg-job.h"
#include "fg-port.h"

G_BEGIN_DECLS

/* "128 B", "484 KB", "3.5 MB" */
char *fg_words_size (guint64 bytes);
/* "0x0F000": five digits, more where needed */
char *fg_words_address (guint32 address);
/* "0.5 s", "1:04 min" */
char *fg_words_duration (double seconds);
/* "3 s left" */
char *fg_words_time_left (double seconds);
/* "Write"; for a list of phases */
const char *fg_words_phase (FgPhase phase);
/* "NodeMCU 2.2.1 · 13 modules", or what kind of file it is */
char *fg_words_content (const FgContent *content);
/* "DIO, 40 MHz, 4 MB" of a loader image's header bytes 2 and 3; without the size where @with_size
 * is FALSE. NULL: not a known combination */
char *fg_words_flash_header (const FgChip *chip, guint8 mode, guint8 size_freq, gboolean with_size);
/* Where the board is: "CP2102N · ttyUSB0", "simulated board" */
char *fg_words_port (FgPort *port);
/* "nodemcu.bin", "3 files" */
char *fg_words_files (const GPtrArray *firmware);

/* (transfer none) The program on the chip that does the work, by its id in FgProgress. */
const char *fg_words_loader (const char *id);

G_END_DECLS
