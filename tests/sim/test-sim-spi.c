/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The SPI controller through READ_REG and WRITE_REG, as PROTOCOL-FACTS 7.1 uses it. */

#include "fg-sim-spi.h"
#include "sim-rig.h"

#include <string.h>

#define CMD 0x60000200u
#define ADDR 0x60000204u
#define RD_STATUS 0x60000210u
#define USR 0x6000021cu
#define USR1 0x60000220u
#define USR2 0x60000224u
#define W0 0x60000240u

typedef struct {
  guint8 opcode;
  guint address_bits, dummy_bits, mosi_bits, miso_bits;
  guint32 address;
} User;

static void
run_user (Rig *rig, User user)
{
  guint32 usr = 1u << 31, usr1 = 0;

  if (user.address_bits > 0) {
    usr |= 1u << 30;
    usr1 |= (user.address_bits - 1) << 26;
    rig_write_reg (rig, ADDR, user.address << (32 - user.address_bits));
  }
  if (user.dummy_bits > 0) {
    usr |= 1u << 29;
    usr1 |= user.dummy_bits - 1;
  }
  if (user.miso_bits > 0) {
    usr |= 1u << 28;
    usr1 |= (user.miso_bits - 1) << 8;
  }
  if (user.mosi_bits > 0) {
    usr |= 1u << 27;
    usr1 |= (user.mosi_bits - 1) << 17;
  }
  rig_write_reg (rig, USR, usr);
  rig_write_reg (rig, USR1, usr1);
  rig_write_reg (rig, USR2, 7u << 28 | user.opcode);
  rig_write_reg (rig, CMD, 1u << 18);
  g_assert_cmphex (rig_read_reg (rig, CMD), ==, 0);
}

static Rig *
attached (const char *keys)
{
  Rig *rig = rig_new_synced (keys);

  g_assert_cmpuint (rig_do (rig, 0x02, 0, 0, 0x400, 0), ==, 0);
  return rig;
}

static void
test_needs_attach (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  rig_write_reg (rig, W0, 0);
  run_user (rig, (User){ .opcode = 0x9f, .miso_bits = 24 });
  g_assert_cmphex (rig_read_reg (rig, W0), ==, 0x00ffffff);
  g_assert_cmpuint (rig_do (rig, 0x02, 0, 0, 0, 0), ==, 0);
  run_user (rig, (User){ .opcode = 0x9f, .miso_bits = 24 });
  g_assert_cmphex (rig_read_reg (rig, W0), ==, 0x001640ef);
}

static void
test_reset_detaches (void)
{
  g_autoptr (Rig) rig = attached ("");

  fg_sim_board_set_lines (rig->board, FALSE, TRUE, rig->now_us);
  fg_sim_board_set_lines (rig->board, TRUE, FALSE, rig->now_us + 100);
  rig_run (rig, 100000);
  g_byte_array_set_size (rig->heard, 0);
  g_assert_cmphex (rig_read_reg (rig, USR2), ==, 7u << 28);
  run_user (rig, (User){ .opcode = 0x9f, .miso_bits = 24 });
  g_assert_cmphex (rig_read_reg (rig, W0), ==, 0x00ffffff);
}

static void
test_program_and_read (void)
{
  g_autoptr (Rig) rig = attached ("");
  const guint8 *flash = fg_sim_board_get_flash (rig->board, NULL);

  for (guint i = 0; i < 16; i++)
    rig_write_reg (rig, W0 + 4 * i, 0x03020100u + 0x04040404u * i);
  run_user (rig, (User){ .opcode = 0x06 });
  run_user (rig, (User){ .opcode = 0x05, .miso_bits = 8 });
  g_assert_cmphex (rig_read_reg (rig, W0) & 0xff, ==, 0x02);
  rig_write_reg (rig, W0, 0x03020100u);
  run_user (rig, (User){ 0x02, 24, 0, 512, 0, 0x123400 });
  for (guint i = 0; i < 64; i++)
    g_assert_cmphex (flash[0x123400 + i], ==, i);
  for (guint i = 0; i < 16; i++)
    rig_write_reg (rig, W0 + 4 * i, 0);
  run_user (rig, (User){ 0x03, 24, 0, 0, 512, 0x123404 });
  g_assert_cmphex (rig_read_reg (rig, W0), ==, 0x07060504);
  g_assert_cmphex (rig_read_reg (rig, W0 + 56), ==, 0x3f3e3d3c);
  g_assert_cmphex (rig_read_reg (rig, W0 + 60), ==, 0xffffffff);
  run_user (rig, (User){ 0x0B, 24, 8, 0, 32, 0x123408 });
  g_assert_cmphex (rig_read_reg (rig, W0), ==, 0x0b0a0908);
}

/* Bytes that a transfer does not bring in stay as they are. */
static void
test_partial_word (void)
{
  g_autoptr (Rig) rig = attached ("");

  rig_write_reg (rig, W0, 0x11223344);
  run_user (rig, (User){ .opcode = 0x05, .miso_bits = 8 });
  g_assert_cmphex (rig_read_reg (rig, W0), ==, 0x11223300);
}

static void
test_erase (void)
{
  g_autoptr (Rig) rig = attached ("");
  const guint8 *flash = fg_sim_board_get_flash (rig->board, NULL);

  rig_write_reg (rig, W0, 0);
  run_user (rig, (User){ .opcode = 0x06 });
  run_user (rig, (User){ 0x02, 24, 0, 32, 0, 0x5000 });
  g_assert_cmphex (flash[0x5003], ==, 0);
  run_user (rig, (User){ 0xC7, 0, 0, 0, 0, 0 }); /* without write-enable */
  g_assert_cmphex (flash[0x5003], ==, 0);
  run_user (rig, (User){ .opcode = 0x06 });
  run_user (rig, (User){ 0xC7, 0, 0, 0, 0, 0 });
  g_assert_cmphex (flash[0x5003], ==, 0xff);
}

static void
dedicated (Rig *rig, guint32 bit, guint32 address)
{
  rig_write_reg (rig, ADDR, address);
  rig_write_reg (rig, CMD, 1u << bit);
  g_assert_cmphex (rig_read_reg (rig, CMD), ==, 0);
}

static void
test_dedicated (void)
{
  g_autoptr (Rig) rig = attached ("protect=4");
  const guint8 *flash = fg_sim_board_get_flash (rig->board, NULL);

  dedicated (rig, 28, 0);
  g_assert_cmphex (rig_read_reg (rig, W0), ==, 0x001640ef);
  dedicated (rig, 27, 0);
  g_assert_cmphex (rig_read_reg (rig, RD_STATUS) & 0xff, ==, 0x10);
  dedicated (rig, 30, 0);
  dedicated (rig, 27, 0);
  g_assert_cmphex (rig_read_reg (rig, RD_STATUS) & 0xff, ==, 0x12);
  rig_write_reg (rig, RD_STATUS, 0);
  dedicated (rig, 26, 0);
  dedicated (rig, 27, 0);
  g_assert_cmphex (rig_read_reg (rig, RD_STATUS) & 0xff, ==, 0x00);

  rig_write_reg (rig, W0, 0x44332211);
  dedicated (rig, 30, 0);
  dedicated (rig, 25, 4u << 24 | 0x3f8000);
  g_assert_cmpmem (flash + 0x3f8000, 5, "\x11\x22\x33\x44\xff", 5);
  rig_write_reg (rig, W0, 0);
  dedicated (rig, 31, 2u << 24 | 0x3f8001);
  g_assert_cmphex (rig_read_reg (rig, W0), ==, 0x00003322);
  dedicated (rig, 30, 0);
  dedicated (rig, 29, 0);
  dedicated (rig, 24, 0x3f8000);
  g_assert_cmphex (flash[0x3f8000], ==, 0x11);
  dedicated (rig, 30, 0);
  dedicated (rig, 24, 0x3f8000);
  g_assert_cmphex (flash[0x3f8000], ==, 0xff);
  for (guint bit = 22; bit <= 23; bit++) {
    rig_write_reg (rig, W0, 0);
    dedicated (rig, 30, 0);
    dedicated (rig, 25, 4u << 24 | 0x3f8000);
    g_assert_cmphex (flash[0x3f8000], ==, 0x00);
    dedicated (rig, 30, 0);
    dedicated (rig, bit, 0x3f0000);
    g_assert_cmphex (flash[0x3f8000], ==, 0xff);
  }
}

/* The command bit stays set while the bits go over the wire: 8 + 512 at 20 MHz. */
static void
test_command_bit (void)
{
  g_autoptr (FgSimSpec) spec = fg_sim_spec_parse ("esp8266", NULL);
  g_autoptr (FgSimFlash) flash = fg_sim_flash_new (spec, NULL);
  FgSimSpi spi;

  fg_sim_spi_init (&spi, flash, fg_sim_model_get_esp8266 ()->spi_layout, TRUE);
  fg_sim_spi_attach (&spi);
  fg_sim_spi_write (&spi, USR - CMD, 1u << 31 | 1u << 28, 0);
  fg_sim_spi_write (&spi, USR1 - CMD, 511u << 8, 0);
  fg_sim_spi_write (&spi, USR2 - CMD, 7u << 28 | 0x9f, 0);
  fg_sim_spi_write (&spi, 0, 1u << 18, 1000);
  g_assert_cmphex (fg_sim_spi_read (&spi, 0, 1000 + 25999), ==, 1u << 18);
  g_assert_cmphex (fg_sim_spi_read (&spi, 0, 1000 + 26000), ==, 0);
}

typedef struct {
  const char *name;
  guint32 ctrl;
  gint64 ns; /* for reading 32 bytes; the bus has 50 MHz here */
  guint8 byte;
} Reading;

static const Reading readings[] = {
  { "as-the-loader-left-it", 0, (8 + 24 + 256) * 50, 0x5a },
  { "divided-by-2", 0x101, (8 + 24 + 256) * 40, 0x5a },
  { "undivided", 1u << 12, (8 + 24 + 256) * 20, 0x5a },
  { "fast", 1u << 13 | 0x101, (8 + 24 + 8 + 256) * 40, 0x5a },
  { "two-lines", 3u << 13 | 0x101, (8 + 24 + 8 + 128) * 40, 0x5a },
  { "two-lines-but-not-fast", 1u << 14 | 0x101, (8 + 24 + 256) * 40, 0xff },
};

/* CTRL says how fast the dedicated read is, and how many lines it takes. */
static void
test_reading (gconstpointer data)
{
  const Reading *row = data;
  g_autoptr (FgSimSpec) spec = fg_sim_spec_parse ("esp8266", NULL);
  g_autoptr (FgSimFlash) flash = fg_sim_flash_new (spec, NULL);
  FgSimTransfer program = { .opcode = 0x02, .address_bits = 24, .mosi_len = 1 };
  FgSimSpi spi;

  program.mosi = (const guint8 *) "\x5a";
  fg_sim_flash_transfer (flash, &(FgSimTransfer){ .opcode = 0x06 }, 0);
  fg_sim_flash_transfer (flash, &program, 0);
  fg_sim_spi_init (&spi, flash, fg_sim_model_get_esp8266 ()->spi_layout, TRUE);
  spi.clock_mhz = 50;
  fg_sim_spi_attach (&spi);
  fg_sim_spi_write (&spi, 0x08, row->ctrl, 0);
  fg_sim_spi_write (&spi, ADDR - CMD, 32u << 24, 0);
  fg_sim_spi_write (&spi, 0, 1u << 31, 1000000);
  g_assert_cmpint (spi.done_ns - 1000000, ==, row->ns);
  g_assert_cmphex (fg_sim_spi_read (&spi, W0 - CMD, spi.done_ns) & 0xff, ==, row->byte);
}

static void
test_status_while_erasing (void)
{
  g_autoptr (Rig) rig = rig_new ("esp8266,boot=loader");
  gint64 start;

  rig_put (rig, "55 55 55 55 55 55");
  rig_settle (rig);
  g_assert_cmpuint (rig_do (rig, 0x02, 0, 0, 0x400, 0), ==, 0);
  run_user (rig, (User){ .opcode = 0x06 });
  run_user (rig, (User){ .opcode = 0xC7 });
  start = rig->now_us;
  run_user (rig, (User){ .opcode = 0x05, .miso_bits = 8 });
  g_assert_cmphex (rig_read_reg (rig, W0) & 0xff, ==, 0x01);
  rig->now_us = start + 9900000;
  run_user (rig, (User){ .opcode = 0x05, .miso_bits = 8 });
  g_assert_cmphex (rig_read_reg (rig, W0) & 0xff, ==, 0x01);
  rig->now_us = start + 10000000;
  run_user (rig, (User){ .opcode = 0x05, .miso_bits = 8 });
  g_assert_cmphex (rig_read_reg (rig, W0) & 0xff, ==, 0x00);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim/spi/needs-attach", test_needs_attach);
  g_test_add_func ("/sim/spi/reset-detaches", test_reset_detaches);
  g_test_add_func ("/sim/spi/program-and-read", test_program_and_read);
  g_test_add_func ("/sim/spi/partial-word", test_partial_word);
  g_test_add_func ("/sim/spi/erase", test_erase);
  g_test_add_func ("/sim/spi/dedicated", test_dedicated);
  g_test_add_func ("/sim/spi/command-bit", test_command_bit);
  for (gsize i = 0; i < G_N_ELEMENTS (readings); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/spi/reading/%s", readings[i].name);

    g_test_add_data_func (path, &readings[i], test_reading);
  }
  g_test_add_func ("/sim/spi/status-while-erasing", test_status_while_erasing);
  return g_test_run ();
}
