/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The flash as a chip on its own: NOR truth, times, identification, the image file. */

#include "fg-sim-flash.h"

#include <glib/gstdio.h>
#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)

typedef struct {
  FgSimFlash *flash; /* (owned) */
  const guint8 *data;
  gint64 now;
} Chip;

static void
chip_init (Chip *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FgSimSpec) spec = fg_sim_spec_parse (text, &error);

  g_assert_no_error (error);
  self->flash = fg_sim_flash_new (spec, &error);
  g_assert_no_error (error);
  self->data = fg_sim_flash_get_data (self->flash, NULL);
  self->now = 1;
}

static void
chip_clear (Chip *self)
{
  fg_sim_flash_free (self->flash);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chip, chip_clear)

static guint8
command (Chip *self, guint8 opcode)
{
  guint8 back = 0xa5;
  FgSimTransfer transfer = { .opcode = opcode, .miso = &back, .miso_len = 1 };

  fg_sim_flash_transfer (self->flash, &transfer, self->now);
  return back;
}

static void
send (Chip *self, guint8 opcode, guint32 address, const void *bytes, gsize len)
{
  FgSimTransfer transfer = { .opcode = opcode, .address = address, .address_bits = 24 };

  transfer.mosi = bytes;
  transfer.mosi_len = len;
  fg_sim_flash_transfer (self->flash, &transfer, self->now);
}

static void
enable_and_send (Chip *self, guint8 opcode, guint32 address, const void *bytes, gsize len)
{
  command (self, FG_SIM_FLASH_WRITE_ENABLE);
  send (self, opcode, address, bytes, len);
}

static gint64
busy (Chip *self)
{
  return fg_sim_flash_busy_until (self->flash) - self->now;
}

static void
wait_ready (Chip *self)
{
  self->now = MAX (self->now, fg_sim_flash_busy_until (self->flash));
}

static void
test_bits (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,flash=256K,timing=none");
  g_assert_cmphex (chip.data[0x1234], ==, 0xff);
  enable_and_send (&chip, 0x02, 0x1234, "\xf0\x3c", 2);
  g_assert_cmphex (chip.data[0x1234], ==, 0xf0);
  enable_and_send (&chip, 0x02, 0x1234, "\x9f\xff", 2);
  g_assert_cmphex (chip.data[0x1234], ==, 0x90);
  g_assert_cmphex (chip.data[0x1235], ==, 0x3c);
  enable_and_send (&chip, 0x20, 0x1fff, NULL, 0);
  g_assert_cmphex (chip.data[0x1234], ==, 0xff);
}

static void
test_write_enable (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,flash=256K,timing=none");
  send (&chip, 0x02, 0, "\x00", 1);
  g_assert_cmphex (chip.data[0], ==, 0xff);
  g_assert_cmphex (command (&chip, 0x05), ==, 0x00);
  command (&chip, 0x06);
  g_assert_cmphex (command (&chip, 0x05), ==, 0x02);
  send (&chip, 0x02, 0, "\x00", 1);
  g_assert_cmphex (chip.data[0], ==, 0x00);
  g_assert_cmphex (command (&chip, 0x05), ==, 0x00);
  send (&chip, 0x20, 0, NULL, 0);
  g_assert_cmphex (chip.data[0], ==, 0x00);
  command (&chip, 0x06);
  command (&chip, 0x04);
  send (&chip, 0x20, 0, NULL, 0);
  g_assert_cmphex (chip.data[0], ==, 0x00);
}

static void
test_page_wrap (void)
{
  g_auto (Chip) chip = { 0 };
  guint8 bytes[300];

  chip_init (&chip, "esp8266,flash=256K,timing=none");
  enable_and_send (&chip, 0x02, 0x1fe, "\x01\x02\x03", 3);
  g_assert_cmpmem (chip.data + 0x1fe, 3, "\x01\x02\xff", 3);
  g_assert_cmphex (chip.data[0x100], ==, 0x03);
  /* more than a page: the last bytes win */
  memset (bytes, 0x11, 256);
  memset (bytes + 256, 0x22, 44);
  enable_and_send (&chip, 0x02, 0x400, bytes, sizeof bytes);
  g_assert_cmphex (chip.data[0x400 + 43], ==, 0x22);
  g_assert_cmphex (chip.data[0x400 + 44], ==, 0x11);
  g_assert_cmphex (chip.data[0x500], ==, 0xff);
}

static void
test_address_wraps (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,flash=256K,timing=none");
  enable_and_send (&chip, 0x02, 0x40010, "\x77", 1);
  g_assert_cmphex (chip.data[0x10], ==, 0x77);
}

typedef struct {
  guint8 opcode;
  guint32 address, first, length; /* what is blank afterwards */
  gint64 duration_ns;
} Erase;

static const Erase erases[] = {
  { 0x20, 0x23456, 0x23000, 0x1000, 45 * MS },   { 0x52, 0x23456, 0x20000, 0x8000, 120 * MS },
  { 0xD8, 0x23456, 0x20000, 0x10000, 150 * MS }, { 0xC7, 0, 0, 4 << 20, 10000 * MS },
  { 0x60, 0, 0, 4 << 20, 10000 * MS },
};

static void
test_erase (gconstpointer row)
{
  const Erase *erase = row;
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,flash=4M");
  for (guint32 at = 0; at < 4 << 20; at += 0x800) {
    enable_and_send (&chip, 0x02, at, "\x00", 1);
    wait_ready (&chip);
  }
  enable_and_send (&chip, erase->opcode, erase->address, NULL, 0);
  g_assert_cmpint (busy (&chip), ==, erase->duration_ns);
  for (guint32 at = 0; at < 4 << 20; at += 0x800) {
    gboolean blank = at >= erase->first && at - erase->first < erase->length;

    g_assert_cmphex (chip.data[at], ==, blank ? 0xff : 0x00);
  }
}

static void
test_busy (void)
{
  g_auto (Chip) chip = { 0 };
  guint8 bytes[256] = { 0 };

  chip_init (&chip, "esp8266");
  enable_and_send (&chip, 0x02, 0, bytes, sizeof bytes);
  g_assert_cmpint (busy (&chip), ==, 400000);
  g_assert_cmphex (command (&chip, 0x05), ==, 0x01);
  /* busy: nothing but the status can be read, nothing starts */
  g_assert_cmphex (command (&chip, 0x9F), ==, 0xff);
  enable_and_send (&chip, 0x20, 0, NULL, 0);
  g_assert_cmpint (busy (&chip), ==, 400000);
  chip.now += 399999;
  g_assert_cmphex (command (&chip, 0x05), ==, 0x01);
  chip.now += 1;
  g_assert_cmphex (command (&chip, 0x05), ==, 0x00);
  g_assert_cmphex (command (&chip, 0x9F), ==, 0xef);
  g_assert_cmphex (chip.data[0], ==, 0x00);
  enable_and_send (&chip, 0x02, 0x100, bytes, 1);
  g_assert_cmpint (busy (&chip), ==, 30000);
}

static void
test_no_timing (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,timing=none");
  enable_and_send (&chip, 0xC7, 0, NULL, 0);
  g_assert_cmphex (command (&chip, 0x05), ==, 0x00);
}

typedef struct {
  const char *spec;
  guint8 id[3];
} Id;

static const Id ids[] = {
  { "esp8266,flash=256K", { 0xef, 0x40, 0x12 } },
  { "esp8266,flash=512K", { 0xef, 0x40, 0x13 } },
  { "esp8285", { 0xef, 0x40, 0x14 } },
  { "esp8266,flash=2M", { 0xef, 0x40, 0x15 } },
  { "esp8266", { 0xef, 0x40, 0x16 } },
  { "esp8266,flash=8M", { 0xef, 0x40, 0x17 } },
  { "esp8266,flash=16M", { 0xef, 0x40, 0x18 } },
  { "esp8266,flashid=1540C8", { 0xc8, 0x40, 0x15 } },
  { "esp8266,flashid=FFFFFF", { 255, 255, 255 } },
  { "esp8266,flashid=000000", { 0, 0, 0 } },
};

static void
test_ids (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_auto (Chip) chip = { 0 };
    guint8 id[3] = { 0x55, 0x55, 0x55 };
    FgSimTransfer transfer = { .opcode = 0x9F, .miso = id, .miso_len = 3 };

    chip_init (&chip, ids[i].spec);
    fg_sim_flash_transfer (chip.flash, &transfer, chip.now);
    g_assert_cmpmem (id, 3, ids[i].id, 3);
  }
}

static void
test_dead (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,flashid=FFFFFF,timing=none");
  enable_and_send (&chip, 0x02, 0, "\x00", 1);
  g_assert_cmphex (chip.data[0], ==, 0xff);
  g_assert_cmphex (command (&chip, 0x05), ==, 0xff);
}

static void
test_reads (void)
{
  g_auto (Chip) chip = { 0 };
  guint8 back[4];
  FgSimTransfer transfer = { .address = 0x3fffe, .miso = back, .miso_len = 4 };

  chip_init (&chip, "esp8266,flash=256K,timing=none");
  enable_and_send (&chip, 0x02, 0x3fffe, "\x01\x02", 2);
  enable_and_send (&chip, 0x02, 0, "\x03\x04", 2);
  transfer.opcode = 0x03;
  fg_sim_flash_transfer (chip.flash, &transfer, chip.now);
  g_assert_cmpmem (back, 4, "\x01\x02\x03\x04", 4);
  transfer.opcode = 0x0B;
  fg_sim_flash_transfer (chip.flash, &transfer, chip.now);
  g_assert_cmpmem (back, 4, "\xff\xff\xff\xff", 4);
  transfer.dummy_bits = 8;
  fg_sim_flash_transfer (chip.flash, &transfer, chip.now);
  g_assert_cmpmem (back, 4, "\x01\x02\x03\x04", 4);
}

static void
test_sfdp (void)
{
  static const char *const specs[] = { "esp8266", "esp8266,sfdp=no" };

  for (gsize i = 0; i < G_N_ELEMENTS (specs); i++) {
    g_auto (Chip) chip = { 0 };
    guint8 back[4];
    FgSimTransfer transfer = { .opcode = 0x5A, .dummy_bits = 8, .miso = back, .miso_len = 4 };

    chip_init (&chip, specs[i]);
    fg_sim_flash_transfer (chip.flash, &transfer, chip.now);
    g_assert_cmpmem (back, 4, i == 0 ? "SFDP" : "\xff\xff\xff\xff", 4);
  }
}

static void
test_protection (void)
{
  g_auto (Chip) chip = { 0 };

  /* BP = 1 of 4 MB: the upper 64 KB */
  chip_init (&chip, "esp8266,protect=1,timing=none");
  g_assert_cmphex (command (&chip, 0x05), ==, 0x04);
  enable_and_send (&chip, 0x02, 0x3effff, "\x00", 1);
  g_assert_cmphex (chip.data[0x3effff], ==, 0x00);
  enable_and_send (&chip, 0x02, 0x3f0000, "\x00", 1);
  g_assert_cmphex (chip.data[0x3f0000], ==, 0xff);
  enable_and_send (&chip, 0xC7, 0, NULL, 0);
  g_assert_cmphex (chip.data[0x3effff], ==, 0x00);
  enable_and_send (&chip, 0x01, 0, "\x00", 1);
  g_assert_cmphex (command (&chip, 0x05), ==, 0x00);
  enable_and_send (&chip, 0xC7, 0, NULL, 0);
  g_assert_cmphex (chip.data[0x3effff], ==, 0xff);
}

static void
test_protection_sticks (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,protect=7,timing=none,protect-sticks");
  enable_and_send (&chip, 0x01, 0, "\x00", 1);
  g_assert_cmphex (command (&chip, 0x05), ==, 0x1c);
}

static void
test_stays_busy (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,timing=none,stays-busy=0x12345");
  enable_and_send (&chip, 0x20, 0x11000, NULL, 0);
  g_assert_cmphex (command (&chip, 0x05), ==, 0x00);
  command (&chip, 0x06);
  send (&chip, 0x20, 0x12000, NULL, 0);
  chip.now += G_GINT64_CONSTANT (3600) * 1000000000;
  g_assert_cmphex (command (&chip, 0x05) & 1, ==, 1);
}

static void
test_stuck (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266,timing=none,stuck=0x101,stuck=0x200");
  enable_and_send (&chip, 0x02, 0x100, "\x00\x00\x00", 3);
  enable_and_send (&chip, 0x02, 0x200, "\x00", 1);
  g_assert_cmpmem (chip.data + 0x100, 3, "\x00\xff\x00", 3);
  g_assert_cmphex (chip.data[0x200], ==, 0xff);
}

static void
test_sleep (void)
{
  g_auto (Chip) chip = { 0 };

  chip_init (&chip, "esp8266");
  command (&chip, 0xB9);
  g_assert_cmphex (command (&chip, 0x9F), ==, 0xff);
  command (&chip, 0xAB);
  g_assert_cmphex (command (&chip, 0x9F), ==, 0xef);
}

static void
test_image (void)
{
  g_autofree char *dir = g_dir_make_tmp ("sim-flash-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "flash.img", NULL);
  g_autofree char *spec = g_strdup_printf ("esp8266,flash=256K,timing=none,image=%s", path);
  g_autofree char *bytes = NULL;
  gsize len;

  for (int run = 0; run < 2; run++) {
    g_auto (Chip) chip = { 0 };

    chip_init (&chip, spec);
    g_assert_cmphex (chip.data[0x3ffff], ==, run == 0 ? 0xff : 0x42);
    enable_and_send (&chip, 0x02, 0x3ffff, "\x42", 1);
    /* seen by others at once, not only at the end */
    g_clear_pointer (&bytes, g_free);
    g_assert_true (g_file_get_contents (path, &bytes, &len, NULL));
    g_assert_cmpuint (len, ==, 256 << 10);
    g_assert_cmphex ((guint8) bytes[0x3ffff], ==, 0x42);
    g_assert_cmphex ((guint8) bytes[0], ==, 0xff);
  }
  g_assert_true (g_file_set_contents (path, "abc", 3, NULL));
  {
    g_auto (Chip) chip = { 0 };

    chip_init (&chip, spec);
    g_assert_cmpmem (chip.data, 4, "abc\xff", 4);
  }
  g_unlink (path);
  g_rmdir (dir);
}

static void
test_image_errors (void)
{
  g_autofree char *dir = g_dir_make_tmp ("sim-flash-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "large.img", NULL);
  g_autofree char *large = g_malloc0 (300 << 10);
  const char *const paths[] = { dir, "/nonexistent/flash.img", path };

  g_assert_true (g_file_set_contents (path, large, 300 << 10, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *text = g_strdup_printf ("esp8266,flash=256K,image=%s", paths[i]);
    g_autoptr (FgSimSpec) spec = fg_sim_spec_parse (text, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_null (fg_sim_flash_new (spec, &error));
    g_assert_cmpuint (error->domain, ==, G_IO_ERROR);
    g_assert_nonnull (strstr (error->message, paths[i]));
  }
  g_unlink (path);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim/flash/bits", test_bits);
  g_test_add_func ("/sim/flash/write-enable", test_write_enable);
  g_test_add_func ("/sim/flash/page-wrap", test_page_wrap);
  g_test_add_func ("/sim/flash/address-wraps", test_address_wraps);
  for (gsize i = 0; i < G_N_ELEMENTS (erases); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/flash/erase/%02x", erases[i].opcode);

    g_test_add_data_func (path, &erases[i], test_erase);
  }
  g_test_add_func ("/sim/flash/busy", test_busy);
  g_test_add_func ("/sim/flash/no-timing", test_no_timing);
  g_test_add_func ("/sim/flash/ids", test_ids);
  g_test_add_func ("/sim/flash/dead", test_dead);
  g_test_add_func ("/sim/flash/reads", test_reads);
  g_test_add_func ("/sim/flash/sfdp", test_sfdp);
  g_test_add_func ("/sim/flash/protection", test_protection);
  g_test_add_func ("/sim/flash/protection-sticks", test_protection_sticks);
  g_test_add_func ("/sim/flash/stays-busy", test_stays_busy);
  g_test_add_func ("/sim/flash/stuck", test_stuck);
  g_test_add_func ("/sim/flash/sleep", test_sleep);
  g_test_add_func ("/sim/flash/image", test_image);
  g_test_add_func ("/sim/flash/image-errors", test_image_errors);
  return g_test_run ();
}
