/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-watchdog.h"

#include "fg-error.h"

#define ALL_BITS 0xffffffffu
#define KEY 0x50d83aa1u
#define SWD_KEY_OLD 0x8f1d312au
#define RESET_TIMEOUT 2000u /* ticks of the slow clock */
#define RESET_CONFIG (1u << 31 | 5u << 28 | 1u << 8 | 2u)
/* The chip needs this long to be gone. */
#define RESET_WAIT_US (G_USEC_PER_SEC / 2)

typedef struct {
  FgChipId chip;
  guint32 config0, config1, protect;
  guint32 swd_config, swd_protect, swd_key; /* 0: none that needs feeding */
  guint8 swd_auto_feed;                     /* bit */
  gboolean can_reset;
} Watchdog;

/* esptool targets/esp32*.py: RTC_CNTL_WDT*, RTC_CNTL_SWD*, watchdog_reset. */
static const Watchdog watchdogs[] = {
  { FG_CHIP_ESP32S2, 0x3f408094, 0x3f408098, 0x3f4080ac, 0, 0, 0, 0, TRUE },
  { FG_CHIP_ESP32S3, 0x60008098, 0x6000809c, 0x600080b0, 0x600080b4, 0x600080b8, SWD_KEY_OLD, 31,
    TRUE },
  { FG_CHIP_ESP32C3, 0x60008090, 0x60008094, 0x600080a8, 0x600080ac, 0x600080b0, SWD_KEY_OLD, 31,
    TRUE },
  { FG_CHIP_ESP32C2, 0x60008084, 0x60008088, 0x6000809c, 0, 0, 0, 0, FALSE },
  { FG_CHIP_ESP32C5, 0x600b1c00, 0x600b1c04, 0x600b1c18, 0x600b1c1c, 0x600b1c20, KEY, 18, TRUE },
  { FG_CHIP_ESP32C6, 0x600b1c00, 0x600b1c04, 0x600b1c18, 0x600b1c1c, 0x600b1c20, KEY, 18, FALSE },
  { FG_CHIP_ESP32C61, 0x600b1c00, 0x600b1c04, 0x600b1c18, 0x600b1c1c, 0x600b1c20, KEY, 18, FALSE },
  { FG_CHIP_ESP32H2, 0x600b1c00, 0x600b1c04, 0x600b1c1c, 0x600b1c20, 0x600b1c24, KEY, 18, FALSE },
  { FG_CHIP_ESP32H21, 0x600b1c00, 0x600b1c04, 0x600b1c1c, 0x600b1c20, 0x600b1c24, KEY, 18, FALSE },
  { FG_CHIP_ESP32H4, 0x60090048, 0x6009004c, 0x60090064, 0x600b541c, 0x600b5420, KEY, 18, FALSE },
  { FG_CHIP_ESP32P4, 0x50116000, 0x50116004, 0x50116018, 0x5011601c, 0x50116020, KEY, 18, TRUE },
  { FG_CHIP_ESP32S31, 0x20801000, 0x20801004, 0x20801018, 0, 0, 0, 0, TRUE },
};

static const Watchdog *
find (const FgChip *chip)
{
  for (guint i = 0; i < G_N_ELEMENTS (watchdogs); i++)
    if (watchdogs[i].chip == chip->id)
      return &watchdogs[i];
  return NULL;
}

/**
 * fg_watchdog_stop:
 *
 * Stops the RTC watchdog and makes the super-watchdog feed itself. Does nothing on a chip without a
 * USB port of its own.
 */
gboolean
fg_watchdog_stop (FgLoader *loader, const FgChip *chip, GError **error)
{
  const Watchdog *dog = find (chip);

  if (dog == NULL)
    return TRUE;
  const FgRegWrite stop[] = {
    { dog->protect, KEY, ALL_BITS, 0 },
    { dog->config0, 0, ALL_BITS, 0 },
    { dog->protect, 0, ALL_BITS, 0 },
    { dog->swd_protect, dog->swd_key, ALL_BITS, 0 },
    { dog->swd_config, 1u << dog->swd_auto_feed, 1u << dog->swd_auto_feed, 0 },
    { dog->swd_protect, 0, ALL_BITS, 0 },
  };

  return fg_loader_write_regs (loader, stop, dog->swd_config != 0 ? 6 : 3, error);
}

/** fg_watchdog_can_reset: whether fg_watchdog_reset() works on @chip. */
gboolean
fg_watchdog_can_reset (const FgChip *chip)
{
  const Watchdog *dog = find (chip);

  return dog != NULL && dog->can_reset;
}

/**
 * fg_watchdog_reset:
 *
 * Lets the watchdog bite: the chip starts anew, as its straps say. Takes half a second.
 *
 * Returns: %FALSE with %FG_ERROR_UNSUPPORTED or an error of the loader set
 */
gboolean
fg_watchdog_reset (FgLoader *loader, const FgChip *chip, GError **error)
{
  const Watchdog *dog = find (chip);

  if (dog == NULL || !dog->can_reset) {
    g_set_error (error, FG_ERROR, FG_ERROR_UNSUPPORTED, "the %s has no watchdog that resets it",
                 chip->name);
    return FALSE;
  }
  const FgRegWrite bite[] = {
    { dog->protect, KEY, ALL_BITS, 0 },
    { dog->config1, RESET_TIMEOUT, ALL_BITS, 0 },
    { dog->config0, RESET_CONFIG, ALL_BITS, 0 },
    { dog->protect, 0, ALL_BITS, 0 },
  };

  if (!fg_loader_write_regs (loader, bite, G_N_ELEMENTS (bite), error))
    return FALSE;
  g_usleep (RESET_WAIT_US);
  return TRUE;
}
