/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-image.h"

#include "fg-nodemcu.h"
#include "fg-wire.h"

/* Image formats: esptool bin_image.py; the RAM and flash windows: the chips' technical references.
 */
#define MAGIC_V1 0xe9
#define MAGIC_V2 0xea
#define V2_SECOND 0x04
#define HEADER_LEN 8
#define EXTENDED_LEN 24
#define SEGMENT_HEADER_LEN 8
#define MAX_SEGMENTS 16
#define CHECKSUM_START 0xef
#define TEXT_LOOK 512

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

/* Walks the segments from @pos. FALSE: one runs past the end (it is recorded as far as it goes). */
static gboolean
walk_segments (FgImageInfo *info, const guint8 *data, gsize len, gsize pos, guint count)
{
  guint8 checksum = CHECKSUM_START;

  g_array_set_size (info->segments, 0);
  for (guint i = 0; i < count; i++) {
    FgImageSegment segment;

    if (len - pos < SEGMENT_HEADER_LEN)
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
  return TRUE;
}

static gboolean
segments_fit_esp8266 (const FgImageInfo *info)
{
  for (guint i = 0; i < info->segments->len; i++)
    if (!is_esp8266_address (g_array_index (info->segments, FgImageSegment, i).address))
      return FALSE;
  return info->segments->len > 0;
}

static void
read_header (FgImageInfo *info, const guint8 *data)
{
  info->mode = data[2];
  info->size_freq = data[3];
  info->entry = fg_get_u32 (data + 4);
}

static void
describe_damage (FgImageInfo *info)
{
  const FgImageSegment *last;

  if (!info->truncated) {
    if (!info->checksum_ok)
      info->problem =
          g_strdup_printf ("The checksum in the image is 0x%02X and its data give 0x%02X: "
                           "the file is damaged",
                           info->checksum_stored, info->checksum_computed);
    return;
  }
  if (info->segments->len == 0) {
    info->problem = g_strdup ("The file ends inside the image header: it is incomplete");
    return;
  }
  last = &g_array_index (info->segments, FgImageSegment, info->segments->len - 1);
  info->problem =
      g_strdup_printf ("Segment %u needs %u bytes from offset 0x%X and the file has only "
                       "%" G_GSIZE_FORMAT " bytes: it is incomplete",
                       info->segments->len, last->length, last->offset, info->length);
}

/* ESP8266 and ESP32 images share the first byte; what follows tells which it is. An RTOS SDK image
 * of the ESP8266 has the long header too, with ESP8266 addresses in its segments. */
static void
inspect_e9 (FgImageInfo *info, const guint8 *data, gsize len)
{
  guint count = data[1];
  const FgChip *chip = NULL;
  gboolean whole;

  read_header (info, data);
  whole = walk_segments (info, data, len, HEADER_LEN, count);
  if (segments_fit_esp8266 (info)) {
    info->kind = FG_IMAGE_ESP8266_V1;
    info->chip = fg_chip_get (FG_CHIP_ESP8266);
    info->truncated = !whole;
    return;
  }
  if (len >= EXTENDED_LEN && data[23] <= 1)
    chip = fg_chip_by_image_id (fg_get_u16 (data + 12));
  if (chip == NULL) {
    info->kind = FG_IMAGE_DATA;
    g_array_set_size (info->segments, 0);
    return;
  }
  info->truncated = !walk_segments (info, data, len, EXTENDED_LEN, count);
  if (segments_fit_esp8266 (info)) {
    info->kind = FG_IMAGE_ESP8266_V1;
    info->chip = fg_chip_get (FG_CHIP_ESP8266);
    return;
  }
  info->kind = FG_IMAGE_ESP32;
  info->chip = chip;
}

/* One irom segment outside the checksum, then a complete E9 image. */
static void
inspect_v2 (FgImageInfo *info, const guint8 *data, gsize len)
{
  gsize irom_len = len >= HEADER_LEN + SEGMENT_HEADER_LEN ? fg_get_u32 (data + HEADER_LEN + 4) : 0;
  gsize inner = HEADER_LEN + SEGMENT_HEADER_LEN + irom_len;

  info->kind = FG_IMAGE_ESP8266_V2;
  info->chip = fg_chip_get (FG_CHIP_ESP8266);
  read_header (info, data);
  if (irom_len == 0 || inner > len - HEADER_LEN || data[inner] != MAGIC_V1
      || data[inner + 1] > MAX_SEGMENTS) {
    info->truncated = TRUE;
    return;
  }
  info->truncated = !walk_segments (info, data, len, inner + HEADER_LEN, data[inner + 1]);
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
  if (len >= HEADER_LEN && data[0] == MAGIC_V1 && data[1] >= 1 && data[1] <= MAX_SEGMENTS)
    inspect_e9 (info, data, len);
  else if (len >= HEADER_LEN && data[0] == MAGIC_V2 && data[1] == V2_SECOND)
    inspect_v2 (info, data, len);
  else if (all_bytes_are (data, len, 0xff))
    info->kind = FG_IMAGE_BLANK;
  else if (len > 0 && looks_like_text (data, len))
    info->kind = FG_IMAGE_TEXT;

  if (info->kind == FG_IMAGE_TEXT)
    info->problem =
        g_strdup (data[0] == '<' ? "This is a web page and not firmware: the download went wrong"
                                 : "This is a text file and not firmware");
  else if (info->chip != NULL)
    describe_damage (info);
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
