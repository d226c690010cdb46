/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-image.h"

#include "fg-nodemcu.h"
#include "fg-wire.h"

#include <string.h>
#include <zlib.h>

/* Image formats: esptool bin_image.py; the RAM and flash windows: the chips' technical references.
 */
#define MAGIC_V1 0xe9
#define MAGIC_V2 0xea
#define V2_SECOND 0x04
#define HEADER_LEN 8
#define EXTENDED_LEN 24
#define HASH_FLAG 23 /* byte of the extended header: 1 when a SHA-256 follows the checksum */
#define CHIP_ID 12
#define SEGMENT_HEADER_LEN 8
#define MAX_SEGMENTS 16
#define CHECKSUM_START 0xef
#define TEXT_LOOK 512
#define MODE_MAX 5 /* the ROMs know two slow modes besides those that tools offer */
#define DIGEST_LEN 32
#define NO_LIMIT 0xffff /* of the highest revision */

static const char *const kind_names[] = {
  [FG_IMAGE_DATA] = "data",
  [FG_IMAGE_BLANK] = "blank",
  [FG_IMAGE_TEXT] = "text",
  [FG_IMAGE_ESP8266_V1] = "esp8266-v1",
  [FG_IMAGE_ESP8266_V2] = "esp8266-v2",
  [FG_IMAGE_ESP32] = "esp32",
};

/**
 * fg_image_kind_name:
 *
 * Returns: (transfer none): the stable, untranslated name that the command line prints
 */
const char *
fg_image_kind_name (FgImageKind kind)
{
  return kind_names[kind];
}

static gboolean
all_bytes_are (const guint8 *data, gsize len, guint8 value)
{
  return len > 0 && data[0] == value && memcmp (data, data + 1, len - 1) == 0;
}

static gboolean
looks_like_text (const guint8 *data, gsize len)
{
  gsize n = MIN (len, TEXT_LOOK);
  const char *end;

  for (gsize i = 0; i < n; i++)
    if ((data[i] < ' ' && data[i] != '\t' && data[i] != '\n' && data[i] != '\r' && data[i] != '\f')
        || data[i] == 0x7f)
      return FALSE;
  /* the look may end inside a character */
  return g_utf8_validate_len ((const char *) data, n, &end)
         || (n < len && (const char *) data + n - end < 4);
}

static gboolean
is_esp8266_address (guint32 address)
{
  return (address >= 0x3ffe8000 && address < 0x40000000)
         || (address >= 0x40100000 && address < 0x40110000)
         || (address >= 0x40200000 && address < 0x40300000);
}

/* Memory, memory-mapped flash and PSRAM of every chip of the family lie in here. */
static gboolean
is_some_address (guint32 address)
{
  return address >= 0x2f000000 && address < 0x60000000;
}

static void G_GNUC_PRINTF (4, 5)
    set_problem (FgImageInfo *info, const char *code, gsize at, const char *format, ...)
{
  va_list args;

  if (info->problem != NULL) /* the first one explains the others */
    return;
  va_start (args, format);
  info->problem = g_strdup_vprintf (format, args);
  va_end (args);
  info->code = code;
  info->problem_at = at;
}

static void
clear_walk (FgImageInfo *info)
{
  g_array_set_size (info->segments, 0);
  info->checksum_ok = FALSE;
  info->end = 0;
}

/* Walks the segments from @pos. FALSE: one runs past the end (it is recorded as far as it goes). */
static gboolean
walk_segments (FgImageInfo *info, const guint8 *data, gsize len, gsize pos, guint count)
{
  guint8 checksum = CHECKSUM_START;

  clear_walk (info);
  for (guint i = 0; i < count; i++) {
    FgImageSegment segment;

    if (len < pos || len - pos < SEGMENT_HEADER_LEN)
      return FALSE;
    segment.address = fg_get_u32 (data + pos);
    segment.length = fg_get_u32 (data + pos + 4);
    pos += SEGMENT_HEADER_LEN;
    segment.offset = (guint32) pos;
    g_array_append_val (info->segments, segment);
    if (segment.length > len - pos)
      return FALSE;
    for (gsize k = 0; k < segment.length; k++)
      checksum ^= data[pos + k];
    pos += segment.length;
  }
  pos |= 15; /* the checksum is the last byte of a multiple of 16 */
  if (pos >= len)
    return FALSE;
  info->checksum_computed = checksum;
  info->checksum_stored = data[pos];
  info->checksum_ok = info->checksum_stored == checksum;
  info->end = pos + 1;
  return TRUE;
}

static const FgImageSegment *
segment_at (const FgImageInfo *info, guint i)
{
  return &g_array_index (info->segments, FgImageSegment, i);
}

/* The first address decides; a later one that does not fit is damage. */
static gboolean
starts_like_esp8266 (const FgImageInfo *info)
{
  return info->segments->len > 0 && is_esp8266_address (segment_at (info, 0)->address);
}

static void
read_header (FgImageInfo *info, const guint8 *data)
{
  info->mode = data[2];
  info->size_freq = data[3];
  info->entry = fg_get_u32 (data + 4);
}

/* The old field counts minor revisions on the C3 and major ones elsewhere; the full fields came
 * later (esptool cmds.py, the check before write_flash). */
static void
read_extended (FgImageInfo *info, const guint8 *data)
{
  guint16 min_full = fg_get_u16 (data + 15);
  guint16 max_full = fg_get_u16 (data + 17);
  guint8 min_old = data[14];

  info->extended = TRUE;
  info->chip_id = fg_get_u16 (data + CHIP_ID);
  if (max_full == 0 || (max_full == NO_LIMIT && min_full == 0 && min_old != 0)) {
    gboolean minor = info->chip != NULL && info->chip->id == FG_CHIP_ESP32C3;

    info->min_revision = (guint16) (minor ? min_old : min_old * 100);
    return;
  }
  info->min_revision = min_full;
  info->max_revision = max_full == NO_LIMIT ? 0 : max_full;
}

static void
describe_cut (FgImageInfo *info)
{
  const FgImageSegment *last;

  info->truncated = TRUE;
  if (info->segments->len == 0) {
    set_problem (info, "truncated", info->length,
                 "The file ends inside the image header: it is incomplete");
    return;
  }
  last = segment_at (info, info->segments->len - 1);
  set_problem (info, "truncated", info->length,
               "Segment %u needs %u bytes from offset 0x%X and the file has only %" G_GSIZE_FORMAT
               " bytes: it is incomplete",
               info->segments->len, last->length, last->offset, info->length);
}

static void
check_sum (FgImageInfo *info)
{
  if (!info->checksum_ok)
    set_problem (info, "checksum", info->end - 1,
                 "The checksum in the image is 0x%02X and its data give 0x%02X: "
                 "the file is damaged",
                 info->checksum_stored, info->checksum_computed);
}

static void
check_hash (FgImageInfo *info, const guint8 *data, gsize len)
{
  g_autoptr (GChecksum) sha = NULL;
  guint8 computed[DIGEST_LEN];
  gsize n = sizeof computed;

  if (data[HASH_FLAG] == 0)
    return;
  if (len - info->end < DIGEST_LEN) {
    info->truncated = TRUE;
    set_problem (info, "truncated", len,
                 "The file ends inside the SHA-256 at 0x%" G_GSIZE_MODIFIER "X: it is incomplete",
                 info->end);
    return;
  }
  sha = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (sha, data, (gssize) info->end);
  g_checksum_get_digest (sha, computed, &n);
  memcpy (info->digest, data + info->end, DIGEST_LEN);
  info->sha256 =
      memcmp (computed, info->digest, DIGEST_LEN) == 0 ? FG_IMAGE_SUM_OK : FG_IMAGE_SUM_WRONG;
  if (info->sha256 == FG_IMAGE_SUM_WRONG)
    set_problem (info, "sha256", info->end,
                 "The SHA-256 at 0x%" G_GSIZE_MODIFIER
                 "X does not belong to the data before it: the file is damaged",
                 info->end);
  info->end += DIGEST_LEN;
}

/* Nothing but the header is there, or its count is absurd: what can be said from 8 bytes. */
static void
inspect_bare_header (FgImageInfo *info, const guint8 *data, gsize len)
{
  gboolean old = info->entry >= 0x40100000 && info->entry < 0x40110000;

  if (info->mode > MODE_MAX || !is_some_address (info->entry))
    return;
  info->kind = old ? FG_IMAGE_ESP8266_V1 : FG_IMAGE_ESP32;
  if (old)
    info->chip = fg_chip_get (FG_CHIP_ESP8266);
  else if (len > CHIP_ID + 1)
    info->chip = fg_chip_by_image_id (fg_get_u16 (data + CHIP_ID));
  if (data[1] >= 1 && data[1] <= MAX_SEGMENTS)
    describe_cut (info);
  else
    set_problem (info, "segments", 1,
                 "The image header announces %u segments and an image has 1 to %u: "
                 "the file is damaged",
                 data[1], MAX_SEGMENTS);
}

static void
inspect_extended (FgImageInfo *info, const guint8 *data, gsize len)
{
  const FgChip *chip = fg_chip_by_image_id (fg_get_u16 (data + CHIP_ID));
  gboolean whole = walk_segments (info, data, len, EXTENDED_LEN, data[1]);
  gboolean sound = whole && info->checksum_ok; /* then it is an image, whatever its header says */
  gboolean placed =
      is_some_address (info->segments->len > 0 ? segment_at (info, 0)->address : info->entry);

  if (!sound && (chip == NULL || data[HASH_FLAG] > 1 || !placed)) {
    clear_walk (info);
    return;
  }
  info->kind = FG_IMAGE_ESP32;
  info->chip = chip;
  if (starts_like_esp8266 (info) && info->entry >= 0x40100000 && info->entry < 0x40300000) {
    info->kind = FG_IMAGE_ESP8266_V1;
    info->chip = fg_chip_get (FG_CHIP_ESP8266);
  }
  read_extended (info, data);
  if (!whole)
    describe_cut (info);
  else
    check_sum (info);
  if (info->chip == NULL)
    set_problem (info, "chip", CHIP_ID,
                 "The image is made for chip number %u, which is not known: it is damaged, or the "
                 "chip is newer than this program",
                 info->chip_id);
  if (data[HASH_FLAG] > 1)
    set_problem (info, "header", HASH_FLAG,
                 "Byte %u of the header is 0x%02X and can only be 0 or 1: the file is damaged",
                 HASH_FLAG, data[HASH_FLAG]);
  else if (whole && info->kind == FG_IMAGE_ESP32)
    check_hash (info, data, len);
}

/* ESP8266 and ESP32 images share the first byte; what follows tells which it is. An RTOS SDK image
 * of the ESP8266 has the long header too, with ESP8266 addresses in its segments. */
static void
inspect_e9 (FgImageInfo *info, const guint8 *data, gsize len)
{
  guint count = data[1];
  gboolean whole;

  read_header (info, data);
  if (count < 1 || count > MAX_SEGMENTS || len < HEADER_LEN + SEGMENT_HEADER_LEN) {
    inspect_bare_header (info, data, len);
    return;
  }
  whole = walk_segments (info, data, len, HEADER_LEN, count);
  if (starts_like_esp8266 (info) || (whole && info->checksum_ok)) {
    info->kind = FG_IMAGE_ESP8266_V1;
    info->chip = fg_chip_get (FG_CHIP_ESP8266);
    if (!whole)
      describe_cut (info);
    else
      check_sum (info);
    return;
  }
  clear_walk (info);
  if (len >= EXTENDED_LEN)
    inspect_extended (info, data, len);
  else
    inspect_bare_header (info, data, len);
}

/* The SDK's own variant of the sum: esptool bin_image.py, esp8266_crc32(). */
static guint32
v2_crc (const guint8 *data, gsize len)
{
  guint32 crc = (guint32) crc32_z (0, data, len);

  return (crc & 0x80000000) != 0 ? ~crc : crc + 1;
}

/* Some tools leave the sum out; then the file ends with the checksum, or something else follows. */
static void
check_v2_crc (FgImageInfo *info, const guint8 *data, gsize len)
{
  gsize left = len - info->end;
  guint32 stored;

  if (left < 4)
    return;
  stored = fg_get_u32 (data + info->end);
  if (stored == v2_crc (data, info->end)) {
    info->crc32 = FG_IMAGE_SUM_OK;
    info->end += 4;
  } else if (left == 4) {
    info->crc32 = FG_IMAGE_SUM_WRONG;
    set_problem (info, "crc32", info->end,
                 "The CRC at 0x%" G_GSIZE_MODIFIER
                 "X is %08X and the data give %08X: the file is damaged",
                 info->end, stored, v2_crc (data, info->end));
    info->end += 4;
  }
}

/* One irom segment outside the checksum, then a complete E9 image. */
static void
inspect_v2 (FgImageInfo *info, const guint8 *data, gsize len)
{
  gsize start = HEADER_LEN + SEGMENT_HEADER_LEN;
  gsize irom_len = len >= start ? fg_get_u32 (data + HEADER_LEN + 4) : 0;
  gsize inner = start + irom_len;

  info->kind = FG_IMAGE_ESP8266_V2;
  info->chip = fg_chip_get (FG_CHIP_ESP8266);
  read_header (info, data);
  if (len < start || inner > len - HEADER_LEN) {
    if (len >= start) {
      FgImageSegment irom = { 0, (guint32) start, (guint32) irom_len };

      g_array_append_val (info->segments, irom);
    }
    describe_cut (info);
    return;
  }
  if (irom_len == 0 || data[inner] != MAGIC_V1 || data[inner + 1] < 1
      || data[inner + 1] > MAX_SEGMENTS) {
    info->truncated = TRUE;
    set_problem (info, "header", inner,
                 "There is no image header at 0x%" G_GSIZE_MODIFIER
                 "X, where the first segment ends: the file is damaged or incomplete",
                 inner);
    return;
  }
  if (!walk_segments (info, data, len, inner + HEADER_LEN, data[inner + 1])) {
    describe_cut (info);
    return;
  }
  check_sum (info);
  check_v2_crc (info, data, len);
}

static void
describe_nodemcu (FgImageInfo *info, const guint8 *data, gsize len)
{
  g_autoptr (FgNodemcuInfo) nodemcu = fg_nodemcu_find (data, len);
  GString *details;

  if (nodemcu == NULL)
    return;
  info->title = nodemcu->version != NULL ? g_strdup_printf ("NodeMCU %s", nodemcu->version)
                                         : g_strdup ("NodeMCU");
  details = g_string_new (NULL);
  if (nodemcu->n_modules > 0)
    g_string_append_printf (details, "%u modules", nodemcu->n_modules);
  if (nodemcu->built != NULL)
    g_string_append_printf (details, "%sbuilt %s", details->len > 0 ? " · " : "", nodemcu->built);
  info->details = g_string_free (details, FALSE);
}

static gboolean
starts_with_tag (const guint8 *data, gsize len)
{
  gsize at = 0;

  while (at < MIN (len, TEXT_LOOK) && g_ascii_isspace (data[at]))
    at++;
  return at < len && data[at] == '<';
}

/**
 * fg_image_inspect:
 * @bytes: a whole file
 *
 * Says what the file is by its content. Never fails: what is wrong is in `problem`.
 *
 * Returns: (transfer full)
 */
FgImageInfo *
fg_image_inspect (GBytes *bytes)
{
  FgImageInfo *info = g_new0 (FgImageInfo, 1);
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  info->length = len;
  info->segments = g_array_new (FALSE, FALSE, sizeof (FgImageSegment));
  if (len >= HEADER_LEN && data[0] == MAGIC_V1)
    inspect_e9 (info, data, len);
  else if (len >= HEADER_LEN && data[0] == MAGIC_V2 && data[1] == V2_SECOND)
    inspect_v2 (info, data, len);
  else if (all_bytes_are (data, len, 0xff))
    info->kind = FG_IMAGE_BLANK;
  else if (len > 0 && looks_like_text (data, len))
    info->kind = FG_IMAGE_TEXT;

  if (info->kind == FG_IMAGE_TEXT)
    set_problem (info, "text", 0, "%s",
                 starts_with_tag (data, len)
                     ? "This is a web page and not firmware: the download went wrong"
                     : "This is a text file and not firmware");
  if (len > 0)
    describe_nodemcu (info, data, len);
  return info;
}

void
fg_image_info_free (FgImageInfo *self)
{
  g_array_unref (self->segments);
  g_free (self->title);
  g_free (self->details);
  g_free (self->problem);
  g_free (self);
}
