/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-boot-check.h"

#include <string.h>

#define MS G_TIME_SPAN_MILLISECOND

/* What boards say, as found in bug reports. */
#define RESET_8266 "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\n"
#define WDT_8266 "\r\n ets Jan  8 2013,rst cause:4, boot mode:(3,6)\r\n\r\nwdt reset\r\n"
#define LOAD_8266                                                                                  \
  "load 0x40100000, len 26828, room 16 \r\ntail 12\r\nchksum 0xe3\r\nho 0 tail 12 room 4\r\n"      \
  "load 0x3ffe8000, len 2124, room 12 \r\ntail 0\r\nchksum 0x07\r\ncsum 0x07\r\n"
#define RESET_32                                                                                   \
  "ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n"
#define LOAD_32                                                                                    \
  "configsip: 0, SPIWP:0xee\r\nclk_drv:0x00,q_drv:0x00,d_drv:0x00\r\nmode:DIO, clock div:2\r\n"    \
  "load:0x3fff0018,len:4\r\nload:0x40078000,len:13804\r\nentry 0x40079030\r\n"
#define AGAIN_32 "rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n"
#define GURU                                                                                       \
  "Guru Meditation Error: Core  0 panic'ed (StoreProhibited). Exception was unhandled.\r\n"
#define NODEMCU                                                                                    \
  "NodeMCU custom build by frightanic.com\r\n\tbranch: master\r\n\tSSL: false\r\n"                 \
  "\tmodules: file,gpio,net,node\r\n build created on 2019-07-16 14:01\r\n"                        \
  " powered by Lua 5.1.4 on SDK 2.2.1(6ab97e9)\r\nlua: cannot open init.lua\r\n> "

typedef struct {
  const char *name;
  const char *text;
  const char *expected; /* the verdict, then each finding: code, times, severity; as text */
  const char *words;    /* (nullable) of the worst finding, and of its remedy after a bar */
} Row;

/* clang-format off */
static const Row rows[] = {
  { "nodemcu", RESET_8266 LOAD_8266 NODEMCU,
    "runs: nodemcu 1 info, modules 1 info, lua 1 info, no-init 1 info",
    "NodeMCU custom build by frightanic.com" },
  { "formatting", RESET_8266 LOAD_8266 "Formatting file system. Please wait...\r\n",
    "runs: formatting 1 info", "up to a minute of silence is normal|do not unplug" },
  { "nothing", "", "unknown: silent 1 info", "nothing was heard|Tap RESET" },
  { "rom-only", RESET_8266 LOAD_8266, "runs: silent 1 info", "says nothing" },
  { "crlf-missing", " ets Jan  8 2013,rst cause:1, boot mode:(3,7)\n\ncsum 0x2b\nHello there\n",
    "runs:", NULL },
  { "csum", RESET_8266 "load 0x40100000, len 26828, room 16 \r\ntail 12\r\ncsum err\r\n"
    "ets_main.c 181 \r\n", "fails: checksum 1 error", "wrong flash mode|DOUT" },
  { "flash-read", RESET_8266 "flash read err, 1000\r\nets_main.c 181 \r\n",
    "fails: flash-read 1 error", "no program in its flash|flash mode" },
  { "rf-cal", RESET_8266 LOAD_8266 "rf_cal[0] !=0x05,is 0xFF\r\n", "fails: init-data 1 error",
    "init data are missing|0x3FC000 of 4 MB; 0xF000" },
  { "rf-cal-loop", RESET_8266 LOAD_8266 "rf_cal[0] !=0x05,is 0xFF\r\n" WDT_8266 LOAD_8266
    "rf_cal[0] !=0x05,is 0xFF\r\n" WDT_8266 LOAD_8266 "rf_cal[0] !=0x05,is 0xFF\r\n",
    "fails: init-data 3 error, boot-loop 1 error, watchdog 2 warning", NULL },
  { "watchdog-loop", RESET_8266 LOAD_8266 WDT_8266 LOAD_8266 WDT_8266 LOAD_8266 WDT_8266,
    "fails: boot-loop 1 error, watchdog 3 warning", "restarted 3 times in 3.0 s|Erase" },
  { "one-restart", RESET_8266 LOAD_8266 "\r\n ets Jan  8 2013,rst cause:3, boot mode:(3,6)\r\n"
    LOAD_8266 NODEMCU,
    "runs: nodemcu 1 info, modules 1 info, lua 1 info, no-init 1 info, restarted 1 info", NULL },
  { "exception", RESET_8266 LOAD_8266 "Fatal exception 28(LoadProhibitedCause):\r\n"
    "epc1=0x40208a65, epc2=0x00000000\r\n", "fails: exception 1 error",
    "it read from an address where there is no memory (exception 28)|made for this board" },
  { "exception-sdk", LOAD_8266 "Fatal exception (0):\r\n", "fails: exception 1 error",
    "no instruction (exception 0)" },
  { "exception-arduino", LOAD_8266 "Exception (29):\r\nepc1=0x4020e7fa\r\nctx: sys\r\n",
    "fails: exception 1 error", "it wrote to an address" },
  { "exception-nodemcu", LOAD_8266 "Fatal exception 9\r\n", "fails: exception 1 error",
    "not aligned (exception 9)" },
  { "exception-odd", LOAD_8266 "Fatal exception 77\r\n", "fails: exception 1 error",
    "(exception 77)" },
  { "in-loader", "\r\n ets Jan  8 2013,rst cause:2, boot mode:(1,6)\r\n\r\n",
    "fails: in-loader 1 error", "in its loader, because GPIO0 is low|Let go of BOOT" },
  { "sd-boot", "\r\n ets Jan  8 2013,rst cause:1, boot mode:(7,7)\r\n\r\nwaiting for host\r\n",
    "fails: boot-mode 1 error", "GPIO15 is high|GPIO15 has to be low" },
  { "esp32", RESET_32 LOAD_32 "I (31) boot: ESP-IDF v5.1 2nd stage bootloader\r\n"
    "I (312) main_task: Calling app_main()\r\n", "runs:", NULL },
  { "esp32-blank", RESET_32 "invalid header: 0xffffffff\r\ninvalid header: 0xffffffff\r\n"
    "invalid header: 0xffffffff\r\nets_main.c 371 \r\n", "fails: no-program 3 error",
    "the flash is blank|0x1000 on an ESP32" },
  { "esp32-other", RESET_32 "invalid header: 0x2520504a\r\n", "fails: no-program 1 error",
    "none (0x2520504a)" },
  { "esp32-flash-read", RESET_32 "flash read err, 1000\r\nets_main.c 371\r\n"
    "rst:0x10 (RTCWDT_RTC_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\nflash read err, 1000\r\n",
    "fails: flash-read 2 error, restarted 1 info", NULL },
  { "esp32-csum", RESET_32 "csum err:0x9a!=0x5f\r\nets_main.c 371 \r\n", "fails: checksum 1 error",
    "damaged" },
  { "esp32-download",
    "rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\n"
    "waiting for download\r\n", "fails: in-loader 2 error", "in its loader|Let go" },
  { "brown-out", RESET_32 LOAD_32 "\r\nBrownout detector was triggered\r\n\r\n",
    "fails: brown-out 1 error", "supply voltage|cable" },
  { "brown-out-reset", "rst:0xf (RTCWDT_BROWN_OUT_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n",
    "fails: brown-out 1 error, restarted 1 info", "a drop of its supply voltage|cable" },
  { "panic", RESET_32 LOAD_32 GURU AGAIN_32 LOAD_32 GURU AGAIN_32 LOAD_32 GURU,
    "fails: panic 3 error, boot-loop 1 error",
    "it wrote to an address where there is no memory (StoreProhibited)|power supply" },
  { "panic-riscv", "Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception\r\n",
    "fails: panic 1 error", "it read from an address where there is no memory" },
  { "panic-wdt", "Guru Meditation Error: Core  1 panic'ed (Interrupt wdt timeout on CPU1).\r\n",
    "fails: panic 1 error", "interrupts were not served" },
  { "abort", LOAD_32 "\r\nabort() was called at PC 0x4014029f on core 0\r\n",
    "fails: abort 1 error", "gave up" },
  { "stack", LOAD_32 "***ERROR*** A stack overflow in task main has been detected.\r\n",
    "fails: panic 1 error", "stack" },
  { "no-partitions", LOAD_32 "E (43) flash_parts: partition 0 invalid magic number 0xffff\r\n"
    "E (45) boot: Failed to verify partition table\r\nE (50) boot: load partition table error!\r\n",
    "fails: partition-table 3 error", "no partition table|whole set" },
  { "no-app", LOAD_32 "E (61) esp_image: image at 0x10000 has invalid magic byte (nothing flashed "
    "here?)\r\nE (68) boot: Factory app partition is not bootable\r\n"
    "E (73) boot: No bootable app partitions in the partition table\r\n",
    "fails: no-app 3 error", "no program that it can start|whole set" },
  { "wrong-chip", LOAD_32 "E (54) boot_comm: mismatch chip ID, expected 0, found 5\r\n",
    "fails: wrong-chip 1 error", "another chip|this board" },
  { "small-flash", LOAD_32 "E (301) spi_flash: Detected size(2048k) smaller than the size in the "
    "binary image header(4096k). Probe failed.\r\n", "fails: flash-size 1 error",
    "larger flash|auto" },
  { "hash", LOAD_32 "E (90) esp_image: Image hash failed - image is corrupt\r\n",
    "fails: checksum 1 error", "damaged" },
};
/* clang-format on */

static char *
describe (const FgBootReport *report)
{
  static const char *const verdicts[] = { "unknown:", "runs:", "fails:" };
  GString *text = g_string_new (verdicts[report->verdict]);

  for (guint i = 0; i < report->findings->len; i++) {
    const FgBootFinding *finding = report->findings->pdata[i];

    g_string_append_printf (text, "%s %s %u %s", i > 0 ? "," : "", finding->code, finding->count,
                            fg_severity_name (finding->severity));
  }
  return g_string_free (text, FALSE);
}

static void
assert_words (const FgBootFinding *finding, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, "|", 2);

  if (strstr (finding->message, parts[0]) == NULL)
    g_test_fail_printf ("“%s” is not in “%s”", parts[0], finding->message);
  if (parts[1] != NULL && strstr (finding->remedy, parts[1]) == NULL)
    g_test_fail_printf ("“%s” is not in “%s”", parts[1], finding->remedy);
}

/* Whole, and byte by byte. */
static void
test_row (gconstpointer data)
{
  const Row *row = data;

  for (gsize step = strlen (row->text) + 1;; step = 1) {
    g_autoptr (FgBootCheck) check = fg_boot_check_new ();
    g_autoptr (FgBootReport) report = NULL;
    g_autofree char *text = NULL;

    for (gsize at = 0; at < strlen (row->text); at += step)
      fg_boot_check_feed (check, (const guint8 *) row->text + at,
                          MIN (step, strlen (row->text) - at), (gint64) at);
    report = fg_boot_check_finish (check, 3.0, FALSE);
    text = describe (report);
    g_assert_cmpstr (text, ==, row->expected);
    if (row->words != NULL)
      assert_words (report->findings->pdata[0], row->words);
    if (step == 1)
      break;
  }
}

static void
feed (FgBootCheck *check, const char *text, gint64 now_us)
{
  fg_boot_check_feed (check, (const guint8 *) text, strlen (text), now_us);
}

/* When listening may end: name, text, whether that is at once, after 0.1 s, or after 0.5 s. */
static void
test_clear (void)
{
  static const struct {
    const char *text;
    gint64 clear_ms; /* -1: never */
  } ends[] = {
    { "", -1 },
    { RESET_8266 LOAD_8266, -1 },
    { RESET_8266 LOAD_8266 NODEMCU, 0 },
    { RESET_8266 LOAD_8266 "Hello, world\r\n", 500 },
    { RESET_8266 "csum err\r\n", 100 },
    { RESET_8266 LOAD_8266 "Fatal exception (0):\r\n" WDT_8266, -1 },
    { RESET_8266 WDT_8266 WDT_8266 WDT_8266, 0 },
    { "waiting for download\r\n", 0 },
    { LOAD_8266 "Formatting file system. Please wait...\r\n", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (FgBootCheck) check = fg_boot_check_new ();
    gint64 ms = ends[i].clear_ms;

    feed (check, ends[i].text, 1000);
    g_test_message ("%" G_GSIZE_FORMAT, i);
    g_assert_cmpint (fg_boot_check_is_clear (check, 1000 + 60000 * MS), ==, ms >= 0);
    if (ms >= 0)
      g_assert_true (fg_boot_check_is_clear (check, 1000 + ms * MS));
    if (ms > 0)
      g_assert_false (fg_boot_check_is_clear (check, 1000 + ms * MS - 1));
  }
}

/* The bits of @text at one rate as a receiver at another rate takes them. */
static GByteArray *
garble (const char *text, double sent_baud, double read_baud)
{
  g_autoptr (GByteArray) bits = g_byte_array_new ();
  GByteArray *bytes = g_byte_array_new ();
  const double ratio = sent_baud / read_baud;

  for (const char *c = text; *c != '\0'; c++)
    for (int i = -1; i < 9; i++) {
      guint8 bit = i < 0 ? 0 : i == 8 ? 1 : *c >> i & 1;

      g_byte_array_append (bits, &bit, 1);
    }
  for (double at = 0; (at + 10 * ratio) < bits->len;) {
    guint8 byte = 0;

    if (bits->data[(gsize) at] != 0) { /* looks for a start bit */
      at += ratio / 16;
      continue;
    }
    for (int i = 0; i < 8; i++)
      byte |= (guint8) (bits->data[(gsize) (at + (i + 1.5) * ratio)] << i);
    g_byte_array_append (bytes, &byte, 1);
    at += 9.5 * ratio;
  }
  return bytes;
}

/* At the wrong one of 74880 and 115200, either way round: it is noticed, makes no findings, and the
 * rest is understood when the rate is right. */
static void
test_wrong_rate (void)
{
  static const double rates[][2] = { { 74880, 115200 }, { 115200, 74880 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autoptr (FgBootCheck) check = fg_boot_check_new ();
    g_autoptr (FgBootCheck) never = fg_boot_check_new ();
    g_autoptr (GByteArray) noise =
        garble (RESET_8266 LOAD_8266 RESET_8266 LOAD_8266, rates[i][0], rates[i][1]);
    g_autoptr (FgBootReport) report = NULL, unread = NULL;
    g_autofree char *text = NULL, *unread_text = NULL;

    fg_boot_check_feed (check, noise->data, noise->len, 0);
    g_assert_true (fg_boot_check_is_garbled (check));
    fg_boot_check_changed_rate (check);
    g_assert_false (fg_boot_check_is_garbled (check));
    feed (check, RESET_8266 LOAD_8266 NODEMCU, 1000);
    report = fg_boot_check_finish (check, 1, FALSE);
    text = describe (report);
    g_assert_cmpstr (text, ==, "runs: nodemcu 1 info, modules 1 info, lua 1 info, no-init 1 info");

    fg_boot_check_feed (never, noise->data, noise->len, 0);
    unread = fg_boot_check_finish (never, 1, FALSE);
    unread_text = describe (unread);
    g_assert_cmpstr (unread_text, ==, "unknown: unreadable 1 info");
  }
}

/* The ROM has spoken at its rate; what comes then may be at another one. */
static void
test_quiet_after_rom (void)
{
  g_autoptr (FgBootCheck) check = fg_boot_check_new ();

  feed (check, RESET_8266, 0);
  g_assert_false (fg_boot_check_is_quiet_after_rom (check, 1000 * MS));
  feed (check, LOAD_8266, 1000 * MS);
  g_assert_false (fg_boot_check_is_quiet_after_rom (check, 1049 * MS));
  g_assert_true (fg_boot_check_is_quiet_after_rom (check, 1050 * MS));
}

static void
test_silent_nodemcu (void)
{
  g_autoptr (FgBootCheck) check = fg_boot_check_new ();
  g_autoptr (FgBootReport) report = fg_boot_check_finish (check, 3, TRUE);

  assert_words (report->findings->pdata[0], "up to a minute of silence is normal|do not unplug");
}

/* Anything at all, for long: no finding that was not there, and no memory. */
static void
test_noise (void)
{
  g_autoptr (FgBootCheck) check = fg_boot_check_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  g_autoptr (FgBootReport) report = NULL;

  for (guint i = 0; i < 2000; i++) {
    guint8 bytes[512];

    for (gsize k = 0; k < sizeof bytes; k++)
      bytes[k] = (guint8) g_rand_int (rand);
    fg_boot_check_feed (check, bytes, sizeof bytes, i);
  }
  report = fg_boot_check_finish (check, 3, FALSE);
  g_assert_cmpint (report->verdict, ==, FG_BOOT_UNKNOWN);
  g_assert_cmpuint (report->findings->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/boot-check/%s", rows[i].name);

    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/boot-check/clear", test_clear);
  g_test_add_func ("/boot-check/wrong-rate", test_wrong_rate);
  g_test_add_func ("/boot-check/quiet-after-rom", test_quiet_after_rom);
  g_test_add_func ("/boot-check/silent-nodemcu", test_silent_nodemcu);
  g_test_add_func ("/boot-check/noise", test_noise);
  return g_test_run ();
}
