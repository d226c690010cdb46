/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-chip.h"

/* Identity, offsets and registers: esptool 5.3 esptool/targets/esp*.py (MAGIC_VALUE, IMAGE_CHIP_ID,
 * BOOTLOADER_FLASH_OFFSET, SPI_REG_BASE, UART_CLKDIV_REG, EFUSE_BASE). UF2 families: the same
 * files. BOOT pins: esptool docs/en/advanced-topics/boot-mode-selection.rst. */

/* The SPI controller's register offsets come in three layouts. */
#define SPI_ESP8266(base)                                                                          \
  .spi_base = (base), .spi_usr = 0x1c, .spi_usr1 = 0x20, .spi_usr2 = 0x24, .spi_w0 = 0x40,         \
  .spi_addr_shifted = TRUE
#define SPI_ESP32(base)                                                                            \
  .spi_base = (base), .spi_usr = 0x1c, .spi_usr1 = 0x20, .spi_usr2 = 0x24, .spi_mosi_dlen = 0x28,  \
  .spi_miso_dlen = 0x2c, .spi_w0 = 0x80, .spi_addr_shifted = TRUE
#define SPI_LATER(base)                                                                            \
  .spi_base = (base), .spi_usr = 0x18, .spi_usr1 = 0x1c, .spi_usr2 = 0x20, .spi_mosi_dlen = 0x24,  \
  .spi_miso_dlen = 0x28, .spi_w0 = 0x58

static const FgChip chips[] = {
  { .id = FG_CHIP_ESP8266,
    .name = "ESP8266",
    .image_chip_id = -1,
    .magic = 0xfff0c101,
    .boot_offset = 0x0,
    .uf2_family = 0x7eab61ed,
    SPI_ESP8266 (0x60000200),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 2,
    .efuse_base = 0x3ff00050,
    .freq_table = FG_FREQ_TABLE_80,
    .boot_gpio = 0 },
  { .id = FG_CHIP_ESP32,
    .name = "ESP32",
    .image_chip_id = 0,
    .magic = 0x00f01d83,
    .boot_offset = 0x1000,
    .uf2_family = 0x1c5f21b0,
    .encrypt_align = 32,
    SPI_ESP32 (0x3ff42000),
    .uart_clkdiv = 0x3ff40014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x3ff5a000,
    .efuse_mac = 0x04,
    .freq_table = FG_FREQ_TABLE_80,
    .boot_gpio = 0 },
  { .id = FG_CHIP_ESP32S2,
    .name = "ESP32-S2",
    .image_chip_id = 2,
    .magic = 0x000007c6,
    .boot_offset = 0x1000,
    .uf2_family = 0xbfdd4eee,
    .crystal_mhz = 40,
    .encrypt_align = 16,
    SPI_LATER (0x3f402000),
    .uart_clkdiv = 0x3f400014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x3f41a000,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_80,
    .boot_gpio = 0 },
  { .id = FG_CHIP_ESP32S3,
    .name = "ESP32-S3",
    .image_chip_id = 9,
    .boot_offset = 0x0,
    .uf2_family = 0xc47e5767,
    .crystal_mhz = 40,
    .encrypt_align = 16,
    SPI_LATER (0x60002000),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x60007000,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_80,
    .boot_gpio = 0 },
  { .id = FG_CHIP_ESP32C3,
    .name = "ESP32-C3",
    .image_chip_id = 5,
    .boot_offset = 0x0,
    .uf2_family = 0xd42ba06c,
    .crystal_mhz = 40,
    .encrypt_align = 16,
    SPI_LATER (0x60002000),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x60008800,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_80,
    .boot_gpio = 9 },
  { .id = FG_CHIP_ESP32C2,
    .name = "ESP32-C2",
    .image_chip_id = 12,
    .boot_offset = 0x0,
    .uf2_family = 0x2b88d29c,
    .encrypt_align = 16,
    SPI_LATER (0x60002000),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x60008800,
    .efuse_mac = 0x40,
    .efuse_block1 = 0x40, /* it is block 2 that holds these fields */
    .freq_table = FG_FREQ_TABLE_60,
    .boot_gpio = 9 },
  { .id = FG_CHIP_ESP32C5,
    .name = "ESP32-C5",
    .image_chip_id = 23,
    .boot_offset = 0x2000,
    .uf2_family = 0xf71c0343,
    .encrypt_align = 16,
    SPI_LATER (0x60003000),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x600b4800,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_C5,
    .boot_gpio = 28 },
  { .id = FG_CHIP_ESP32C6,
    .name = "ESP32-C6",
    .image_chip_id = 13,
    .boot_offset = 0x0,
    .uf2_family = 0x540ddf62,
    .crystal_mhz = 40,
    .encrypt_align = 16,
    SPI_LATER (0x60003000),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x600b0800,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_C6,
    .boot_gpio = 9 },
  { .id = FG_CHIP_ESP32C61,
    .name = "ESP32-C61",
    .image_chip_id = 20,
    .boot_offset = 0x0,
    .uf2_family = 0x77d850c4,
    .crystal_mhz = 40,
    .encrypt_align = 16,
    SPI_LATER (0x60003000),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x600b4800,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_C5,
    .boot_gpio = 9 },
  { .id = FG_CHIP_ESP32H2,
    .name = "ESP32-H2",
    .image_chip_id = 16,
    .boot_offset = 0x0,
    .uf2_family = 0x332726f6,
    .crystal_mhz = 32,
    .encrypt_align = 16,
    SPI_LATER (0x60003000),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x600b0800,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_48,
    .boot_gpio = 9 },
  { .id = FG_CHIP_ESP32H21,
    .name = "ESP32-H21",
    .image_chip_id = 25,
    .boot_offset = 0x0,
    .uf2_family = 0xb6dd00af,
    .crystal_mhz = 32,
    .encrypt_align = 16,
    SPI_LATER (0x60003000),
    .uart_clkdiv = 0x60000014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x600b4000,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_48,
    .boot_gpio = 14 },
  { .id = FG_CHIP_ESP32H4,
    .name = "ESP32-H4",
    .image_chip_id = 28,
    .boot_offset = 0x2000,
    .uf2_family = 0x9e0baa8a,
    .crystal_mhz = 32,
    .encrypt_align = 16,
    SPI_LATER (0x60099000),
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x600b1800,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_48,
    .boot_gpio = 14 },
  { .id = FG_CHIP_ESP32P4,
    .name = "ESP32-P4",
    .image_chip_id = 18,
    .boot_offset = 0x2000,
    .uf2_family = 0x3d308e94,
    .crystal_mhz = 40,
    .encrypt_align = 16,
    SPI_LATER (0x5008d000),
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x5012d000,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_80,
    .boot_gpio = 35 },
  { .id = FG_CHIP_ESP32S31,
    .name = "ESP32-S31",
    .image_chip_id = 32,
    .boot_offset = 0x2000,
    .uf2_family = 0x3101f7c1,
    .crystal_mhz = 40,
    .encrypt_align = 16,
    SPI_LATER (0x20501000),
    .uart_clkdiv_factor = 1,
    .efuse_base = 0x20715000,
    .efuse_mac = 0x50,
    .efuse_block1 = 0x50,
    .freq_table = FG_FREQ_TABLE_C5,
    .boot_gpio = 61 },
  { .id = FG_CHIP_ESP32E22,
    .name = "ESP32-E22",
    .image_chip_id = 31,
    .boot_offset = 0x0,
    .encrypt_align = 16,
    SPI_LATER (0xc3003000),
    .uart_clkdiv = 0xc3102014,
    .uart_clkdiv_factor = 1,
    .efuse_base = 0xc4008000,
    .efuse_mac = 0x44,
    .efuse_block1 = 0x44,
    .freq_table = FG_FREQ_TABLE_80,
    .boot_gpio = FG_BOOT_GPIO_UNKNOWN },
};

G_STATIC_ASSERT (G_N_ELEMENTS (chips) == FG_N_CHIPS);

/**
 * fg_chip_get:
 *
 * Returns: (transfer none): the row of @id; static
 */
const FgChip *
fg_chip_get (FgChipId id)
{
  g_return_val_if_fail (id < FG_N_CHIPS, NULL);
  return &chips[id];
}

/**
 * fg_chip_by_magic:
 * @magic: the word at 0x40001000
 *
 * Returns: (nullable) (transfer none): %NULL when no chip has this magic value
 */
const FgChip *
fg_chip_by_magic (guint32 magic)
{
  for (guint i = 0; i < G_N_ELEMENTS (chips); i++)
    if (chips[i].magic != 0 && chips[i].magic == magic)
      return &chips[i];
  return NULL;
}

/**
 * fg_chip_by_image_id:
 * @image_chip_id: from an image's extended header or from GET_SECURITY_INFO
 *
 * Returns: (nullable) (transfer none): %NULL when no chip has this number
 */
const FgChip *
fg_chip_by_image_id (int image_chip_id)
{
  for (guint i = 0; i < G_N_ELEMENTS (chips); i++)
    if (chips[i].image_chip_id >= 0 && chips[i].image_chip_id == image_chip_id)
      return &chips[i];
  return NULL;
}
