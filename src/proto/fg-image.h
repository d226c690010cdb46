/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a file is, by its content. Never reads outside the bytes it is given, whatever they hold.
 */

#include "fg-board-info.h"

G_BEGIN_DECLS

typedef enum {
  FG_IMAGE_DATA,       /* nothing we recognise */
  FG_IMAGE_BLANK,      /* all FF */
  FG_IMAGE_TEXT,       /* text by mistake: an HTML error page saved as .bin */
  FG_IMAGE_ESP8266_V1, /* E9: loaded by the ROM */
  FG_IMAGE_ESP8266_V2, /* EA: OTA or rboot */
  FG_IMAGE_ESP32,      /* E9 with the extended header */
} FgImageKind;

typedef enum { FG_IMAGE_SUM_NONE, FG_IMAGE_SUM_OK, FG_IMAGE_SUM_WRONG } FgImageSum;

typedef struct {
  guint32 address; /* where it is loaded */
  guint32 offset;  /* of its data in the file, bytes */
  guint32 length;  /* bytes */
} FgImageSegment;

typedef struct {
  FgImageKind kind;
  const FgChip *chip;     /* (unowned) (nullable) the chip it is made for */
  gsize length;           /* bytes of the file */
  guint8 mode, size_freq; /* header bytes 2 and 3 */
  guint32 entry;
  gboolean extended; /* there is an extended header: the ESP32 family, and the ESP8266 RTOS SDK */
  guint16 chip_id;   /* as the extended header has it */
  guint16 min_revision, max_revision; /* major * 100 + minor; 0 and 0: nothing is said */
  GArray *segments;                   /* (owned) (element-type FgImageSegment) */
  gsize end;          /* bytes of the image itself, with all its sums; 0: not known */
  gboolean truncated; /* a segment runs past the end of the file */
  gboolean checksum_ok;
  guint8 checksum_stored, checksum_computed;
  FgImageSum sha256; /* the hash after the checksum */
  guint8 digest[32]; /* as stored, when there is one */
  FgImageSum crc32;  /* the sum at the end of a V2 image */
  char *title;       /* (owned) (nullable) "NodeMCU 2.2.1", else NULL */
  char *details;     /* (owned) (nullable) "13 modules · built 2019-07-16" */
  char *problem;     /* (owned) (nullable) what is wrong, as a sentence in English */
  const char *code;  /* (nullable) static, a short name for the problem: "truncated" */
  gsize problem_at;  /* where: byte in the file */
} FgImageInfo;

FgImageInfo *fg_image_inspect (GBytes *bytes);
void fg_image_info_free (FgImageInfo *self);
const char *fg_image_kind_name (FgImageKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgImageInfo, fg_image_info_free)

G_END_DECLS
