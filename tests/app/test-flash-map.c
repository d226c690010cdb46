/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flash-map.h"
#include "fg-sector-words.h"

#define KB 1024u
#define MB (1024u * 1024u)

/* What a job reports, and how the map looks then: a letter for each of the first sectors. */
static const char letters[FG_N_SECTOR_STATES] = {
  [FG_SECTOR_LEFT] = '.',   [FG_SECTOR_PLANNED] = 'p', [FG_SECTOR_UNCHANGED] = '=',
  [FG_SECTOR_ERASED] = 'e', [FG_SECTOR_WRITTEN] = 'w', [FG_SECTOR_VERIFIED] = 'v',
  [FG_SECTOR_FAILED] = '!',
};

static void
assert_looks (FgFlashMap *map, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; expected[i] != '\0'; i++)
    g_string_append_c (found, letters[fg_flash_map_get_state (map, i)]);
  g_assert_cmpstr (found->str, ==, expected);
}

/* Two files: sectors 0 to 2, and 4 to 5. */
static FgFlashMap *
planned_map (guint32 flash_size, gboolean erase_all)
{
  FgFlashMap *map = fg_flash_map_new ();
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (GBytes) first = g_bytes_new_take (g_malloc0 (10000), 10000);
  g_autoptr (GBytes) second = g_bytes_new_take (g_malloc0 (8192), 8192);
  g_autoptr (GError) error = NULL;
  g_autoptr (FgPlan) plan = NULL;

  fg_job_add_firmware (job, "first.bin", 0, first);
  fg_job_add_firmware (job, "second.bin", 0x4000, second);
  plan = fg_plan_new (job, NULL, &error);
  g_assert_no_error (error);
  plan->flash_size = flash_size;
  fg_flash_map_set_plan (map, plan, erase_all);
  return map;
}

static void
test_plan (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, FALSE);
  FgSectorState rest;

  g_assert_cmpint (fg_flash_map_get_mode (map), ==, FG_MAP_PLAN);
  g_assert_cmpuint (fg_flash_map_get_size (map), ==, MB);
  g_assert_true (fg_flash_map_get_size_known (map));
  assert_looks (map, "ppp.pp..");
  g_assert_cmpuint (fg_flash_map_count (map, FG_SECTOR_PLANNED), ==, 5);
  g_assert_cmpuint (fg_flash_map_count_rest (map, &rest), ==, MB / FG_SECTOR_SIZE - 5);
  g_assert_cmpint (rest, ==, FG_SECTOR_LEFT);
}

static void
test_erase_all (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, TRUE);
  FgSectorState rest;

  assert_looks (map, "pppeppee");
  fg_flash_map_count_rest (map, &rest);
  g_assert_cmpint (rest, ==, FG_SECTOR_ERASED);
  fg_flash_map_start (map); /* nothing is erased yet */
  assert_looks (map, "ppp.pp..");
}

static void
test_unknown_size (void)
{
  g_autoptr (FgFlashMap) map = planned_map (0, FALSE);

  g_assert_false (fg_flash_map_get_size_known (map));
  g_assert_cmpuint (fg_flash_map_get_size (map), ==, 4 * MB);
  fg_flash_map_set_size (map, 16 * KB); /* less than the files: a wrong answer */
  g_assert_cmpuint (fg_flash_map_get_size (map), ==, 4 * MB);
  fg_flash_map_set_size (map, 512 * KB);
  g_assert_true (fg_flash_map_get_size_known (map));
  g_assert_cmpuint (fg_flash_map_get_size (map), ==, 512 * KB);
  assert_looks (map, "ppp.pp..");
}

static void
test_whole_job (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, FALSE);

  fg_flash_map_start (map);
  fg_flash_map_update (map, 0, 0x1000, FG_SECTOR_UNCHANGED);
  assert_looks (map, "=pp.pp");
  g_assert_false (fg_flash_map_was_touched (map));
  fg_flash_map_update (map, 0x1000, 0x2000, FG_SECTOR_ERASED);
  fg_flash_map_update (map, 0x1000, 0x1000, FG_SECTOR_WRITTEN);
  assert_looks (map, "=we.pp");
  g_assert_true (fg_flash_map_was_touched (map));
  g_assert_cmpint (fg_flash_map_get_head (map), ==, 0x2000);
  g_assert_cmpstr (fg_flash_map_get_current (map)->name, ==, "first.bin");
  fg_flash_map_update (map, 0x2000, 0x1000, FG_SECTOR_WRITTEN);
  g_assert_cmpint (fg_flash_map_get_head (map), ==, 0x4000); /* over the gap */
  g_assert_cmpstr (fg_flash_map_get_current (map)->name, ==, "second.bin");
  fg_flash_map_update (map, 0x4000, 0x2000, FG_SECTOR_WRITTEN);
  fg_flash_map_update (map, 0, 0x3000, FG_SECTOR_VERIFIED);
  fg_flash_map_update (map, 0x4000, 0x2000, FG_SECTOR_VERIFIED);
  fg_flash_map_finish (map);
  assert_looks (map, "vvv.vv..");
  g_assert_cmpint (fg_flash_map_get_head (map), <, 0);
}

static void
test_broken_off (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, FALSE);
  g_autofree char *old = NULL, *written = NULL;

  fg_flash_map_start (map);
  fg_flash_map_update (map, 0, 0x3000, FG_SECTOR_ERASED);
  fg_flash_map_update (map, 0, 0x1000, FG_SECTOR_WRITTEN);
  fg_flash_map_break_off (map, TRUE);
  assert_looks (map, "w!e.==.."); /* what was only planned is still the old firmware */
  g_assert_cmpint (fg_flash_map_get_mode (map), ==, FG_MAP_BROKEN);
  g_assert_cmpint (fg_flash_map_get_head (map), ==, 0x1000);
  written = fg_flash_map_dup_ranges (map, FG_SECTOR_WRITTEN);
  g_assert_cmpstr (written, ==, "0x00000 – 0x00FFF");
  old = fg_flash_map_dup_ranges (map, FG_SECTOR_UNCHANGED);
  g_assert_cmpstr (old, ==, "0x04000 – 0x05FFF");
}

static void
test_broken_off_before_anything (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, FALSE);

  fg_flash_map_start (map);
  fg_flash_map_update (map, 0, 0x1000, FG_SECTOR_UNCHANGED);
  fg_flash_map_set_head (map, 0x1000);
  fg_flash_map_break_off (map, TRUE);
  assert_looks (map, "===.==..");
  g_assert_false (fg_flash_map_was_touched (map));
  g_assert_cmpint (fg_flash_map_get_head (map), <, 0);
}

/* The stub was lost, and its sectors are to be written again: they are not old for that. */
static void
test_begun_anew (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, FALSE);

  fg_flash_map_start (map);
  fg_flash_map_update (map, 0, 0x1000, FG_SECTOR_WRITTEN);
  fg_flash_map_update (map, 0x1000, 0x1000, FG_SECTOR_ERASED);
  fg_flash_map_update (map, 0, 0x3000, FG_SECTOR_PLANNED);
  assert_looks (map, "ppp.pp..");
  fg_flash_map_break_off (map, FALSE);
  assert_looks (map, "we=.==..");
  fg_flash_map_start (map);
  fg_flash_map_update (map, 0, 0x3000, FG_SECTOR_PLANNED);
  fg_flash_map_start (map);
  fg_flash_map_break_off (map, FALSE);
  assert_looks (map, "===.==..");
}

static void
test_ranges (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, FALSE);
  g_autofree char *two = NULL, *none = NULL;

  two = fg_flash_map_dup_ranges (map, FG_SECTOR_PLANNED);
  g_assert_cmpstr (two, ==, "0x00000 – 0x02FFF and 0x04000 – 0x05FFF");
  none = fg_flash_map_dup_ranges (map, FG_SECTOR_FAILED);
  g_assert_cmpstr (none, ==, "");
}

/* What comes from a job is never trusted to lie inside. */
static void
test_outside (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, FALSE);

  fg_flash_map_start (map);
  fg_flash_map_update (map, MB - 0x1000, 0x4000, FG_SECTOR_WRITTEN);
  fg_flash_map_update (map, 0xfffff000, 0x1000, FG_SECTOR_WRITTEN);
  g_assert_cmpint (fg_flash_map_get_state (map, MB / FG_SECTOR_SIZE - 1), ==, FG_SECTOR_WRITTEN);
  g_assert_cmpint (fg_flash_map_get_state (map, MB / FG_SECTOR_SIZE), ==, FG_SECTOR_LEFT);
  fg_flash_map_break_off (map, TRUE);
  fg_flash_map_clear (map);
  fg_flash_map_break_off (map, TRUE);
  g_assert_null (fg_flash_map_get_current (map));
}

static void
assert_words (FgFlashMap *map, guint32 address, const char *expected)
{
  g_autofree char *words = fg_sector_words (map, address / FG_SECTOR_SIZE);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_sector_words (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, TRUE);

  fg_flash_map_set_zones (map, fg_zones_new (fg_chip_get (FG_CHIP_ESP8266), NULL, MB, 2));
  assert_words (map, 0x2000, "0x02000, first.bin: will be written");
  assert_words (map, 0x3000, "0x03000: will be erased");
  assert_words (map, 0xfb000, "0xFB000, RF calibration: will be erased");
  assert_words (map, 0xfc000, "0xFC000, SDK init data: will be erased");
  assert_words (map, 0xfd000, "0xFD000, SDK settings: will be erased");
  g_assert_cmpuint (fg_sector_next_change (map, 0, 1), ==, 3);
  g_assert_cmpuint (fg_sector_next_change (map, 3, 1), ==, 4);
  g_assert_cmpuint (fg_sector_next_change (map, 5, -1), ==, 4);
  g_assert_cmpuint (fg_sector_next_change (map, 255, 1), ==, 255);
  fg_flash_map_start (map);
  fg_flash_map_update (map, 0, 0x1000, FG_SECTOR_UNCHANGED);
  fg_flash_map_update (map, 0x1000, 0x1000, FG_SECTOR_FAILED);
  assert_words (map, 0, "0x00000, first.bin: skipped, it is right already");
  assert_words (map, 0x1000, "0x01000, first.bin: failed");
}

/* 256 KB at least: a smaller answer is a wrong one. */
static void
test_zones (void)
{
  g_autoptr (GPtrArray) unknown = fg_zones_new (fg_chip_get (FG_CHIP_ESP8266), NULL, 0, 0);
  g_autoptr (GPtrArray) sdk3 = fg_zones_new (fg_chip_get (FG_CHIP_ESP8266), NULL, MB, 3);
  g_autoptr (GPtrArray) esp32 = fg_zones_new (fg_chip_get (FG_CHIP_ESP32), NULL, MB, 0);
  FgPartition row = { .offset = 0x10000, .size = MB, .label = "factory" };
  FgPartitionTable table = { .rows = g_array_new (FALSE, FALSE, sizeof row) };
  g_autoptr (GPtrArray) rows = NULL;

  g_array_append_val (table.rows, row);
  rows = fg_zones_new (fg_chip_get (FG_CHIP_ESP32), &table, 4 * MB, 0);
  g_assert_cmpuint (unknown->len, ==, 0);
  g_assert_cmpuint (esp32->len, ==, 0);
  g_assert_cmpuint (sdk3->len, ==, 1);
  g_assert_cmphex (((FgZone *) g_ptr_array_index (sdk3, 0))->offset, ==, 0xf000);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpstr (((FgZone *) g_ptr_array_index (rows, 0))->name, ==, "Bootloader");
  g_assert_cmpstr (((FgZone *) g_ptr_array_index (rows, 2))->name, ==, "factory");
  g_array_unref (table.rows);
}

static void
on_changed (FgFlashMap *map, guint *count)
{
  (*count)++;
}

static void
test_changes_are_gathered (void)
{
  g_autoptr (FgFlashMap) map = planned_map (MB, FALSE);
  guint count = 0;

  fg_flash_map_start (map);
  g_signal_connect (map, "changed", G_CALLBACK (on_changed), &count);
  for (guint i = 0; i < 100; i++)
    fg_flash_map_update (map, 0, 0x1000, i % 2 == 0 ? FG_SECTOR_ERASED : FG_SECTOR_WRITTEN);
  g_assert_cmpuint (count, ==, 0);
  while (count == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flash-map/plan", test_plan);
  g_test_add_func ("/flash-map/erase-all", test_erase_all);
  g_test_add_func ("/flash-map/unknown-size", test_unknown_size);
  g_test_add_func ("/flash-map/whole-job", test_whole_job);
  g_test_add_func ("/flash-map/broken-off", test_broken_off);
  g_test_add_func ("/flash-map/broken-off-before-anything", test_broken_off_before_anything);
  g_test_add_func ("/flash-map/begun-anew", test_begun_anew);
  g_test_add_func ("/flash-map/ranges", test_ranges);
  g_test_add_func ("/flash-map/outside", test_outside);
  g_test_add_func ("/flash-map/sector-words", test_sector_words);
  g_test_add_func ("/flash-map/zones", test_zones);
  g_test_add_func ("/flash-map/changes-are-gathered", test_changes_are_gathered);
  return g_test_run ();
}
