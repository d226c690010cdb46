/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stub's unpacking and packing, on this machine and against zlib: what goes in pieces must come
 * out the same. */
#include "stub-inflate.h"
#include "stub-memory.h"
#include "stub-pack.h"

#include <glib.h>
#include <string.h>
#include <zlib.h>

typedef struct {
  const char *name;
  char kind; /* of contents: 'r'andom, 't'ext, 'z'eros, 'f'ar repeats */
  gsize len;
  int level, strategy;
  gsize piece; /* bytes of input at once */
  guint room;  /* bytes of output at once */
} UnpackCase;

static const UnpackCase unpack_cases[] = {
  { "empty", 'z', 0, 9, Z_DEFAULT_STRATEGY, 64, 1024 },
  { "one-byte", 't', 1, 9, Z_DEFAULT_STRATEGY, 1, 1 },
  { "text", 't', 100000, 9, Z_DEFAULT_STRATEGY, 1024, 1024 },
  { "text-byte-by-byte", 't', 50000, 9, Z_DEFAULT_STRATEGY, 1, 32768 },
  { "text-no-room", 't', 20000, 6, Z_DEFAULT_STRATEGY, 4096, 1 },
  { "text-odd-pieces", 't', 100000, 1, Z_DEFAULT_STRATEGY, 7, 333 },
  { "zeros", 'z', 1000000, 9, Z_DEFAULT_STRATEGY, 16, 4096 },
  { "zeros-runs", 'z', 70000, 9, Z_RLE, 16, 100 },
  { "stored", 'r', 200000, 0, Z_DEFAULT_STRATEGY, 2048, 1000 },
  { "stored-byte-by-byte", 'r', 70000, 0, Z_DEFAULT_STRATEGY, 1, 1 },
  { "random", 'r', 100000, 9, Z_DEFAULT_STRATEGY, 2048, 1024 },
  { "fixed-codes", 't', 50000, 9, Z_FIXED, 5, 77 },
  { "huffman-only", 't', 50000, 9, Z_HUFFMAN_ONLY, 2, 1024 },
  { "far-repeats", 'f', 200000, 9, Z_DEFAULT_STRATEGY, 1024, 1024 },
};

static guint8 window[STUB_WINDOW_BYTES];

static GByteArray *
make_contents (char kind, gsize len)
{
  static const char *const words[] = { "flash ",    "sector ",  "erase ",
                                       "\xc0\xdb ", "program ", "0x40200000 " };
  GRand *rand = g_rand_new_with_seed (8266);
  GByteArray *data = g_byte_array_sized_new ((guint) len + 512); /* repeats must not move */

  while (data->len < len) {
    const char *word = words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))];
    guint8 byte = kind == 'z' ? 0 : (guint8) g_rand_int (rand);

    if (kind == 't')
      g_byte_array_append (data, (const guint8 *) word, (guint) strlen (word));
    else if (kind == 'f' && data->len >= 32768)
      g_byte_array_append (data, data->data + data->len - 32768 + byte % 2, 256);
    else
      g_byte_array_append (data, &byte, 1);
  }
  g_byte_array_set_size (data, (guint) len);
  g_rand_free (rand);
  return data;
}

static GByteArray *
pack (const GByteArray *data, int level, int strategy)
{
  GByteArray *packed = g_byte_array_new ();
  z_stream stream = { .next_in = data->data, .avail_in = data->len };

  g_assert_cmpint (deflateInit2 (&stream, level, Z_DEFLATED, 15, 9, strategy), ==, Z_OK);
  g_byte_array_set_size (packed, (guint) deflateBound (&stream, data->len));
  stream.next_out = packed->data;
  stream.avail_out = packed->len;
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  g_byte_array_set_size (packed, (guint) stream.total_out);
  deflateEnd (&stream);
  return packed;
}

/* Unpacks with as little input and room at once as the case says; what came out is in @out. */
static StubInflateResult
unpack (const GByteArray *packed, gsize piece, guint room, GByteArray *out)
{
  g_autofree StubInflate *inflate = g_new (StubInflate, 1);
  StubInflateResult result = STUB_INFLATE_HUNGRY;
  gsize given = 0;

  memset (inflate, 0xa5, sizeof *inflate); /* the chip's RAM is not zero either */
  stub_inflate_init (inflate);
  while (result == STUB_INFLATE_HUNGRY && given < packed->len) {
    gsize len = MIN (piece, packed->len - given);
    const guint8 *in = packed->data + given;
    const guint8 *end = in + len;

    do {
      guint32 from = inflate->position;

      result = stub_inflate_run (inflate, &in, end, window, from + room);
      g_assert_cmpuint (inflate->position, <=, from + room);
      for (guint32 at = from; at < inflate->position; at++)
        g_byte_array_append (out, &window[at % STUB_WINDOW_BYTES], 1);
    } while (result == STUB_INFLATE_FULL);
    g_assert_true (result != STUB_INFLATE_HUNGRY || in == end);
    given += len;
  }
  return result;
}

static void
test_unpack (gconstpointer data)
{
  const UnpackCase *c = data;
  g_autoptr (GByteArray) contents = make_contents (c->kind, c->len);
  g_autoptr (GByteArray) packed = pack (contents, c->level, c->strategy);
  g_autoptr (GByteArray) out = g_byte_array_new ();

  g_assert_cmpint (unpack (packed, c->piece, c->room, out), ==, STUB_INFLATE_DONE);
  g_assert_cmpmem (out->data, out->len, contents->data, contents->len);
}

/* One wrong bit is noticed, or is one that fills up the last byte before the checksum. */
static void
test_wrong_bits (void)
{
  g_autoptr (GByteArray) contents = make_contents ('t', 3000);
  g_autoptr (GByteArray) packed = pack (contents, 9, Z_DEFAULT_STRATEGY);
  guint harmless = 0;

  for (guint bit = 0; bit < packed->len * 8; bit++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();

    packed->data[bit / 8] ^= (guint8) (1u << (bit % 8));
    if (unpack (packed, 100, 1024, out) == STUB_INFLATE_DONE) {
      harmless++;
      g_assert_cmpmem (out->data, out->len, contents->data, contents->len);
    }
    packed->data[bit / 8] ^= (guint8) (1u << (bit % 8));
  }
  g_assert_cmpuint (harmless, <, 8);
}

static void
test_noise (void)
{
  GRand *rand = g_rand_new_with_seed (52);

  for (guint round = 0; round < 2000; round++) {
    g_autoptr (GByteArray) noise = g_byte_array_new ();
    g_autoptr (GByteArray) out = g_byte_array_new ();

    g_byte_array_set_size (noise, 200);
    for (guint i = 0; i < noise->len; i++)
      noise->data[i] = (guint8) g_rand_int (rand);
    noise->data[0] = 0x78;
    noise->data[1] = 0xda;
    g_assert_cmpint (unpack (noise, 50, 4096, out), !=, STUB_INFLATE_DONE);
  }
  g_rand_free (rand);
}

typedef struct {
  const char *name;
  guint8 bytes[16];
  guint len;
} BadCase;

static const BadCase bad_cases[] = {
  { "header-check", { 0x78, 0xdb, 0x03, 0x00, 0, 0, 0, 1 }, 8 },
  { "header-method", { 0x77, 0x85, 0x03, 0x00, 0, 0, 0, 1 }, 8 },
  { "dictionary", { 0x78, 0xbb, 0x03, 0x00, 0, 0, 0, 1 }, 8 },
  { "block-type-3", { 0x78, 0xda, 0x07 }, 3 },
  { "stored-length", { 0x78, 0xda, 0x01, 0x01, 0x00, 0x00, 0x00 }, 7 },
  { "distance-before-start", { 0x78, 0xda, 0x03, 0x02, 0x00 }, 5 },
  { "checksum", { 0x78, 0xda, 0x03, 0x00, 0, 0, 0, 2 }, 8 },
};

static void
test_bad (gconstpointer data)
{
  const BadCase *c = data;
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();

  g_byte_array_append (packed, c->bytes, c->len);
  g_assert_cmpint (unpack (packed, 16, 1024, out), ==, STUB_INFLATE_BAD);
  g_assert_cmpuint (out->len, ==, 0);
}

typedef struct {
  const char *name;
  char kind;
  guint len, limit;
  guint step;
  guint packed; /* at most; 0: it does not pay */
} PackCase;

static const PackCase pack_cases[] = {
  { "empty", 'z', 0, 4, 1, 2 },
  { "one-byte", 't', 1, 4, 1, 3 },
  { "two-bytes", 't', 2, 8, 1, 4 },
  { "zeros", 'z', 4096, 4096, 32, 40 },
  { "text", 't', 4096, 4096, 32, 1300 },
  { "text-at-once", 't', 4096, 4096, 4096, 1300 },
  { "text-odd", 't', 4093, 4096, 7, 1300 },
  { "random", 'r', 4096, 4096, 32, 0 },
  { "random-with-room", 'r', 4096, 8192, 32, 4500 },
  { "short-limit", 't', 4096, 900, 32, 0 },
};

static void
test_pack (gconstpointer data)
{
  const PackCase *c = data;
  g_autoptr (GByteArray) contents = make_contents (c->kind, c->len);
  g_autofree guint8 *out = g_malloc (c->limit), *back = g_malloc (c->len + 1);
  guint16 table[STUB_PACK_TABLE];
  z_stream z = { .avail_out = c->len + 1 };
  StubPack pack;

  /* a copy of just that size: reading past its end is seen by a sanitizer */
  g_autofree guint8 *in = g_memdup2 (contents->data, MAX (c->len, 1));

  stub_pack_begin (&pack, in, c->len, out, c->limit, table);
  while (stub_pack_step (&pack, c->step))
    ;
  g_assert_cmpint (stub_pack_pays (&pack), ==, c->packed != 0);
  if (c->packed == 0)
    return;
  g_assert_cmpuint (pack.out_len, <=, c->packed);
  g_assert_cmpint (inflateInit2 (&z, -MAX_WBITS), ==, Z_OK);
  z.next_in = out;
  z.avail_in = pack.out_len;
  z.next_out = back;
  g_assert_cmpint (inflate (&z, Z_FINISH), ==, Z_STREAM_END);
  g_assert_cmpuint (z.avail_in, ==, 0);
  g_assert_cmpmem (back, z.total_out, in, c->len);
  inflateEnd (&z);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (unpack_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/stub/inflate/%s", unpack_cases[i].name);

    g_test_add_data_func (path, &unpack_cases[i], test_unpack);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/stub/inflate/bad/%s", bad_cases[i].name);

    g_test_add_data_func (path, &bad_cases[i], test_bad);
  }
  for (guint i = 0; i < G_N_ELEMENTS (pack_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/stub/pack/%s", pack_cases[i].name);

    g_test_add_data_func (path, &pack_cases[i], test_pack);
  }
  g_test_add_func ("/stub/inflate/bad/every-bit", test_wrong_bits);
  g_test_add_func ("/stub/inflate/bad/noise", test_noise);
  return g_test_run ();
}
