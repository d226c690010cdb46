/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What there is to know about a board. */

#include "fg-sim-board-private.h"

#define USB_ESPRESSIF 0x303A
#define USB_JTAG_SERIAL 0x1001

/** fg_sim_board_is_gone: a USB port that belongs to the chip goes with it when that is reset. */
gboolean
fg_sim_board_is_gone (const FgSimBoard *self)
{
  return self->time_ns < self->back_ns;
}

/** fg_sim_board_get_line_baud: Returns: the host's rate: the chip's where it has none itself */
double
fg_sim_board_get_line_baud (const FgSimBoard *self)
{
  return self->host_baud != 0 && !self->lines.on_usb ? self->host_baud
                                                     : fg_sim_chip_get_baud (self->chip);
}

gboolean
fg_sim_board_has_lines (const FgSimBoard *self)
{
  return self->spec->lines;
}

/* PROTOCOL-FACTS 13: the ROM's port has the number of the chip. */
void
fg_sim_board_get_usb_ids (const FgSimBoard *self, guint16 *vendor, guint16 *product)
{
  gboolean otg = self->spec->usb == FG_SIM_USB_OTG;

  *vendor = self->lines.on_usb ? USB_ESPRESSIF : 0;
  *product = 0;
  if (self->lines.on_usb)
    *product = otg ? (guint16) self->spec->model->chip_id : USB_JTAG_SERIAL;
}

const char *
fg_sim_board_get_title (const FgSimBoard *self)
{
  return self->spec->title;
}

const guint8 *
fg_sim_board_get_flash (const FgSimBoard *self, gsize *size)
{
  return fg_sim_chip_get_flash (self->chip, size);
}

const char *
fg_sim_board_get_state (const FgSimBoard *self)
{
  static const char *const names[] = {
    [FG_SIM_CHIP_OFF] = "off",          [FG_SIM_CHIP_BOOTED] = "booted",
    [FG_SIM_CHIP_LISTENING] = "loader", [FG_SIM_CHIP_LOADER] = "loader",
    [FG_SIM_CHIP_RUNNING] = "running",  [FG_SIM_CHIP_SILENT] = "silent",
  };

  return names[fg_sim_chip_get_state (self->chip)];
}

guint
fg_sim_board_get_chip_baud (const FgSimBoard *self)
{
  return (guint) (fg_sim_chip_get_baud (self->chip) + 0.5);
}

guint64
fg_sim_board_get_overflows (const FgSimBoard *self)
{
  return fg_sim_chip_get_overflows (self->chip);
}

char *
fg_sim_board_describe (const FgSimBoard *self)
{
  const char *fault = fg_sim_chip_get_fault (self->chip);
  const FgSimFlashWork *work = fg_sim_chip_get_flash_work (self->chip);

  return g_strdup_printf (
      "state=%s baud=%u host-baud=%u dtr=%d rts=%d plugged=%d received=%" G_GUINT64_FORMAT
      " sent=%" G_GUINT64_FORMAT " lost=%" G_GUINT64_FORMAT
      " erases=%u programs=%u flash-us=%" G_GINT64_FORMAT "%s%s",
      fg_sim_board_get_state (self), fg_sim_board_get_chip_baud (self),
      (guint) fg_sim_board_get_line_baud (self), self->lines.dtr, self->lines.rts,
      !(self->unplugged || fg_sim_board_is_gone (self)), self->faults.counts[FG_SIM_TO_BOARD],
      self->faults.counts[FG_SIM_TO_HOST], fg_sim_board_get_overflows (self), work->erases,
      work->programs, work->busy_ns / FG_SIM_NS_PER_US, fault != NULL ? " program=" : "",
      fault != NULL ? fault : "");
}
