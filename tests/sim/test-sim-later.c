/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ROM loaders after the ESP8266's, seen from the wire: PROTOCOL-FACTS 2, 7 and 17. */

#include "sim-rig.h"

#include <string.h>
#include <zlib.h>

enum {
  FLASH_BEGIN = 0x02,
  FLASH_DATA,
  FLASH_END,
  MEM_BEGIN,
  MEM_END,
  MEM_DATA,
  SYNC,
  WRITE_REG,
  READ_REG,
  SET_PARAMS,
  ATTACH = 0x0d,
  READ_SLOW,
  CHANGE_BAUD,
  DEFLATE_BEGIN,
  DEFLATE_DATA,
  DEFLATE_END,
  MD5,
  SECURITY,
};

#define MIB 0x100000

/* Section 4 and the lengths of section 2, read on their own for this test. */
typedef struct {
  const char *name;
  guint32 chip_id, magic; /* 0: none */
  guint security_len;
  gboolean begin_has_flag;
  guint32 spi;
  guint8 usr, usr1, usr2, mosi_len, miso_len, w0;
} Chip;

#define LATER_SPI 0x18, 0x1c, 0x20, 0x24, 0x28, 0x58

static const Chip chips[] = {
  { "esp32", 0, 0x00F01D83, 0, FALSE, 0x3FF42000, 0x1c, 0x20, 0x24, 0x28, 0x2c, 0x80 },
  { "esp32s2", 2, 0x000007C6, 12, TRUE, 0x3F402000, LATER_SPI },
  { "esp32s3", 9, 0, 20, TRUE, 0x60002000, LATER_SPI },
  { "esp32c3", 5, 0, 20, TRUE, 0x60002000, LATER_SPI },
  { "esp32c2", 12, 0, 20, TRUE, 0x60002000, LATER_SPI },
  { "esp32c5", 23, 0, 20, TRUE, 0x60003000, LATER_SPI },
  { "esp32c6", 13, 0, 20, TRUE, 0x60003000, LATER_SPI },
  { "esp32c61", 20, 0, 20, TRUE, 0x60003000, LATER_SPI },
  { "esp32h2", 16, 0, 20, TRUE, 0x60003000, LATER_SPI },
  { "esp32h21", 25, 0, 20, TRUE, 0x60003000, LATER_SPI },
  { "esp32h4", 28, 0, 20, TRUE, 0x60099000, LATER_SPI },
  { "esp32p4", 18, 0, 20, TRUE, 0x5008D000, LATER_SPI },
  { "esp32s31", 32, 0, 20, TRUE, 0x20501000, LATER_SPI },
  { "esp32e22", 31, 0, 20, TRUE, 0xC3003000, LATER_SPI },
};

static guint
begin (Rig *rig, const Chip *chip, guint8 op, guint32 size, guint32 packets, guint32 offset)
{
  guint32 words[5] = { size, packets, 0x400, offset, 0 };

  rig_request_words (rig, op, chip->begin_has_flag ? 5 : 4, words);
  rig_settle (rig);
  return rig_status (rig);
}

static Rig *
new_attached (const Chip *chip, const char *keys)
{
  g_autofree char *spec = g_strconcat (chip->name, ",", keys, NULL);
  Rig *rig = rig_new_chip (spec);

  g_assert_cmpuint (rig_do (rig, ATTACH, 0, 0), ==, 0);
  return rig;
}

static void
test_identity (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = rig_new_chip (chip->name);
  g_autofree char *reply = NULL;
  guint status;

  if (chip->magic != 0)
    g_assert_cmphex (rig_read_reg (rig, 0x40001000), ==, chip->magic);
  rig_request (rig, SECURITY, 0, NULL, 0);
  rig_settle (rig);
  status = rig_data (rig, &reply);
  if (chip->security_len == 0) {
    g_assert_cmpuint (status, ==, 5);
    g_assert_cmpstr (reply, ==, "");
    return;
  }
  g_assert_cmpuint (status, ==, 0);
  g_assert_cmpuint (strlen (reply), ==, chip->security_len * 3 - 1);
  if (chip->security_len > 12)
    g_assert_cmphex (g_ascii_strtoull (reply + 3 * 12, NULL, 16), ==, chip->chip_id);
}

/* Both are answered in a frame of their own, byte for byte. */
static void
test_replies (gconstpointer data)
{
  const Chip *chip = data;
  g_autofree char *spec = g_strconcat (chip->name, ",timing=none,boot=loader", NULL);
  g_autoptr (Rig) rig = rig_new (spec);
  g_autofree char *heard = NULL;

  rig_put (rig, "c0 00 08 04 00 00 00 00 00 07 07 12 20 c0");
  rig_settle (rig);
  for (guint i = 0; i < 8; i++) {
    g_autofree char *frame = rig_frame (rig);

    g_assert_cmpstr (frame, ==, "01 08 04 00 07 07 12 20 00 00 00 00");
  }
  rig_put (rig, "c0 00 05 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 18 00 00 00 00 10 40 c0"
                " c0 00 d0 00 00 00 00 00 00 c0"
                " c0 00 05 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 18 00 00 00 00 10 40 c0");
  rig_settle (rig);
  heard = rig_hex (rig->heard->data, rig->heard->len);
  /* the value is stale; an unknown op is refused under the one before; 00 05 is success */
  g_assert_cmpstr (heard, ==,
                   "c0 01 05 04 00 07 07 12 20 00 00 00 00 c0"
                   " c0 01 05 04 00 07 07 12 20 01 05 00 00 c0"
                   " c0 01 05 04 00 07 07 12 20 00 05 00 00 c0");
}

static void
test_begin_length (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = new_attached (chip, "flash=4M");

  for (guint8 op = FLASH_BEGIN; op <= DEFLATE_BEGIN; op += DEFLATE_BEGIN - FLASH_BEGIN) {
    g_assert_cmpuint (rig_do (rig, op, 0x1000, 4, 0x400, 0), ==, chip->begin_has_flag ? 5 : 0);
    g_assert_cmpuint (rig_do (rig, op, 0x1000, 4, 0x400, 0, 0), ==, chip->begin_has_flag ? 0 : 5);
    g_assert_cmpuint (rig_do (rig, op, 0x1000, 4, 0x400), ==, 5);
  }
  g_assert_cmpuint (rig_do (rig, MEM_BEGIN, 0x1000, 4, 0x400, 0), ==, 0);
  g_assert_cmpuint (rig_do (rig, MEM_BEGIN, 0x1000, 4, 0x400, 0, 0), ==, 5);
  g_assert_cmpuint (rig_do (rig, MEM_BEGIN, 0x1804, 4, 0x1804, 0), ==, 5);
}

static void
test_two_megabytes (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = new_attached (chip, "flash=4M");

  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 0x1000, 4, 2 * MIB - 0x1000), ==, 0);
  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 0x2000, 8, 2 * MIB - 0x1000), ==, 6);
  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 0x1000, 4, 2 * MIB), ==, 6);
  g_assert_cmpuint (rig_do (rig, MD5, 2 * MIB, 16, 0, 0), ==, 9);
  g_assert_cmpuint (rig_do (rig, READ_SLOW, 2 * MIB, 64), ==, 9);
  g_assert_cmpuint (rig_do (rig, SET_PARAMS, 0, 4 * MIB, 0x10000, 0x1000, 0x100, 0xffff), ==, 0);
  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 0x1000, 4, 2 * MIB), ==, 0);
  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 0x1000, 4, 4 * MIB), ==, 6);
}

/* Through the controller's registers, as in section 7.1. */
static guint32
read_flash_id (Rig *rig, const Chip *chip)
{
  rig_write_reg (rig, chip->spi + chip->miso_len, 24 - 1);
  rig_write_reg (rig, chip->spi + chip->usr, 1u << 31 | 1u << 28);
  rig_write_reg (rig, chip->spi + chip->usr2, 7u << 28 | 0x9f);
  rig_write_reg (rig, chip->spi + chip->w0, 0);
  rig_write_reg (rig, chip->spi, 1u << 18);
  g_assert_cmphex (rig_read_reg (rig, chip->spi), ==, 0);
  return rig_read_reg (rig, chip->spi + chip->w0);
}

static void
test_flash_id (gconstpointer data)
{
  const Chip *chip = data;
  g_autofree char *spec = g_strconcat (chip->name, ",flash=8M", NULL);
  g_autoptr (Rig) rig = rig_new_chip (spec);

  g_assert_cmphex (read_flash_id (rig, chip), ==, 0xffffff);
  g_assert_cmpuint (rig_do (rig, ATTACH, 0), ==, 5); /* that is for stubs */
  g_assert_cmpuint (rig_do (rig, ATTACH, 0, 0), ==, 0);
  g_assert_cmphex (read_flash_id (rig, chip), ==, 0x1740ef);
  g_assert_cmpuint (rig_do (rig, ATTACH, 1, 0), ==, 0);
  g_assert_cmphex (read_flash_id (rig, chip), ==, 0xffffff);
}

/* Four bytes at an address: the address register's two styles. */
static void
test_read_by_registers (gconstpointer data)
{
  const Chip *chip = data;
  gboolean on_top = strcmp (chip->name, "esp32") == 0;
  g_autoptr (Rig) rig = new_attached (chip, "flash=4M");
  static const guint8 block[4] = { 0x11, 0x22, 0x33, 0x44 };

  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 4, 1, 0x12000), ==, 0);
  rig_block (rig, FLASH_DATA, 0, block, 4);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  rig_write_reg (rig, chip->spi + chip->miso_len, 32 - 1);
  rig_write_reg (rig, chip->spi + chip->usr, 1u << 31 | 1u << 30 | 1u << 28);
  rig_write_reg (rig, chip->spi + chip->usr1, 23u << 26);
  rig_write_reg (rig, chip->spi + chip->usr2, 7u << 28 | 0x03);
  rig_write_reg (rig, chip->spi + 4, on_top ? 0x12000 << 8 : 0x12000);
  rig_write_reg (rig, chip->spi, 1u << 18);
  g_assert_cmphex (rig_read_reg (rig, chip->spi + chip->w0), ==, 0x44332211);
}

static void
fill (guint8 *data, gsize len)
{
  guint32 x = 1;

  for (gsize i = 0; i < len; i++) {
    x = x * 1103515245 + 12345;
    data[i] = (guint8) (x >> 24 & 0x3f); /* compresses, but not to nothing */
  }
}

static void
assert_md5 (Rig *rig, guint32 offset, const guint8 *expected, guint32 len)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_MD5, expected, len);
  g_autofree char *as_text = rig_hex ((const guint8 *) digest, 32);
  g_autofree char *reply = NULL;

  rig_command (rig, MD5, offset, len, 0, 0);
  rig_settle (rig);
  g_assert_cmpuint (rig_data (rig, &reply), ==, 0);
  g_assert_cmpstr (reply, ==, as_text);
}

static void
test_plain (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = new_attached (chip, "flash=4M");
  guint8 bytes[0x800];
  g_autofree char *reply = NULL;
  g_autofree char *expected = NULL;

  fill (bytes, sizeof bytes);
  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, sizeof bytes, 2, 0x10000), ==, 0);
  for (guint i = 0; i < 2; i++) {
    rig_block (rig, FLASH_DATA, i, bytes + 0x400 * i, 0x400);
    rig_settle (rig);
    g_assert_cmpuint (rig_status (rig), ==, 0);
  }
  g_assert_cmpmem (fg_sim_board_get_flash (rig->board, NULL) + 0x10000, sizeof bytes, bytes,
                   sizeof bytes);
  assert_md5 (rig, 0x10000, bytes, sizeof bytes);
  rig_command (rig, READ_SLOW, 0x10040, 64);
  rig_settle (rig);
  g_assert_cmpuint (rig_data (rig, &reply), ==, 0);
  expected = rig_hex (bytes + 0x40, 64);
  g_assert_cmpstr (reply, ==, expected);
  g_assert_cmpuint (rig_do (rig, READ_SLOW, 0x10040, 65), ==, 5);
}

/* Always as long, also when less is asked for. */
static void
test_short_read (gconstpointer data)
{
  g_autoptr (Rig) rig = new_attached (data, "flash=4M");
  g_autofree char *reply = NULL;

  rig_command (rig, READ_SLOW, 0, 4);
  rig_settle (rig);
  g_assert_cmpuint (rig_data (rig, &reply), ==, 0);
  g_assert_cmpuint (strlen (reply), ==, 64 * 3 - 1);
}

static void
test_blocks (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = new_attached (chip, "flash=4M");
  guint8 block[0x404] = { 0 };
  static const guint8 header[20] = { 4, 0, 0, 0, 2 };
  const struct {
    guint32 sequence;
    gsize len;
    guint status;
  } steps[] = {
    { 0, 0x404, 5 }, { 0, 3, 5 }, { 1, 4, 5 }, { 0, 0x400, 0 }, { 0, 0x400, 5 }, { 1, 8, 0 },
  };

  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 0x1000, 4, 0), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    rig_block (rig, FLASH_DATA, steps[i].sequence, block, steps[i].len);
    rig_settle (rig);
    g_assert_cmpuint (rig_status (rig), ==, steps[i].status);
  }
  /* a wrong checksum still uses up its number */
  rig_request (rig, FLASH_DATA, 0x12, header, sizeof header);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 7);
  rig_block (rig, FLASH_DATA, 2, block, 4);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 5);
  rig_block (rig, FLASH_DATA, 3, block, 4);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
}

static void
test_deflate (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = new_attached (chip, "flash=4M");
  guint8 bytes[0x3000], packed[0x4000];
  uLongf packed_len = sizeof packed;
  guint32 n;

  fill (bytes, sizeof bytes);
  g_assert_cmpint (compress2 (packed, &packed_len, bytes, sizeof bytes, 9), ==, Z_OK);
  n = (guint32) (packed_len + 0x3ff) / 0x400;
  g_assert_cmpuint (n, >, 1);
  g_assert_cmpuint (begin (rig, chip, DEFLATE_BEGIN, sizeof bytes, n, 0x20000), ==, 0);
  for (guint32 i = 0; i < n; i++) {
    rig_block (rig, DEFLATE_DATA, i, packed + 0x400 * i, MIN (0x400, packed_len - 0x400 * i));
    rig_settle (rig);
    g_assert_cmpuint (rig_status (rig), ==, 0);
  }
  assert_md5 (rig, 0x20000, bytes, sizeof bytes);
  g_assert_cmpuint (rig_do (rig, DEFLATE_END, 1), ==, 0);
  assert_md5 (rig, 0x20000, bytes, sizeof bytes); /* it has stayed */
}

static void
test_garbage (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = new_attached (chip, "flash=4M");
  guint8 bytes[64];

  memset (bytes, 0xee, sizeof bytes);
  g_assert_cmpuint (begin (rig, chip, DEFLATE_BEGIN, 0x1000, 1, 0), ==, 0);
  rig_block (rig, DEFLATE_DATA, 0, bytes, sizeof bytes);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0x0b);
}

/* The next three: what leads out of the loader. */
static void
test_flash_end_stay (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = new_attached (chip, "flash=4M");
  g_autofree char *text = NULL;

  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 0x400, 1, 0), ==, 0);
  rig_command (rig, FLASH_END, 1);
  rig_run (rig, 100000);
  g_free (rig_frame (rig));
  text = rig_text (rig);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "booted");
  g_assert_cmpint (strstr (text, "command interpreter") != NULL, ==,
                   strcmp (chip->name, "esp32") == 0);
  rig_command (rig, READ_REG, 0x40001000);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
}

static void
test_end_reset (gconstpointer data)
{
  const Chip *chip = data;

  for (guint8 op = FLASH_END; op <= DEFLATE_END; op += DEFLATE_END - FLASH_END) {
    g_autoptr (Rig) rig = new_attached (chip, "flash=4M");
    g_autofree char *text = NULL;

    g_assert_cmpuint (begin (rig, chip, op == FLASH_END ? FLASH_BEGIN : DEFLATE_BEGIN, 0, 0, 0), ==,
                      0);
    rig_command (rig, op, 0);
    rig_run (rig, 100000);
    g_free (rig_frame (rig));
    text = rig_text (rig);
    g_assert_nonnull (strstr (text, "rst:0x3"));
    g_assert_nonnull (strstr (text, "waiting for download")); /* BOOT was held */
  }
}

static void
test_program_in_ram (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = rig_new_chip (chip->name);
  g_autofree char *state = NULL;
  static const guint8 block[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

  g_assert_cmpuint (rig_do (rig, MEM_BEGIN, 8, 1, 0x1800, 0x3FFE0000), ==, 0);
  rig_block (rig, MEM_DATA, 0, block, sizeof block);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  g_assert_cmphex (rig_read_reg (rig, 0x3FFE0004), ==, 0x08070605);
  g_assert_cmpuint (rig_do (rig, MEM_END, 1, 0x3FFE0000), ==, 0);
  g_assert_cmphex (rig_read_reg (rig, 0x3FFE0000), ==, 0x04030201);
  g_assert_cmpuint (rig_do (rig, MEM_END, 0, 0x3FFE0000), ==, 0);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "silent");
  state = fg_sim_board_describe (rig->board);
  g_assert_nonnull (strstr (state, "cannot run the program at 0x3ffe0000"));
}

/* Without its pads the flash takes nothing, and the ROM waits for it for ever. */
static void
test_not_attached (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = rig_new_chip (chip->name);
  guint32 words[5] = { 0x1000, 4, 0x400, 0, 0 };

  rig_request_words (rig, FLASH_BEGIN, chip->begin_has_flag ? 5 : 4, words);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 0);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "silent");
}

/* The ROM's commands have addresses of 24 bits: beyond 16 MB they meet what is at the beginning. */
static void
test_large_flash (gconstpointer data)
{
  const Chip *chip = data;
  g_autoptr (Rig) rig = new_attached (chip, "flash=32M");
  const guint8 *flash = fg_sim_board_get_flash (rig->board, NULL);

  g_assert_cmphex (read_flash_id (rig, chip), ==, 0x1940ef);
  g_assert_cmpuint (rig_do (rig, SET_PARAMS, 0, 32 * MIB, 0x10000, 0x1000, 0x100, 0xffff), ==, 0);
  g_assert_cmpuint (begin (rig, chip, FLASH_BEGIN, 4, 1, 16 * MIB + 0x3000), ==, 0);
  rig_block (rig, FLASH_DATA, 0, (const guint8 *) "abcd", 4);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  g_assert_cmpmem (flash + 0x3000, 4, "abcd", 4);
  g_assert_cmpmem (flash + 16 * MIB + 0x3000, 4, "\xff\xff\xff\xff", 4);
}

static const struct {
  const char *name;
  GTestDataFunc run;
} tests[] = {
  { "identity", test_identity },
  { "replies", test_replies },
  { "begin-length", test_begin_length },
  { "two-megabytes", test_two_megabytes },
  { "flash-id", test_flash_id },
  { "read-by-registers", test_read_by_registers },
  { "plain", test_plain },
  { "large-flash", test_large_flash },
  { "short-read", test_short_read },
  { "blocks", test_blocks },
  { "deflate", test_deflate },
  { "garbage", test_garbage },
  { "flash-end-stay", test_flash_end_stay },
  { "end-reset", test_end_reset },
  { "program-in-ram", test_program_in_ram },
  { "not-attached", test_not_attached },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (chips); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (tests); k++) {
      g_autofree char *path = g_strdup_printf ("/sim/later/%s/%s", chips[i].name, tests[k].name);

      g_test_add_data_func (path, &chips[i], tests[k].run);
    }
  return g_test_run ();
}
