/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flash-power.h"

/* The ESP32-P4 of revision 3.1 and 3.2: esptool targets/esp32p4.py, power_on_flash. */
#define REVISION_3_1 301
#define REVISION_3_2 302
#define EFUSE 0x5012d034u           /* EFUSE_RD_REPEAT_DATA1 */
#define EFUSE_ROM_POWERS (1u << 16) /* DOWNLOAD_MODE_XPD_ON */
#define PAD_GROUP 0x5011010cu       /* LP_SYSTEM_REG_ANA_XPD_PAD_GROUP */
#define REGULATOR 0x501151b8u       /* PMU_EXT_LDO_P0_0P1A */
#define REGULATOR_TIED (1u << 7)    /* to its supply */
#define REGULATOR_TARGET (0xffu << 23)
#define REGULATOR_ANALOG 0x501151bcu /* PMU_EXT_LDO_P0_0P1A_ANA */
#define CURRENT_LIMIT (1u << 27)
#define FORCE 0x501153fcu /* PMU_DATE */
#define FORCE_ON 3u
#define ALL_BITS 0xffffffffu

#define PADS_US 10000u
#define RISE_US 50u
#define SETTLE_US 1800u

/* Through the current limit first, then at the voltage that the eFuses say. A wait comes before the
 * write it stands by. */
static const FgRegWrite power_up[] = {
  { PAD_GROUP, 1, ALL_BITS, 0 },
  { REGULATOR_ANALOG, CURRENT_LIMIT, CURRENT_LIMIT, PADS_US },
  { REGULATOR, REGULATOR_TIED, REGULATOR_TIED, 0 },
  { FORCE, FORCE_ON, FORCE_ON, 0 },
  { REGULATOR_ANALOG, 0, CURRENT_LIMIT, RISE_US },
  { REGULATOR, 0, REGULATOR_TARGET, 0 },
  { REGULATOR, REGULATOR_TIED, REGULATOR_TIED, 0 },
  { REGULATOR, 0, REGULATOR_TIED, 0 },
  { REGULATOR, 0, 0, SETTLE_US }, /* writes nothing: only the wait */
};

/* The ROM of 3.2 powers the flash while attaching it, which must not happen twice. */
static const FgRegWrite release[] = { { FORCE, 0, FORCE_ON, 0 } };

/**
 * fg_flash_power_on:
 *
 * Switches on the flash of a chip that does not do so itself, before it is attached. Nothing is
 * done for other chips, nor in secure download mode, where no register can be written.
 *
 * Returns: %FALSE with an error of the loader set
 */
gboolean
fg_flash_power_on (FgLoader *loader, const FgBoardInfo *board, GError **error)
{
  guint32 efuse = 0;

  if (board->chip->id != FG_CHIP_ESP32P4 || board->security.secure_download
      || (board->revision != REVISION_3_1 && board->revision != REVISION_3_2))
    return TRUE;
  if (board->revision == REVISION_3_2 && !fg_loader_read_reg (loader, EFUSE, &efuse, error))
    return FALSE;
  if (efuse & EFUSE_ROM_POWERS)
    return fg_loader_write_regs (loader, release, G_N_ELEMENTS (release), error);
  return fg_loader_write_regs (loader, power_up, G_N_ELEMENTS (power_up), error);
}
