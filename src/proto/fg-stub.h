/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A stub that runs, ours: what it can do, and requests of its own kind, protected by a CRC-32 in
 * both directions. The specification is src/stub/README.md. Blocking and not thread-safe: one
 * worker owns it. Every wait has a deadline and looks at the loader's cancellable every 50 ms.
 */

#include "fg-loader.h"

G_BEGIN_DECLS

/* Extensions: src/stub/README.md */
typedef enum {
  FG_STUB_OP_CAPABILITIES = 0xe0,
  FG_STUB_OP_DIGESTS = 0xe1,
  FG_STUB_OP_OPEN = 0xe2,
  FG_STUB_OP_PACKET = 0xe3,
  FG_STUB_OP_CLOSE = 0xe4,
  FG_STUB_OP_READ = 0xe5,
} FgStubOp;

typedef enum {
  FG_STUB_FEATURE_DIGESTS = 1 << 0,
  FG_STUB_FEATURE_STREAMS = 1 << 1,
  FG_STUB_FEATURE_VERIFY = 1 << 2, /* a stream is read back while it is written */
  FG_STUB_FEATURE_HOLD = 1 << 3,   /* the first sector can be held back */
  FG_STUB_FEATURE_READ = 1 << 4,   /* fast reading */
  FG_STUB_FEATURE_READ_PACKED = 1 << 5,
} FgStubFeatures;

/* Status words of the stub that are more than a failure. */
#define FG_STUB_STATUS_BAD_LENGTH 0xc000u
#define FG_STUB_STATUS_BAD_CHECKSUM 0xc100u
#define FG_STUB_STATUS_FLASH_FAILED 0xc400u
#define FG_STUB_STATUS_LOCKED 0xc500u
#define FG_STUB_STATUS_NOT_OPEN 0xc600u
#define FG_STUB_STATUS_TOO_LITTLE 0xc800u

typedef struct {
  FgLoader *loader;        /* (unowned) outlives the stub */
  FgStubFeatures features; /* 0: no extensions, or not asked yet */
  guint packet_max;        /* bytes of payload of a packet of a stream */
  guint slot_bytes;        /* for packets under way */
  guint runs_max;          /* runs of a stream */
  guint digests_max;       /* sectors of a reply */
  guint32 flash_size;      /* bytes; 0: not known */
  guint32 overflows;       /* of the chip's FIFO so far: above 0 the line is too fast */
  guint32 lost_bytes;      /* for which the stub had no room */
} FgStub;

typedef struct {
  const guint8 *data; /* (unowned) in the loader, until it receives the next frame */
  gsize len;          /* bytes, without the status */
  guint status;       /* 0: success */
} FgStubReply;

/* @address: where the chip is now; @done: bytes of the call's work */
typedef void (*FgStubProgress) (guint32 address, guint64 done, gpointer data);

void fg_stub_init (FgStub *self, FgLoader *loader);
gboolean fg_stub_ask (FgStub *self, GError **error);
gboolean fg_stub_set_baud (FgStub *self, guint old_baud, guint new_baud, GError **error);

/* For the modules on top. */
guint64 fg_stub_line_us (const FgStub *self, guint64 len);
void fg_stub_build (FgStub *self, FgStubOp op, const guint8 *data, gsize len);
gboolean
fg_stub_receive (FgStub *self, FgStubOp op, gint64 deadline_us, FgStubReply *reply, GError **error);
gboolean fg_stub_fence (FgStub *self, GError **error);
gboolean fg_stub_request (FgStub *self,
                          FgStubOp op,
                          const guint8 *data,
                          gsize len,
                          guint timeout_ms,
                          FgStubReply *reply,
                          GError **error);
void fg_stub_set_failure (
    guint status, guint32 address, const char *doing, int flash_code, GError **error);

G_END_DECLS
