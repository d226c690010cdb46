/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-made.h"

#include <string.h>
#include <zlib.h>

static GByteArray *
bytes (const void *data, guint len)
{
  return g_byte_array_append (g_byte_array_new (), data, len);
}

static void
fill (GByteArray *file, guint8 value, guint until)
{
  while (file->len < until)
    g_byte_array_append (file, &value, 1);
}

static void
word (GByteArray *file, guint32 value)
{
  const guint8 le[4] = { (guint8) value, (guint8) (value >> 8), (guint8) (value >> 16),
                         (guint8) (value >> 24) };

  g_byte_array_append (file, le, 4);
}

static void
text (GByteArray *file, const char *value, guint size)
{
  guint start = file->len;

  g_byte_array_append (file, (const guint8 *) value, (guint) strlen (value));
  fill (file, 0, start + size);
}

/* Header bytes: E9, segments, DIO, 4 MB (ESP32) at 40 MHz. */
static GByteArray *
image (guint8 segments, guint8 size_freq, guint32 entry)
{
  const guint8 head[4] = { 0xe9, segments, 0x02, size_freq };
  GByteArray *file = bytes (head, sizeof head);

  word (file, entry);
  return file;
}

static void
extended (GByteArray *file, guint8 chip_id, guint8 hash)
{
  const guint8 rest[16] = { 0xee, 0, 0, 0, chip_id, 0, 0, 0, 0, 0x8f, 0x01, 0, 0, 0, 0, hash };

  g_byte_array_append (file, rest, sizeof rest);
}

static void
segment (GByteArray *file, guint32 address, const GByteArray *data)
{
  word (file, address);
  word (file, data->len);
  g_byte_array_append (file, data->data, data->len);
}

static GByteArray *
noise (guint len)
{
  GByteArray *data = g_byte_array_new ();
  guint32 state = 12345;

  while (data->len < len) {
    guint8 byte = (guint8) (state >> 16);

    state = state * 1103515245 + 12345;
    g_byte_array_append (data, &byte, 1);
  }
  return data;
}

static void
noise_segment (GByteArray *file, guint32 address, guint len)
{
  g_autoptr (GByteArray) data = noise (len);

  segment (file, address, data);
}

/* The checksum goes over the data of the segments from @first on. */
static void
finish (GByteArray *file, guint start, guint header_len, gboolean hash)
{
  guint8 sum = 0xef;
  guint pos = start + header_len;

  for (guint i = 0; i < file->data[start + 1]; i++) {
    guint len = file->data[pos + 4] | file->data[pos + 5] << 8 | file->data[pos + 6] << 16;

    for (guint k = 0; k < len; k++)
      sum ^= file->data[pos + 8 + k];
    pos += 8 + len;
  }
  fill (file, 0, (start & ~15u) + ((file->len - (start & ~15u)) | 15));
  g_byte_array_append (file, &sum, 1);
  if (hash) {
    g_autoptr (GChecksum) sha = g_checksum_new (G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize n = sizeof digest;

    g_checksum_update (sha, file->data + start, (gssize) (file->len - start));
    g_checksum_get_digest (sha, digest, &n);
    g_byte_array_append (file, digest, 32);
  }
}

static GBytes *
make_v1 (void)
{
  GByteArray *file = image (2, 0x40, 0x40100004);

  noise_segment (file, 0x40100000, 200);
  noise_segment (file, 0x3ffe8000, 60);
  finish (file, 0, 8, FALSE);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_nodemcu3 (void)
{
  static const char banner[] =
      "NodeMCU 3.0.0.0 built with Docker provided by frightanic.com\n"
      "\tbranch: release\n\tcommit: d4ae3c364bd8ae3ded8b77d35745b7f07879f5f9\n"
      "\trelease: 3.0.0-release_20211229 +1\n\trelease DTS: 202105102018\n\tSSL: true\n"
      "\tbuild type: float\n\tLFS: 0x40000 bytes total capacity\n\tmodules: file,gpio,net\n"
      " build 2021-12-30 14:50 powered by Lua 5.1.4 on SDK %s\0 3.0.1-dev(fce080e)";
  g_autoptr (GBytes) base = make_v1 ();
  GByteArray *file = g_bytes_unref_to_array (g_steal_pointer (&base));

  fill (file, 0xff, 0x10000);
  g_byte_array_append (file, (const guint8 *) banner, sizeof banner);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_v2 (void)
{
  static const guint8 head[] = { 0xea, 0x04, 0x02, 0x40, 0x04, 0x00, 0x10, 0x40 };
  GByteArray *file = bytes (head, sizeof head);
  g_autoptr (GByteArray) inner = image (1, 0x40, 0x40100004);
  guint start;
  guint32 crc;

  noise_segment (file, 0, 256);
  start = file->len;
  g_byte_array_append (file, inner->data, inner->len);
  noise_segment (file, 0x40100000, 100);
  finish (file, start, 8, FALSE);
  crc = (guint32) crc32 (0, file->data, file->len);
  word (file, (crc & 0x80000000) != 0 ? ~crc : crc + 1);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_rtos (void)
{
  GByteArray *file = image (2, 0x20, 0x40100004);

  extended (file, 0, 0);
  noise_segment (file, 0x40210010, 300);
  noise_segment (file, 0x40100000, 40);
  finish (file, 0, 24, FALSE);
  return g_byte_array_free_to_bytes (file);
}

/* eboot, then the program, whose first bytes were changed after its checksum was made. */
static GBytes *
make_sketch (void)
{
  GByteArray *file = image (1, 0x40, 0x4010f000);
  g_autoptr (GByteArray) program = image (2, 0x40, 0x40100004);

  noise_segment (file, 0x4010f000, 120);
  finish (file, 0, 8, FALSE);
  fill (file, 0xaa, 0x1000);
  g_byte_array_append (file, program->data, program->len);
  word (file, 0x40201010);
  word (file, 400);
  fill (file, 0, file->len + 8);
  fill (file, 0x5a, file->len + 392);
  noise_segment (file, 0x40100000, 64);
  finish (file, 0x1000, 8, FALSE);
  memcpy (file->data + 0x1010, "\x12\x34\0\0\xde\xad\xbe\xef", 8);
  return g_byte_array_free_to_bytes (file);
}

static GByteArray *
esp32_app (guint8 chip_id, guint32 drom, guint32 iram)
{
  GByteArray *file = image (2, 0x20, iram + 8);
  g_autoptr (GByteArray) rodata = g_byte_array_new ();

  word (rodata, 0xabcd5432);
  word (rodata, 0);
  fill (rodata, 0, 16);
  text (rodata, "1.2.3", 32);
  text (rodata, "blink", 32);
  text (rodata, "12:34:56", 16);
  text (rodata, "Jan  2 2025", 16);
  text (rodata, "v5.1", 32);
  fill (rodata, 0x77, 300);
  extended (file, chip_id, 1);
  segment (file, drom, rodata);
  noise_segment (file, iram, 100);
  finish (file, 0, 24, TRUE);
  return file;
}

static GBytes *
make_app (void)
{
  return g_byte_array_free_to_bytes (esp32_app (0, 0x3f400020, 0x40080000));
}

static GBytes *
make_app_c3 (void)
{
  return g_byte_array_free_to_bytes (esp32_app (5, 0x3c000020, 0x40380000));
}

static GByteArray *
bootloader (guint8 chip_id, guint32 dram, guint32 iram)
{
  GByteArray *file = image (2, 0x20, iram + 4);
  g_autoptr (GByteArray) data = g_byte_array_new ();

  word (data, 0x50);
  word (data, 1);
  text (data, "v5.1", 32);
  text (data, "Jan  2 2025 12:34:56", 24);
  fill (data, 0xff, 120);
  extended (file, chip_id, 1);
  segment (file, dram, data);
  noise_segment (file, iram, 64);
  finish (file, 0, 24, TRUE);
  return file;
}

static GBytes *
make_bootloader (void)
{
  return g_byte_array_free_to_bytes (bootloader (0, 0x3fff0030, 0x40080400));
}

static void
row (
    GByteArray *table, guint8 type, guint8 subtype, guint32 offset, guint32 size, const char *label)
{
  const guint8 head[4] = { 0xaa, 0x50, type, subtype };

  g_byte_array_append (table, head, 4);
  word (table, offset);
  word (table, size);
  text (table, label, 16);
  word (table, 0);
}

static GByteArray *
partitions (void)
{
  GByteArray *table = g_byte_array_new ();
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  guint8 digest[16];
  gsize n = sizeof digest;

  row (table, 1, 2, 0x9000, 0x4000, "nvs");
  row (table, 1, 0, 0xd000, 0x2000, "otadata");
  row (table, 0, 0x10, 0x20000, 0x10000, "ota_0");
  row (table, 0, 0x11, 0x30000, 0x10000, "ota_1");
  row (table, 1, 0x82, 0x40000, 0x4000, "spiffs");
  g_checksum_update (md5, table->data, (gssize) table->len);
  g_checksum_get_digest (md5, digest, &n);
  fill (table, 0xeb, table->len + 2);
  fill (table, 0xff, table->len + 14);
  g_byte_array_append (table, digest, 16);
  fill (table, 0xff, 0xc00);
  return table;
}

static GBytes *
make_partitions (void)
{
  return g_byte_array_free_to_bytes (partitions ());
}

static GBytes *
merged (guint boot_at, GByteArray *boot, GByteArray *app)
{
  GByteArray *file = g_byte_array_new ();
  g_autoptr (GByteArray) table = partitions ();

  fill (file, 0xff, boot_at);
  g_byte_array_append (file, boot->data, boot->len);
  fill (file, 0xff, 0x8000);
  g_byte_array_append (file, table->data, table->len);
  fill (file, 0xff, 0x20000);
  g_byte_array_append (file, app->data, app->len);
  g_byte_array_unref (boot);
  g_byte_array_unref (app);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_merged (void)
{
  return merged (0x1000, bootloader (0, 0x3fff0030, 0x40080400),
                 esp32_app (0, 0x3f400020, 0x40080000));
}

static GBytes *
make_merged_c3 (void)
{
  return merged (0, bootloader (5, 0x3fcd6000, 0x403ce000), esp32_app (5, 0x3c000020, 0x40380000));
}

static GBytes *
make_ota (void)
{
  GByteArray *file = g_byte_array_new ();

  word (file, 1);
  fill (file, 0xff, 28);
  word (file, 0x4743989a); /* what esptool's boot_app0.bin has */
  fill (file, 0xff, 8192);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_ota_blank (void)
{
  GByteArray *file = g_byte_array_new ();

  fill (file, 0xff, 8192);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_blank (void)
{
  GByteArray *file = g_byte_array_new ();

  fill (file, 0xff, 4096);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_init (void)
{
  static const guint8 start[] = { 5, 8, 4, 2, 5, 5, 5, 2, 5, 0, 4, 5, 5, 4, 5, 5 };
  GByteArray *file = bytes (start, sizeof start);

  fill (file, 0, 128);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_nvs (void)
{
  GByteArray *file = g_byte_array_new ();

  word (file, 0xfffffffe);
  word (file, 0);
  fill (file, 0xfe, 9);
  fill (file, 0xff, 28);
  word (file, (guint32) crc32 (0xffffffff, file->data + 4, 24));
  fill (file, 0xfa, 33); /* two entries are written */
  fill (file, 0xff, 64);
  word (file, 0xff010100); /* namespace 0, type, span */
  word (file, 0);
  text (file, "wifi", 16);
  word (file, 1);
  word (file, 0xffffffff);
  word (file, 0xff010101);
  word (file, 0);
  text (file, "ssid", 16);
  word (file, 7);
  fill (file, 0xff, 4096);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_littlefs (void)
{
  GByteArray *file = g_byte_array_new ();

  word (file, 1);
  word (file, 0x0ff0ff2f);
  g_byte_array_append (file, (const guint8 *) "littlefs", 8);
  word (file, 0x10e0022f);
  word (file, 0x00020001);
  word (file, 4096);
  word (file, 4);
  fill (file, 0xff, 4 * 4096);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_spiffs (void)
{
  GByteArray *file = g_byte_array_new ();

  for (guint i = 0; i < 4; i++) {
    guint32 magic = 0x20140529u ^ 256u ^ (4 - i);

    fill (file, 0xff, i * 4096 + 252);
    word (file, (magic & 0xffff) | 0xffff0000);
    fill (file, 0xff, (i + 1) * 4096);
  }
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_fat (void)
{
  static const guint8 head[] = { 0xeb, 0xfe, 0x90, 'M', 'S', 'D', 'O', 'S', '5', '.', '0',
                                 0x00, 0x02, 1,    1,   0,   1,   0,   2,   16,  0,   0xf8 };
  GByteArray *file = bytes (head, sizeof head);

  fill (file, 0, 54);
  text (file, "FAT     ", 8);
  fill (file, 0, 510);
  g_byte_array_append (file, (const guint8 *) "\x55\xaa", 2);
  fill (file, 0, 16 * 512);
  return g_byte_array_free_to_bytes (file);
}

static GBytes *
make_irom (void)
{
  g_autoptr (GByteArray) file = noise (8192);

  for (guint i = 0; i < 40; i++) {
    g_autoptr (GByteArray) words = g_byte_array_new ();

    word (words, 0x40210000 + i * 520);
    word (words, 0x3ffe8000 + i * 16);
    memcpy (file->data + i * 200, words->data, 8);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}

static const FgMade files[] = {
  { "v1", make_v1 },
  { "nodemcu-3", make_nodemcu3 },
  { "v2", make_v2 },
  { "rtos", make_rtos },
  { "sketch", make_sketch },
  { "irom", make_irom },
  { "init-data", make_init },
  { "app", make_app },
  { "app-c3", make_app_c3 },
  { "bootloader", make_bootloader },
  { "partitions", make_partitions },
  { "merged", make_merged },
  { "merged-c3", make_merged_c3 },
  { "ota-data", make_ota },
  { "ota-data-blank", make_ota_blank },
  { "blank", make_blank },
  { "nvs", make_nvs },
  { "littlefs", make_littlefs },
  { "spiffs", make_spiffs },
  { "fat", make_fat },
  { NULL, NULL },
};

const FgMade *
fg_made_files (void)
{
  return files;
}

GBytes *
fg_made (const char *name)
{
  for (const FgMade *made = files; made->name != NULL; made++)
    if (g_str_equal (made->name, name))
      return made->make ();
  g_assert_not_reached ();
}
