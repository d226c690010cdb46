/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-rom-erase.h"

typedef struct {
  guint32 offset, size;
  guint32 argument; /* what FLASH_BEGIN is asked for */
  guint32 sectors;  /* what the ROM erases then */
} EraseCase;

/* PROTOCOL-FACTS 9.2 */
static const EraseCase cases[] = {
  { 0, 0x1000, 0x1000, 2 },         { 0, 0x8000, 0x4000, 8 },      { 0, 0x10000, 0x8000, 16 },
  { 0, 0x11000, 0x9000, 18 },       { 0, 0x20000, 0x10000, 32 },   { 0, 649072, 0x8f000, 159 },
  { 0x10000, 336484, 0x43000, 83 }, { 0xb000, 0x3000, 0x2000, 4 }, { 0, 0x400000, 0x3f0000, 1024 },
};

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint32 argument = fg_rom_erase_size (cases[i].offset, cases[i].size);

    g_assert_cmphex (argument, ==, cases[i].argument);
    g_assert_cmpuint (fg_rom_erased_sectors (cases[i].offset, argument), ==, cases[i].sectors);
  }
}

/* What a real ROM was seen to erase when it was asked naively: PROTOCOL-FACTS 17. */
static void
test_observed (void)
{
  g_assert_cmpuint (fg_rom_erased_sectors (0x10000, 0x1000), ==, 2);
  g_assert_cmpuint (fg_rom_erased_sectors (0x10000, 0x3000), ==, 6);
  g_assert_cmpuint (fg_rom_erased_sectors (0x10000, 0x10000), ==, 32);
  g_assert_cmpuint (fg_rom_erased_sectors (0x10000, 0x64000), ==, 116);
  g_assert_cmpuint (fg_rom_erased_sectors (0x1f000, 0x10000), ==, 17);
}

static void
test_exhaustive (void)
{
  for (guint32 start = 0; start < 16; start++)
    for (guint32 n = 1; n < 400; n++) {
      guint32 argument = fg_rom_erase_size (start * 4096, n * 4096);
      guint32 erased = fg_rom_erased_sectors (start * 4096, argument);

      g_assert_cmpuint (erased, >=, n);
      g_assert_cmpuint (erased, <=, n + 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rom-erase/vectors", test_vectors);
  g_test_add_func ("/rom-erase/observed", test_observed);
  g_test_add_func ("/rom-erase/exhaustive", test_exhaustive);
  return g_test_run ();
}
