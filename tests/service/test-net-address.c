/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-net-address.h"

#include "fg-error.h"

#include <string.h>

static void
test_good (void)
{
  static const struct {
    const char *port;
    const char *place;
    gboolean rfc2217, ignores_control;
    guint timeout_ms;
  } rows[] = {
    { "socket://host:4000", "host:4000", FALSE, FALSE, 3000 },
    { "socket://[::1]:4000", "[::1]:4000", FALSE, FALSE, 3000 },
    { "rfc2217://host:1", "host:1", TRUE, FALSE, 3000 },
    { "rfc2217://192.0.2.7:65535", "192.0.2.7:65535", TRUE, FALSE, 3000 },
    { "rfc2217://[fe80::1]:2217", "[fe80::1]:2217", TRUE, FALSE, 3000 },
    { "rfc2217://host:4000?ign_set_control", "host:4000", TRUE, TRUE, 3000 },
    { "rfc2217://host:4000?", "host:4000", TRUE, FALSE, 3000 },
    { "rfc2217://host:4000?timeout=5.5", "host:4000", TRUE, FALSE, 5500 },
    { "rfc2217://[::1]:4000?ign_set_control&timeout=10", "[::1]:4000", TRUE, TRUE, 10000 },
    { "rfc2217://host:4000?poll_modem&logging=debug", "host:4000", TRUE, FALSE, 3000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (FgNetAddress) address = { 0 };
    g_autoptr (GError) error = NULL;

    g_assert_true (fg_net_address_is_meant (rows[i].port));
    fg_net_address_parse (&address, rows[i].port, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (address.place, ==, rows[i].place);
    g_assert_cmpint (address.rfc2217, ==, rows[i].rfc2217);
    g_assert_cmpint (address.ignores_control, ==, rows[i].ignores_control);
    g_assert_cmpuint (address.timeout_ms, ==, rows[i].timeout_ms);
  }
}

static void
test_bad (void)
{
  static const struct {
    const char *port;
    const char *words; /* NULL: that it is not of the form */
  } rows[] = {
    { "socket://", NULL },
    { "socket://host", NULL },
    { "socket://host:4000?timeout=1", NULL },
    { "rfc2217://", NULL },
    { "rfc2217://?timeout=1", NULL },
    { "rfc2217://host", NULL },
    { "rfc2217://host:", NULL },
    { "rfc2217://:2217", NULL },
    { "rfc2217://host:0", NULL },
    { "rfc2217://host:65536", NULL },
    { "rfc2217://host:22x", NULL },
    { "rfc2217://::1:2217", NULL },
    { "rfc2217://[::1:2217", NULL },
    { "rfc2217://[::1]", NULL },
    { "rfc2217://user@host:2217", NULL },
    { "rfc2217://host:2217/x", NULL },
    { "rfc2217://a host:2217", NULL },
    { "rfc2217://host:2217#x", NULL },
    { "rfc2217://host:2217?ign_set_control&", "“” is not an option" },
    { "rfc2217://host:2217?ign_set_control=1", "“ign_set_control=1” is not an option" },
    { "rfc2217://host:2217?ign-set-control", "there are ign_set_control and timeout=SECONDS" },
    { "rfc2217://host:2217?timeout", "“timeout” is not an option" },
    { "rfc2217://host:2217?timeout=", "“” is not a time" },
    { "rfc2217://host:2217?timeout=0", "“0” is not a time" },
    { "rfc2217://host:2217?timeout=-1", "“-1” is not a time" },
    { "rfc2217://host:2217?timeout=1s", "“1s” is not a time" },
    { "rfc2217://host:2217?timeout=nan", "“nan” is not a time" },
    { "rfc2217://host:2217?timeout=61", "“61” is not a time of up to 60 seconds" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (FgNetAddress) address = { 0 };
    g_autoptr (GError) error = NULL;

    g_assert_false (fg_net_address_parse (&address, rows[i].port, &error));
    g_assert_error (error, FG_ERROR, FG_ERROR_USAGE);
    g_assert_nonnull (strstr (error->message, rows[i].port));
    if (strstr (error->message, rows[i].words != NULL ? rows[i].words : "is not of the form")
        == NULL)
      g_error ("“%s” does not say “%s”", error->message, rows[i].words);
  }
}

static void
test_others (void)
{
  static const char *const ports[] = { "auto", "/dev/ttyUSB0", "sim:esp8266", "http://host:80",
                                       "" };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    g_assert_false (fg_net_address_is_meant (ports[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net-address/good", test_good);
  g_test_add_func ("/net-address/bad", test_bad);
  g_test_add_func ("/net-address/others", test_others);
  return g_test_run ();
}
