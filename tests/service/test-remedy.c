/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-remedy.h"

#include "fg-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#define N_CODES (FG_ERROR_USAGE + 1)

static void
assert_words (const char *words, const char *what, const char *code)
{
  if (words[0] == '\0' || strchr (words, '%') != NULL || !g_utf8_validate (words, -1, NULL))
    g_error ("the %s of %s is “%s”", what, code, words);
}

/* Each code has its own title and a remedy, with and without a port. */
static void
test_every_code (void)
{
  g_autoptr (GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int code = 0; code < N_CODES; code++) {
    g_autoptr (GError) error = g_error_new_literal (FG_ERROR, code, "what was found");
    const char *name = fg_error_code_name (error);
    char *title = fg_error_title (error);
    g_autofree char *remedy = fg_error_remedy (error, "/dev/ttyUSB7");
    g_autofree char *without_port = fg_error_remedy (error, NULL);

    assert_words (title, "title", name);
    assert_words (remedy, "remedy", name);
    assert_words (without_port, "remedy", name);
    g_assert_null (strstr (without_port, "/dev/ttyUSB7"));
    if (!g_hash_table_add (titles, title))
      g_error ("the title of %s is another code's", name);
  }
}

static void
test_port (void)
{
  static const FgError codes[] = { FG_ERROR_PORT_MISSING, FG_ERROR_PORT_BUSY, FG_ERROR_PORT_FAILED,
                                   FG_ERROR_NO_ANSWER };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autoptr (GError) error = g_error_new_literal (FG_ERROR, (int) codes[i], "x");
    g_autofree char *remedy = fg_error_remedy (error, "/dev/tty%s7");

    g_assert_nonnull (strstr (remedy, "/dev/tty%s7"));
  }
}

/* A board on another machine has no cable here. */
static void
test_network (void)
{
  static const FgError codes[] = { FG_ERROR_PORT_MISSING, FG_ERROR_PORT_BUSY, FG_ERROR_PORT_FAILED,
                                   FG_ERROR_DISCONNECTED };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autoptr (GError) error = g_error_new_literal (FG_ERROR, (int) codes[i], "x");
    g_autofree char *here = fg_error_remedy (error, "/dev/ttyUSB0");
    g_autofree char *there = fg_error_remedy (error, "rfc2217://host:2217");

    g_assert_cmpstr (here, !=, there);
    g_assert_null (strstr (there, "cable"));
    g_assert_null (strstr (there, "/dev/"));
  }
}

static void
test_forbidden (void)
{
  g_autoptr (GError) error = g_error_new_literal (FG_ERROR, FG_ERROR_PORT_FORBIDDEN, "x");
  g_autofree char *remedy = fg_error_remedy (error, "/dev/none");

  g_assert_nonnull (strstr (remedy, "sudo usermod -aG dialout $USER"));
}

/* The group that really owns the port; root's group would be no advice. */
static void
test_group (void)
{
  g_autoptr (GError) error = g_error_new_literal (FG_ERROR, FG_ERROR_PORT_FORBIDDEN, "x");
  g_autofree char *path = NULL;
  g_autofree char *remedy = NULL;
  g_autofree char *expected = NULL;
  gid_t gid = getgid () != 0 ? getgid () : getgrnam ("tty")->gr_gid;
  int fd = g_file_open_tmp ("fg-remedy-XXXXXX", &path, NULL);

  g_assert_cmpint (fchown (fd, (uid_t) -1, gid), ==, 0);
  remedy = fg_error_remedy (error, path);
  expected = g_strdup_printf ("sudo usermod -aG %s $USER", getgrgid (gid)->gr_name);
  g_assert_nonnull (strstr (remedy, expected));
  close (fd);
  g_remove (path);
}

static void
test_others (void)
{
  static const struct {
    GIOErrorEnum code;
    const char *title;
  } rows[] = {
    { G_IO_ERROR_CANCELLED, "Cancelled" },
    { G_IO_ERROR_FAILED, "Something went wrong" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, (int) rows[i].code, "x");
    g_autofree char *title = fg_error_title (error);
    g_autofree char *remedy = fg_error_remedy (error, "/dev/ttyUSB0");

    g_assert_cmpstr (title, ==, rows[i].title);
    assert_words (remedy, "remedy", rows[i].title);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remedy/every-code", test_every_code);
  g_test_add_func ("/remedy/port", test_port);
  g_test_add_func ("/remedy/network", test_network);
  g_test_add_func ("/remedy/forbidden", test_forbidden);
  g_test_add_func ("/remedy/group", test_group);
  g_test_add_func ("/remedy/others", test_others);
  return g_test_run ();
}
