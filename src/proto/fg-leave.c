/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-leave.h"

#include "fg-error.h"
#include "fg-reset.h"
#include "fg-watchdog.h"

#define STRAP_BOOT_HIGH (1u << 3) /* GPIO0 as it was at the reset */
#define FORCE_DOWNLOAD (1u << 0)

/* esptool targets/esp32s2.py and esp32s3.py: GPIO_STRAP_REG, RTC_CNTL_OPTION1_REG. */
typedef struct {
  FgChipId chip;
  guint32 strap, option;
} Straps;

static const Straps straps[] = {
  { FG_CHIP_ESP32S2, 0x3f404038, 0x3f408128 },
  { FG_CHIP_ESP32S3, 0x60004038, 0x6000812c },
};

/* A chip that was told to start in its loader would do so for ever (arduino-esp32 issue 6762).
 * Whether it hears us is its own affair. */
static void
forget_forced_loader (FgLoader *loader)
{
  const FgRegWrite clear = { straps[1].option, 0, FORCE_DOWNLOAD, 0 };

  fg_loader_write_regs (loader, &clear, 1, NULL);
}

/* RTS through the ROM's own USB port does not look at the straps anew: a chip that was started with
 * BOOT held would come back to its loader. */
static gboolean
needs_watchdog (FgLoader *loader, const FgChip *chip)
{
  if (chip->id == FG_CHIP_ESP32P4 || chip->id == FG_CHIP_ESP32S31)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (straps); i++) {
    guint32 strap, option;

    if (straps[i].chip != chip->id)
      continue;
    return fg_loader_read_reg (loader, straps[i].strap, &strap, NULL)
           && fg_loader_read_reg (loader, straps[i].option, &option, NULL)
           && (strap & STRAP_BOOT_HIGH) == 0 && (option & FORCE_DOWNLOAD) == 0;
  }
  return FALSE;
}

/**
 * fg_leave_loader:
 * @board: (nullable): %NULL when the loader may not listen any more: then only the lines are used
 *
 * Resets the board so that it runs its program.
 *
 * Returns: %FALSE with an error of the transport or the loader set
 */
gboolean
fg_leave_loader (FgLoader *loader, const FgBoardInfo *board, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean listens = board != NULL && !board->security.secure_download;

  if (listens && board->chip->id == FG_CHIP_ESP32S3)
    forget_forced_loader (loader);
  if (listens && fg_transport_kind (loader->wire) == FG_WIRE_USB_OTG
      && needs_watchdog (loader, board->chip))
    return fg_watchdog_reset (loader, board->chip, error);
  if (fg_reset_run_sequence (fg_reset_for_running (loader->wire), loader->wire, NULL, &failure))
    return TRUE;
  /* the chip's own port goes with it */
  if (fg_transport_kind (loader->wire) != FG_WIRE_PLAIN
      && g_error_matches (failure, FG_ERROR, FG_ERROR_DISCONNECTED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
