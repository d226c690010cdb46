/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-boot-check.h"

#include <string.h>

#define LINE_MAX_LEN 512 /* bytes; the rest of a longer line says nothing more */

/* An unreadable byte weighs as much as three readable ones; at a wrong rate every second byte or so
 * is unreadable, so this is reached after some 24 of them. */
#define GARBAGE_WEIGHT 3
#define GARBAGE_LIMIT 24

/* A program that crashes at its start mostly does so within this. */
#define SETTLE_US (500 * G_TIME_SPAN_MILLISECOND)
/* What follows the line that tells why it does not start. */
#define AFTER_FATAL_US (100 * G_TIME_SPAN_MILLISECOND)
/* The SDK of an ESP8266 reports missing init data, at the ROM's rate, well within this. */
#define ROM_QUIET_US (50 * G_TIME_SPAN_MILLISECOND)
#define LOOP_MIN 2    /* restarts that make a loop */
#define LOOP_ENOUGH 3 /* restarts that need no more proof */

#define UNSET (-1)

struct _FgBootCheck {
  FgBootReport *report; /* (owned) */
  GString *line;        /* (owned) */
  guint garbage;        /* how unreadable the last bytes were */
  guint64 bytes;
  guint64 unreadable;
  guint resets;
  gboolean started; /* the ROM was content, after the last reset */
  gboolean ever_started;
  gboolean waiting; /* in the loader */
  gboolean formatting;
  gboolean prompt;
  gint64 byte_us;     /* when the last byte came; all of these: UNSET: never */
  gint64 program_us;  /* when the program spoke first, after the last reset */
  gint64 hopeless_us; /* when it was known */
};

/* Those that cannot be different at the next start. A crash may be. */
static const char *const hopeless_codes[] = {
  "flash-read", "checksum",   "no-program", "init-data",     "partition-table", "no-app",
  "wrong-chip", "flash-size", "boot-mode",  "chip-revision", "file-system",     NULL,
};

FgBootCheck *
fg_boot_check_new (void)
{
  FgBootCheck *self = g_new0 (FgBootCheck, 1);

  self->report = fg_boot_report_new ();
  self->line = g_string_new (NULL);
  self->byte_us = self->program_us = self->hopeless_us = UNSET;
  return self;
}

void
fg_boot_check_free (FgBootCheck *self)
{
  if (self == NULL)
    return;
  fg_boot_report_free (self->report);
  g_string_free (self->line, TRUE);
  g_free (self);
}

static void
add_line_finding (FgBootCheck *self, const FgBootLine *line)
{
  fg_boot_report_add (self->report, line->severity, line->code, line->remedy, "%s", line->message);
}

static void
take_reset (FgBootCheck *self, const FgBootLine *line)
{
  if (self->resets > 0 || line->by_itself)
    self->report->restarts++;
  self->resets++;
  self->started = FALSE;
  self->program_us = UNSET;
  if (line->severity > FG_SEVERITY_INFO)
    add_line_finding (self, line);
}

static void
hear_program (FgBootCheck *self, gint64 now_us)
{
  if (self->program_us == UNSET && (self->started || self->resets == 0))
    self->program_us = now_us;
}

static void
take_line (FgBootCheck *self, const FgBootLine *line, gint64 now_us)
{
  switch (line->kind) {
  case FG_BOOT_LINE_RESET:
    take_reset (self, line);
    break;
  case FG_BOOT_LINE_WAITING:
    self->waiting = TRUE;
    add_line_finding (self, line);
    break;
  case FG_BOOT_LINE_STARTED:
    self->started = self->ever_started = TRUE;
    break;
  case FG_BOOT_LINE_BANNER:
    hear_program (self, now_us);
    add_line_finding (self, line);
    break;
  case FG_BOOT_LINE_PROMPT:
    hear_program (self, now_us);
    self->prompt = TRUE;
    break;
  case FG_BOOT_LINE_FATAL:
  case FG_BOOT_LINE_NOTICE:
    add_line_finding (self, line);
    self->formatting |= strcmp (line->code, "formatting") == 0;
    break;
  case FG_BOOT_LINE_OTHER:
    hear_program (self, now_us);
    break;
  case FG_BOOT_LINE_LOADING:
  default:
    break;
  }
  if (line->severity == FG_SEVERITY_ERROR && line->code != NULL
      && g_strv_contains (hopeless_codes, line->code) && self->hopeless_us == UNSET)
    self->hopeless_us = now_us;
}

static gboolean
is_readable (guint8 byte)
{
  return (byte >= ' ' && byte < 0x7f) || byte == '\r' || byte == '\n' || byte == '\t'
         || byte == 0x1b;
}

/* A piece of noise is no word of a program, even if it has line ends in it. */
static gboolean
is_text (const FgBootCheck *self)
{
  const GString *line = self->line;
  gsize good = 0;

  for (gsize i = 0; i < line->len; i++)
    good += is_readable ((guint8) line->str[i]);
  return line->len > 2 && self->garbage < 2 * GARBAGE_WEIGHT && good * 10 >= line->len * 9;
}

static void
end_line (FgBootCheck *self, gint64 now_us)
{
  g_auto (FgBootLine) line = { 0 };

  if (self->line->len == 0)
    return;
  if (fg_boot_line_parse (&line, self->line->str) || is_text (self))
    take_line (self, &line, now_us);
  g_string_truncate (self->line, 0);
}

/* A prompt has no line end. */
static void
look_at_prompt (FgBootCheck *self, gint64 now_us)
{
  g_auto (FgBootLine) line = { 0 };

  if (self->line->len > 4 || !fg_boot_line_parse (&line, self->line->str)
      || line.kind != FG_BOOT_LINE_PROMPT)
    return;
  take_line (self, &line, now_us);
}

static void
weigh (FgBootCheck *self, guint8 byte, gint64 now_us)
{
  self->bytes++;
  if (is_readable (byte)) {
    self->garbage -= self->garbage > 0;
    return;
  }
  self->unreadable++;
  self->garbage = MIN (self->garbage + GARBAGE_WEIGHT, 2 * GARBAGE_LIMIT);
  if (self->garbage >= GARBAGE_LIMIT && self->started)
    hear_program (self, now_us); /* something speaks, though at another rate */
}

/** fg_boot_check_feed: @bytes: as they came, at whatever rate; @now_us: of any clock that goes on
 */
void
fg_boot_check_feed (FgBootCheck *self, const guint8 *bytes, gsize len, gint64 now_us)
{
  for (gsize i = 0; i < len; i++) {
    weigh (self, bytes[i], now_us);
    if (bytes[i] == '\n' || bytes[i] == '\r')
      end_line (self, now_us);
    else if (bytes[i] != '\0' && self->line->len < LINE_MAX_LEN)
      g_string_append_c (self->line, (char) bytes[i]);
  }
  look_at_prompt (self, now_us);
  if (len > 0)
    self->byte_us = now_us;
}

/**
 * fg_boot_check_is_clear:
 *
 * Returns: whether listening longer would hardly tell more: the program runs for a while, or it is
 *   known why it does not
 */
gboolean
fg_boot_check_is_clear (const FgBootCheck *self, gint64 now_us)
{
  if (self->waiting || self->formatting || self->report->restarts >= LOOP_ENOUGH)
    return TRUE;
  if (self->hopeless_us != UNSET)
    return now_us - self->hopeless_us >= AFTER_FATAL_US;
  if (self->program_us == UNSET)
    return FALSE;
  return self->prompt || now_us - self->program_us >= SETTLE_US;
}

/** fg_boot_check_is_garbled: whether what comes now is noise, as at a wrong rate */
gboolean
fg_boot_check_is_garbled (const FgBootCheck *self)
{
  return self->garbage >= GARBAGE_LIMIT;
}

/** fg_boot_check_is_quiet_after_rom: whether the ROM has done its part and nothing followed at its
 * rate */
gboolean
fg_boot_check_is_quiet_after_rom (const FgBootCheck *self, gint64 now_us)
{
  return self->started && self->program_us == UNSET && self->byte_us != UNSET
         && now_us - self->byte_us >= ROM_QUIET_US;
}

/** fg_boot_check_changed_rate: what was half received is noise now */
void
fg_boot_check_changed_rate (FgBootCheck *self)
{
  g_string_truncate (self->line, 0);
  self->garbage = 0;
}

static void
add_silence (FgBootCheck *self, double seconds, gboolean is_nodemcu)
{
  FgBootReport *report = self->report;

  if (is_nodemcu)
    fg_boot_report_add (report, FG_SEVERITY_INFO, "silent",
                        "Wait for a minute, and do not unplug the board. Then open the monitor.",
                        "nothing was heard in %.1f s: NodeMCU formats its file system when it "
                        "starts for the first time, and up to a minute of silence is normal",
                        seconds);
  else if (self->ever_started)
    fg_boot_report_add (report, FG_SEVERITY_INFO, "silent", NULL,
                        "the chip has started the program, which says nothing");
  else
    fg_boot_report_add (report, FG_SEVERITY_INFO, "silent",
                        "Tap RESET on the board. Many programs say nothing; if it does not work "
                        "either, look at the monitor.",
                        "nothing was heard from the board in %.1f s", seconds);
}

static void
add_restarts (FgBootReport *report, double seconds)
{
  if (report->restarts >= LOOP_MIN)
    fg_boot_report_add (report, FG_SEVERITY_ERROR, "boot-loop",
                        "Erase the whole flash and flash again, with flash mode DIO or DOUT. Check "
                        "that the firmware is for this board, and its power supply.",
                        "the board has restarted %u times in %.1f s and does not get further",
                        report->restarts, seconds);
  else if (report->restarts == 1)
    fg_boot_report_add (report, FG_SEVERITY_INFO, "restarted", NULL,
                        "the board has restarted by itself once, as some firmware does when it is "
                        "new");
}

static int
compare_findings (gconstpointer a, gconstpointer b)
{
  const FgBootFinding *const *first = a, *const *second = b;

  return (int) (*second)->severity - (int) (*first)->severity;
}

static FgBootVerdict
judge (const FgBootCheck *self)
{
  const FgBootFinding *worst =
      self->report->findings->len > 0 ? self->report->findings->pdata[0] : NULL;

  if (worst != NULL && worst->severity == FG_SEVERITY_ERROR)
    return FG_BOOT_FAILS;
  return self->ever_started || self->program_us != UNSET || self->formatting ? FG_BOOT_RUNS
                                                                             : FG_BOOT_UNKNOWN;
}

/**
 * fg_boot_check_finish:
 * @seconds: how long was listened
 * @is_nodemcu: what was flashed is NodeMCU, whose first start takes long
 *
 * Returns: (transfer full): the verdict and its reasons; @self is only good for being freed now
 */
FgBootReport *
fg_boot_check_finish (FgBootCheck *self, double seconds, gboolean is_nodemcu)
{
  FgBootReport *report = self->report;

  report->seconds = seconds;
  add_restarts (report, seconds);
  if (self->program_us == UNSET && report->findings->len == 0 && self->unreadable * 4 > self->bytes)
    fg_boot_report_add (report, FG_SEVERITY_INFO, "unreadable", "Try other rates in the monitor.",
                        "the board says something at a rate that was not tried");
  else if (self->program_us == UNSET && report->findings->len == 0)
    add_silence (self, seconds, is_nodemcu);
  g_ptr_array_sort (report->findings, compare_findings);
  report->verdict = judge (self);
  self->report = NULL;
  return report;
}
