/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Until the simulator is there: a board that cannot be made. */
#include "fg-sim-board.h"
FgSimBoard *
fg_sim_board_new (const char *s, GError **e)
{
  g_set_error (e, G_IO_ERROR, G_IO_ERROR_FAILED, "no sim");
  return NULL;
}
void
fg_sim_board_set_lines (FgSimBoard *b, gboolean d, gboolean r, gint64 n)
{
}
void
fg_sim_board_set_host_baud (FgSimBoard *b, guint x, gint64 n)
{
}
void
fg_sim_board_put (FgSimBoard *b, const guint8 *d, gsize l, gint64 n)
{
}
gsize
fg_sim_board_get (FgSimBoard *b, guint8 *d, gsize l, gint64 n)
{
  return 0;
}
gint64
fg_sim_board_next_event (FgSimBoard *b, gint64 n)
{
  return n;
}
gint64
fg_sim_board_drained (FgSimBoard *b, gint64 n)
{
  return n;
}
gboolean
fg_sim_board_is_unplugged (FgSimBoard *b)
{
  return TRUE;
}
void
fg_sim_board_replug (FgSimBoard *b, gint64 n)
{
}
gboolean
fg_sim_board_has_lines (const FgSimBoard *b)
{
  return FALSE;
}
