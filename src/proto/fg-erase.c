/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Erases go through raw SPI commands: in blocks of 64 KB where whole ones lie in what is to be
 * erased, each with its progress, and cancelled between two. Where the flash does not hear a raw
 * write enable, the ROM's FLASH_BEGIN erases, as far as it can do so without touching a sector that
 * nobody named.
 */

#include "fg-erase.h"

#include "fg-error.h"
#include "fg-rom-erase.h"

#define BLOCK_64K 0x10000u
#define SECTORS_PER_64K (BLOCK_64K / FG_SECTOR_SIZE)
/* Typical for a W25Q32: Winbond data sheet. */
#define BLOCK_SECONDS 0.150
#define ROM_BLOCK 0x1800u

/** fg_erase_seconds: Returns: how long erasing @bytes is expected to take */
double
fg_erase_seconds (double bytes)
{
  return bytes / BLOCK_64K * BLOCK_SECONDS;
}

/* A length that the ROM erases exactly, at most @length: an odd count of sectors inside one block
 * would take the next sector with it. 0: there is none. */
static guint32
exact_rom_length (guint32 offset, guint32 length)
{
  for (; length > 0; length -= FG_SECTOR_SIZE) {
    guint32 argument = fg_rom_erase_size (offset, length);

    if (fg_rom_erased_sectors (offset, argument) * FG_SECTOR_SIZE == length)
      return length;
  }
  return 0;
}

static gboolean
rom_can_erase (guint32 offset, guint32 length)
{
  guint32 end = offset + length;

  for (guint32 step; offset < end; offset += step) {
    step = exact_rom_length (offset, end - offset);
    if (step == 0)
      return FALSE;
  }
  return TRUE;
}

/* Takes @cause: why the raw way did not work. */
static gboolean
erase_by_rom (FgSession *session, guint32 offset, guint32 length, GError *cause, GError **error)
{
  fg_report_log (session->reporter, FG_LOG_WARNING, "%s: erasing through the ROM instead",
                 cause->message);
  if (!rom_can_erase (offset, length)) {
    g_propagate_prefixed_error (
        error, cause, "the ROM would erase 0x%X too, which is not part of this: ", offset + length);
    return FALSE;
  }
  for (guint32 end = offset + length, step; offset < end; offset += step) {
    step = exact_rom_length (offset, end - offset);
    if (!fg_spi_flash_restore (&session->spi, error)
        || !fg_loader_flash_begin (&session->loader, fg_rom_erase_size (offset, step),
                                   step / ROM_BLOCK + 1, ROM_BLOCK, offset, error)) {
      g_error_free (cause);
      return FALSE;
    }
  }
  g_error_free (cause);
  return TRUE;
}

static guint32
raw_step (guint32 offset, guint32 length)
{
  return offset % BLOCK_64K == 0 && length >= BLOCK_64K ? BLOCK_64K : FG_SECTOR_SIZE;
}

typedef void (*ErasedFunc) (guint32 offset, guint32 length, gpointer data);

static gboolean
erase (FgSession *session,
       guint32 offset,
       guint32 length,
       ErasedFunc erased,
       gpointer data,
       GError **error)
{
  guint32 end = offset + length;

  for (guint32 step; offset < end; offset += step) {
    GError *failure = NULL;

    step = raw_step (offset, end - offset);
    if (!fg_session_erase (session, offset, step, &failure)) {
      if (!g_error_matches (failure, FG_ERROR, FG_ERROR_ERASE)) {
        g_propagate_error (error, failure);
        return FALSE;
      }
      step = end - offset;
      if (!erase_by_rom (session, offset, step, failure, error))
        return FALSE;
    }
    erased (offset, step, data);
  }
  return TRUE;
}

typedef struct {
  FgSession *session; /* (unowned) */
  FgSectors *sectors; /* (unowned) (nullable) */
  guint index;        /* of the next sector */
  guint64 done;       /* bytes of the phase */
} Erasing;

static void
on_range_erased (guint32 offset, guint32 length, gpointer data)
{
  Erasing *self = data;
  const FgReporter *reporter = self->session->reporter;

  if (reporter != NULL && reporter->sectors != NULL)
    reporter->sectors (offset, length, FG_SECTOR_ERASED, reporter->data);
  self->done += length;
  fg_meter_update (&self->session->meter, self->done, offset);
}

/**
 * fg_erase_range:
 * @offset: bytes; a multiple of 4 KB
 * @length: bytes; a multiple of 4 KB
 *
 * Returns: %FALSE with %FG_ERROR_ERASE or an error of the loader set
 */
gboolean
fg_erase_range (FgSession *session, guint32 offset, guint32 length, GError **error)
{
  Erasing self = { .session = session };

  fg_meter_expect (&session->meter, FG_PHASE_ERASE, fg_erase_seconds (length));
  fg_meter_enter (&session->meter, FG_PHASE_ERASE, length);
  fg_report_log (session->reporter, FG_LOG_INFO, "Erasing 0x%X to 0x%X", offset,
                 offset + length - 1);
  return erase (session, offset, length, on_range_erased, &self, error);
}

static void
on_sectors_erased (guint32 offset, guint32 length, gpointer data)
{
  Erasing *self = data;

  fg_sectors_mark (self->sectors, self->index, length / FG_SECTOR_SIZE, FG_SECTOR_ERASED);
  self->index += length / FG_SECTOR_SIZE;
  self->done += length;
  fg_meter_update (&self->session->meter, self->done, offset);
}

/**
 * fg_erase_planned:
 *
 * All sectors that are planned; they are erased then.
 */
gboolean
fg_erase_planned (FgSession *session, FgSectors *sectors, GError **error)
{
  Erasing self = { .session = session, .sectors = sectors };
  guint planned = fg_sectors_count (sectors, FG_SECTOR_PLANNED);

  fg_meter_enter (&session->meter, FG_PHASE_ERASE, (guint64) planned * FG_SECTOR_SIZE);
  while (self.index < sectors->list->len) {
    guint run = fg_sectors_run (sectors, self.index, FG_SECTOR_PLANNED, G_MAXUINT);

    if (run == 0)
      self.index++;
    else if (!erase (session, fg_sectors_at (sectors, self.index)->address, run * FG_SECTOR_SIZE,
                     on_sectors_erased, &self, error))
      return FALSE;
  }
  return TRUE;
}
