/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said of each chip, from eFuse words that are composed here, bit by bit, after
 * PROTOCOL-FACTS 4 and 5: never from what the code thinks. */

#include "chip-cases.h"
#include "fg-attach.h"
#include "fg-baud.h"
#include "fg-connect.h"
#include "fg-error.h"
#include "fg-test-loader.h"
#include "fg-watchdog.h"

typedef struct {
  FgTestLoader *board;
  FgLoader loader;
  guint8 security[20];
} Rig;

static void
rig_init (Rig *self)
{
  memset (self, 0, sizeof *self);
  self->board = fg_test_loader_new ();
  fg_loader_init (&self->loader, &self->board->wire, NULL, NULL);
  self->loader.baud = 115200;
}

static void
rig_clear (Rig *self)
{
  fg_loader_clear (&self->loader);
  fg_transport_free (&self->board->wire);
}

static void
rig_set_case (Rig *self, const Case *c)
{
  fg_test_loader_set (self->board, MAGIC, c->magic);
  for (const Bits *bits = c->bits; bits->address != 0; bits++)
    fg_test_loader_set (self->board, bits->address,
                        fg_test_loader_get (self->board, bits->address)
                            | bits->value << bits->shift);
  if (c->security_len == 0)
    return;
  self->board->security = self->security;
  self->board->security_len = c->security_len;
  if (c->chip_id != NO_ID)
    fg_put_u32 (self->security + 12, c->chip_id);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (FgBoardInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *mac = NULL;
  g_autofree char *eui64 = NULL;
  g_autofree char *features = NULL;
  Rig rig;

  rig_init (&rig);
  rig_set_case (&rig, c);
  info = fg_identify (&rig.loader, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (rig.board->ops->str, "14 "));
  mac = fg_board_info_dup_mac (info);
  eui64 = fg_board_info_dup_eui64 (info);
  g_ptr_array_add (info->features, NULL);
  features = g_strjoinv (", ", (char **) info->features->pdata);
  g_ptr_array_set_size (info->features, (int) info->features->len - 1);
  g_assert_cmpstr (info->chip->name, ==, c->chip);
  g_assert_cmpstr (info->variant, ==, c->variant);
  g_assert_cmpint (info->revision, ==, c->revision);
  g_assert_cmpstr (mac, ==, c->mac);
  g_assert_cmpstr (eui64, ==, c->eui64);
  g_assert_cmpuint (info->crystal_mhz, ==, c->crystal);
  g_assert_cmpuint (info->embedded_size, ==, c->embedded);
  g_assert_cmpuint (info->psram_size, ==, c->psram);
  g_assert_cmpstr (features, ==, c->features);
  g_assert_true (info->security.known);
  g_assert_true (fg_security_is_open (&info->security));
  rig_clear (&rig);
}

/* Every chip of the table must be among the cases. */
static void
test_complete (void)
{
  for (guint i = FG_CHIP_ESP32; i < FG_N_CHIPS; i++) {
    gboolean found = FALSE;

    for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
      found |= g_str_equal (cases[k].chip, fg_chip_get ((FgChipId) i)->name);
    g_assert_true (found);
  }
}

/* 2.1: the words of the reply, and what they forbid. */
typedef struct {
  const char *name;
  guint32 flags;
  guint8 crypt_count;
  const char *text;
} SecurityCase;

static const SecurityCase security_cases[] = {
  { "open", 0, 0, "none" },
  { "secure-boot", 1 << 0, 0, "secure boot" },
  { "encryption-1", 0, 1, "flash encryption" },
  { "encryption-3-bits", 0, 7, "flash encryption" },
  { "encryption-off-again", 0, 3, "none" },
  { "jtag-soft", 1 << 6, 0, "JTAG disabled" },
  { "jtag-hard", 1 << 7, 0, "JTAG disabled" },
  { "usb", 1 << 8, 0, "USB disabled" },
  { "all", 0x1c5, 1,
    "secure boot, flash encryption, secure download mode, JTAG disabled, USB disabled" },
};

static void
test_security (gconstpointer data)
{
  const SecurityCase *c = data;
  guint8 reply[20] = { 0 };
  g_autofree char *text = NULL;
  FgSecurity security;
  int chip_id;

  fg_put_u32 (reply, c->flags);
  reply[4] = c->crypt_count;
  reply[12] = 5;
  fg_security_read (reply, 20, &security, &chip_id);
  text = fg_security_to_text (&security);
  g_assert_cmpstr (text, ==, c->text);
  g_assert_cmpint (chip_id, ==, 5);
  fg_security_read (reply, 12, &security, &chip_id);
  g_assert_cmpint (chip_id, ==, -1);
}

/* 5.2: words 0 and 6. */
static void
test_security_of_esp32 (void)
{
  static const struct {
    guint32 w0, w6;
    gboolean v3;
    const char *text;
  } rows[] = {
    { 0, 0, TRUE, "none" },
    { 1 << 20, 0, FALSE, "flash encryption" },
    { 3 << 20, 0, FALSE, "none" },
    { 0x7f << 20, 1 << 4, FALSE, "secure boot (version 1), flash encryption" },
    { 0, 1 << 5, FALSE, "none" },
    { 0, 1 << 5, TRUE, "secure boot" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (FgBoardInfo) info = NULL;
    g_autofree char *text = NULL;
    Rig rig;

    rig_init (&rig);
    fg_test_loader_set (rig.board, MAGIC, 0x00f01d83);
    fg_test_loader_set (rig.board, 0x3ff5a000, rows[i].w0);
    fg_test_loader_set (rig.board, 0x3ff5a018, rows[i].w6);
    fg_test_loader_set (rig.board, 0x3ff40014, 347);
    if (rows[i].v3) {
      fg_test_loader_set (rig.board, 0x3ff5a00c, 1 << 15);
      fg_test_loader_set (rig.board, 0x3ff5a014, 1 << 20);
      fg_test_loader_set (rig.board, 0x3ff6607c, 1u << 31);
    }
    info = fg_identify (&rig.loader, NULL);
    g_assert_nonnull (info);
    text = fg_security_to_text (&info->security);
    g_assert_cmpstr (text, ==, rows[i].text);
    rig_clear (&rig);
  }
}

/* Nothing but the chip's name can be told, and no register is touched. */
static void
test_secure_download (void)
{
  g_autoptr (FgBoardInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  FgSpiFlash spi;
  Rig rig;

  rig_init (&rig);
  rig.board->no_registers = TRUE;
  rig.board->security = rig.security;
  rig.board->security_len = 20;
  rig.security[0] = 1 << 2;
  rig.security[12] = 9;
  info = fg_identify (&rig.loader, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->chip->name, ==, "ESP32-S3");
  g_assert_true (info->security.secure_download);
  g_assert_false (info->has_mac);
  g_assert_cmpint (info->revision, ==, -1);
  g_assert_cmpuint (info->crystal_mhz, ==, 40);
  fg_spi_flash_init (&spi, &rig.loader, info->chip, 12);
  g_assert_true (fg_attach_flash (&spi, info, &error));
  g_assert_true (fg_identify_flash (&spi, info, &error));
  g_assert_cmpuint (info->flash_size, ==, 0);
  g_assert_cmpstr (rig.board->ops->str, ==, "14 0d");
  rig_clear (&rig);
}

static void
test_secure_download_s2 (void)
{
  g_autoptr (FgBoardInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  Rig rig;

  rig_init (&rig);
  rig.board->no_registers = TRUE;
  rig.board->security = rig.security;
  rig.board->security_len = 12;
  rig.security[0] = 1 << 2;
  info = fg_identify (&rig.loader, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->chip->name, ==, "ESP32-S2");
  g_assert_true (info->security.secure_download);
  rig_clear (&rig);
}

/* What is not in the table is told with what was read. */
static void
test_unknown (void)
{
  g_autoptr (GError) by_id = NULL;
  g_autoptr (GError) by_word = NULL;
  Rig rig;

  rig_init (&rig);
  rig.board->security = rig.security;
  rig.board->security_len = 20;
  rig.security[12] = 4; /* ESP32-S3 beta 2 */
  g_assert_null (fg_identify (&rig.loader, &by_id));
  g_assert_error (by_id, FG_ERROR, FG_ERROR_UNKNOWN_CHIP);
  g_assert_cmpstr (by_id->message, ==, "the chip is not known: it says that its id is 4 (0x4)");
  rig_clear (&rig);

  rig_init (&rig);
  fg_test_loader_set (rig.board, MAGIC, 0xdeadbeef);
  g_assert_null (fg_identify (&rig.loader, &by_word));
  g_assert_error (by_word, FG_ERROR, FG_ERROR_UNKNOWN_CHIP);
  g_assert_cmpstr (by_word->message, ==,
                   "the chip is not known: its word at 0x40001000 is 0xDEADBEEF");
  rig_clear (&rig);
}

static void
test_flash_id (gconstpointer data)
{
  const FgChip *chip = data;
  g_autoptr (FgBoardInfo) info = fg_board_info_new (chip);
  g_autoptr (GError) error = NULL;
  FgSpiFlash spi;
  Rig rig;

  rig_init (&rig);
  rig.board->spi_base = chip->spi_base;
  rig.board->spi_w0 = chip->id == FG_CHIP_ESP32 ? 0x80 : 0x58;
  rig.board->flash_id = 0x1840c8; /* garbage above the 24 bits is cut */
  rig.board->flash_id |= 0x5a000000;
  fg_spi_flash_init (&spi, &rig.loader, chip, 12);
  g_assert_true (fg_attach_flash (&spi, info, &error));
  g_assert_true (fg_identify_flash (&spi, info, &error));
  g_assert_cmpuint (info->flash_size, ==, 16 * MIB);
  g_assert_cmpstr (info->flash_name, ==, "GD25Q128");
  g_assert_cmpuint (rig.board->attach_len, ==, 8);
  /* 7.1: eight bits of command 9F, nothing out, 24 bits back */
  g_assert_cmphex (fg_test_loader_get (rig.board, chip->spi_base + chip->spi_usr2), ==, 0x7000009f);
  g_assert_cmphex (fg_test_loader_get (rig.board, chip->spi_base + chip->spi_usr), ==, 0x90000000);
  g_assert_cmpuint (fg_test_loader_get (rig.board, chip->spi_base + chip->spi_miso_dlen), ==, 23);
  g_assert_true (fg_attach_set_size (&rig.loader, chip, info->flash_size, &error));
  g_assert_cmphex (rig.board->flash_size, ==, 0x1000000);
  rig_clear (&rig);
}

/* 16: clk 6 q 17 d 8 hd 11 cs 16 is 0B408446. */
static void
test_pads (void)
{
  g_autoptr (FgBoardInfo) info = NULL;
  FgSpiFlash spi;
  Rig rig;

  rig_init (&rig);
  fg_test_loader_set (rig.board, MAGIC, 0x00f01d83);
  fg_test_loader_set (rig.board, 0x3ff40014, 347);
  fg_test_loader_set (rig.board, 0x3ff5a014, 6 | 17 << 5 | 8 << 10 | 16 << 15);
  fg_test_loader_set (rig.board, 0x3ff5a00c, 11 << 4);
  info = fg_identify (&rig.loader, NULL);
  fg_spi_flash_init (&spi, &rig.loader, info->chip, 12);
  g_assert_true (fg_attach_flash (&spi, info, NULL));
  g_assert_cmphex (rig.board->attached, ==, 0x0b408446);
  rig_clear (&rig);
}

static void
test_size_conflict (void)
{
  g_autoptr (FgBoardInfo) info = fg_board_info_new (fg_chip_get (FG_CHIP_ESP32C3));
  g_autofree char *none = NULL;
  g_autofree char *conflict = NULL;

  info->embedded_size = info->flash_size = 4 * MIB;
  none = fg_board_info_dup_size_conflict (info);
  g_assert_null (none);
  info->flash_size = 2 * MIB;
  info->flash_id = 0x1540ef;
  conflict = fg_board_info_dup_size_conflict (info);
  g_assert_cmpstr (conflict, ==, "The flash says 2 MB by its id (1540EF) and the eFuses say 4 MB");
}

/* 6.2: what must be asked for, so that the ROM does the rate. */
typedef struct {
  const char *name;
  FgChipId chip;
  guint crystal;
  Bits bits[2];
  guint32 efuse_rc; /* ESP32: word 4 */
  guint baud;
  guint32 asked;
} BaudCase;

static const BaudCase baud_cases[] = {
  { "c3", FG_CHIP_ESP32C3, 40, { { 0 } }, 0, 921600, 921600 },
  { "c2-26", FG_CHIP_ESP32C2, 26, { { 0 } }, 0, 460800, 708923 },
  { "c2-40", FG_CHIP_ESP32C2, 40, { { 0 } }, 0, 460800, 460800 },
  { "c5-48-believes-40", FG_CHIP_ESP32C5, 48, { { 0x60096110, 24, 40 } }, 0, 921600, 768000 },
  { "c5-40-believes-48", FG_CHIP_ESP32C5, 40, { { 0x60096110, 24, 48 } }, 0, 921600, 1105920 },
  { "c5-48-knows-it", FG_CHIP_ESP32C5, 48, { { 0x60096110, 24, 48 } }, 0, 921600, 921600 },
  /* 13107 * 15625 * 8 / 40 = 40.959375 MHz is believed to be what is 40 */
  { "esp32-drifted", FG_CHIP_ESP32, 40, { { 0x3ff5f06c, 7, 13107 } }, 8, 921600, 943704 },
  { "esp32-26", FG_CHIP_ESP32, 26, { { 0x3ff5f06c, 7, 8320 } }, 8, 921600, 921600 },
  { "esp32-not-measured", FG_CHIP_ESP32, 40, { { 0 } }, 0, 460800, 460800 },
};

static void
test_baud (gconstpointer data)
{
  const BaudCase *c = data;
  g_autoptr (FgBoardInfo) info = fg_board_info_new (fg_chip_get (c->chip));
  g_autoptr (GError) error = NULL;
  Rig rig;

  rig_init (&rig);
  for (const Bits *bits = c->bits; bits->address != 0; bits++)
    fg_test_loader_set (rig.board, bits->address, bits->value << bits->shift);
  info->crystal_mhz = c->crystal;
  info->efuse[4] = c->efuse_rc;
  g_assert_true (fg_baud_command (&rig.loader, info, c->baud, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (rig.board->baud_asked, ==, c->asked);
  g_assert_cmpuint (rig.board->baud, ==, c->baud);
  g_assert_cmpuint (rig.loader.baud, ==, c->baud);
  rig_clear (&rig);
}

/* 4.3: on the chip's own USB port the watchdogs must not bite. */
static void
test_watchdogs (void)
{
  g_autoptr (FgBoardInfo) info = NULL;
  Rig rig;

  rig_init (&rig);
  rig.board->wire.usb_vendor = 0x303a;
  rig.board->wire.usb_product = 0x1001;
  rig.board->security = rig.security;
  rig.board->security_len = 20;
  rig.security[12] = 9;
  fg_test_loader_set (rig.board, 0x60008098, 0xffffffff);
  info = fg_identify (&rig.loader, NULL);
  g_assert_nonnull (info);
  g_assert_cmphex (fg_test_loader_get (rig.board, 0x60008098), ==, 0);
  g_assert_cmphex (fg_test_loader_get (rig.board, 0x600080b0), ==, 0);
  g_assert_cmphex (fg_test_loader_get (rig.board, 0x600080b4), ==, 1u << 31);
  g_assert_cmphex (fg_test_loader_get (rig.board, 0x600080b8), ==, 0);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/identify/%s", cases[i].name);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/identify/complete", test_complete);
  for (guint i = 0; i < G_N_ELEMENTS (security_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/security/%s", security_cases[i].name);
    g_test_add_data_func (path, &security_cases[i], test_security);
  }
  g_test_add_func ("/security/esp32", test_security_of_esp32);
  g_test_add_func ("/security/download-mode", test_secure_download);
  g_test_add_func ("/security/download-mode-s2", test_secure_download_s2);
  g_test_add_func ("/identify/unknown", test_unknown);
  for (guint i = FG_CHIP_ESP32; i < FG_N_CHIPS; i++) {
    const FgChip *chip = fg_chip_get ((FgChipId) i);
    g_autofree char *path = g_strdup_printf ("/flash-id/%s", chip->name);
    g_test_add_data_func (path, chip, test_flash_id);
  }
  g_test_add_func ("/flash-id/pads", test_pads);
  g_test_add_func ("/flash-id/conflict", test_size_conflict);
  for (guint i = 0; i < G_N_ELEMENTS (baud_cases); i++) {
    g_autofree char *path = g_strdup_printf ("/baud/%s", baud_cases[i].name);
    g_test_add_data_func (path, &baud_cases[i], test_baud);
  }
  g_test_add_func ("/watchdog/usb-jtag", test_watchdogs);
  return g_test_run ();
}
