/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The ESP32's eFuse block 0, words 0 to 6, and the register that holds the third bit of its
 * revision: esptool targets/esp32.py. */

#include "fg-efuse.h"

#define REVISION_REGISTER 0x3ff6607cu /* APB_CTL_DATE */
#define N_WORDS 8                     /* seven of block 0, and that register */

typedef struct {
  guint8 package;
  const char *name;
  const char *name_v3; /* from revision 3.0 on */
  const char *single;  /* (nullable) with one core */
  gboolean flash, psram;
} Package;

static const Package packages[] = {
  { 0, "ESP32-D0WDQ6", "ESP32-D0WDQ6-V3", "ESP32-S0WDQ6", FALSE, FALSE },
  { 1, "ESP32-D0WD", "ESP32-D0WD-V3", "ESP32-S0WD", FALSE, FALSE },
  { 2, "ESP32-D2WD", "ESP32-D2WD", NULL, TRUE, FALSE },
  { 4, "ESP32-U4WDH", "ESP32-U4WDH", NULL, TRUE, FALSE },
  { 5, "ESP32-PICO-D4", "ESP32-PICO-V3", NULL, TRUE, FALSE },
  { 6, "ESP32-PICO-V3-02", "ESP32-PICO-V3-02", NULL, TRUE, TRUE },
  { 7, "ESP32-D0WDR2-V3", "ESP32-D0WDR2-V3", NULL, FALSE, TRUE },
};

guint
fg_efuse_esp32_count (void)
{
  return N_WORDS;
}

guint32
fg_efuse_esp32_address (guint32 base, guint index)
{
  return index == N_WORDS - 1 ? REVISION_REGISTER : base + index * 4;
}

/* Three bits at three places, set one after the other: each revision adds one. */
static int
read_revision (const guint32 *w)
{
  guint bits = (w[3] >> 15 & 1) | (w[5] >> 20 & 1) << 1 | (w[7] >> 31) << 2;
  int major = bits == 1 ? 1 : bits == 3 ? 2 : bits == 7 ? 3 : 0;

  return major * 100 + (int) (w[5] >> 24 & 3);
}

static void
read_mac (const guint32 *w, FgBoardInfo *info)
{
  guint8 *mac = info->mac;

  info->has_mac = TRUE;
  mac[0] = w[2] >> 8 & 0xff;
  mac[1] = w[2] & 0xff;
  for (guint i = 0; i < 4; i++)
    mac[2 + i] = w[1] >> (24 - 8 * i) & 0xff;
}

static void
read_security (const guint32 *w, FgBoardInfo *info)
{
  gboolean version_1 = (w[6] >> 4 & 1) != 0;
  gboolean version_2 = (w[6] >> 5 & 1) != 0 && info->revision >= 300;

  info->security = (FgSecurity){
    .known = TRUE,
    .secure_boot = version_1 || version_2,
    .secure_boot_v1 = version_1,
    .flash_encryption = fg_security_is_odd (w[0] >> 20 & 0x7f),
    .jtag_disabled = (w[6] >> 6 & 1) != 0, /* ESP-IDF soc/esp32 efuse_reg.h, JTAG_DISABLE */
  };
}

static void
name_package (const guint32 *w, gboolean single, FgBoardInfo *info)
{
  guint number = (w[3] >> 9 & 7) | (w[3] >> 2 & 1) << 3;

  g_free (info->variant);
  for (guint i = 0; i < G_N_ELEMENTS (packages); i++) {
    const Package *package = &packages[i];

    if (package->package != number)
      continue;
    if (single && package->single != NULL)
      info->variant = g_strdup (package->single);
    else
      info->variant = g_strdup (info->revision >= 300 ? package->name_v3 : package->name);
    info->embedded_flash = package->flash;
    info->embedded_psram = package->psram;
    return;
  }
  info->variant = g_strdup_printf ("ESP32 (unknown package %u)", number);
}

/* The pads of the flash, as SPI_ATTACH wants them; all zero: the usual ones. */
static guint32
read_pads (const guint32 *w)
{
  guint32 clk = w[5] & 0x1f;
  guint32 q = w[5] >> 5 & 0x1f;
  guint32 d = w[5] >> 10 & 0x1f;
  guint32 cs = w[5] >> 15 & 0x1f;
  guint32 hd = w[3] >> 4 & 0x1f;

  return hd << 24 | cs << 18 | d << 12 | q << 6 | clk;
}

/** fg_efuse_esp32_read: @w: the words of fg_efuse_esp32_address() */
void
fg_efuse_esp32_read (const guint32 *w, FgBoardInfo *info)
{
  gboolean single = (w[3] & 1) != 0;

  info->revision = read_revision (w);
  read_mac (w, info);
  read_security (w, info);
  name_package (w, single, info);
  info->spi_pads = read_pads (w);
  fg_board_info_add_feature (info, "Wi-Fi");
  if ((w[3] >> 1 & 1) == 0)
    fg_board_info_add_feature (info, "Bluetooth");
  fg_board_info_add_feature (info, single ? "Single core" : "Dual core");
  if ((w[3] >> 13 & 1) != 0)
    fg_board_info_add_feature (info, (w[3] >> 12 & 1) != 0 ? "160 MHz" : "240 MHz");
  if (info->embedded_flash)
    fg_board_info_add_feature (info, "Embedded flash");
  if (info->embedded_psram)
    fg_board_info_add_feature (info, "Embedded PSRAM");
}
