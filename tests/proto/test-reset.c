/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-reset.h"

#include "fg-boot-text.h"
#include "fg-error.h"

#include <string.h>

/* A transport that writes down what its lines do: "dR" is DTR released, RTS asserted. */
typedef struct {
  FgTransport parent;
  GString *lines;
} LineLog;

static gssize
line_log_read (FgTransport *self, guint8 *buf, gsize len, guint timeout_ms, GError **error)
{
  return 0;
}

static gboolean
line_log_write (FgTransport *self, const guint8 *buf, gsize len, GError **error)
{
  return TRUE;
}

static gboolean
line_log_set_lines (FgTransport *self, gboolean dtr, gboolean rts, GError **error)
{
  LineLog *log = (LineLog *) self;

  g_string_append_printf (log->lines, "%s%c%c", log->lines->len > 0 ? " " : "", dtr ? 'D' : 'd',
                          rts ? 'R' : 'r');
  return TRUE;
}

static void
line_log_free (FgTransport *self)
{
  LineLog *log = (LineLog *) self;

  g_string_free (log->lines, TRUE);
  g_free (log);
}

static const FgTransportOps line_log_ops = {
  .read = line_log_read,
  .write = line_log_write,
  .set_lines = line_log_set_lines,
  .free = line_log_free,
};
static const FgTransportOps bare_ops = { .read = line_log_read,
                                         .write = line_log_write,
                                         .free = line_log_free };

static FgTransport *
line_log_new (const FgTransportOps *ops)
{
  LineLog *log = g_new0 (LineLog, 1);

  fg_transport_init (&log->parent, ops, "test");
  log->lines = g_string_new (NULL);
  return &log->parent;
}

typedef struct {
  const char *name;
  const FgResetSequence *sequence;
  const char *lines;
} SequenceCase;

/* PROTOCOL-FACTS 3.2 */
static const SequenceCase sequence_cases[] = {
  { "tight", &fg_reset_tight, "dr DR dR Dr dr" },
  { "tight-slow", &fg_reset_tight_slow, "dr DR dR Dr dr" },
  { "classic", &fg_reset_classic, "dr dR DR Dr dr" },
  { "classic-slow", &fg_reset_classic_slow, "dr dR DR Dr dr" },
  { "run", &fg_reset_run, "dR dr" },
};

static void
test_sequence (gconstpointer data)
{
  const SequenceCase *c = data;
  g_autoptr (FgTransport) wire = line_log_new (&line_log_ops);
  g_autoptr (GError) error = NULL;

  g_assert_true (fg_reset_run_sequence (c->sequence, wire, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (((LineLog *) wire)->lines->str, ==, c->lines);
}

static void
test_no_lines (void)
{
  g_autoptr (FgTransport) wire = line_log_new (&bare_ops);
  g_autoptr (GError) error = NULL;

  g_assert_false (fg_transport_has_lines (wire));
  g_assert_false (fg_reset_run_sequence (&fg_reset_run, wire, NULL, &error));
  g_assert_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED);
}

/* Whatever happens, the board must not be left held in reset. */
static void
test_cancelled (void)
{
  g_autoptr (FgTransport) wire = line_log_new (&line_log_ops);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (fg_reset_run_sequence (&fg_reset_tight, wire, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_str_has_suffix (((LineLog *) wire)->lines->str, " dr"));
}

static void
test_order (void)
{
  g_assert_true (fg_reset_for_attempt (0) == &fg_reset_tight);
  g_assert_true (fg_reset_for_attempt (1) == &fg_reset_tight_slow);
  g_assert_true (fg_reset_for_attempt (2) == &fg_reset_classic);
  g_assert_true (fg_reset_for_attempt (3) == &fg_reset_classic_slow);
  g_assert_true (fg_reset_for_attempt (4) == &fg_reset_tight);
}

typedef struct {
  const char *name;
  const char *text;
  int code;
  const char *words; /* in the message */
} BootCase;

static const BootCase boot_cases[] = {
  { "silence", "", FG_ERROR_NO_ANSWER, "does not answer" },
  { "flash-boot", "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\nload 0x40100000",
    FG_ERROR_NOT_IN_LOADER, "boot mode 3" },
  { "deaf-loader", "\r\n ets Jan  8 2013,rst cause:2, boot mode:(1,6)\r\n", FG_ERROR_NOT_IN_LOADER,
    "does not hear us" },
  { "program", "lua: cannot open init.lua\r\n> ", FG_ERROR_NOT_IN_LOADER, "cannot open init.lua" },
  { "garbage", "\x8c\xfe\x01\x82\xe0\x13\xff\x90\x04\x1c", FG_ERROR_NOT_IN_LOADER, "unreadable" },
  { "cut-boot-line", "boot mode:(", FG_ERROR_NOT_IN_LOADER, "boot mode:(" },
};

static void
test_boot_text (gconstpointer data)
{
  const BootCase *c = data;
  g_autoptr (GError) error = NULL;

  g_assert_false (fg_boot_text_explain (c->text, strlen (c->text), &error));
  g_assert_error (error, FG_ERROR, c->code);
  g_assert_nonnull (strstr (error->message, c->words));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sequence_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/reset/%s", sequence_cases[i].name);
    g_test_add_data_func (path, &sequence_cases[i], test_sequence);
  }
  for (guint i = 0; i < G_N_ELEMENTS (boot_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/boot-text/%s", boot_cases[i].name);
    g_test_add_data_func (path, &boot_cases[i], test_boot_text);
  }
  g_test_add_func ("/reset/no-lines", test_no_lines);
  g_test_add_func ("/reset/cancelled", test_cancelled);
  g_test_add_func ("/reset/order", test_order);
  return g_test_run ();
}
