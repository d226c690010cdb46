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
  { "held", &fg_reset_held, "dr DR dR Dr" },
  { "held-slow", &fg_reset_held_slow, "dr DR dR Dr" },
  { "usb", &fg_reset_usb, "dr dr Dr Dr DR dR dR dR dr" },
  { "run", &fg_reset_run, "dR dr" },
  { "run-held", &fg_reset_run_held, "dr dR DR Dr" },
  { "run-usb", &fg_reset_run_usb, "dR dr" },
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

typedef struct {
  const char *name;
  guint16 vendor, product;
  gboolean remote;
  const FgResetSequence *order[5];
  const FgResetSequence *run;
} OrderCase;

/* PROTOCOL-FACTS 3.2 and 13 */
static const OrderCase order_cases[] = {
  { "unknown",
    0,
    0,
    FALSE,
    { &fg_reset_tight, &fg_reset_tight_slow, &fg_reset_classic, &fg_reset_classic_slow,
      &fg_reset_tight },
    &fg_reset_run },
  { "cp2102n",
    0x10c4,
    0xea60,
    FALSE,
    { &fg_reset_tight, &fg_reset_tight_slow, &fg_reset_classic, &fg_reset_classic_slow,
      &fg_reset_tight },
    &fg_reset_run },
  { "cp2102c",
    0x10c4,
    0xea64,
    FALSE,
    { &fg_reset_held, &fg_reset_held_slow, &fg_reset_held, &fg_reset_held_slow, &fg_reset_held },
    &fg_reset_run_held },
  { "network",
    0,
    0,
    TRUE,
    { &fg_reset_classic, &fg_reset_classic_slow, &fg_reset_classic, &fg_reset_classic_slow,
      &fg_reset_classic },
    &fg_reset_run },
  { "usb-jtag",
    0x303a,
    0x1001,
    FALSE,
    { &fg_reset_usb, &fg_reset_usb, &fg_reset_usb, &fg_reset_usb, &fg_reset_usb },
    &fg_reset_run_usb },
  { "usb-otg",
    0x303a,
    0x0002,
    FALSE,
    { &fg_reset_tight, &fg_reset_tight_slow, &fg_reset_classic, &fg_reset_classic_slow,
      &fg_reset_tight },
    &fg_reset_run_usb },
  { "esp-usb-bridge",
    0x303a,
    0x1002,
    FALSE,
    { &fg_reset_tight, &fg_reset_tight_slow, &fg_reset_classic, &fg_reset_classic_slow,
      &fg_reset_tight },
    &fg_reset_run },
};

static void
test_order (gconstpointer data)
{
  const OrderCase *c = data;
  g_autoptr (FgTransport) wire = line_log_new (&line_log_ops);

  wire->usb_vendor = c->vendor;
  wire->usb_product = c->product;
  wire->is_remote = c->remote;
  for (guint i = 0; i < G_N_ELEMENTS (c->order); i++)
    g_assert_true (fg_reset_for_attempt (wire, i) == c->order[i]);
  g_assert_true (fg_reset_for_running (wire) == c->run);
}

typedef struct {
  const char *text;
  const char *lines; /* NULL: refused */
  guint wait_ms;     /* of all steps */
} CustomCase;

static void
test_custom (void)
{
  static const CustomCase cases[] = {
    { "D0|R1|W0.1|D1|R0|W0.05|D0", "dr dR dR DR Dr Dr dr", 150 },
    { "U1,0", "Dr", 0 },
    { "U0,1|W0|U1,1", "dR dR DR", 0 },
    { "R1|W10", "dR dR", 10000 },
    { "", NULL, 0 },
    { "D", NULL, 0 },
    { "D2", NULL, 0 },
    { "d1", NULL, 0 },
    { "D1|", NULL, 0 },
    { "D1,R0", NULL, 0 },
    { "U1", NULL, 0 },
    { "U1,2", NULL, 0 },
    { "U1,00", NULL, 0 },
    { "W", NULL, 0 },
    { "W-1", NULL, 0 },
    { "W11", NULL, 0 },
    { "Wnan", NULL, 0 },
    { "W0.1s", NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FgResetSequence) sequence = fg_reset_parse (cases[i].text, &error);
    g_autoptr (FgTransport) wire = line_log_new (&line_log_ops);
    guint wait_ms = 0;

    g_test_message ("%s", cases[i].text);
    if (cases[i].lines == NULL) {
      g_assert_null (sequence);
      g_assert_error (error, FG_ERROR, FG_ERROR_USAGE);
      continue;
    }
    g_assert_no_error (error);
    for (guint k = 0; k < sequence->n_steps; k++)
      wait_ms += sequence->steps[k].wait_ms;
    g_assert_cmpuint (wait_ms, ==, cases[i].wait_ms);
    if (wait_ms > 1000)
      continue;
    g_assert_true (fg_reset_run_sequence (sequence, wire, NULL, NULL));
    g_assert_cmpstr (((LineLog *) wire)->lines->str, ==, cases[i].lines);
  }
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
  { "flash-boot-esp32", "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n",
    FG_ERROR_NOT_IN_LOADER, "boot mode 0x13" },
  { "deaf-loader-esp32", "boot:0x3 (DOWNLOAD_BOOT(UART0/UART1))\r\nwaiting for download\r\n",
    FG_ERROR_NOT_IN_LOADER, "does not hear us" },
  { "cut-boot-line-esp32", "rst:0x1,boot:0x", FG_ERROR_NOT_IN_LOADER, "boot mode 0x0" },
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
  for (guint i = 0; i < G_N_ELEMENTS (order_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/reset/order/%s", order_cases[i].name);
    g_test_add_data_func (path, &order_cases[i], test_order);
  }
  g_test_add_func ("/reset/custom", test_custom);
  return g_test_run ();
}
