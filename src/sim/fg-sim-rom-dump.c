/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-rom-dump.h"

/**
 * fg_sim_rom_dump_load:
 * @path: %FG_SIM_ROM_DUMP_LEN bytes, as they are from 0x40000000 on
 *
 * Returns: (transfer full): for g_free(); %NULL with an error of %G_IO_ERROR that names the file
 */
guint8 *
fg_sim_rom_dump_load (const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *bytes = NULL;
  gsize len;

  if (!g_file_get_contents (path, &bytes, &len, &reason)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "simulated board: cannot read the ROM dump: %s", reason->message);
    return NULL;
  }
  if (len != FG_SIM_ROM_DUMP_LEN) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "simulated board: %s is no ROM dump: it has %" G_GSIZE_FORMAT
                 " bytes, expected %u (from 0x40000000 to 0x4000ffff)",
                 path, len, FG_SIM_ROM_DUMP_LEN);
    return NULL;
  }
  return (guint8 *) g_steal_pointer (&bytes);
}
