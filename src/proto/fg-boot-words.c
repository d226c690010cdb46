/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-boot-words.h"

#include <string.h>

#define UNKNOWN_REASON "an unknown reason"

/* PROTOCOL-FACTS 3.4; 3 is what system_restart() leaves (Espressif, “ESP8266 Reset Causes and
 * Common Fatal Exception Causes”). */
static const struct {
  const char *words;
  gboolean by_itself;
} esp8266_resets[] = {
  { NULL, FALSE },
  { "power-on", FALSE },
  { "its reset pin", FALSE },
  { "its own program", TRUE },
  { "a watchdog", TRUE },
};

/* The strapping pins as a number: bit 0 GPIO2, bit 1 GPIO0, bit 2 GPIO15 (PROTOCOL-FACTS 3.5). */
static const char *const esp8266_modes[] = {
  "nowhere, because GPIO0 and GPIO2 are low",
  "in its loader, because GPIO0 is low",
  "nowhere, because GPIO2 is low",
  "from its flash",
  "from an SD card, because GPIO15 is high",
  "from an SD card, because GPIO15 is high",
  "from an SD card, because GPIO15 is high",
  "from an SD card, because GPIO15 is high",
};

/* Parts of the names that the ROMs print; the first that fits. ESP-IDF, rom/rtc.h of each chip. */
static const struct {
  const char *part, *words;
  gboolean by_itself;
} resets[] = {
  { "POWERON", "power-on or its reset pin", FALSE },
  { "BROWN", "a drop of its supply voltage", TRUE },
  { "BOD", "a drop of its supply voltage", TRUE },
  { "DEEPSLEEP", "waking from deep sleep", FALSE },
  { "DSLEEP", "waking from deep sleep", FALSE },
  { "USB", "its USB port", FALSE },
  { "JTAG", "its debug port", FALSE },
  { "WDT", "a watchdog", TRUE },
  { "TG0", "a watchdog", TRUE },
  { "TG1", "a watchdog", TRUE },
  { "GLITCH", "a disturbance of its supply or clock", TRUE },
  { "LOCKUP", "a crash of its processor", TRUE },
  { "EXT_CPU", "its other processor", TRUE },
  { "SW", "its own program", TRUE },
  { "SDIO", "the host at its SDIO pins", FALSE },
};

/* Xtensa ISA reference, table of exception causes; those that programs for these chips meet. */
static const struct {
  guint cause;
  const char *name; /* as ESP-IDF prints it */
  const char *words;
} exceptions[] = {
  { 0, "IllegalInstruction", "it met something that is no instruction" },
  { 1, "Syscall", "it made a system call that there is not" },
  { 2, "InstructionFetchError", "it could not fetch an instruction" },
  { 3, "LoadStoreError", "it used memory in a way that this memory does not allow" },
  { 6, "IntegerDivideByZero", "it divided by zero" },
  { 8, "Privileged", "it used an instruction that is not allowed" },
  { 9, "LoadStoreAlignment", "it used an address that is not aligned" },
  { 12, "InstrPDAddrError", "it could not fetch an instruction" },
  { 20, "InstrFetchProhibited", "it jumped to an address where there is no program" },
  { 28, "LoadProhibited", "it read from an address where there is no memory" },
  { 29, "StoreProhibited", "it wrote to an address where there is no memory" },
};

/* Others that ESP-IDF names in “Guru Meditation Error”: its guide “Fatal Errors”. */
static const struct {
  const char *part, *words;
} panics[] = {
  { "Interrupt wdt timeout", "a watchdog saw that interrupts were not served" },
  { "Cache", "it used flash or its memory while that could not be reached" },
  { "Unhandled debug exception", "it ran into a breakpoint, often after its stack overflowed" },
  { "Double exception", "it crashed while it was handling a crash" },
  { "Stack protection fault", "its stack overflowed" },
  { "Illegal instruction", "it met something that is no instruction" },
  { "Instruction access fault", "it jumped to an address where there is no program" },
  { "Instruction address misaligned", "it jumped to an address where no instruction can be" },
  { "Load access fault", "it read from an address where there is no memory" },
  { "Store access fault", "it wrote to an address where there is no memory" },
  { "Load address misaligned", "it read from an address that is not aligned" },
  { "Store address misaligned", "it wrote to an address that is not aligned" },
  { "Memory protection fault", "it used memory that is protected" },
};

const char *
fg_boot_words_esp8266_reset (guint cause, gboolean *by_itself)
{
  gboolean known = cause < G_N_ELEMENTS (esp8266_resets) && esp8266_resets[cause].words != NULL;

  *by_itself = known && esp8266_resets[cause].by_itself;
  return known ? esp8266_resets[cause].words : UNKNOWN_REASON;
}

const char *
fg_boot_words_esp8266_mode (guint mode)
{
  return mode < G_N_ELEMENTS (esp8266_modes) ? esp8266_modes[mode] : "in an unknown way";
}

const char *
fg_boot_words_reset (const char *name, gboolean *by_itself)
{
  for (gsize i = 0; i < G_N_ELEMENTS (resets); i++)
    if (strstr (name, resets[i].part) != NULL) {
      *by_itself = resets[i].by_itself;
      return resets[i].words;
    }
  *by_itself = FALSE;
  return UNKNOWN_REASON;
}

const char *
fg_boot_words_exception (guint cause)
{
  for (gsize i = 0; i < G_N_ELEMENTS (exceptions); i++)
    if (exceptions[i].cause == cause)
      return exceptions[i].words;
  return "its processor could not go on";
}

const char *
fg_boot_words_panic (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (exceptions); i++)
    if (g_str_has_prefix (name, exceptions[i].name))
      return exceptions[i].words;
  for (gsize i = 0; i < G_N_ELEMENTS (panics); i++)
    if (g_str_has_prefix (name, panics[i].part))
      return panics[i].words;
  return "its processor could not go on";
}
