/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-open.h"

#include "assert-refused.h"
#include "fg-error.h"
#include "fg-port-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <asm/termbits.h>

typedef struct {
  int master;
  char path[64];
} Pty;

static Pty
pty_new (void)
{
  Pty pty = { .master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC) };

  g_assert_cmpint (pty.master, >=, 0);
  g_assert_cmpint (grantpt (pty.master), ==, 0);
  g_assert_cmpint (unlockpt (pty.master), ==, 0);
  g_assert_cmpint (ptsname_r (pty.master, pty.path, sizeof pty.path), ==, 0);
  return pty;
}

static FgTransport *
open_well (const char *port)
{
  g_autoptr (GError) error = NULL;
  FgTransport *wire = fg_open (port, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (wire);
  return wire;
}

static void
test_refused (void)
{
  static const struct {
    const char *port;
    int code;
    const char *words;
  } rows[] = {
    { NULL, FG_ERROR_USAGE, "No port is given" },
    { "", FG_ERROR_USAGE, "No port is given" },
    { "http://board", FG_ERROR_USAGE, "socket://HOST:PORT or sim:esp8266" },
    { "COM3:", FG_ERROR_USAGE, "“COM3:” is not a port" },
    { "rfc2217://", FG_ERROR_USAGE, "rfc2217://HOST:PORT" },
    { "/dev/ttyUSB_none", FG_ERROR_PORT_MISSING, "There is no port /dev/ttyUSB_none" },
    { "ttyUSB_none", FG_ERROR_PORT_MISSING, "There is no port /dev/ttyUSB_none" },
    { "/proc/self/comm/x", FG_ERROR_PORT_MISSING, "There is no port" },
    { "/tmp", FG_ERROR_PORT_FAILED, "/tmp" },
    { "/dev/null", FG_ERROR_PORT_FAILED, "/dev/null is not a serial port" },
    { "socket://", FG_ERROR_USAGE, "socket://HOST:PORT" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_refused (rows[i].port, rows[i].code, rows[i].words);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (fg_open ("/dev/null", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Root may open everything, so that is given up for a moment. */
static void
test_forbidden (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fg-open-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tty", NULL);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  if (getuid () == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  assert_refused (path, FG_ERROR_PORT_FORBIDDEN, "may only be opened by the group “");
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_remove (path);
  g_rmdir (folder);
}

static void
test_errno (void)
{
  static const struct {
    int errnum;
    int code;
  } rows[] = {
    { ENOENT, FG_ERROR_PORT_MISSING },  { ENXIO, FG_ERROR_PORT_MISSING },
    { ENODEV, FG_ERROR_PORT_MISSING },  { EBUSY, FG_ERROR_PORT_BUSY },
    { EAGAIN, FG_ERROR_PORT_BUSY },     { EACCES, FG_ERROR_PORT_FORBIDDEN },
    { EPERM, FG_ERROR_PORT_FORBIDDEN }, { EIO, FG_ERROR_DISCONNECTED },
    { EMFILE, FG_ERROR_PORT_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;

    fg_port_error_set_open (&error, "/dev/ttyX", rows[i].errnum);
    g_assert_error (error, FG_ERROR, rows[i].code);
    g_assert_nonnull (strstr (error->message, "/dev/ttyX"));
  }
}

/* Raw from the first byte: nothing is echoed, swallowed or translated. */
static void
test_raw (void)
{
  static const guint8 bytes[] = { 0xc0, 0x03, '\r', '\n', 0x11, 0x13, 0x00, 0xff, 0x7f, 0xc0 };
  Pty pty = pty_new ();
  g_autoptr (FgTransport) wire = open_well (pty.path);
  g_autoptr (GError) error = NULL;
  guint8 buf[32];
  gint64 deadline_us = g_get_monotonic_time () + G_TIME_SPAN_SECOND;

  g_assert_true (fg_transport_write (wire, bytes, sizeof bytes, &error));
  g_assert_cmpint (read (pty.master, buf, sizeof buf), ==, sizeof bytes);
  g_assert_cmpmem (buf, sizeof bytes, bytes, sizeof bytes);
  g_assert_cmpint (write (pty.master, bytes, sizeof bytes), ==, sizeof bytes);
  g_assert_cmpint (fg_transport_read (wire, buf, sizeof buf, deadline_us, NULL, &error), ==,
                   sizeof bytes);
  g_assert_cmpmem (buf, sizeof bytes, bytes, sizeof bytes);
  g_assert_cmpint (wire->ops->read (wire, buf, sizeof buf, 0, &error), ==, 0);
  g_assert_no_error (error);
  close (pty.master);
}

static guint
seen_baud (int master)
{
  struct termios2 settings;

  g_assert_cmpint (ioctl (master, TCGETS2, &settings), ==, 0);
  return settings.c_ospeed;
}

static void
test_baud (void)
{
  static const guint rates[] = { 9600, 74880, 460800, 921600, 1500000, 2000000, 115200 };
  Pty pty = pty_new ();
  g_autoptr (FgTransport) wire = open_well (pty.path);

  g_assert_true (fg_transport_has_baud (wire));
  g_assert_cmpuint (seen_baud (pty.master), ==, 115200);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autoptr (GError) error = NULL;

    fg_transport_set_baud (wire, rates[i], &error);
    g_assert_no_error (error);
    g_assert_cmpuint (seen_baud (pty.master), ==, rates[i]);
  }
  close (pty.master);
}

/* A bare pseudo-terminal has no modem lines; the job then asks the user to hold BOOT. */
static void
test_lines (void)
{
  Pty pty = pty_new ();
  g_autoptr (FgTransport) wire = open_well (pty.path);
  g_autoptr (GError) error = NULL;

  g_assert_false (fg_transport_has_lines (wire));
  g_assert_false (fg_transport_set_lines (wire, TRUE, FALSE, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED);
  close (pty.master);
}

static void
test_unplug (void)
{
  Pty pty = pty_new ();
  g_autoptr (FgTransport) wire = open_well (pty.path);
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  guint8 byte = 0;

  close (pty.master);
  g_assert_cmpint (
      fg_transport_read (wire, &byte, 1, start_us + 10 * G_TIME_SPAN_SECOND, NULL, &error), ==, -1);
  g_assert_error (error, FG_ERROR, FG_ERROR_DISCONNECTED);
  g_clear_error (&error);
  g_assert_false (fg_transport_write (wire, &byte, 1, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_DISCONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_TIME_SPAN_SECOND);
}

static void
test_busy (void)
{
  Pty pty = pty_new ();
  FgTransport *wire = open_well (pty.path);

  assert_refused (pty.path, FG_ERROR_PORT_BUSY, "is in use by another program or another job");
  fg_transport_free (wire);
  wire = open_well (pty.path);
  fg_transport_free (wire);
  close (pty.master);
}

/* Another program: the message says which. */
static void
test_holder (void)
{
  Pty pty = pty_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) other =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "flock", "--no-fork", pty.path,
                        "sh", "-c", "echo ready; exec sleep 60", NULL);
  char word[5];

  g_assert_no_error (error);
  g_assert_true (g_input_stream_read_all (g_subprocess_get_stdout_pipe (other), word, sizeof word,
                                          NULL, NULL, &error));
  assert_refused (pty.path, FG_ERROR_PORT_BUSY, "(process ");
  g_subprocess_force_exit (other);
  close (pty.master);
  g_assert_true (g_subprocess_wait (other, NULL, NULL));
}

/* A terminal that is marked exclusive shuts out everybody but root, until its last descriptor is
 * closed; a simulator keeps one. */
static void
test_leaves_no_mark (void)
{
  Pty pty = pty_new ();
  int keeper = open (pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  FgTransport *wire = open_well (pty.path);
  int exclusive = -1;

  g_assert_cmpint (keeper, >=, 0);
  fg_transport_free (wire);
  g_assert_cmpint (ioctl (keeper, TIOCGEXCL, &exclusive), ==, 0);
  g_assert_cmpint (exclusive, ==, 0);
  wire = open_well (pty.path);
  fg_transport_free (wire);
  close (keeper);
  close (pty.master);
}

/* As /dev/serial/by-id/… and the link of a simulator are. */
static void
test_link (void)
{
  Pty pty = pty_new ();
  g_autofree char *folder = g_dir_make_tmp ("fg-open-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "board", NULL);
  FgTransport *wire;

  g_assert_cmpint (symlink (pty.path, path), ==, 0);
  wire = open_well (path);
  g_assert_cmpstr (wire->name, ==, pty.path);
  fg_transport_free (wire);
  g_remove (path);
  g_rmdir (folder);
  close (pty.master);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/open/refused", test_refused);
  g_test_add_func ("/open/cancelled", test_cancelled);
  g_test_add_func ("/open/forbidden", test_forbidden);
  g_test_add_func ("/open/errno", test_errno);
  g_test_add_func ("/open/raw", test_raw);
  g_test_add_func ("/open/baud", test_baud);
  g_test_add_func ("/open/lines", test_lines);
  g_test_add_func ("/open/unplug", test_unplug);
  g_test_add_func ("/open/busy", test_busy);
  g_test_add_func ("/open/holder", test_holder);
  g_test_add_func ("/open/leaves-no-mark", test_leaves_no_mark);
  g_test_add_func ("/open/link", test_link);
  return g_test_run ();
}
