/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chips on their own USB port, and their watchdogs: PROTOCOL-FACTS 3.2, 4.3, 12 and 13. */

#include "sim-rig.h"

#include <string.h>

#define MS 1000
#define S (1000 * MS)

static void
set_lines (Rig *rig, gboolean dtr, gboolean rts)
{
  fg_sim_board_set_lines (rig->board, dtr, rts, rig->now_us);
}

static void
assert_says (Rig *rig, const char *what)
{
  g_autofree char *text = rig_text (rig);

  if (strstr (text, what) == NULL)
    g_error ("“%s” is not in “%s”", what, text);
}

/* The whole sequence of section 3.2 for the chip's own USB port, step by step. */
static void
usb_into_loader (Rig *rig)
{
  set_lines (rig, FALSE, FALSE);
  rig_run (rig, 100 * MS);
  set_lines (rig, TRUE, FALSE);
  rig_run (rig, 100 * MS);
  set_lines (rig, TRUE, TRUE);
  set_lines (rig, FALSE, TRUE);
}

static void
test_usb_lines (void)
{
  g_autoptr (Rig) rig = rig_new ("esp32c3,usb=jtag,usb-gone=0");

  rig_run (rig, 100 * MS);
  set_lines (rig, TRUE, TRUE); /* both together mean nothing */
  rig_run (rig, 100 * MS);
  g_byte_array_set_size (rig->heard, 0);
  usb_into_loader (rig);
  rig_run (rig, 100 * MS);
  set_lines (rig, FALSE, FALSE);
  rig_run (rig, 10 * MS);
  assert_says (rig, "rst:0x15 (USB_UART_CHIP_RESET)");
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "loader");
  set_lines (rig, FALSE, TRUE);
  rig_run (rig, 200 * MS);
  assert_says (rig, "SPI_FAST_FLASH_BOOT");
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "booted");
}

static void
test_usb_goes_and_comes (void)
{
  g_autoptr (Rig) rig = rig_new ("esp32c3,usb=jtag");

  rig_run (rig, 100 * MS);
  g_assert_false (fg_sim_board_is_unplugged (rig->board));
  usb_into_loader (rig);
  g_assert_true (fg_sim_board_is_unplugged (rig->board));
  rig_run (rig, 200 * MS);
  g_assert_true (fg_sim_board_is_unplugged (rig->board));
  rig_run (rig, 150 * MS);
  g_assert_false (fg_sim_board_is_unplugged (rig->board));
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "loader");
  /* opened again, it is what it was */
  g_byte_array_set_size (rig->heard, 0);
  rig_put (rig, "c0 00 08 04 00 00 00 00 00 07 07 12 20 c0");
  rig_run (rig, 100 * MS);
  g_assert_cmpuint (rig->heard->len, ==, 8 * 14);
}

/* Somebody who opens it too early gets it at once, and does not disturb the chip. */
static void
test_usb_opened_early (void)
{
  g_autoptr (Rig) rig = rig_new ("esp32c3,usb=jtag");

  rig_run (rig, 100 * MS);
  usb_into_loader (rig);
  rig_run (rig, 10 * MS);
  fg_sim_board_replug (rig->board, rig->now_us);
  g_assert_false (fg_sim_board_is_unplugged (rig->board));
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "loader");
}

typedef struct {
  const char *name;
  guint32 config0, protect, super_config, super_protect, super_key;
  guint super_bit;
} Watchdogs;

static const Watchdogs watchdogs[] = {
  { "esp32s3", 0x60008098, 0x600080B0, 0x600080B4, 0x600080B8, 0x8F1D312A, 31 },
  { "esp32c3", 0x60008090, 0x600080A8, 0x600080AC, 0x600080B0, 0x8F1D312A, 31 },
  { "esp32c5", 0x600B1C00, 0x600B1C18, 0x600B1C1C, 0x600B1C20, 0x50D83AA1, 18 },
  { "esp32c6", 0x600B1C00, 0x600B1C18, 0x600B1C1C, 0x600B1C20, 0x50D83AA1, 18 },
  { "esp32c61", 0x600B1C00, 0x600B1C18, 0x600B1C1C, 0x600B1C20, 0x50D83AA1, 18 },
  { "esp32h2", 0x600B1C00, 0x600B1C1C, 0x600B1C20, 0x600B1C24, 0x50D83AA1, 18 },
  { "esp32h21", 0x600B1C00, 0x600B1C1C, 0x600B1C20, 0x600B1C24, 0x50D83AA1, 18 },
  { "esp32h4", 0x60090048, 0x60090064, 0x600B541C, 0x600B5420, 0x50D83AA1, 18 },
  { "esp32p4", 0x50116000, 0x50116018, 0x5011601C, 0x50116020, 0x50D83AA1, 18 },
};

static void
write_reg_now (Rig *rig, guint32 address, guint32 value)
{
  rig_command (rig, 0x09, address, value, 0xffffffff, 0);
  rig_run (rig, 10 * MS);
  g_assert_cmpuint (rig_status (rig), ==, 0);
}

/* Left alone, either of the two watchdogs resets the chip; both have to be silenced. */
static void
test_usb_watchdogs (gconstpointer data)
{
  const Watchdogs *row = data;

  for (guint stopped = 0; stopped < 4; stopped++) {
    g_autofree char *spec = g_strconcat (row->name, ",usb=jtag,timing=none,boot=loader", NULL);
    g_autoptr (Rig) rig = rig_new (spec);

    rig_run (rig, 10 * MS);
    write_reg_now (rig, row->config0, 0); /* locked: without effect */
    if (stopped & 1) {
      write_reg_now (rig, row->protect, 0x50D83AA1);
      write_reg_now (rig, row->config0, 0);
      write_reg_now (rig, row->protect, 0);
    }
    if (stopped & 2) {
      write_reg_now (rig, row->super_protect, row->super_key);
      write_reg_now (rig, row->super_config, 1u << row->super_bit);
      write_reg_now (rig, row->super_protect, 0);
    }
    rig_run (rig, 20 * S);
    g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, stopped == 3 ? "loader" : "booted");
  }
}

/* Leaving by watchdog, as section 12 has it; also behind an adapter. */
static void
test_watchdog_reset (void)
{
  g_autoptr (Rig) rig = rig_new_chip ("esp32s2");

  write_reg_now (rig, 0x3F4080AC, 0x50D83AA1);
  write_reg_now (rig, 0x3F408098, 2000);
  write_reg_now (rig, 0x3F408094, 1u << 31 | 5u << 28 | 1u << 8 | 2);
  rig_run (rig, 500 * MS);
  assert_says (rig, "rst:0x10 (RTCWDT_RTC_RST),boot:0x8 (SPI_FAST_FLASH_BOOT)");
}

/* A chip that its USB port has sent to the loader comes back there until the flag is cleared. */
static void
test_forced_download (void)
{
  static const struct {
    const char *spec;
    guint32 option;
  } rows[] = {
    { "esp32s3,usb=jtag,usb-gone=0,timing=none", 0x6000812C },
    { "esp32p4,usb=jtag,usb-gone=0,timing=none", 0x50110008 },
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++) {
    gboolean clear = i % 2;
    g_autoptr (Rig) rig = rig_new (rows[i / 2].spec);

    rig_run (rig, 100 * MS);
    usb_into_loader (rig);
    rig_run (rig, 100 * MS);
    set_lines (rig, FALSE, FALSE);
    rig_run (rig, 10 * MS);
    g_byte_array_set_size (rig->heard, 0);
    if (clear)
      write_reg_now (rig, rows[i / 2].option, 0);
    set_lines (rig, FALSE, TRUE);
    rig_run (rig, 200 * MS);
    assert_says (rig, clear ? "SPI_FAST_FLASH_BOOT" : "waiting for download");
  }
}

/* The ROM's own port: RTS resets, but the pins are not read again; the watchdog reads them. */
static void
test_usb_otg (void)
{
  g_autoptr (Rig) rig = rig_new ("esp32s2,usb=otg,usb-gone=0,timing=none,boot=loader");

  rig_run (rig, 10 * MS);
  rig_command (rig, 0x05, 0x800, 1, 0x800, 0x40028000);
  rig_run (rig, 10 * MS);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  rig_command (rig, 0x05, 0x1800, 1, 0x1800, 0x40028000);
  rig_run (rig, 10 * MS);
  g_assert_cmpuint (rig_status (rig), ==, 5);
  rig_run (rig, 30 * S); /* no watchdog here */
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "loader");
  set_lines (rig, FALSE, TRUE);
  rig_run (rig, 100 * MS);
  assert_says (rig, "waiting for download");
  write_reg_now (rig, 0x3F4080AC, 0x50D83AA1);
  write_reg_now (rig, 0x3F408098, 2000);
  write_reg_now (rig, 0x3F408094, 1u << 31 | 5u << 28 | 1u << 8 | 2);
  rig_run (rig, 500 * MS);
  assert_says (rig, "SPI_FAST_FLASH_BOOT");
}

static void
test_usb_ids (void)
{
  static const struct {
    const char *spec;
    guint16 vendor, product;
  } rows[] = {
    { "esp32s3", 0, 0 },
    { "esp8266", 0, 0 },
    { "esp32s3,usb=jtag", 0x303A, 0x1001 },
    { "esp32c6,usb=jtag", 0x303A, 0x1001 },
    { "esp32s2,usb=otg", 0x303A, 0x0002 },
    { "esp32s3,usb=otg", 0x303A, 0x0009 },
    { "esp32p4,usb=otg", 0x303A, 0x0012 },
    { "esp32s31,usb=otg", 0x303A, 0x0020 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Rig) rig = rig_new (rows[i].spec);
    guint16 vendor, product;

    fg_sim_board_get_usb_ids (rig->board, &vendor, &product);
    g_assert_cmphex (vendor, ==, rows[i].vendor);
    g_assert_cmphex (product, ==, rows[i].product);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (watchdogs); i++) {
    g_autofree char *path = g_strconcat ("/sim/later/usb/watchdogs/", watchdogs[i].name, NULL);

    g_test_add_data_func (path, &watchdogs[i], test_usb_watchdogs);
  }
  g_test_add_func ("/sim/later/usb/lines", test_usb_lines);
  g_test_add_func ("/sim/later/usb/goes-and-comes", test_usb_goes_and_comes);
  g_test_add_func ("/sim/later/usb/opened-early", test_usb_opened_early);
  g_test_add_func ("/sim/later/usb/otg", test_usb_otg);
  g_test_add_func ("/sim/later/usb/ids", test_usb_ids);
  g_test_add_func ("/sim/later/usb/watchdog-reset", test_watchdog_reset);
  g_test_add_func ("/sim/later/usb/forced-download", test_forced_download);
  return g_test_run ();
}
