/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Specifications: what they mean, and what bad ones are told. */

#include "fg-sim-board.h"
#include "fg-sim-spec.h"

typedef struct {
  const char *name, *text, *message;
} Bad;

static const Bad bad[] = {
  { "empty", "", "*no chip “”; the chips are esp8266, esp8285,*" },
  { "chip", "esp9000", "*no chip “esp9000”; the chips are esp8266, *" },
  { "key", "esp8266,flsh=4M", "*no key “flsh”; the keys are flash, image, rom, timing, *stuck, *" },
  { "empty-key", "esp8266,", "*no key “”; the keys are flash*" },
  { "no-value", "esp8266,flash", "*flash needs a value, write flash=SIZE" },
  { "value", "esp8266,mute=1", "*mute takes no value" },
  { "flash-odd", "esp8266,flash=3M", "*flash=3M is not understood, expected flash=SIZE (a power*" },
  { "flash-small", "esp8266,flash=128K", "*flash=128K is not understood*" },
  { "flash-large", "esp8266,flash=32M", "*flash=32M is not understood*" },
  { "flash-larger", "esp32s3,flash=256M", "*flash=256M is not understood*" },
  { "flash-unit", "esp8266,flash=4G", "*flash=4G is not understood*" },
  { "flash-huge", "esp8266,flash=99999999999999999999", "*is not understood*" },
  { "image-empty", "esp8266,image=", "*image= is not understood*" },
  { "timing", "esp8266,timing=fast",
    "*timing=fast is not understood, expected timing=datasheet|none*" },
  { "crystal", "esp8266,crystal=24",
    "*crystal=24 is not understood, an ESP8266EX has 26 or 40 MHz" },
  { "crystal-text", "esp8266,crystal=fast", "*expected crystal=MHZ*" },
  { "crystal-s3", "esp32s3,crystal=26", "*crystal=26 is not understood, an ESP32-S3 has 40 MHz" },
  { "esp8266-revision", "esp8266,revision=1.0", "*100 is no revision of an ESP8266EX" },
  { "esp8266-package", "esp8266,package=1", "*1 is no package of an ESP8266EX" },
  { "revision", "esp32c3,revision=4.1", "*401 is no revision of an ESP32-C3" },
  { "revision-text", "esp32,revision=3", "*expected revision=MAJOR.MINOR*" },
  { "package", "esp32,package=16", "*16 is no package of an ESP32" },
  { "flash-inside", "esp32c3,flash-inside=3", "*3 is no embedded flash size in MB of an ESP32-C3" },
  { "psram", "esp32c3,psram=8", "*8 is no PSRAM size in MB of an ESP32-C3" },
  { "rom-empty", "esp8266,rom=", "*rom= is not understood, expected rom=FILE*" },
  { "rom-of-another", "esp32,rom=dump.bin", "*rom=FILE is for an ESP8266, an ESP32 runs no*" },
  { "sdm", "esp32,sdm=yes", "*an ESP32 has no secure download mode" },
  { "secure-boot", "esp8266,secure-boot=yes", "*an ESP8266EX has no secure boot*" },
  { "usb", "esp32,usb=jtag", "*usb=jtag is not understood*" },
  { "mac-long", "esp32c3,mac=24:0A:C4:FF:FE:3A:91:0E", "*is not understood, expected mac=*" },
  { "efuse-pairs", "esp32,efuse=1:2:3:4", "*is not understood, expected efuse=*" },
  { "efuse-odd", "esp32,efuse=3@1", "*is not understood, expected efuse=*" },
  { "efuse-far", "esp32,efuse=fff0@1", "*is not understood, expected efuse=*" },
  { "mac-short", "esp8266,mac=5C:CF:7F", "*mac=5C:CF:7F is not understood*" },
  { "mac-letters", "esp8266,mac=5C:CF:7F:3A:91:XY", "*is not understood*" },
  { "efuse", "esp8266,efuse=1:2:3", "*efuse=1:2:3 is not understood*" },
  { "lines", "esp8266,lines=maybe", "*expected lines=yes|no*" },
  { "boot", "esp8266,boot=usb", "*expected boot=flash|loader|button*" },
  { "hold", "esp8266,hold=-1", "*expected hold=SECONDS*" },
  { "hold-text", "esp8266,hold=2s", "*expected hold=SECONDS*" },
  { "flashid", "esp8266,flashid=EF401600", "*flashid=EF401600 is not understood*" },
  { "protect", "esp8266,protect=8", "*expected protect=0..7*" },
  { "fault-zero", "esp8266,unplug=0", "*unplug=0 is not understood, expected unplug=K*" },
  { "noise-zero", "esp8266,stub-noise=0", "*stub-noise=0 is not understood*" },
  { "fault-text", "esp8266,corrupt-tx=first", "*corrupt-tx=first is not understood*" },
};

static void
test_bad (gconstpointer data)
{
  const Bad *row = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (fg_sim_board_new (row->text, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  if (!g_pattern_match_simple (row->message, error->message))
    g_error ("“%s” does not match “%s”", error->message, row->message);
}

static void
test_defaults (void)
{
  g_autoptr (FgSimSpec) spec = fg_sim_spec_parse ("esp8266", NULL);

  g_assert_cmpstr (spec->title, ==, "Simulated ESP8266EX");
  g_assert_cmpuint (spec->flash_size, ==, 4 << 20);
  g_assert_true (spec->datasheet);
  g_assert_true (spec->lines);
  g_assert_cmpuint (spec->crystal_mhz, ==, 26);
  g_assert_cmpint (spec->boot, ==, FG_SIM_BOOT_FLASH);
  g_assert_null (spec->image);
  g_assert_cmpuint (spec->faults->len, ==, 0);
}

static void
test_all_keys (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FgSimSpec) spec =
      fg_sim_spec_parse ("esp8285n16,flash=0x80000,image=/tmp/a b.img,timing=none,crystal=40,"
                         "lines=no,boot=button,hold=0.5,en-delay=0.25,flashid=FFFFFF,protect=7,"
                         "sfdp=no,name=Kitchen,babble,mute,mute-after=7,corrupt-rx=1,"
                         "corrupt-tx=2,drop-rx=3,drop-tx=4,unplug=5,unplug-tx=6,stuck=0x10000,"
                         "corrupt-rx=9,stays-busy=0,protect-sticks,max-baud=460800,stub-dies=0,"
                         "stub-dies-always=5,stub-corrupt-rx=6,stub-corrupt-tx=7,stub-noise=8,"
                         "stub-misreads",
                         &error);
  static const FgSimFault faults[] = {
    { FG_SIM_FAULT_MUTE, 0 },
    { FG_SIM_FAULT_MUTE, 7 },
    { FG_SIM_FAULT_CORRUPT_RX, 1 },
    { FG_SIM_FAULT_CORRUPT_TX, 2 },
    { FG_SIM_FAULT_DROP_RX, 3 },
    { FG_SIM_FAULT_DROP_TX, 4 },
    { FG_SIM_FAULT_UNPLUG_RX, 5 },
    { FG_SIM_FAULT_UNPLUG_TX, 6 },
    { FG_SIM_FAULT_STUCK, 0x10000 },
    { FG_SIM_FAULT_CORRUPT_RX, 9 },
    { FG_SIM_FAULT_BUSY, 0 },
    { FG_SIM_FAULT_PROGRAM_DIES, 0 },
    { FG_SIM_FAULT_PROGRAM_DIES_ALWAYS, 5 },
    { FG_SIM_FAULT_PROGRAM_CORRUPT_RX, 6 },
    { FG_SIM_FAULT_PROGRAM_CORRUPT_TX, 7 },
  };

  g_assert_no_error (error);
  g_assert_cmpuint (spec->flash_size, ==, 512 << 10);
  g_assert_cmpstr (spec->image, ==, "/tmp/a b.img");
  g_assert_cmpstr (spec->title, ==, "Kitchen");
  g_assert_false (spec->datasheet);
  g_assert_false (spec->lines);
  g_assert_false (spec->sfdp);
  g_assert_cmpuint (spec->crystal_mhz, ==, 40);
  g_assert_cmpint (spec->boot, ==, FG_SIM_BOOT_BUTTON);
  g_assert_cmpint (spec->hold_us, ==, 500000);
  g_assert_cmpint (spec->en_delay_us, ==, 250000);
  g_assert_cmphex (spec->flash_id, ==, 0xffffff);
  g_assert_cmpuint (spec->protect, ==, 7);
  g_assert_cmpint (spec->babble_us, >, 0);
  g_assert_true (spec->protect_sticks);
  g_assert_true (spec->misreads);
  g_assert_cmpuint (spec->max_baud, ==, 460800);
  g_assert_cmpuint (spec->noise, ==, 8);
  g_assert_cmpuint (spec->faults->len, ==, G_N_ELEMENTS (faults));
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    const FgSimFault *fault = &g_array_index (spec->faults, FgSimFault, i);

    g_assert_cmpint (fault->kind, ==, faults[i].kind);
    g_assert_cmpuint (fault->value, ==, faults[i].value);
  }
}

typedef struct {
  const char *text;
  guint32 words[4];
} Efuse;

/* The words of PROTOCOL-FACTS 16, and the marks of 5.1. */
static const Efuse efuses[] = {
  { "esp8266,mac=5C:CF:7F:AB:12:9A", { 0x9A000000, 0x0200AB12, 0, 0x005CCF7F } },
  { "esp8266,mac=18:FE:34:AB:12:9A", { 0x9A000000, 0x0200AB12, 0, 0 } },
  { "esp8266,mac=AC:D0:74:AB:12:9A", { 0x9A000000, 0x0201AB12, 0, 0 } },
  { "esp8285,mac=5C:CF:7F:AB:12:9A", { 0x9A000010, 0x0200AB12, 0, 0x005CCF7F } },
  { "esp8285h08,mac=5C:CF:7F:AB:12:9A", { 0x9A000030, 0x0200AB12, 0, 0x005CCF7F } },
  { "esp8285h16,mac=5C:CF:7F:AB:12:9A", { 0x9A000030, 0x0200AB12, 0, 0x045CCF7F } },
  { "esp8285-4m,mac=18:FE:34:AB:12:9A", { 0x9A000000, 0x0200AB12, 0x10000, 0x0618FE34 } },
  { "esp8266,efuse=1:2:3:abcdef01", { 1, 2, 3, 0xabcdef01 } },
};

static void
test_efuse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (efuses); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FgSimSpec) spec = fg_sim_spec_parse (efuses[i].text, &error);

    g_assert_no_error (error);
    for (guint k = 0; k < 4; k++)
      g_assert_cmphex (spec->efuse[k], ==, efuses[i].words[k]);
  }
}

static void
test_help (void)
{
  g_autofree char *help = fg_sim_spec_help ();

  g_assert_true (g_pattern_match_simple ("*\n  timing=datasheet|none *", help));
  g_assert_true (g_pattern_match_simple ("*\n  babble  *", help));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/spec/bad/%s", bad[i].name);

    g_test_add_data_func (path, &bad[i], test_bad);
  }
  g_test_add_func ("/sim/spec/defaults", test_defaults);
  g_test_add_func ("/sim/spec/all-keys", test_all_keys);
  g_test_add_func ("/sim/spec/efuse", test_efuse);
  g_test_add_func ("/sim/spec/help", test_help);
  return g_test_run ();
}
