/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-command.h"

#include "fg-slip.h"
#include "fg-wire.h"

#include <string.h>
#include <zlib.h>

#define HEADER_LEN 8
#define DATA_HEADER_LEN 16
#define STATUS_LEN 2
#define DIRECTION_REQUEST 0x00
#define DIRECTION_REPLY 0x01
#define CHECKSUM_START 0xef
#define DEFAULT_TIMEOUT_MS 3000
/* Registers take no time: a shorter wait finds a lost byte sooner. */
#define REGISTER_TIMEOUT_MS 1000
#define UNKNOWN_COMMAND 0x05

typedef struct {
  guint8 op;
  guint16 timeout_ms;
  const char *name;
} Command;

/* Time limits: esptool loader.py. Commands whose work grows with their length are timed by the
 * caller. */
static const Command commands[] = {
  { FG_OP_FLASH_BEGIN, DEFAULT_TIMEOUT_MS, "FLASH_BEGIN" },
  { FG_OP_FLASH_DATA, DEFAULT_TIMEOUT_MS, "FLASH_DATA" },
  { FG_OP_FLASH_END, DEFAULT_TIMEOUT_MS, "FLASH_END" },
  { FG_OP_MEM_BEGIN, DEFAULT_TIMEOUT_MS, "MEM_BEGIN" },
  { FG_OP_MEM_END, 200, "MEM_END" },
  { FG_OP_MEM_DATA, DEFAULT_TIMEOUT_MS, "MEM_DATA" },
  { FG_OP_SYNC, 100, "SYNC" },
  { FG_OP_WRITE_REG, REGISTER_TIMEOUT_MS, "WRITE_REG" },
  { FG_OP_READ_REG, REGISTER_TIMEOUT_MS, "READ_REG" },
  { FG_OP_SPI_SET_PARAMS, DEFAULT_TIMEOUT_MS, "SPI_SET_PARAMS" },
  { FG_OP_SPI_ATTACH, DEFAULT_TIMEOUT_MS, "SPI_ATTACH" },
  { FG_OP_READ_FLASH_SLOW, DEFAULT_TIMEOUT_MS, "READ_FLASH_SLOW" },
  { FG_OP_CHANGE_BAUDRATE, DEFAULT_TIMEOUT_MS, "CHANGE_BAUDRATE" },
  { FG_OP_FLASH_DEFL_BEGIN, DEFAULT_TIMEOUT_MS, "FLASH_DEFL_BEGIN" },
  { FG_OP_FLASH_DEFL_DATA, DEFAULT_TIMEOUT_MS, "FLASH_DEFL_DATA" },
  { FG_OP_FLASH_DEFL_END, DEFAULT_TIMEOUT_MS, "FLASH_DEFL_END" },
  { FG_OP_SPI_FLASH_MD5, DEFAULT_TIMEOUT_MS, "SPI_FLASH_MD5" },
  { FG_OP_GET_SECURITY_INFO, DEFAULT_TIMEOUT_MS, "GET_SECURITY_INFO" },
  { FG_OP_ERASE_FLASH, DEFAULT_TIMEOUT_MS, "ERASE_FLASH" },
  { FG_OP_ERASE_REGION, DEFAULT_TIMEOUT_MS, "ERASE_REGION" },
  { FG_OP_READ_FLASH, DEFAULT_TIMEOUT_MS, "READ_FLASH" },
  { FG_OP_RUN_USER_CODE, DEFAULT_TIMEOUT_MS, "RUN_USER_CODE" },
};

typedef struct {
  guint reason;
  const char *text;
} Reason;

/* esptool util.py (ROM) and esp-flasher-stub src/commands.h (stub). */
static const Reason reasons[] = {
  { 0x0100, "undefined error" },
  { 0x0101, "a parameter is invalid" },
  { 0x0102, "out of memory" },
  { 0x0103, "sending failed" },
  { 0x0104, "receiving failed" },
  { 0x0105, "the message is malformed or the command unknown" },
  { 0x0106, "the result of the operation is wrong" },
  { 0x0107, "the checksum of the data is wrong" },
  { 0x0108, "writing the flash failed" },
  { 0x0109, "reading the flash failed" },
  { 0x010a, "the read length is wrong" },
  { 0x010b, "decompression failed" },
  { 0x010c, "the Adler-32 checksum is wrong" },
  { 0x010d, "a decompression parameter is wrong" },
  { 0x010e, "the size of the RAM program is invalid" },
  { 0x010f, "the address of the RAM program is invalid" },
  { 0xc000, "the length of the data is wrong" },
  { 0xc100, "the checksum of the data is wrong" },
  { 0xc200, "the block size is wrong" },
  { 0xc300, "the command is invalid" },
  { 0xc400, "a flash operation failed" },
  { 0xc500, "the flash could not be unlocked" },
  { 0xc600, "not in flash mode" },
  { 0xc700, "decompression failed" },
  { 0xc800, "not enough data" },
  { 0xc900, "too much data" },
  { 0xff00, "the command is not implemented" },
};

static const Command *
find_command (guint8 op)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].op == op)
      return &commands[i];
  return NULL;
}

/** fg_op_name: Returns: (transfer none): "FLASH_BEGIN"; "?" for an unknown number */
const char *
fg_op_name (guint8 op)
{
  const Command *command = find_command (op);

  return command != NULL ? command->name : "?";
}

/** fg_op_timeout_ms: Returns: how long the command's reply may take, without work of its own */
guint
fg_op_timeout_ms (guint8 op)
{
  const Command *command = find_command (op);

  return command != NULL ? command->timeout_ms : DEFAULT_TIMEOUT_MS;
}

/**
 * fg_checksum:
 *
 * The loader's 8-bit checksum: 0xEF XOR all bytes.
 */
guint8
fg_checksum (const guint8 *data, gsize len)
{
  guint8 sum = CHECKSUM_START;

  for (gsize i = 0; i < len; i++)
    sum ^= data[i];
  return sum;
}

/** fg_command_crc: Returns: CRC-32 of the op and its data, which our stub checks */
guint32
fg_command_crc (guint8 op, const guint8 *data, gsize len)
{
  uLong crc = crc32 (0, &op, 1);

  return (guint32) (len > 0 ? crc32 (crc, data, (uInt) len) : crc); /* of no bytes it makes 0 */
}

/**
 * fg_command_build:
 * @len: bytes of @data, below 64 KB
 * @checksum: 0 for commands without one
 * @out: the request is appended as a SLIP frame
 */
void
fg_command_build (guint8 op, const guint8 *data, gsize len, guint32 checksum, GByteArray *out)
{
  g_autofree guint8 *packet = g_malloc (HEADER_LEN + len);

  g_return_if_fail (len <= G_MAXUINT16);
  packet[0] = DIRECTION_REQUEST;
  packet[1] = op;
  fg_put_u16 (packet + 2, (guint16) len);
  fg_put_u32 (packet + 4, checksum);
  if (len > 0)
    memcpy (packet + HEADER_LEN, data, len);
  fg_slip_encode (packet, HEADER_LEN + len, out);
}

/**
 * fg_command_build_data:
 * @op: FLASH_DATA, MEM_DATA or FLASH_DEFL_DATA
 * @seq: number of the block, from 0
 *
 * A block with its 16-byte header; the checksum covers @payload only.
 */
void
fg_command_build_data (guint8 op, guint32 seq, const guint8 *payload, gsize len, GByteArray *out)
{
  g_autofree guint8 *data = g_malloc0 (DATA_HEADER_LEN + len);

  fg_put_u32 (data, (guint32) len);
  fg_put_u32 (data + 4, seq);
  memcpy (data + DATA_HEADER_LEN, payload, len);
  fg_command_build (op, data, DATA_HEADER_LEN + len, fg_checksum (payload, len), out);
}

/**
 * fg_reply_parse:
 * @frame: a SLIP payload; @reply points into it
 *
 * Returns: %FALSE when the frame is too short or not a reply
 */
gboolean
fg_reply_parse (const guint8 *frame, gsize len, FgReply *reply)
{
  if (len < HEADER_LEN || frame[0] != DIRECTION_REPLY)
    return FALSE;
  reply->op = frame[1];
  reply->value = fg_get_u32 (frame + 4);
  reply->data = frame + HEADER_LEN;
  reply->len = MIN (len - HEADER_LEN, fg_get_u16 (frame + 2));
  return TRUE;
}

/**
 * fg_reply_match:
 * @op: what was sent
 * @expected_len: bytes of data that a success carries before its status
 * @reason: (out) (optional): status bytes as a big-endian number, when refused
 *
 * The status follows the expected data directly; a failure may come without them. Only the first
 * status byte decides: a ROM leaves an old code in the second. A ROM answers an unknown command
 * under the number of the command before.
 */
FgMatch
fg_reply_match (const FgReply *reply, guint8 op, gsize expected_len, guint *reason)
{
  const guint8 *status;

  if (reply->len < STATUS_LEN)
    return FG_MATCH_OTHER;
  status = reply->len >= expected_len + STATUS_LEN ? reply->data + expected_len : reply->data;
  if (reply->op != op)
    return reply->data[0] != 0 && reply->data[1] == UNKNOWN_COMMAND ? FG_MATCH_UNSUPPORTED
                                                                    : FG_MATCH_OTHER;
  if (status[0] == 0)
    return reply->len >= expected_len + STATUS_LEN ? FG_MATCH_OK : FG_MATCH_OTHER;
  if (reason != NULL)
    *reason = (guint) status[0] << 8 | status[1];
  return FG_MATCH_REFUSED;
}

/** fg_reason_text: Returns: (transfer none): what a reason code means, in English */
const char *
fg_reason_text (guint reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].reason == reason)
      return reasons[i].text;
  return "unknown reason";
}
