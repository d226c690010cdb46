/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a stream brings to the flash, ready to be sent: packed, cut into packets, with its digests.
 * Does no I/O, so that it can be made while the board is still being connected. Immutable then, for
 * any thread. The form is that of src/stub/README.md, E2.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Bits of E2. */
typedef enum {
  FG_STUB_HOLD = 1 << 0,   /* the first sector of the first run is written last */
  FG_STUB_VERIFY = 1 << 1, /* the chip reads back what it has written */
  FG_STUB_PACKED = 1 << 2, /* taken back where packing does not make it shorter */
} FgStubFlags;

#define FG_STUB_PACKET_SIZE 1024u /* good at every rate: src/stub/README.md */

typedef struct {
  guint32 offset;     /* a multiple of 4096 */
  guint32 length;     /* bytes; a multiple of 4, except of the last run */
  const guint8 *data; /* (unowned) not needed after fg_stub_stream_new() */
} FgStubRun;

typedef struct {
  FgStubFlags flags;
  GArray *runs;        /* (owned) (element-type FgStubRun) without their data, in ascending order */
  GByteArray *bytes;   /* (owned) what goes over the line */
  GArray *positions;   /* (owned) (element-type guint32) bytes of the runs after each packet */
  guint packet_size;   /* bytes */
  guint n_packets;     /* the last may be shorter */
  guint32 total;       /* bytes of all runs */
  guint32 digest_rest; /* CRC-32 of all runs, without the sector that is held back */
  guint32 digest_held; /* CRC-32 of that sector, as far as it is written; 0: none */
} FgStubStream;

FgStubStream *
fg_stub_stream_new (const FgStubRun *runs, guint n_runs, FgStubFlags flags, guint packet_size);
void fg_stub_stream_free (FgStubStream *self);
const guint8 *fg_stub_stream_get_packet (const FgStubStream *self, guint packet, gsize *len);
guint32 fg_stub_stream_get_address (const FgStubStream *self, guint32 position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgStubStream, fg_stub_stream_free)

G_END_DECLS
