/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-port-monitor.h"

#include "fg-usb-names.h"

#include <string.h>

static const struct {
  const char *label;
  FgPortFacts facts;
  const char *title;
  const char *subtitle;
  gboolean likely;
} rows[] = {
  { "cp2102n",
    { .path = (char *) "/dev/ttyUSB0",
      .vendor_id = 0x10c4,
      .product_id = 0xea60,
      .product = (char *) "CP2102N USB to UART Bridge Controller" },
    "CP2102N",
    "USB serial · ttyUSB0",
    TRUE },
  { "cp210x",
    { .path = (char *) "/dev/ttyUSB0", .vendor_id = 0x10c4, .product_id = 0xea60 },
    "CP210x",
    "USB serial · ttyUSB0",
    TRUE },
  { "named-board",
    { .path = (char *) "/dev/ttyUSB3",
      .vendor_id = 0x10c4,
      .product_id = 0xea60,
      .product = (char *) "LOLIN D1 mini Pro" },
    "LOLIN D1 mini Pro",
    "CP210x · ttyUSB3",
    TRUE },
  { "ch340",
    { .path = (char *) "/dev/ttyUSB12",
      .vendor_id = 0x1a86,
      .product_id = 0x7523,
      .product = (char *) "USB Serial" },
    "CH340",
    "USB serial · ttyUSB12",
    TRUE },
  { "ch9102",
    { .path = (char *) "/dev/ttyACM0", .vendor_id = 0x1a86, .product_id = 0x55d4 },
    "CH9102",
    "USB serial · ttyACM0",
    TRUE },
  { "ft232r",
    { .path = (char *) "/dev/ttyUSB0",
      .vendor_id = 0x0403,
      .product_id = 0x6001,
      .product = (char *) "FT232R USB UART" },
    "FT232R",
    "USB serial · ttyUSB0",
    TRUE },
  { "espressif",
    { .path = (char *) "/dev/ttyACM0",
      .vendor_id = 0x303a,
      .product_id = 0x1001,
      .product = (char *) "USB JTAG/serial debug unit" },
    "Espressif board",
    "USB JTAG/serial · ttyACM0",
    TRUE },
  { "espressif-other",
    { .path = (char *) "/dev/ttyACM0", .vendor_id = 0x303a, .product_id = 0x8123 },
    "Espressif board",
    "Espressif USB · ttyACM0",
    TRUE },
  { "modem",
    { .path = (char *) "/dev/ttyACM1",
      .vendor_id = 0x1234,
      .product_id = 0x5678,
      .product = (char *) "Mobile Broadband" },
    "Mobile Broadband",
    "USB serial · ttyACM1",
    FALSE },
  { "built-in",
    { .path = (char *) "/dev/ttyS0", .forbidden = TRUE },
    "Serial port",
    "ttyS0",
    FALSE },
};

static void
test_serial (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (FgPort) port = fg_port_new_serial (&rows[i].facts);
  g_autofree char *title = NULL;
  g_autofree char *problem = NULL;
  gboolean likely;

  g_object_get (port, "title", &title, "likely", &likely, "problem", &problem, NULL);
  g_assert_cmpstr (title, ==, rows[i].title);
  g_assert_cmpstr (fg_port_get_subtitle (port), ==, rows[i].subtitle);
  g_assert_cmpstr (fg_port_get_path (port), ==, rows[i].facts.path);
  g_assert_cmpint (fg_port_get_kind (port), ==, FG_PORT_SERIAL);
  g_assert_cmpint (likely, ==, rows[i].likely);
  g_assert_cmpint (problem != NULL, ==, rows[i].facts.forbidden);
  g_assert_cmpuint (fg_port_get_vendor_id (port), ==, rows[i].facts.vendor_id);
}

static void
test_address (void)
{
  g_autoptr (FgPort) board = fg_port_new_address ("sim:esp8266", "Simulated ESP8266");
  g_autoptr (FgPort) remote = fg_port_new_address ("socket://host:4000", NULL);

  g_assert_cmpstr (fg_port_get_title (board), ==, "Simulated ESP8266");
  g_assert_cmpstr (fg_port_get_subtitle (board), ==, "Nothing to plug in");
  g_assert_cmpint (fg_port_get_kind (board), ==, FG_PORT_SIMULATED);
  g_assert_cmpstr (fg_port_get_title (remote), ==, "Board on the network");
  g_assert_cmpstr (fg_port_get_subtitle (remote), ==, "socket://host:4000");
  g_assert_cmpint (fg_port_get_kind (remote), ==, FG_PORT_NETWORK);
  g_assert_false (fg_port_equal (board, remote));
}

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  g_string_append_printf (data, "%u-%u+%u ", position, removed, added);
}

/* Whatever this machine has: added ports come after it, once, and a rescan changes nothing. */
static void
test_added (void)
{
  g_autoptr (FgPortMonitor) monitor = fg_port_monitor_new ();
  GListModel *model = G_LIST_MODEL (monitor);
  guint n = g_list_model_get_n_items (model);
  g_autoptr (GString) changes = g_string_new (NULL);
  g_autofree char *expected = g_strdup_printf ("%u-0+1 %u-0+1 ", n, n + 1);
  g_autoptr (FgPort) last = NULL;

  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), changes);
  fg_port_monitor_add (monitor, "sim:esp8266", "Simulated ESP8266");
  fg_port_monitor_add (monitor, "socket://host:4000", NULL);
  fg_port_monitor_add (monitor, "sim:esp8266", "again");
  fg_port_monitor_rescan (monitor);
  g_assert_cmpstr (changes->str, ==, expected);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, n + 2);
  last = g_list_model_get_item (model, n + 1);
  g_assert_true (last == fg_port_monitor_find (monitor, "socket://host:4000"));
  g_assert_null (g_list_model_get_item (model, n + 2));
  g_assert_null (fg_port_monitor_find (monitor, "/dev/none"));
  g_assert_true (g_list_model_get_item_type (model) == FG_TYPE_PORT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *name = g_strconcat ("/ports/serial/", rows[i].label, NULL);

    g_test_add_data_func (name, GUINT_TO_POINTER (i), test_serial);
  }
  g_test_add_func ("/ports/address", test_address);
  g_test_add_func ("/ports/added", test_added);
  return g_test_run ();
}
