/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that are loaded into RAM really run. */
#include "sim-programs.h"
#include "sim-rig.h"

#include <string.h>

enum { MEM_BEGIN = 5, MEM_END = 6, MEM_DATA = 7 };

#define ENTRY 0x40100000u
#define TIMED "esp8266,boot=loader,timing=datasheet"

/* Loads and starts @program; what the loader said to it is gone. */
static void
start (Rig *rig, const char *program)
{
  g_autoptr (GBytes) code = rig_bytes (program);
  gsize len;
  const guint8 *bytes = g_bytes_get_data (code, &len);

  g_assert_cmpuint (rig_do (rig, MEM_BEGIN, (guint32) len, 1, (guint32) len, ENTRY), ==, 0);
  rig_block (rig, MEM_DATA, 0, bytes, len);
  rig_settle (rig);
  g_assert_cmpuint (rig_status (rig), ==, 0);
  rig_command (rig, MEM_END, 0, ENTRY);
}

/* What comes after the reply to MEM_END. */
static void
assert_heard (Rig *rig, const char *hex)
{
  g_autofree char *reply = rig_frame (rig);
  g_autofree char *heard = rig_hex (rig->heard->data, rig->heard->len);

  g_assert_true (g_str_has_prefix (reply, "01 06"));
  g_assert_cmpstr (heard, ==, hex);
  g_byte_array_set_size (rig->heard, 0);
}

static void
assert_fault (Rig *rig, const char *what)
{
  g_autofree char *state = fg_sim_board_describe (rig->board);

  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "silent");
  g_assert_nonnull (strstr (state, what));
}

static void
test_speaks_and_returns (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  start (rig, SAYS_OK);
  rig_run (rig, 10);
  {
    g_autofree char *reply = rig_frame (rig);
    g_autofree char *text = rig_text (rig);

    g_assert_true (g_str_has_prefix (reply, "01 06"));
    /* it has returned to the ROM, which starts the flash: there is no image */
    g_assert_true (g_str_has_prefix (text, "okflash read err"));
  }
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "booted");
}

static void
test_interrupts (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  start (rig, ECHOES);
  rig_settle (rig);
  assert_heard (rig, "");
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "running");
  rig_put (rig, "00 10 ff 41");
  rig_settle (rig);
  {
    g_autofree char *heard = rig_hex (rig->heard->data, rig->heard->len);

    g_assert_cmpstr (heard, ==, "01 11 00 42");
  }
}

/* More than the FIFO holds, without timing: nothing may be lost. */
static void
test_long_echo (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");
  guint8 sent[1000];

  start (rig, ECHOES);
  rig_settle (rig);
  assert_heard (rig, "");
  for (gsize i = 0; i < sizeof sent; i++)
    sent[i] = (guint8) i;
  rig_put_bytes (rig, sent, sizeof sent);
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, sizeof sent);
  for (gsize i = 0; i < sizeof sent; i++)
    g_assert_cmpuint (rig->heard->data[i], ==, (guint8) (sent[i] + 1));
  g_assert_cmpuint (fg_sim_board_get_overflows (rig->board), ==, 0);
}

typedef struct {
  const char *name, *keys, *first, *second; /* what comes back, before and after a reset */
} LineFault;

/* A program that adds one to all that it hears, and is told this. */
#define SAID "10 20 30 40"

static const LineFault line_faults[] = {
  { "none", "", "11 21 31 41", "11 21 31 41" },
  { "never-there", "stub-dies=0", "", "11 21 31 41" },
  { "dies", "stub-dies=3", "11 21 31", "11 21 31 41" },
  { "dies-always", "stub-dies-always=1", "11", "11" },
  { "corrupt-rx", "stub-corrupt-rx=2", "11 76 31 41", "11 21 31 41" },
  { "corrupt-tx", "stub-corrupt-tx=2", "11 74 31 41", "11 21 31 41" },
  { "noise", "stub-noise=1", "1a 69 19 52", "53 e1 34 d1" },
};

static void
test_line_fault (gconstpointer data)
{
  const LineFault *row = data;
  g_autoptr (Rig) rig = rig_new_synced (row->keys);

  for (guint round = 0; round < 2; round++) {
    start (rig, ECHOES);
    rig_settle (rig);
    assert_heard (rig, "");
    rig_put (rig, SAID);
    rig_settle (rig);
    {
      g_autofree char *heard = rig_hex (rig->heard->data, rig->heard->len);

      g_assert_cmpstr (heard, ==, round == 0 ? row->first : row->second);
    }
    g_byte_array_set_size (rig->heard, 0);
    fg_sim_board_replug (rig->board, rig->now_us);
    rig_put (rig, "c0 00 0a 04 00 00 00 00 00 00 10 00 40 c0");
    rig_settle (rig);
    g_byte_array_set_size (rig->heard, 0);
  }
}

/* Without timing a board waits for a host that is busy elsewhere, and nothing is lost. */
static void
test_slow_host (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");
  g_autofree guint8 *sent = g_malloc0 (200000);

  start (rig, ECHOES);
  rig_settle (rig);
  assert_heard (rig, "");
  rig_put_bytes (rig, sent, 200000);
  rig->now_us += 10000000;
  rig_settle (rig);
  g_assert_cmpuint (rig->heard->len, ==, 200000);
}

typedef struct {
  const char *name, *program, *fault;
} Fault;

static const Fault faults[] = {
  { "no-such-rom-function", CALLS_NOWHERE, "calls 0x40005000 in the ROM" },
  { "unaligned", LOADS_UNALIGNED, "exception 9 at 0x4010000b, address 0x3ffe8001" },
  { "byte-of-iram", LOADS_BYTE_OF_IRAM, "exception 3 at 0x4010000b, address 0x40100000" },
  { "illegal", "00000000", "exception 0 at 0x40100000" },
};

static void
test_fault (gconstpointer data)
{
  const Fault *row = data;
  g_autoptr (Rig) rig = rig_new_synced ("");

  start (rig, row->program);
  rig_settle (rig);
  assert_heard (rig, "");
  assert_fault (rig, row->fault);
}

static void
test_reset (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  g_assert_cmpuint (fg_sim_board_get_chip_baud (rig->board), ==, 115299);
  start (rig, RESETS);
  rig_run (rig, 1000000);
  /* the ROM's rate is that after a reset again, and the straps are not read a second time */
  g_assert_cmpuint (fg_sim_board_get_chip_baud (rig->board), ==, 74928);
  g_assert_cmpstr (fg_sim_board_get_state (rig->board), ==, "loader");
}

static void
test_baud (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("");

  start (rig, CHANGES_BAUD);
  rig_settle (rig);
  g_assert_cmpuint (fg_sim_board_get_chip_baud (rig->board), ==, 1000000);
}

static void
test_flash (void)
{
  g_autoptr (Rig) rig = rig_new_synced ("protect=7");
  g_autoptr (GBytes) code = rig_bytes (WRITES_FLASH);
  guint8 expected[300] = { 0 }, digest[16];
  gsize len, digest_len = sizeof digest;
  const guint8 *bytes = g_bytes_get_data (code, &len);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree char *hex = NULL;

  memcpy (expected, bytes, len);
  g_checksum_update (checksum, expected, sizeof expected);
  g_checksum_get_digest (checksum, digest, &digest_len);
  hex = rig_hex (digest, sizeof digest);
  start (rig, WRITES_FLASH);
  rig_settle (rig);
  assert_heard (rig, hex);
  g_assert_cmpmem (fg_sim_board_get_flash (rig->board, NULL) + 0x1000, sizeof expected, expected,
                   sizeof expected);
}

/* When the @n-th byte after the reply comes, in microseconds after the program has begun. */
static gint64
time_of_answer (const char *program, guint n)
{
  g_autoptr (Rig) rig = rig_new (TIMED);
  gint64 began;

  rig_put (rig, "c0 00 08 24 00 00 00 00 00 07 07 12 20"
                " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55"
                " 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 55 c0");
  rig_settle (rig); /* measured the rate with it */
  g_byte_array_set_size (rig->heard, 0);
  start (rig, program);
  while (strcmp (fg_sim_board_get_state (rig->board), "running") != 0)
    rig_run (rig, 10);
  began = rig->now_us;
  while (rig->heard->len < 12 + n) {
    rig_run (rig, 10);
    g_assert_cmpint (rig->now_us, <, began + 1000000);
  }
  return rig->now_us - began;
}

static void
test_time (void)
{
  /* a reply of twelve bytes goes before, while the delay runs; the byte needs 87 us */
  g_assert_cmpint (ABS (time_of_answer (WAITS, 1) - 5000 - 87), <, 60);
  /* sector erase 45 ms, unlocking 10 ms, ten programs of 32 bytes or less, 16 bytes to send */
  g_assert_cmpint (time_of_answer (WRITES_FLASH, 1), >, 55000);
  g_assert_cmpint (time_of_answer (WRITES_FLASH, 1), <, 60000);
}

/* A program that waits for the line, with nothing else to wake it up. */
static void
test_drain (void)
{
  gint64 first = time_of_answer (DRAINS, 1), second = time_of_answer (DRAINS, 2);

  g_assert_cmpint (second - first, >=, 80);
  g_assert_cmpint (second - first, <, 200);
}

/* FRC1 goes by the bus's clock, CCOUNT by the processor's, which is twice as fast here. */
static void
test_doubled (void)
{
  gint64 at[3];

  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    at[i] = time_of_answer (COUNTS, i + 1);
  g_assert_cmpint (ABS (at[1] - at[0] - 500), <, 60); /* CCOMPARE, between two of FRC1's */
  g_assert_cmpint (ABS (at[2] - at[0] - 1000), <, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim/machine/speaks-and-returns", test_speaks_and_returns);
  g_test_add_func ("/sim/machine/interrupts", test_interrupts);
  g_test_add_func ("/sim/machine/long-echo", test_long_echo);
  g_test_add_func ("/sim/machine/slow-host", test_slow_host);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/machine/fault/%s", faults[i].name);

    g_test_add_data_func (path, &faults[i], test_fault);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (line_faults); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/machine/line/%s", line_faults[i].name);

    g_test_add_data_func (path, &line_faults[i], test_line_fault);
  }
  g_test_add_func ("/sim/machine/reset", test_reset);
  g_test_add_func ("/sim/machine/baud", test_baud);
  g_test_add_func ("/sim/machine/flash", test_flash);
  g_test_add_func ("/sim/machine/time", test_time);
  g_test_add_func ("/sim/machine/drain", test_drain);
  g_test_add_func ("/sim/machine/doubled", test_doubled);
  return g_test_run ();
}
