/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-fuses.h"

#include <string.h>

/* ESP32 packages with the flash inside, on pads of their own; the pads are those of the vector in
 * PROTOCOL-FACTS 16: clock 6, Q 17, D 8, HD 11, chip select 16. */
#define PADS_WORD_3 (11u << 4)
#define PADS_WORD_5 (6u | 17u << 5 | 8u << 10 | 16u << 15)
/* The usual factory calibration, 8.5 MHz in units of 100 kHz. */
#define CLOCK_8M5 85u
/* PROTOCOL-FACTS 5.2: from here on there is secure boot version 2. */
#define REVISION_OF_V2 300

static void
burn_part (guint32 *words, const FgSimFuse *fuse, guint32 value)
{
  words[fuse->offset / 4] |= (value & ((1u << fuse->bits) - 1)) << fuse->shift;
}

/* Returns whether there was room for the whole number. */
static gboolean
burn (const FgSimModel *model, FgSimFuseId id, guint32 value, guint32 *words)
{
  const FgSimFuseNumber *number = &model->fuses[id];

  burn_part (words, &number->low, value);
  burn_part (words, &number->high, value >> number->low.bits);
  return value >> (number->low.bits + number->high.bits) == 0;
}

static guint32
read_part (const guint32 *words, const FgSimFuse *fuse)
{
  return words[fuse->offset / 4] >> fuse->shift & ((1u << fuse->bits) - 1);
}

/** fg_sim_fuses_read: Returns: the number as it is burnt, 0 when the chip has no place for it */
guint32
fg_sim_fuses_read (const FgSimModel *model, FgSimFuseId id, const guint32 words[FG_SIM_FUSE_WORDS])
{
  const FgSimFuseNumber *number = &model->fuses[id];

  return read_part (words, &number->low) | read_part (words, &number->high) << number->low.bits;
}

/** fg_sim_fuses_get_pads: Returns: the value of SPI_ATTACH that reaches the chip's flash */
guint32
fg_sim_fuses_get_pads (const FgSimModel *model, const guint32 words[FG_SIM_FUSE_WORDS])
{
  guint32 pads = words[5];

  if (model->date == 0) /* only the ESP32 has them in its eFuses */
    return 0;
  return (words[3] >> 4 & 0x1f) << 24 | (pads >> 15 & 0x1f) << 18 | (pads >> 10 & 0x1f) << 12
         | (pads >> 5 & 0x1f) << 6 | (pads & 0x1f);
}

static void
burn_mac (const FgSimModel *model, const FgSimIdentity *identity, guint32 *words)
{
  const guint8 *mac = identity->mac;
  guint32 *place = &words[model->mac / 4];

  place[0] |= (guint32) mac[2] << 24 | (guint32) mac[3] << 16 | (guint32) mac[4] << 8 | mac[5];
  place[1] |= (guint32) mac[0] << 8 | mac[1];
  if (model->has_eui64)
    place[1] |= (guint32) identity->mac_extension << 16;
}

static gboolean
refuse (const FgSimModel *model, GError **error, const char *what, guint value)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "simulated board: %u is no %s of an %s", value, what, model->title);
  return FALSE;
}

static gboolean
burn_size (const FgSimModel *model, FgSimFuseId id, guint mb, guint32 *words, GError **error)
{
  const guint8 *sizes = id == FG_SIM_FUSE_FLASH ? model->flash_mb : model->psram_mb;

  for (guint code = 1; mb != 0 && code < G_N_ELEMENTS (model->flash_mb); code++)
    if (sizes[code] == mb)
      return burn (model, id, code, words);
  if (mb == 0)
    return TRUE;
  return refuse (model, error,
                 id == FG_SIM_FUSE_FLASH ? "embedded flash size in MB" : "PSRAM size in MB", mb);
}

static gboolean
burn_revision (const FgSimModel *model, guint revision, guint32 *words)
{
  guint major = revision / 100;

  if (!burn (model, FG_SIM_FUSE_MINOR, revision % 100, words))
    return FALSE;
  if (model->majors == NULL)
    return burn (model, FG_SIM_FUSE_MAJOR, major, words);
  if (major > 3)
    return FALSE;
  burn (model, FG_SIM_FUSE_MAJOR, model->majors[major], words); /* what is left is in a register */
  return TRUE;
}

static void
burn_security (const FgSimModel *model, const FgSimIdentity *identity, guint32 *words)
{
  gboolean version_2 = model->majors != NULL && identity->revision >= REVISION_OF_V2;

  if (identity->secure_boot)
    burn (model, FG_SIM_FUSE_SECURE_BOOT, version_2 ? 2 : 1, words);
  if (identity->encryption)
    burn (model, FG_SIM_FUSE_CRYPT_COUNT, 1, words);
}

/**
 * fg_sim_fuses_burn:
 * @words: burnt into: bits that are set stay set
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_ARGUMENT for what this chip cannot be
 */
gboolean
fg_sim_fuses_burn (const FgSimModel *model,
                   const FgSimIdentity *identity,
                   guint32 words[FG_SIM_FUSE_WORDS],
                   GError **error)
{
  burn_mac (model, identity, words);
  if (!burn (model, FG_SIM_FUSE_PACKAGE, identity->package, words))
    return refuse (model, error, "package", identity->package);
  if (!burn_revision (model, identity->revision, words))
    return refuse (model, error, "revision", identity->revision);
  if (!burn_size (model, FG_SIM_FUSE_FLASH, identity->flash_mb, words, error)
      || !burn_size (model, FG_SIM_FUSE_PSRAM, identity->psram_mb, words, error))
    return FALSE;
  if (!burn (model, FG_SIM_FUSE_VENDOR, identity->flash_vendor, words))
    return refuse (model, error, "flash vendor", identity->flash_vendor);
  burn_security (model, identity, words);
  burn (model, FG_SIM_FUSE_CLOCK, CLOCK_8M5, words);
  if (model->date != 0 && identity->package >= 2 && identity->package <= 6) {
    words[3] |= PADS_WORD_3;
    words[5] |= PADS_WORD_5;
  }
  return TRUE;
}
