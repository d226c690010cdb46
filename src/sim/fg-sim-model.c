/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-model.h"

#include <string.h>

#define MIB (1024u * 1024u)

/* Word and bits in a block of eFuses: the first word after "block" is its word 0. */
#define FUSE(block, word, shift, bits)                                                             \
  {                                                                                                \
    (block) + 4 * (word), (shift), (bits)                                                          \
  }
#define ONE(block, word, shift, bits)                                                              \
  {                                                                                                \
    FUSE (block, word, shift, bits)                                                                \
  }

/* Where most later chips have their blocks. */
#define BLOCK_0 0x2c
#define BLOCK_1 0x44

/* Beside the chip's own: not in PROTOCOL-FACTS but in the technical reference manuals of S2, S3,
 * C3, C6 and H2 (EFUSE_RD_REPEAT_DATA1_REG and _DATA2_REG). */
#define SECURITY_FUSES                                                                             \
  [FG_SIM_FUSE_CRYPT_COUNT] = ONE (BLOCK_0, 2, 18, 3), [FG_SIM_FUSE_SECURE_BOOT] =                 \
                                                           ONE (BLOCK_0, 3, 20, 1)

static const FgSimSpiLayout spi_esp8266 = {
  .usr = 0x1c,
  .usr1 = 0x20,
  .usr2 = 0x24,
  .w0 = 0x40,
  .address_on_top = TRUE,
  .has_flash_commands = TRUE,
};

static const FgSimSpiLayout spi_esp32 = {
  .usr = 0x1c,
  .usr1 = 0x20,
  .usr2 = 0x24,
  .mosi_len = 0x28,
  .miso_len = 0x2c,
  .w0 = 0x80,
  .address_on_top = TRUE,
};

static const FgSimSpiLayout spi_later = {
  .usr = 0x18,
  .usr1 = 0x1c,
  .usr2 = 0x20,
  .mosi_len = 0x24,
  .miso_len = 0x28,
  .w0 = 0x58,
};

static const guint8 majors_esp32[4] = { 0, 1, 3, 7 };

static const FgSimModel models[] = {
  {
      .name = "esp8266",
      .title = "ESP8266EX",
      .chip_id = -1,
      .magic = 0xFFF0C101,
      .begin_len = 16,
      .status_len = 2,
      .flash_known = 4 * MIB,
      .default_flash = 4,
      .crystals = { 26, 40 },
      .clock_factor = 2,
      .spi = 0x60000200,
      .uart = 0x60000000,
      .efuse = 0x3FF00050,
      .efuse_len = 16,
      .spi_layout = &spi_esp8266,
  },
  {
      .name = "esp32",
      .title = "ESP32",
      .chip_id = -1,
      .magic = 0x00F01D83,
      .begin_len = 16,
      .status_len = 4,
      .flash_known = 2 * MIB,
      .default_flash = 4,
      .crystals = { 40, 26 },
      .clock_factor = 1,
      .spi = 0x3FF42000,
      .uart = 0x3FF40000,
      .efuse = 0x3FF5A000,
      .efuse_len = 0x100,
      .spi_layout = &spi_esp32,
      .strap = 0x3FF44038,
      .clock_check = 0x3FF5F06C,
      .date = 0x3FF6607C,
      .mac = 0x04,
      .default_revision = 300,
      .majors = majors_esp32,
      .fuses = {
        [FG_SIM_FUSE_PACKAGE] = { FUSE (0, 3, 9, 3), FUSE (0, 3, 2, 1) },
        [FG_SIM_FUSE_MINOR] = ONE (0, 5, 24, 2),
        [FG_SIM_FUSE_MAJOR] = { FUSE (0, 3, 15, 1), FUSE (0, 5, 20, 1) },
        [FG_SIM_FUSE_CRYPT_COUNT] = ONE (0, 0, 20, 7),
        [FG_SIM_FUSE_SECURE_BOOT] = ONE (0, 6, 4, 2), /* code 1: version 1, code 2: version 2 */
        [FG_SIM_FUSE_CLOCK] = ONE (0, 4, 0, 8),
      },
      .image_at = 0x1000,
      .boot = {
        .first_lines = "ets Jul 29 2019 12:21:46\r\n\r\n",
        .flash = 0x13,
        .loader = 0x03,
        .loader_name = "DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2)",
        .long_reset_names = TRUE,
        .after_end = "\r\nuser code done\r\nFalling back to built-in command interpreter.\r\n"
                     "OK\r\n>",
      },
  },
  {
      .name = "esp32s3",
      .title = "ESP32-S3",
      .chip_id = 9,
      .security_len = 20,
      .has_secure_download = TRUE,
      .begin_len = 20,
      .status_len = 4,
      .flash_known = 2 * MIB,
      .default_flash = 8,
      .crystals = { 40 },
      .clock_factor = 1,
      .spi = 0x60002000,
      .uart = 0x60000000,
      .efuse = 0x60007000,
      .efuse_len = 0x200,
      .spi_layout = &spi_later,
      .strap = 0x60004038,
      .force_download = 0x6000812C,
      .mac = 0x44,
      .default_revision = 2,
      .fuses = {
        [FG_SIM_FUSE_PACKAGE] = ONE (BLOCK_1, 3, 21, 3),
        [FG_SIM_FUSE_MINOR] = { FUSE (BLOCK_1, 3, 18, 3), FUSE (BLOCK_1, 5, 23, 1) },
        [FG_SIM_FUSE_MAJOR] = ONE (BLOCK_1, 5, 24, 2),
        [FG_SIM_FUSE_FLASH] = ONE (BLOCK_1, 3, 27, 3),
        [FG_SIM_FUSE_VENDOR] = ONE (BLOCK_1, 4, 0, 3),
        [FG_SIM_FUSE_PSRAM] = { FUSE (BLOCK_1, 4, 3, 2), FUSE (BLOCK_1, 5, 19, 1) },
        SECURITY_FUSES,
      },
      .flash_mb = { 0, 8, 4 },
      .psram_mb = { 0, 8, 2, 16, 4 },
      .has_usb_jtag = TRUE,
      .has_usb_otg = TRUE,
      .watchdog = { 0x60008098, 0x6000809C, 0x600080B0, 0x600080B4, 0x600080B8, 0x8F1D312A, 31 },
      .boot = {
        .first_lines = "ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\n",
        .flash = 0x8,
        .loader = 0x0,
        .loader_name = "DOWNLOAD(USB/UART0)",
      },
  },
  {
      .name = "esp32c3",
      .title = "ESP32-C3",
      .chip_id = 5,
      .security_len = 20,
      .has_secure_download = TRUE,
      .begin_len = 20,
      .status_len = 4,
      .flash_known = 2 * MIB,
      .default_flash = 4,
      .crystals = { 40 },
      .clock_factor = 1,
      .spi = 0x60002000,
      .uart = 0x60000000,
      .efuse = 0x60008800,
      .efuse_len = 0x200,
      .spi_layout = &spi_later,
      .mac = 0x44,
      .default_revision = 4,
      .fuses = {
        [FG_SIM_FUSE_PACKAGE] = ONE (BLOCK_1, 3, 21, 3),
        [FG_SIM_FUSE_MINOR] = { FUSE (BLOCK_1, 3, 18, 3), FUSE (BLOCK_1, 5, 23, 1) },
        [FG_SIM_FUSE_MAJOR] = ONE (BLOCK_1, 5, 24, 2),
        [FG_SIM_FUSE_FLASH] = ONE (BLOCK_1, 3, 27, 3),
        [FG_SIM_FUSE_VENDOR] = ONE (BLOCK_1, 4, 0, 3),
        SECURITY_FUSES,
      },
      .flash_mb = { 0, 4, 2, 1, 8 },
      .has_usb_jtag = TRUE,
      .watchdog = { 0x60008090, 0x60008094, 0x600080A8, 0x600080AC, 0x600080B0, 0x8F1D312A, 31 },
      .boot = {
        .first_lines = "ESP-ROM:esp32c3-api1-20210207\r\nBuild:Feb  7 2021\r\n",
        .flash = 0xc,
        .loader = 0x4,
        .loader_name = "DOWNLOAD(USB/UART0/1)",
      },
  },
};

/** fg_sim_model_get_esp8266: Returns: the one that comes in variants: see fg-sim-efuse */
const FgSimModel *
fg_sim_model_get_esp8266 (void)
{
  return &models[0];
}

/** fg_sim_model_find: Returns: (nullable): the chip a specification calls @name */
const FgSimModel *
fg_sim_model_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    if (strcmp (models[i].name, name) == 0)
      return &models[i];
  return NULL;
}

/** fg_sim_model_list: Returns: (transfer full): the names of all but the ESP8266, for messages */
char *
fg_sim_model_list (void)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (gsize i = 1; i < G_N_ELEMENTS (models); i++)
    g_string_append_printf (list, "%s%s", i == 1 ? "" : ", ", models[i].name);
  return g_string_free (g_steal_pointer (&list), FALSE);
}
