/* SPDX-License-Identifier: GPL-3.0-or-later */

/* fulgurite-sim: a simulated board for any program, behind a pseudo-terminal, a TCP port, or a
 * serial port that is shared over the network. */

#include "config.h"

#include "fg-sim-driver.h"
#include "fg-sim-spec.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef struct {
  char *chip, *flash, *image, *timing, *spec; /* (owned) (nullable) */
  char *pty, *control;                        /* (owned) (nullable) (type filename) */
  int listen, rfc2217;                        /* -1: not given */
  gboolean version;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->chip);
  g_free (self->flash);
  g_free (self->image);
  g_free (self->timing);
  g_free (self->spec);
  g_free (self->pty);
  g_free (self->control);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static char *
describe (void)
{
  g_autofree char *keys = fg_sim_spec_help ();
  g_autofree char *chips = fg_sim_variant_list ();
  g_autofree char *models = fg_sim_model_list ();

  return g_strdup_printf (
      "Without --pty, --listen and --rfc2217 a pseudo-terminal is made and its name printed. One\n"
      "client at a time. When the board is ready, one line on standard output says where it is:\n"
      "  fulgurite-sim: esp8266 on LINK -> /dev/pts/3\n"
      "  fulgurite-sim: esp8266 on socket://127.0.0.1:4567\n"
      "\n"
      "A pseudo-terminal has no modem lines, so the board starts in its loader (boot=loader) and,\n"
      "as if somebody had reset it, is back there for each client: when one closes the port, the\n"
      "board is powered off and on again. With --spec boot=flash it keeps running between "
      "clients.\n"
      "The rate of a pseudo-terminal is the client's; TCP always has the rate of the chip.\n"
      "With --rfc2217 the client sets rate and modem lines as with a real port, so the board runs\n"
      "its program until it is reset into its loader, and nothing is reset between clients.\n"
      "Unplugged (by a fault or by request), the link and the pseudo-terminal, or the connection,\n"
      "are gone until a “replug” request. The flash survives everything when it is in a file.\n"
      "\n"
      "Chips: %s,\n  %s\n"
      "A program that is loaded into RAM runs on an ESP8266 only: the other chips fall silent.\n"
      "\n"
      "Keys for --spec, separated by commas, with their defaults in parentheses (but boot=loader\n"
      "here); faults may be given several times:\n%s"
      "\n"
      "Requests on the --control socket (unix, SOCK_SEQPACKET, one request a packet):\n%s"
      "\n"
      "Exit: 0 ended by SIGINT or SIGTERM, 1 failed, 2 usage.\n",
      chips, models, keys, fg_sim_control_help ());
}

static gboolean
check_port (const char *option, int port, GError **error)
{
  if (port >= -1 && port <= G_MAXUINT16)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s takes a port from 0 to 65535",
               option);
  return FALSE;
}

static gboolean
parse_options (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "chip", 0, 0, G_OPTION_ARG_STRING, &options->chip, "which chip (default esp8266)", "CHIP" },
    { "flash", 0, 0, G_OPTION_ARG_STRING, &options->flash, "size of its flash, such as 4M",
      "SIZE" },
    { "image", 0, 0, G_OPTION_ARG_FILENAME, &options->image,
      "keep the flash in this file; made when it is missing", "FILE" },
    { "timing", 0, 0, G_OPTION_ARG_STRING, &options->timing,
      "whether bytes and flash operations take time", "datasheet|none" },
    { "spec", 0, 0, G_OPTION_ARG_STRING, &options->spec, "more keys, see below", "KEY=VALUE,…" },
    { "pty", 0, 0, G_OPTION_ARG_FILENAME, &options->pty,
      "a pseudo-terminal, and a link that points at it", "LINK" },
    { "listen", 0, 0, G_OPTION_ARG_INT, &options->listen,
      "a TCP port on 127.0.0.1; 0 picks a free one", "PORT" },
    { "rfc2217", 0, 0, G_OPTION_ARG_INT, &options->rfc2217,
      "a serial port shared by RFC 2217 on 127.0.0.1; 0 picks a free one", "PORT" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &options->control,
      "a socket for modem lines and the plug, see below", "SOCKET" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "print the version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("— a simulated board");
  g_autofree char *description = describe ();

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, description);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "unexpected argument “%s”",
                 (*argv)[1]);
    return FALSE;
  }
  if ((options->listen != -1) + (options->rfc2217 != -1) + (options->pty != NULL) > 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--pty, --listen and --rfc2217 exclude one another");
    return FALSE;
  }
  return check_port ("--listen", options->listen, error)
         && check_port ("--rfc2217", options->rfc2217, error);
}

static void
append_key (GString *spec, const char *key, const char *value)
{
  if (value != NULL)
    g_string_append_printf (spec, ",%s=%s", key, value);
}

static char *
build_spec (const Options *options)
{
  g_autoptr (GString) spec = g_string_new (options->chip != NULL ? options->chip : "esp8266");

  if (options->rfc2217 < 0) /* nothing could reset the board into it */
    append_key (spec, "boot", "loader");
  append_key (spec, "flash", options->flash);
  append_key (spec, "image", options->image);
  append_key (spec, "timing", options->timing);
  if (options->spec != NULL)
    g_string_append_printf (spec, ",%s", options->spec);
  return g_string_free (g_steal_pointer (&spec), FALSE);
}

static int
catch_signals (void)
{
  sigset_t set;

  signal (SIGPIPE, SIG_IGN);
  sigemptyset (&set);
  sigaddset (&set, SIGINT);
  sigaddset (&set, SIGTERM);
  sigaddset (&set, SIGHUP);
  sigprocmask (SIG_BLOCK, &set, NULL);
  return signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static FgSimPort *
make_port (const Options *options)
{
  if (options->listen >= 0)
    return fg_sim_tcp_new ((guint16) options->listen);
  if (options->rfc2217 >= 0)
    return fg_sim_rfc2217_new ((guint16) options->rfc2217);
  return fg_sim_pty_new (options->pty);
}

static gboolean
serve (const Options *options, FgSimBoard *board, gboolean fresh_start, GError **error)
{
  g_autoptr (FgSimPort) port = make_port (options);
  g_autoptr (FgSimControl) control = NULL;
  FgSimDriver driver = { .board = board, .port = port, .fresh_start = fresh_start };
  gboolean good;

  driver.quit_fd = catch_signals ();
  prctl (PR_SET_TIMERSLACK, 1000, 0, 0, 0); /* bytes come every few microseconds */
  if (options->control != NULL) {
    control = fg_sim_control_new (options->control, error);
    if (control == NULL)
      return FALSE;
    driver.control = control;
  }
  if (!port->ops->plug (port, error))
    return FALSE;
  printf ("fulgurite-sim: %s on %s\n", options->chip != NULL ? options->chip : "esp8266",
          port->name);
  fflush (stdout);
  good = fg_sim_driver_run (&driver, error);
  close (driver.quit_fd);
  return good;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { .listen = -1, .rfc2217 = -1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (FgSimSpec) parsed = NULL;
  g_autoptr (FgSimBoard) board = NULL;
  g_autofree char *spec = NULL;

  setlocale (LC_ALL, "");
  if (!parse_options (&options, &argc, &argv, &error)) {
    fprintf (stderr, "fulgurite-sim: %s\n", error->message);
    return EXIT_USAGE;
  }
  if (options.version) {
    printf ("fulgurite-sim %s\n", FG_VERSION);
    return EXIT_DONE;
  }
  spec = build_spec (&options);
  parsed = fg_sim_spec_parse (spec, &error);
  if (parsed == NULL) {
    fprintf (stderr, "fulgurite-sim: %s\n", error->message);
    return EXIT_USAGE;
  }
  board = fg_sim_board_new (spec, &error);
  if (board == NULL
      || !serve (&options, board, options.rfc2217 < 0 && parsed->boot == FG_SIM_BOOT_LOADER,
                 &error)) {
    fprintf (stderr, "fulgurite-sim: %s\n", error->message);
    return EXIT_FAILED;
  }
  return EXIT_DONE;
}
