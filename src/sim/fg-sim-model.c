/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-model.h"

#include <string.h>

#define MIB (1024u * 1024u)

#define FUSE FG_SIM_FUSE
#define ONE FG_SIM_FUSE_NUMBER

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
  for (gsize i = 0; i < fg_sim_n_later_models; i++)
    if (strcmp (fg_sim_later_models[i].name, name) == 0)
      return &fg_sim_later_models[i];
  return NULL;
}

/** fg_sim_model_list: Returns: (transfer full): the names of all but the ESP8266, for messages */
char *
fg_sim_model_list (void)
{
  g_autoptr (GString) list = g_string_new (models[1].name);

  for (gsize i = 0; i < fg_sim_n_later_models; i++)
    g_string_append_printf (list, ", %s", fg_sim_later_models[i].name);
  return g_string_free (g_steal_pointer (&list), FALSE);
}
