/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-leave.h"

#include "fg-error.h"
#include "fg-reset.h"
#include "fg-watchdog.h"

#define STRAP_BOOT_HIGH (1u << 3) /* GPIO0 as it was at the reset */

/* esptool targets/esp32s2.py, esp32s3.py and esp32p4.py: GPIO_STRAP_REG, RTC_CNTL_OPTION1_REG and
 * RTC_CNTL_FORCE_DOWNLOAD_BOOT_MASK. */
typedef struct {
  FgChipId chip;
  guint32 strap, option, force_download;
  gboolean forget; /* the flag outlives a reset */
} Straps;

static const Straps straps[] = {
  { FG_CHIP_ESP32S2, 0x3f404038, 0x3f408128, 1u << 0, FALSE },
  { FG_CHIP_ESP32S3, 0x60004038, 0x6000812c, 1u << 0, TRUE },
  { FG_CHIP_ESP32P4, 0x500e0038, 0x50110008, 1u << 2, TRUE },
};

static const Straps *
find_straps (const FgChip *chip)
{
  for (guint i = 0; i < G_N_ELEMENTS (straps); i++)
    if (straps[i].chip == chip->id)
      return &straps[i];
  return NULL;
}

/* A chip that was told to start in its loader would do so for ever (arduino-esp32 issue 6762).
 * Whether it hears us is its own affair. */
static void
forget_forced_loader (FgLoader *loader, const FgChip *chip)
{
  const Straps *own = find_straps (chip);

  if (own == NULL || !own->forget)
    return;
  const FgRegWrite clear = { own->option, 0, own->force_download, 0 };

  fg_loader_write_regs (loader, &clear, 1, NULL);
}

/* RTS through the ROM's own USB port does not look at the straps anew: a chip that was started with
 * BOOT held would come back to its loader. */
static gboolean
needs_watchdog (FgLoader *loader, const FgChip *chip)
{
  const Straps *own = find_straps (chip);
  guint32 strap, option;

  if (chip->id == FG_CHIP_ESP32P4 || chip->id == FG_CHIP_ESP32S31)
    return TRUE;
  return own != NULL && fg_loader_read_reg (loader, own->strap, &strap, NULL)
         && fg_loader_read_reg (loader, own->option, &option, NULL)
         && (strap & STRAP_BOOT_HIGH) == 0 && (option & own->force_download) == 0;
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

  if (listens)
    forget_forced_loader (loader, board->chip);
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
