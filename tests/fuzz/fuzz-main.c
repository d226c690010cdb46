/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/*
 * A stand-in for libFuzzer where the compiler has none: every file of a folder as it is, then
 * random changes of them. Same options: [-runs=N] [-seed=N] FOLDER
 */

#define LONGEST 65536u
#define MAX_CHANGES 8

/* Bytes that mean something to the parsers: SLIP, image magics, the ends of ranges. */
static const guint8 telling[] = { 0x00, 0x01, 0x05, 0x08, 0x7f, 0x80, 0xc0,
                                  0xdb, 0xdc, 0xdd, 0xe9, 0xea, 0x10, 0xff };

static GPtrArray *
load (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    char *data;
    gsize size;

    g_file_get_contents (path, &data, &size, &error);
    g_assert_no_error (error);
    g_ptr_array_add (inputs, g_bytes_new_take (data, size));
  }
  g_assert_cmpuint (inputs->len, >, 0);
  return inputs;
}

static GBytes *
pick (const GPtrArray *inputs, GRand *random)
{
  return inputs->pdata[g_rand_int_range (random, 0, (gint32) inputs->len)];
}

/* One change of @data: a byte, a cut, or a piece of another input put in. */
static void
change (GByteArray *data, const GPtrArray *inputs, GRand *random)
{
  guint at = data->len > 0 ? (guint) g_rand_int_range (random, 0, (gint32) data->len) : 0;
  gsize size;
  const guint8 *other = g_bytes_get_data (pick (inputs, random), &size);

  switch (g_rand_int_range (random, 0, 4)) {
  case 0:
    if (data->len > 0)
      data->data[at] ^= (guint8) (1u << g_rand_int_range (random, 0, 8));
    break;
  case 1:
    if (data->len > 0)
      data->data[at] = telling[g_rand_int_range (random, 0, G_N_ELEMENTS (telling))];
    break;
  case 2:
    g_byte_array_set_size (data, at);
    break;
  default:
    if (size > 0 && data->len + size <= LONGEST) {
      gsize from = (gsize) g_rand_int_range (random, 0, (gint32) size);

      g_byte_array_append (data, other + from, (guint) (size - from));
    }
    break;
  }
}

static void
run (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size); /* NULL when it is empty */

  LLVMFuzzerTestOneInput (copy, size);
}

int
main (int argc, char **argv)
{
  g_autoptr (GRand) random = NULL;
  g_autoptr (GPtrArray) inputs = NULL;
  guint64 runs = 20000;
  guint32 seed = 1;

  g_assert_cmpint (argc, >, 1);
  for (int i = 1; i < argc - 1; i++) {
    if (g_str_has_prefix (argv[i], "-runs="))
      runs = g_ascii_strtoull (argv[i] + strlen ("-runs="), NULL, 10);
    else if (g_str_has_prefix (argv[i], "-seed="))
      seed = (guint32) g_ascii_strtoull (argv[i] + strlen ("-seed="), NULL, 10);
  }
  random = g_rand_new_with_seed (seed);
  inputs = load (argv[argc - 1]);
  for (guint i = 0; i < inputs->len; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (inputs->pdata[i], &size);

    run (data, size);
  }
  for (guint64 i = 0; i < runs; i++) {
    g_autoptr (GByteArray) data = g_byte_array_new ();
    gsize size;
    const guint8 *start = g_bytes_get_data (pick (inputs, random), &size);

    g_byte_array_append (data, start, (guint) size);
    for (int changes = g_rand_int_range (random, 1, MAX_CHANGES + 1); changes > 0; changes--)
      change (data, inputs, random);
    run (data->data, data->len);
  }
  return 0;
}
