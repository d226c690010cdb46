/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a program on the simulated processor alone: lx106-run FILE ENTRY RESULT-LENGTH. The file is
 * what lies at 0x40100000; the program ends with an instruction that the processor does not know.
 * Then what it left at the beginning of data memory goes to standard output.
 */
#include "fg-sim-cpu.h"

#include <stdio.h>
#include <string.h>

#define CODE_START 0x40100000u
#define CODE_SIZE 0x20000u
#define DATA_START 0x3ffe8000u
#define DATA_SIZE 0x18000u
#define CYCLES_MAX 100000000u

typedef struct {
  FgSimCpu cpu;
  gboolean ended;
  FgSimCause cause;
} Machine;

static guint32
read_nothing (gpointer owner, guint32 address)
{
  return 0;
}

static void
write_nothing (gpointer owner, guint32 address, guint32 value)
{
}

static gboolean
is_mapped (gpointer owner, guint32 address)
{
  return FALSE;
}

static gboolean
call (gpointer owner)
{
  return FALSE;
}

static gboolean
end (gpointer owner, FgSimCause cause, guint32 address)
{
  Machine *self = owner;

  self->ended = self->cpu.stop = TRUE;
  self->cause = cause;
  return TRUE;
}

static const FgSimCpuOps ops = { read_nothing, write_nothing, is_mapped, call, end };

static int
fail (const char *what)
{
  fprintf (stderr, "lx106-run: %s\n", what);
  return 1;
}

int
main (int argc, char **argv)
{
  static guint8 code[CODE_SIZE], data[DATA_SIZE];
  static Machine machine;
  FgSimRegion code_region = { .start = CODE_START, .size = CODE_SIZE, .bytes = code };
  FgSimRegion data_region = { .start = DATA_START, .size = DATA_SIZE, .bytes = data };
  g_autofree char *contents = NULL;
  gsize len;
  guint64 entry, result_len;

  if (argc != 4 || !g_file_get_contents (argv[1], &contents, &len, NULL) || len > sizeof code)
    return fail ("usage: lx106-run FILE ENTRY RESULT-LENGTH");
  entry = g_ascii_strtoull (argv[2], NULL, 16);
  result_len = g_ascii_strtoull (argv[3], NULL, 10);
  if (result_len > sizeof data)
    return fail ("so much data there is not");
  memcpy (code, contents, len);
  fg_sim_cpu_init (&machine.cpu, &ops, &machine);
  fg_sim_cpu_add_region (&machine.cpu, &data_region, FALSE);
  fg_sim_cpu_add_region (&machine.cpu, &code_region, TRUE);
  fg_sim_cpu_reset (&machine.cpu, (guint32) entry);
  fg_sim_cpu_run (&machine.cpu, CYCLES_MAX);
  fg_sim_cpu_clear (&machine.cpu);
  if (!machine.ended)
    return fail ("the program does not come to its end");
  if (machine.cause != FG_SIM_CAUSE_ILLEGAL)
    return fail ("the program ends with another exception than that of an unknown instruction");
  return fwrite (data, 1, result_len, stdout) == result_len ? 0 : fail ("cannot write");
}
