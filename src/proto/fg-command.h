/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The bootloader's commands: their numbers and time limits, requests as bytes, replies as fields.
 * Does no I/O.
 */

#include <glib.h>

G_BEGIN_DECLS

/* Operation codes: esptool loader.py, ESP_CMDS. */
typedef enum {
  FG_OP_FLASH_BEGIN = 0x02,
  FG_OP_FLASH_DATA = 0x03,
  FG_OP_FLASH_END = 0x04,
  FG_OP_MEM_BEGIN = 0x05,
  FG_OP_MEM_END = 0x06,
  FG_OP_MEM_DATA = 0x07,
  FG_OP_SYNC = 0x08,
  FG_OP_WRITE_REG = 0x09,
  FG_OP_READ_REG = 0x0a,
  FG_OP_SPI_SET_PARAMS = 0x0b,
  FG_OP_SPI_ATTACH = 0x0d,
  FG_OP_READ_FLASH_SLOW = 0x0e,
  FG_OP_CHANGE_BAUDRATE = 0x0f,
  FG_OP_FLASH_DEFL_BEGIN = 0x10,
  FG_OP_FLASH_DEFL_DATA = 0x11,
  FG_OP_FLASH_DEFL_END = 0x12,
  FG_OP_SPI_FLASH_MD5 = 0x13,
  FG_OP_GET_SECURITY_INFO = 0x14,
  FG_OP_ERASE_FLASH = 0xd0, /* this and the rest: only stubs */
  FG_OP_ERASE_REGION = 0xd1,
  FG_OP_READ_FLASH = 0xd2,
  FG_OP_RUN_USER_CODE = 0xd3,
} FgOp;

typedef struct {
  guint8 op;
  guint32 value;      /* READ_REG's result; stale for most other commands */
  const guint8 *data; /* (unowned) inside the frame: reply data and status bytes */
  gsize len;          /* bytes of data */
} FgReply;

/* What a reply is to the request that was sent. */
typedef enum {
  FG_MATCH_OTHER, /* not ours: a late reply, or a frame that is no reply */
  FG_MATCH_OK,
  FG_MATCH_REFUSED,     /* ours, and it says no */
  FG_MATCH_UNSUPPORTED, /* an unknown command, answered under the previous command's number */
} FgMatch;

const char *fg_op_name (guint8 op);
guint fg_op_timeout_ms (guint8 op);

guint8 fg_checksum (const guint8 *data, gsize len);
guint32 fg_command_crc (guint8 op, const guint8 *data, gsize len);
void fg_command_build (guint8 op, const guint8 *data, gsize len, guint32 checksum, GByteArray *out);
void
fg_command_build_data (guint8 op, guint32 seq, const guint8 *payload, gsize len, GByteArray *out);
gboolean fg_reply_parse (const guint8 *frame, gsize len, FgReply *reply);
FgMatch fg_reply_match (const FgReply *reply, guint8 op, gsize expected_len, guint *reason);
const char *fg_reason_text (guint reason);

G_END_DECLS
