/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Everything that is known about one file by its content: what it is, for which chip, what it says
 * about itself, what is wrong with it and where it goes. The data alone; fg-inspect.h fills it.
 */

#include "fg-app-desc.h"
#include "fg-finding.h"
#include "fg-image.h"
#include "fg-nodemcu.h"
#include "fg-partition.h"

G_BEGIN_DECLS

typedef enum {
  FG_CONTENT_DATA, /* nothing we recognise */
  FG_CONTENT_BLANK,
  FG_CONTENT_TEXT,
  FG_CONTENT_ELF,          /* a program for a debugger */
  FG_CONTENT_CONTAINER,    /* zip, gzip, Intel HEX, UF2: fg-bundle.h opens it */
  FG_CONTENT_ESP8266_V1,   /* what the ROM loads from 0x0; often with more behind it */
  FG_CONTENT_ESP8266_V2,   /* OTA and rBoot programs */
  FG_CONTENT_ESP8266_RTOS, /* programs of the ESP8266 RTOS SDK 3 */
  FG_CONTENT_ESP8266_IROM, /* the second half of a two-file build, without a header */
  FG_CONTENT_ESP8266_INIT, /* the SDK's init data */
  FG_CONTENT_ESP32_APP,    /* a program for any chip of the family */
  FG_CONTENT_BOOTLOADER,
  FG_CONTENT_PARTITIONS,
  FG_CONTENT_OTA_DATA,
  FG_CONTENT_NVS,
  FG_CONTENT_LITTLEFS,
  FG_CONTENT_SPIFFS,
  FG_CONTENT_FAT,
  FG_CONTENT_MERGED, /* bootloader, partition table and more in one file */
  FG_N_CONTENT_KINDS
} FgContentKind;

typedef enum {
  FG_PLACE_ASK,       /* the content does not tell */
  FG_PLACE_FIXED,     /* at `offset` */
  FG_PLACE_APP,       /* the partition that boots, else at `offset` */
  FG_PLACE_INIT_DATA, /* depends on the flash size and on the SDK */
  FG_PLACE_PARTITION, /* the data partition of `subtype` */
} FgPlaceRule;

/* A labelled fact for people, in English. */
typedef struct {
  const char *label; /* static */
  char *value;       /* (owned) */
} FgFact;

/* One piece of a merged image. */
typedef struct {
  guint32 offset, length; /* bytes, in the file */
  FgContentKind kind;
  char *title;     /* (owned) */
  char *partition; /* (owned) (nullable) the label of the partition it lies in */
} FgContentPart;

typedef struct {
  FgContentKind kind;
  const FgChip *chip; /* (unowned) (nullable) */
  gsize length;       /* bytes of the file */
  char *title;        /* (owned) "NodeMCU 2.2.1", "Partition table" */
  char *summary;      /* (owned) (nullable) "13 modules · built 2019-07-16 14:01" */

  FgImageInfo *image;     /* (owned) header and segments; its kind tells whether there are any */
  FgNodemcuInfo *nodemcu; /* (owned) (nullable) */
  FgAppDesc *app;         /* (owned) (nullable) of a program */
  FgAppDesc *boot;        /* (owned) (nullable) of a bootloader */
  FgPartitionTable *partitions; /* (owned) (nullable) also of a merged image */
  GPtrArray *parts;    /* (owned) (element-type FgContentPart) of a merged image, by offset */
  GPtrArray *facts;    /* (owned) (element-type FgFact) for the inspector, in order */
  GPtrArray *findings; /* (owned) (element-type FgFinding) */

  FgPlaceRule place;
  guint32 offset; /* bytes, for %FG_PLACE_FIXED and %FG_PLACE_APP */
  int subtype;    /* of the data partition, for %FG_PLACE_PARTITION */
} FgContent;

FgContent *fg_content_new (gsize length);
void fg_content_free (FgContent *self);
const char *fg_content_kind_name (FgContentKind kind);
const char *fg_content_kind_title (FgContentKind kind);
gboolean fg_content_has_header (const FgContent *self);

void fg_content_set_kind (FgContent *self, FgContentKind kind);
void fg_content_set_place (FgContent *self, FgPlaceRule rule, guint32 offset);
void fg_content_set_partition (FgContent *self, int subtype);
void fg_content_add_fact (FgContent *self, const char *label, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void fg_content_add_part (FgContent *self,
                          guint32 offset,
                          guint32 length,
                          FgContentKind kind,
                          const char *title,
                          const char *partition);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FgContent, fg_content_free)

G_END_DECLS
