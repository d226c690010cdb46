/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ROM loader seen from the wire: PROTOCOL-FACTS sections 9, 16 and 17. */

#include "sim-rig.h"

#include <glib/gstdio.h>

#include <string.h>

#define SYNC                                                                                       \
  "c0 00 08 24 00 00 00 00 00 07 07 12 20"                                                         \
  " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55"                                               \
  " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0"
#define SYNC_REPLY "c0 01 08 02 00 07 07 12 20 00 00 c0"
#define TWICE(x) x " " x
#define SYNC_REPLIES TWICE (TWICE (TWICE (SYNC_REPLY)))
#define READ_MAGIC "c0 00 0a 04 00 00 00 00 00 00 10 00 40 c0"
#define MAGIC_REPLY "c0 01 0a 02 00 01 c1 f0 ff 00 00 c0"

typedef struct {
  const char *name, *put, *heard;
} Exchange;

static const Exchange exchanges[] = {
  { "sync", SYNC, SYNC_REPLIES },
  { "sync-echoes-any-word", "c0 00 08 04 00 00 00 00 00 78 56 34 12 c0",
    TWICE (TWICE (TWICE ("c0 01 08 02 00 78 56 34 12 00 00 c0"))) },
  { "read-reg", READ_MAGIC, MAGIC_REPLY },
  { "twelve-at-once", TWICE (TWICE (READ_MAGIC " " READ_MAGIC " " READ_MAGIC)),
    TWICE (TWICE (MAGIC_REPLY " " MAGIC_REPLY " " MAGIC_REPLY)) },
  { "spare-delimiters", "c0 c0 c0 " READ_MAGIC " c0 c0", MAGIC_REPLY },
  { "noise", "01 02 41 42 " READ_MAGIC " 99 98 97", MAGIC_REPLY },
  { "long-noise", "55 55 55 55 55 55 55 55 55 55 55 55 " READ_MAGIC, MAGIC_REPLY },
  { "truncated", "c0 00 0a 04 00 00 00 00 00 00 " READ_MAGIC, MAGIC_REPLY },
  { "shared-delimiter", READ_MAGIC " 00 0a 04 00 00 00 00 00 00 10 00 40 c0", TWICE (MAGIC_REPLY) },
  { "bad-escape-drops-db", "c0 00 0a 04 00 00 00 00 00 00 10 db 00 40 c0", MAGIC_REPLY },
  { "not-a-request", "c0 01 0a 04 00 00 00 00 00 00 10 00 40 c0", "" },
  { "header-alone-is-short", "c0 00 0a 04 00 c0", "" },
  /* the value and the code are stale, the op is that of the command before */
  { "unknown-after-read", READ_MAGIC " c0 00 0d 04 00 00 00 00 00 00 00 00 00 c0",
    MAGIC_REPLY " c0 01 0a 02 00 01 c1 f0 ff 01 05 c0" },
  { "stale-code-after-success", READ_MAGIC " c0 00 13 00 00 00 00 00 00 c0 " READ_MAGIC,
    MAGIC_REPLY " c0 01 0a 02 00 01 c1 f0 ff 01 05 c0 c0 01 0a 02 00 01 c1 f0 ff 00 05 c0" },
  { "unknown-after-sync", SYNC " c0 00 14 00 00 00 00 00 00 c0",
    SYNC_REPLIES " " TWICE (TWICE (TWICE ("c0 01 08 02 00 07 07 12 20 01 05 c0"))) },
  { "value-is-stale",
    READ_MAGIC " c0 00 05 10 00 00 00 00 00 00 00 00 00 00 00 00 00"
               " 00 18 00 00 00 00 10 40 c0",
    MAGIC_REPLY " c0 01 05 02 00 01 c1 f0 ff 00 00 c0" },
  { "read-reg-length", "c0 00 0a 03 00 00 00 00 00 00 10 00 c0",
    "c0 01 0a 02 00 00 00 00 00 01 05 c0" },
  { "escapes-in-a-reply",
    "c0 00 09 10 00 00 00 00 00 00 00 10 40 db dc db dd 00 ff"
    " ff ff ff ff 00 00 00 00 c0 c0 00 0a 04 00 00 00 00 00 00 00 10 40 c0",
    "c0 01 09 02 00 00 00 00 00 00 00 c0 c0 01 0a 02 00 db dc db dd 00 ff 00 00 c0" },
};

static void
test_exchange (gconstpointer data)
{
  const Exchange *exchange = data;
  g_autoptr (Rig) rig = rig_new_loader ("esp8266");
  g_autofree char *heard = NULL;

  rig_put (rig, exchange->put);
  rig_settle (rig);
  heard = rig_hex (rig->heard->data, rig->heard->len);
  g_assert_cmpstr (heard, ==, exchange->heard);
}

/* FLASH_DATA seq 0, payload C0 DB 00 FF, byte for byte as PROTOCOL-FACTS 16 has it. */
static void
test_flash_data_vector (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");
  static const guint8 payload[4] = { 0xc0, 0xdb, 0x00, 0xff };

  g_assert_cmpuint (rig_do (rig, 0x02, 4096, 1, 0x400, 0x2000), ==, 0);
  rig_put (rig, "c0 00 03 14 00 0b 00 00 00 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                " db dc db dd 00 ff c0");
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  g_assert_cmpmem (fg_sim_board_get_flash (rig->board, NULL) + 0x2000, 4, payload, 4);
}

static guint
count_erased (Rig *rig, guint32 *first)
{
  gsize size;
  const guint8 *flash = fg_sim_board_get_flash (rig->board, &size);
  guint erased = 0;

  for (gsize at = 0; at < size; at += 4096)
    if (flash[at] == 0xff && memcmp (flash + at, flash + at + 1, 4095) == 0) {
      if (erased == 0)
        *first = (guint32) at;
      erased++;
    }
  return erased;
}

typedef struct {
  guint32 offset, size;
  guint sectors, status;
} Erase;

/* Seen on real ROM code (section 17), and section 9.2's vectors with the argument as asked. */
static const Erase erases[] = {
  { 0x10000, 0x1000, 2, 0 },    { 0x10000, 0x3000, 6, 0 },   { 0x10000, 0x10000, 32, 0 },
  { 0x10000, 0x64000, 116, 0 }, { 0x1f000, 0x10000, 17, 0 }, { 0x3ff000, 0x1000, 1, 6 },
  { 0, 0x4000, 8, 0 },          { 0, 0x9000, 18, 0 },        { 0, 0x8F000, 159, 0 },
  { 0x10000, 0x43000, 83, 0 },  { 0xB000, 0x2000, 4, 0 },    { 0, 0x3F0000, 1024, 0 },
  { 0x1000, 0, 0, 0 },          { 0x10000, 1, 2, 0 },        { 0x800, 0x1000, 0, 6 },
  { 0x3ff000, 0x2000, 0, 6 },   { 0x400000, 0x1000, 0, 6 },
};

static void
test_erase (gconstpointer data)
{
  const Erase *erase = data;
  g_autofree char *path = NULL;
  g_autofree char *keys = NULL;
  g_autofree char *zeros = g_malloc0 (4 << 20);
  guint32 first = erase->offset;

  int fd = g_file_open_tmp ("sim-rom-XXXXXX.img", &path, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, zeros, 4 << 20, NULL));
  keys = g_strdup_printf ("image=%s", path);
  {
    g_autoptr (Rig) rig = rig_new_synced (keys);

    g_assert_cmpuint (rig_do (rig, 0x02, erase->size, 1, 0x1800, erase->offset), ==, erase->status);
    g_assert_cmpuint (count_erased (rig, &first), ==, erase->sectors);
    g_assert_cmphex (first, ==, erase->offset);
  }
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (exchanges); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/rom/exchange/%s", exchanges[i].name);

    g_test_add_data_func (path, &exchanges[i], test_exchange);
  }
  g_test_add_func ("/sim/rom/flash-data-vector", test_flash_data_vector);
  for (gsize i = 0; i < G_N_ELEMENTS (erases); i++) {
    g_autofree char *path =
        g_strdup_printf ("/sim/rom/erase/%x+%x", erases[i].offset, erases[i].size);

    g_test_add_data_func (path, &erases[i], test_erase);
  }
  return g_test_run ();
}
