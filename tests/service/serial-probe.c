/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The service layer as a program, for tests of serial ports: reads one command a line, answers each
 * with one line. An error is answered as "!CODE MESSAGE".
 *
 *   list                 path|title|subtitle|likely|problem of each port, split by " ; "
 *   sysfs                path|ids|product|serial of each port, found without libserialport
 *   events N             waits for N changes of the list: "+0 -1", with the positions
 *   reopen TIMEOUT_MS    waits for a port that is gone, and tells its name
 *   open PORT · close · baud N · lines DTR RTS · write HEX · read LENGTH TIMEOUT_MS
 */

#include "fg-error.h"
#include "fg-open.h"
#include "fg-port-monitor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_PATIENCE_S 5

typedef struct {
  FgPortMonitor *monitor;
  FgTransport *wire; /* (nullable) */
  GString *events;
  guint n_events;
  gboolean expired;
} Probe;

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Probe *probe = data;

  g_string_append_printf (probe->events, "%s%s%u", probe->events->len > 0 ? " " : "",
                          removed > 0 ? "-" : "+", position);
  probe->n_events++;
}

static gboolean
on_expired (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static char *
do_list (Probe *probe, char **arguments, GError **error)
{
  GString *text = g_string_new (NULL);

  fg_port_monitor_rescan (probe->monitor);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (probe->monitor)); i++) {
    g_autoptr (FgPort) port = g_list_model_get_item (G_LIST_MODEL (probe->monitor), i);
    const char *problem = fg_port_get_problem (port);

    g_string_append_printf (text, "%s%s|%s|%s|%s|%s", i > 0 ? " ; " : "", fg_port_get_path (port),
                            fg_port_get_title (port), fg_port_get_subtitle (port),
                            fg_port_get_likely (port) ? "likely" : "",
                            problem != NULL ? problem : "");
  }
  return g_string_free (text, FALSE);
}

static char *
do_sysfs (Probe *probe, char **arguments, GError **error)
{
  g_autoptr (GPtrArray) ports = fg_port_scan_sysfs ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ports->len; i++) {
    FgPortFacts *facts = g_ptr_array_index (ports, i);

    g_string_append_printf (text, "%s%s|%04x:%04x|%s|%s", i > 0 ? " ; " : "", facts->path,
                            facts->vendor_id, facts->product_id,
                            facts->product != NULL ? facts->product : "",
                            facts->serial != NULL ? facts->serial : "");
  }
  return g_string_free (text, FALSE);
}

static char *
do_events (Probe *probe, char **arguments, GError **error)
{
  guint wanted = (guint) atoi (arguments[1]);
  gboolean expired = FALSE;
  guint id = g_timeout_add_seconds (EVENTS_PATIENCE_S, on_expired, &expired);
  char *text;

  while (probe->n_events < wanted && !expired)
    g_main_context_iteration (NULL, TRUE);
  if (!expired)
    g_source_remove (id);
  text = g_strdup (probe->events->str);
  g_string_truncate (probe->events, 0);
  probe->n_events = 0;
  return text;
}

static char *
do_open (Probe *probe, char **arguments, GError **error)
{
  g_clear_pointer (&probe->wire, fg_transport_free);
  probe->wire = fg_open (arguments[1], NULL, error);
  if (probe->wire == NULL)
    return NULL;
  return g_strdup_printf ("%s%s%s", probe->wire->name,
                          fg_transport_has_lines (probe->wire) ? " lines" : "",
                          fg_transport_has_baud (probe->wire) ? " baud" : "");
}

static char *
do_reopen (Probe *probe, char **arguments, GError **error)
{
  return fg_transport_reopen (probe->wire, (guint) atoi (arguments[1]), NULL, error)
             ? g_strdup (probe->wire->name)
             : NULL;
}

static char *
do_close (Probe *probe, char **arguments, GError **error)
{
  g_clear_pointer (&probe->wire, fg_transport_free);
  return g_strdup ("ok");
}

static char *
do_baud (Probe *probe, char **arguments, GError **error)
{
  return fg_transport_set_baud (probe->wire, (guint) atoi (arguments[1]), error) ? g_strdup ("ok")
                                                                                 : NULL;
}

static char *
do_lines (Probe *probe, char **arguments, GError **error)
{
  return fg_transport_set_lines (probe->wire, atoi (arguments[1]), atoi (arguments[2]), error)
             ? g_strdup ("ok")
             : NULL;
}

static char *
do_write (Probe *probe, char **arguments, GError **error)
{
  gsize len = strlen (arguments[1]) / 2;
  g_autofree guint8 *bytes = g_malloc (len);

  for (gsize i = 0; i < len; i++)
    bytes[i] = (guint8) (g_ascii_xdigit_value (arguments[1][2 * i]) * 16
                         + g_ascii_xdigit_value (arguments[1][2 * i + 1]));
  return fg_transport_write (probe->wire, bytes, len, error) ? g_strdup ("ok") : NULL;
}

/* Until LENGTH bytes are there or nothing came for the time. */
static char *
do_read (Probe *probe, char **arguments, GError **error)
{
  GString *text = g_string_new (NULL);
  gsize wanted = (gsize) atoi (arguments[1]);

  while (text->len < 2 * wanted) {
    guint8 byte;
    gint64 deadline_us = g_get_monotonic_time () + atoi (arguments[2]) * G_TIME_SPAN_MILLISECOND;
    gssize n = fg_transport_read (probe->wire, &byte, 1, deadline_us, NULL, error);

    if (n < 0)
      return g_string_free (text, TRUE);
    if (n == 0)
      break;
    g_string_append_printf (text, "%02x", byte);
  }
  return g_string_free (text, FALSE);
}

static const struct {
  const char *name;
  char *(*run) (Probe *probe, char **arguments, GError **error);
} commands[] = {
  { "list", do_list },   { "sysfs", do_sysfs }, { "events", do_events }, { "open", do_open },
  { "close", do_close }, { "baud", do_baud },   { "reopen", do_reopen }, { "lines", do_lines },
  { "write", do_write }, { "read", do_read },
};

static void
answer (Probe *probe, const char *line)
{
  g_auto (GStrv) arguments = g_strsplit (line, " ", -1);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree char *reply = NULL;

    if (!g_str_equal (arguments[0], commands[i].name))
      continue;
    reply = commands[i].run (probe, arguments, &error);
    if (reply != NULL)
      puts (reply);
    else
      printf ("!%s %s\n", fg_error_code_name (error), error->message);
    fflush (stdout);
    return;
  }
  g_error ("no command %s", line);
}

int
main (void)
{
  Probe probe = { .monitor = fg_port_monitor_new (), .events = g_string_new (NULL) };
  char line[4096];

  g_signal_connect (probe.monitor, "items-changed", G_CALLBACK (on_items_changed), &probe);
  while (fgets (line, sizeof line, stdin) != NULL)
    answer (&probe, g_strchomp (line));
  fg_transport_free (probe.wire);
  g_object_unref (probe.monitor);
  g_string_free (probe.events, TRUE);
  return 0;
}
