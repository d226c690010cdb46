/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-boot-line.h"

#include "fg-boot-words.h"

#include <stdio.h>
#include <string.h>

/* First numbers of an ESP8266's “boot mode”: PROTOCOL-FACTS 3.4. */
#define ESP8266_MODE_LOADER 1
#define ESP8266_MODE_FLASH 3

#define TRY_MODE                                                                                   \
  "Flash it again with another flash mode: DIO, then DOUT. If that does not help, erase the "      \
  "whole "                                                                                         \
  "flash first."
#define LET_GO "Let go of BOOT (also called FLASH) and tap RESET."
#define REPORT_CRASH                                                                               \
  "If this happens at every start, erase the whole flash and flash a firmware that is made for "   \
  "this board; check its power supply, too."
#define BETTER_POWER                                                                               \
  "Use a shorter, thicker cable, another USB port, or a supply of 500 mA or more."
#define WHOLE_SET                                                                                  \
  "Flash the whole set: bootloader, partition table and program, as their maker gives them."

/* Lines that need no more than their words. The first that fits. */
typedef struct {
  const char *part;
  FgBootLineKind kind;
  FgSeverity severity;
  const char *code, *message, *remedy;
} Known;

/* clang-format off */
static const Known known[] = {
  /* The ROMs: PROTOCOL-FACTS 3.4 */
  { "flash read err", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "flash-read",
    "the chip finds no program in its flash, or cannot read it", TRY_MODE },
  { "csum err", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "checksum",
    "the program in the flash is damaged, or the chip reads it in a wrong flash mode", TRY_MODE },
  { "waiting for download", FG_BOOT_LINE_WAITING, FG_SEVERITY_ERROR, "in-loader",
    "the chip waits in its loader and does not run its program", LET_GO },
  { "load err", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "checksum",
    "a part of the program does not fit into the chip's memory: the file is damaged", TRY_MODE },
  /* The ESP8266's SDK */
  { "rf_cal[0] !=0x05", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "init-data",
    "the radio's init data are missing, and the program cannot start without them",
    "Write esp_init_data_default.bin to the fourth sector from the end of the flash (0x3FC000 of "
    "4 MB; 0xF000 for an SDK 3), or erase the whole flash first." },
  { "system param error", FG_BOOT_LINE_NOTICE, FG_SEVERITY_INFO, "system-parameters",
    "the saved settings are not readable, and the last good ones are used", NULL },
  { "Soft WDT reset", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "watchdog",
    "the program hung, and the watchdog stopped it", REPORT_CRASH },
  { "wdt reset", FG_BOOT_LINE_NOTICE, FG_SEVERITY_WARNING, "watchdog",
    "a watchdog has reset the chip: the program before had hung or could not start", NULL },
  /* NodeMCU: app/spiffs/spiffs.c */
  { "Formatting file system", FG_BOOT_LINE_NOTICE, FG_SEVERITY_INFO, "formatting",
    "NodeMCU formats its file system: up to a minute of silence is normal",
    "Wait for a minute, and do not unplug the board." },
  { "unable to format. FS might", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "file-system",
    "NodeMCU cannot format its file system",
    "Erase the whole flash and flash again; the flash size in the firmware's header has to be the "
    "real one." },
  { "cannot open init.lua", FG_BOOT_LINE_NOTICE, FG_SEVERITY_INFO, "no-init",
    "there is no init.lua yet: NodeMCU waits for commands", NULL },
  /* ESP-IDF: bootloader_support, esp_system */
  { "Brownout detector was triggered", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "brown-out",
    "the supply voltage has dropped too low", BETTER_POWER },
  { "abort() was called", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "abort",
    "the program gave up by itself (abort)", REPORT_CRASH },
  { "assert failed:", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "abort",
    "the program found itself in a state that cannot be (assert)", REPORT_CRASH },
  { "A stack overflow in task", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "panic",
    "the program crashed: its stack overflowed", REPORT_CRASH },
  { "Task watchdog got triggered", FG_BOOT_LINE_NOTICE, FG_SEVERITY_WARNING, "watchdog",
    "a task of the program does not let others run", NULL },
  { "invalid magic number", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "partition-table",
    "there is no partition table where the bootloader looks for it", WHOLE_SET },
  { "Failed to verify partition table", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "partition-table",
    "the partition table is missing or damaged", WHOLE_SET },
  { "load partition table error", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "partition-table",
    "the partition table is missing or damaged", WHOLE_SET },
  { "partition table MD5 mismatch", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "partition-table",
    "the partition table is damaged", WHOLE_SET },
  { "No bootable app partitions", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "no-app",
    "the bootloader finds no program that it can start", WHOLE_SET },
  { "app partition is not bootable", FG_BOOT_LINE_NOTICE, FG_SEVERITY_WARNING, "no-app",
    "there is no program in one of the partitions", WHOLE_SET },
  { "has invalid magic byte", FG_BOOT_LINE_NOTICE, FG_SEVERITY_WARNING, "no-app",
    "there is no program in one of the partitions", WHOLE_SET },
  { "Checksum failed", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "checksum",
    "the program in the flash is damaged", TRY_MODE },
  { "Image hash failed", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "checksum",
    "the program in the flash is damaged", TRY_MODE },
  { "mismatch chip ID", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "wrong-chip",
    "the program is made for another chip", "Choose the firmware for the chip of this board." },
  { "Image requires chip rev", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "chip-revision",
    "the program is made for another revision of this chip",
    "Choose a firmware that is made for this revision." },
  { "smaller than the size in the binary image header", FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR,
    "flash-size", "the firmware expects a larger flash than this board has",
    "Flash it again with the flash size “auto”, or choose a firmware for this size." },
  { "PSRAM ID read error", FG_BOOT_LINE_NOTICE, FG_SEVERITY_WARNING, "psram",
    "the firmware expects PSRAM that does not answer",
    "Choose the firmware for a board without PSRAM, or with this kind of it." },
  /* What goes well */
  { "2nd boot version", FG_BOOT_LINE_LOADING, FG_SEVERITY_INFO, NULL, NULL, NULL },
  { "2nd stage bootloader", FG_BOOT_LINE_LOADING, FG_SEVERITY_INFO, NULL, NULL, NULL },
  { "ets_main.c", FG_BOOT_LINE_LOADING, FG_SEVERITY_INFO, NULL, NULL, NULL },
  { "ets_loader.c", FG_BOOT_LINE_LOADING, FG_SEVERITY_INFO, NULL, NULL, NULL },
};

/* How the lines begin that the ROMs print while they load an image. */
static const char *const loading[] = {
  "load 0x", "load:0x", "tail ", "chksum 0x", "ho ", "configsip:", "clk_drv:", "mode:",
  "SPIWP:", "Build:", "ESP-ROM:", "ets Jun", "ets Jul", "Saved PC:",
};
/* clang-format on */

static void
tell (FgBootLine *self, FgBootLineKind kind, FgSeverity severity, const char *code, char *message)
{
  self->kind = kind;
  self->severity = severity;
  self->code = code;
  self->message = message;
}

/* “ ets Jan  8 2013,rst cause:2, boot mode:(3,6)” */
static gboolean
parse_esp8266_reset (FgBootLine *self, const char *line)
{
  const char *at = strstr (line, "rst cause:");
  guint cause, mode;

  if (at == NULL || sscanf (at, "rst cause:%u, boot mode:(%u", &cause, &mode) != 2)
    return FALSE;
  tell (self, FG_BOOT_LINE_RESET, FG_SEVERITY_INFO, "reset",
        g_strdup_printf ("the chip was reset by %s and starts %s",
                         fg_boot_words_esp8266_reset (cause, &self->by_itself),
                         fg_boot_words_esp8266_mode (mode)));
  if (mode == ESP8266_MODE_FLASH)
    return TRUE;
  self->severity = FG_SEVERITY_ERROR;
  self->code = mode == ESP8266_MODE_LOADER ? "in-loader" : "boot-mode";
  self->remedy = mode == ESP8266_MODE_LOADER
                     ? LET_GO
                     : "GPIO15 has to be low, GPIO0 and GPIO2 high when the chip starts: take off "
                       "what is connected there and tap RESET.";
  if (mode == ESP8266_MODE_LOADER)
    self->kind = FG_BOOT_LINE_WAITING;
  return TRUE;
}

/* “rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)” */
static gboolean
parse_reset (FgBootLine *self, const char *line)
{
  const char *at = strstr (line, "rst:0x");
  char reason[40], mode[40];
  gboolean to_loader, brown_out;

  if (at == NULL || sscanf (at, "rst:0x%*x (%39[^)]),boot:0x%*x (%39[^)]", reason, mode) != 2)
    return FALSE;
  to_loader = strstr (mode, "DOWNLOAD") != NULL;
  brown_out = strstr (reason, "BROWN") != NULL;
  tell (self, FG_BOOT_LINE_RESET, FG_SEVERITY_INFO, "reset",
        g_strdup_printf ("the chip was reset by %s and starts %s",
                         fg_boot_words_reset (reason, &self->by_itself),
                         to_loader                             ? "in its loader"
                         : strstr (mode, "FLASH_BOOT") != NULL ? "from its flash"
                                                               : "in another way than from its "
                                                                 "flash"));
  if (brown_out) {
    self->severity = FG_SEVERITY_ERROR;
    self->code = "brown-out";
    self->remedy = BETTER_POWER;
  } else if (to_loader) {
    self->kind = FG_BOOT_LINE_WAITING;
    self->severity = FG_SEVERITY_ERROR;
    self->code = "in-loader";
    self->remedy = LET_GO;
  }
  return TRUE;
}

/* “invalid header: 0xffffffff” */
static gboolean
parse_invalid_header (FgBootLine *self, const char *line)
{
  const char *at = strstr (line, "invalid header: 0x");
  guint word;

  if (at == NULL || sscanf (at, "invalid header: 0x%x", &word) != 1)
    return FALSE;
  tell (self, FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "no-program",
        word == G_MAXUINT32
            ? g_strdup ("the flash is blank where the chip looks for its bootloader")
            : g_strdup_printf ("what is in the flash where the chip looks for its bootloader is "
                               "none (0x%08x)",
                               word));
  self->remedy = "Flash a bootloader, too. It goes to 0x1000 on an ESP32 or ESP32-S2, to 0x2000 on "
                 "an ESP32-C5 or ESP32-P4, and to 0x0 on most others.";
  return TRUE;
}

/* “Fatal exception 28(LoadProhibitedCause):”, “Fatal exception (28):” or “Exception (28):” */
static gboolean
parse_exception (FgBootLine *self, const char *line)
{
  const char *at = strcasestr (line, "exception ");
  guint cause;

  if (at == NULL || (at != line && strstr (line, "Fatal ") == NULL))
    return FALSE;
  at += strlen ("exception ");
  if (sscanf (at, "(%u)", &cause) != 1 && sscanf (at, "%u(", &cause) != 1
      && sscanf (at, "%u", &cause) != 1)
    return FALSE;
  tell (self, FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "exception",
        g_strdup_printf ("the program crashed: %s (exception %u)", fg_boot_words_exception (cause),
                         cause));
  self->remedy = REPORT_CRASH;
  return TRUE;
}

/* “Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.” */
static gboolean
parse_panic (FgBootLine *self, const char *line)
{
  const char *at = strstr (line, "panic'ed (");
  char name[48];

  if (at == NULL || sscanf (at, "panic'ed (%47[^)]", name) != 1)
    return FALSE;
  tell (self, FG_BOOT_LINE_FATAL, FG_SEVERITY_ERROR, "panic",
        g_strdup_printf ("the program crashed: %s (%s)", fg_boot_words_panic (name), name));
  self->remedy = REPORT_CRASH;
  return TRUE;
}

/* “NodeMCU 3.0.0.0 …” and “ build … powered by Lua 5.1.4 on SDK 2.2.1(6ab97e9)” */
static gboolean
parse_nodemcu (FgBootLine *self, const char *line)
{
  const char *powered = strstr (line, "powered by Lua ");
  char first[64];

  if (powered != NULL) {
    tell (self, FG_BOOT_LINE_BANNER, FG_SEVERITY_INFO, "lua",
          g_strdup_printf ("NodeMCU runs Lua %s", powered + strlen ("powered by Lua ")));
    return TRUE;
  }
  if (!g_str_has_prefix (line, "NodeMCU ") || sscanf (line, "%63[^\n]", first) != 1)
    return FALSE;
  tell (self, FG_BOOT_LINE_BANNER, FG_SEVERITY_INFO, "nodemcu", g_strdup_printf ("%s", first));
  return TRUE;
}

/* “\tmodules: adc,file,gpio” */
static gboolean
parse_modules (FgBootLine *self, const char *line)
{
  const char *at = strstr (line, "modules: ");
  guint n = 1;

  if (at == NULL || at != line + strspn (line, " \t"))
    return FALSE;
  at += strlen ("modules: ");
  for (const char *c = at; *c != '\0'; c++)
    n += *c == ',';
  tell (self, FG_BOOT_LINE_BANNER, FG_SEVERITY_INFO, "modules",
        g_strdup_printf ("NodeMCU has %u modules: %s", n, at));
  return TRUE;
}

/* “csum 0x06” of an ESP8266, “entry 0x400805e4” of the others */
static gboolean
parse_started (FgBootLine *self, const char *line)
{
  if (!g_str_has_prefix (line, "csum 0x") && !g_str_has_prefix (line, "entry 0x"))
    return FALSE;
  self->kind = FG_BOOT_LINE_STARTED;
  return TRUE;
}

static gboolean
parse_known (FgBootLine *self, const char *line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (line, known[i].part) != NULL) {
      tell (self, known[i].kind, known[i].severity, known[i].code, g_strdup (known[i].message));
      self->remedy = known[i].remedy;
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (loading); i++)
    if (g_str_has_prefix (line, loading[i])) {
      self->kind = FG_BOOT_LINE_LOADING;
      return TRUE;
    }
  return FALSE;
}

/* NodeMCU's and MicroPython's; a line of text may begin with one, but is not one. */
static gboolean
parse_prompt (FgBootLine *self, const char *line)
{
  if (strcmp (line, "> ") != 0 && strcmp (line, ">>> ") != 0)
    return FALSE;
  self->kind = FG_BOOT_LINE_PROMPT;
  return TRUE;
}

/**
 * fg_boot_line_parse:
 * @self: (out caller-allocates): to be cleared
 * @line: without its line ending; any bytes but NUL
 *
 * Returns: whether it is a line of boot text
 */
gboolean
fg_boot_line_parse (FgBootLine *self, const char *line)
{
  static gboolean (*const parsers[]) (FgBootLine *, const char *) = {
    parse_esp8266_reset, parse_reset,   parse_invalid_header, parse_exception, parse_panic,
    parse_started,       parse_nodemcu, parse_modules,        parse_prompt,    parse_known,
  };

  *self = (FgBootLine){ .kind = FG_BOOT_LINE_OTHER };
  for (gsize i = 0; i < G_N_ELEMENTS (parsers); i++)
    if (parsers[i](self, line))
      return TRUE;
  return FALSE;
}

void
fg_boot_line_clear (FgBootLine *self)
{
  g_clear_pointer (&self->message, g_free);
}
