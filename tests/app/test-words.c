/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-status.h"
#include "fg-words.h"

#define KB 1024u
#define MB (1024u * 1024u)

static void
test_sizes (void)
{
  static const struct {
    guint64 bytes;
    const char *words;
  } cases[] = {
    { 0, "0 B" },
    { 128, "128 B" },
    { 1023, "1023 B" },
    { KB, "1 KB" },
    { 484 * KB + 100, "484 KB" },
    { 512 * KB, "512 KB" },
    { MB, "1 MB" },
    { 4 * MB, "4 MB" },
    { 3 * MB + MB / 2, "3.5 MB" },
    { 128ull * MB, "128 MB" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = fg_words_size (cases[i].bytes);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
test_times (void)
{
  static const struct {
    double seconds;
    const char *duration, *left;
  } cases[] = {
    { 0, "0.0 s", "0 s left" },
    { 0.04, "0.0 s", "1 s left" },
    { 7.44, "7.4 s", "8 s left" },
    { 59.9, "59.9 s", "1:00 min left" },
    { 59.99, "1:00 min", "1:00 min left" },
    { 64, "1:04 min", "1:04 min left" },
    { 600, "10:00 min", "10:00 min left" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *duration = fg_words_duration (cases[i].seconds);
    g_autofree char *left = fg_words_time_left (cases[i].seconds);

    g_assert_cmpstr (duration, ==, cases[i].duration);
    g_assert_cmpstr (left, ==, cases[i].left);
  }
}

static void
test_addresses (void)
{
  g_autofree char *low = fg_words_address (0xf000);
  g_autofree char *high = fg_words_address (0x1fc0000);

  g_assert_cmpstr (low, ==, "0x0F000");
  g_assert_cmpstr (high, ==, "0x1FC0000");
}

static void
test_phases (void)
{
  for (FgPhase phase = FG_PHASE_CONNECT; phase < FG_N_PHASES; phase++)
    g_assert_cmpstr (fg_words_phase (phase), !=, "");
  g_assert_cmpstr (fg_words_phase (FG_PHASE_NONE), ==, "");
  g_assert_cmpstr (fg_words_phase (FG_N_PHASES), ==, "");
}

static void
test_header (void)
{
  const FgChip *chip = fg_chip_get (FG_CHIP_ESP8266);
  g_autofree char *whole = fg_words_flash_header (chip, 2, 0x40, TRUE);
  g_autofree char *without_size = fg_words_flash_header (chip, 0, 0x4f, FALSE);
  g_autofree char *wrong_mode = fg_words_flash_header (chip, 9, 0x40, TRUE);
  g_autofree char *wrong_freq = fg_words_flash_header (chip, 2, 0x47, TRUE);

  g_assert_cmpstr (whole, ==, "DIO, 40 MHz, 4 MB");
  g_assert_cmpstr (without_size, ==, "QIO, 80 MHz");
  g_assert_null (wrong_mode);
  g_assert_null (wrong_freq);
}

static void
test_files (void)
{
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("data", 4);
  g_autofree char *one = NULL, *two = NULL;

  fg_job_add_firmware (job, "one.bin", 0, bytes);
  one = fg_words_files (job->firmware);
  g_assert_cmpstr (one, ==, "one.bin");
  fg_job_add_firmware (job, "two.bin", 0x10000, bytes);
  two = fg_words_files (job->firmware);
  g_assert_cmpstr (two, ==, "2 files");
}

static void
test_status (void)
{
  for (FgPhase phase = FG_PHASE_NONE; phase < FG_N_PHASES; phase++) {
    for (int known = 0; known < 4; known++) {
      const FgProgress progress = {
        .phase = phase,
        .done = 216 * KB,
        .total = known & 1 ? 340 * KB : 0,
        .rate = known & 1 ? 61 * KB : 0,
        .eta = known & 2 ? 2.1 : -1,
      };
      g_autofree char *title =
          fg_status_title (&progress, known & 1 ? "nodemcu.bin" : NULL, known & 2);
      g_autofree char *detail = fg_status_detail (&progress);

      g_assert_cmpstr (title, !=, "");
      g_assert_nonnull (detail);
      if (phase == FG_PHASE_WRITE && known == 3) {
        g_assert_cmpstr (title, ==, "Writing nodemcu.bin");
        g_assert_cmpstr (detail, ==, "216 KB of 340 KB · 61 KB/s · 3 s left");
      }
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/sizes", test_sizes);
  g_test_add_func ("/words/times", test_times);
  g_test_add_func ("/words/addresses", test_addresses);
  g_test_add_func ("/words/phases", test_phases);
  g_test_add_func ("/words/header", test_header);
  g_test_add_func ("/words/files", test_files);
  g_test_add_func ("/words/status", test_status);
  return g_test_run ();
}
