/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-flash.h"

#include "fg-sim-flash-store.h"

#include <string.h>

/* Typical figures of the W25Q32JV data sheet, section "AC electrical characteristics". */
#define ERASE_SECTOR_NS (45 * G_GINT64_CONSTANT (1000000))
#define ERASE_HALF_BLOCK_NS (120 * G_GINT64_CONSTANT (1000000))
#define ERASE_BLOCK_NS (150 * G_GINT64_CONSTANT (1000000))
#define ERASE_CHIP_NS_PER_4M (10 * G_GINT64_CONSTANT (1000000000))
#define WRITE_STATUS_NS (10 * G_GINT64_CONSTANT (1000000))
#define PROGRAM_PAGE_NS G_GINT64_CONSTANT (400000)
#define PROGRAM_FIRST_BYTE_NS G_GINT64_CONSTANT (30000)
#define PROGRAM_NEXT_BYTE_NS G_GINT64_CONSTANT (2500)

#define STATUS_BUSY 0x01
#define STATUS_WRITE_ENABLED 0x02
#define STATUS_PROTECT_MASK 0x1c /* BP2..BP0 */
#define STATUS_PROTECT_SHIFT 2
#define STATUS_PROTECT_BOTTOM 0x20
#define STATUS_WRITABLE 0xfc

struct _FgSimFlash {
  guint8 *data; /* (owned) see fg-sim-flash-store */
  gsize size;   /* bytes, a power of two */
  guint32 id;   /* as command 9F sends it, first byte lowest */
  gboolean dead;
  gboolean sfdp;
  gboolean datasheet;
  guint8 power_on_status;
  guint8 status, status2, status3;
  gboolean write_enabled;
  gboolean sleeping; /* deep power-down: only AB wakes it */
  gboolean reset_enabled;
  gint64 busy_until;
  FgSimFlashWork work;
  GArray *stuck;   /* (owned) (element-type guint32) */
  GArray *endless; /* (owned) (element-type guint32) whoever erases one of these waits for ever */
  gboolean protect_sticks;
};

/** fg_sim_flash_new: Returns: (transfer full): %NULL when the image file cannot be used */
FgSimFlash *
fg_sim_flash_new (const FgSimSpec *spec, GError **error)
{
  g_autoptr (FgSimFlash) self = g_new0 (FgSimFlash, 1);
  /* EF 40: Winbond W25Q; the third byte is the logarithm of the size (PROTOCOL-FACTS 7.2) */
  guint32 by_size = 0x40efu | (guint32) (g_bit_storage (spec->flash_size) - 1) << 16;

  self->size = spec->flash_size;
  self->id = spec->has_flash_id ? spec->flash_id : by_size;
  self->dead = self->id == 0xffffff || self->id == 0;
  self->sfdp = spec->sfdp;
  self->datasheet = spec->datasheet;
  self->power_on_status = (guint8) (spec->protect << STATUS_PROTECT_SHIFT);
  self->protect_sticks = spec->protect_sticks;
  self->stuck = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->endless = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < spec->faults->len; i++) {
    const FgSimFault *fault = &g_array_index (spec->faults, FgSimFault, i);
    guint32 address = (guint32) fault->value;

    if (fault->kind == FG_SIM_FAULT_STUCK)
      g_array_append_val (self->stuck, address);
    if (fault->kind == FG_SIM_FAULT_BUSY)
      g_array_append_val (self->endless, address);
  }
  self->data = fg_sim_flash_store_map (spec->image, self->size, error);
  if (self->data == NULL)
    return NULL;
  self->status = self->power_on_status;
  fg_sim_flash_power_on (self);
  return g_steal_pointer (&self);
}

void
fg_sim_flash_free (FgSimFlash *self)
{
  if (self == NULL)
    return;
  fg_sim_flash_store_unmap (self->data, self->size);
  g_array_unref (self->stuck);
  g_array_unref (self->endless);
  g_free (self);
}

/** fg_sim_flash_power_on: forgets what is volatile; the protection bits are not. */
void
fg_sim_flash_power_on (FgSimFlash *self)
{
  self->write_enabled = FALSE;
  self->sleeping = FALSE;
  self->reset_enabled = FALSE;
  self->busy_until = 0;
}

/** fg_sim_flash_busy_until: Returns: when the running erase or program ends, in nanoseconds */
gint64
fg_sim_flash_busy_until (const FgSimFlash *self)
{
  return self->busy_until;
}

const guint8 *
fg_sim_flash_get_data (const FgSimFlash *self, gsize *size)
{
  if (size != NULL)
    *size = self->size;
  return self->data;
}

const FgSimFlashWork *
fg_sim_flash_get_work (const FgSimFlash *self)
{
  return &self->work;
}

static guint8
status_byte (const FgSimFlash *self, gint64 now_ns)
{
  guint8 status = self->status;

  if (now_ns < self->busy_until)
    status |= STATUS_BUSY;
  if (self->write_enabled)
    status |= STATUS_WRITE_ENABLED;
  return status;
}

/* Block protection without SEC and CMP: BP = n protects 1/2^(7-n) of the chip. */
static gboolean
is_protected (const FgSimFlash *self, gsize address, gsize length)
{
  guint level = (self->status & STATUS_PROTECT_MASK) >> STATUS_PROTECT_SHIFT;
  gsize span;

  if (level == 0)
    return FALSE;
  span = self->size >> (7 - level);
  if (self->status & STATUS_PROTECT_BOTTOM)
    return address < span;
  return address + length > self->size - span;
}

static void
stay_busy (FgSimFlash *self, gint64 duration_ns, gint64 now_ns)
{
  if (!self->datasheet)
    duration_ns = 0;
  self->write_enabled = FALSE;
  self->busy_until = now_ns + duration_ns;
  self->work.busy_ns += duration_ns;
}

static void
erase (FgSimFlash *self, guint32 address, gsize unit, gint64 duration_ns, gint64 now_ns)
{
  gsize start = address & (self->size - 1) & ~(unit - 1);

  if (!self->write_enabled)
    return;
  self->write_enabled = FALSE;
  if (is_protected (self, start, unit))
    return;
  memset (self->data + start, 0xff, unit);
  self->work.erases++;
  stay_busy (self, duration_ns, now_ns);
  for (guint i = 0; i < self->endless->len; i++)
    if (g_array_index (self->endless, guint32, i) - start < unit)
      self->busy_until = G_MAXINT64;
}

static gboolean
is_stuck (const FgSimFlash *self, gsize address)
{
  for (guint i = 0; i < self->stuck->len; i++)
    if (g_array_index (self->stuck, guint32, i) == address)
      return TRUE;
  return FALSE;
}

/* More than a page wraps around within it, and the last bytes win. */
static void
program (FgSimFlash *self, const FgSimTransfer *transfer, gint64 now_ns)
{
  gsize base = transfer->address & (self->size - 1) & ~(gsize) (FG_SIM_PAGE_SIZE - 1);
  guint8 page[FG_SIM_PAGE_SIZE];
  gint64 duration_ns;

  if (!self->write_enabled || transfer->mosi_len == 0)
    return;
  self->write_enabled = FALSE;
  if (is_protected (self, base, FG_SIM_PAGE_SIZE))
    return;
  memset (page, 0xff, sizeof page);
  for (gsize i = 0; i < transfer->mosi_len; i++)
    page[(transfer->address + i) % FG_SIM_PAGE_SIZE] = transfer->mosi[i];
  for (gsize i = 0; i < sizeof page; i++)
    if (page[i] != 0xff && (self->stuck->len == 0 || !is_stuck (self, base + i)))
      self->data[base + i] &= page[i];
  self->work.programs++;
  duration_ns = PROGRAM_FIRST_BYTE_NS + (gint64) (transfer->mosi_len - 1) * PROGRAM_NEXT_BYTE_NS;
  stay_busy (self, MIN (duration_ns, PROGRAM_PAGE_NS), now_ns);
}

static void
write_status (FgSimFlash *self, const FgSimTransfer *transfer, gint64 now_ns)
{
  if (!self->write_enabled || transfer->mosi_len == 0)
    return;
  if (!self->protect_sticks)
    self->status = transfer->mosi[0] & STATUS_WRITABLE;
  if (transfer->mosi_len > 1)
    self->status2 = transfer->mosi[1];
  stay_busy (self, WRITE_STATUS_NS, now_ns);
}

static void
write_one_status (FgSimFlash *self, guint8 *which, const FgSimTransfer *transfer, gint64 now_ns)
{
  if (!self->write_enabled || transfer->mosi_len == 0)
    return;
  *which = transfer->mosi[0];
  stay_busy (self, WRITE_STATUS_NS, now_ns);
}

static void
read_array (const FgSimFlash *self, const FgSimTransfer *transfer, guint dummy_bits)
{
  /* with other dummy clocks than the opcode wants, the bits come out shifted: nothing useful */
  if (transfer->dummy_bits != dummy_bits)
    return;
  for (gsize i = 0; i < transfer->miso_len; i++)
    transfer->miso[i] = self->data[(transfer->address + i) & (self->size - 1)];
}

static void
read_sfdp (const FgSimFlash *self, const FgSimTransfer *transfer)
{
  /* JESD216: signature, revision 1.5, one parameter header, reserved */
  static const guint8 header[8] = { 'S', 'F', 'D', 'P', 0x05, 0x01, 0x00, 0xff };

  if (!self->sfdp || transfer->dummy_bits != 8)
    return;
  for (gsize i = 0; i < transfer->miso_len; i++)
    if (transfer->address + i < sizeof header)
      transfer->miso[i] = header[transfer->address + i];
}

static void
soft_reset (FgSimFlash *self)
{
  if (self->reset_enabled)
    fg_sim_flash_power_on (self);
}

static void
idle_command (FgSimFlash *self, const FgSimTransfer *transfer, gint64 now_ns)
{
  switch (transfer->opcode) {
  case FG_SIM_FLASH_READ_ID:
    for (gsize i = 0; i < transfer->miso_len; i++)
      transfer->miso[i] = i < 3 ? (guint8) (self->id >> (8 * i)) : 0;
    break;
  case FG_SIM_FLASH_WRITE_ENABLE:
  case 0x50: /* for the volatile status bits */
    self->write_enabled = TRUE;
    break;
  case FG_SIM_FLASH_WRITE_DISABLE:
    self->write_enabled = FALSE;
    break;
  case FG_SIM_FLASH_WRITE_STATUS:
    write_status (self, transfer, now_ns);
    break;
  case 0x31:
    write_one_status (self, &self->status2, transfer, now_ns);
    break;
  case 0x11:
    write_one_status (self, &self->status3, transfer, now_ns);
    break;
  case FG_SIM_FLASH_PAGE_PROGRAM:
    program (self, transfer, now_ns);
    break;
  case FG_SIM_FLASH_READ:
    read_array (self, transfer, 0);
    break;
  case 0x0B: /* fast read */
    read_array (self, transfer, 8);
    break;
  case FG_SIM_FLASH_READ_DUAL:
    if (transfer->dual)
      read_array (self, transfer, 8);
    break;
  case FG_SIM_FLASH_ERASE_SECTOR:
    erase (self, transfer->address, FG_SIM_SECTOR_SIZE, ERASE_SECTOR_NS, now_ns);
    break;
  case 0x52:
    erase (self, transfer->address, 8 * FG_SIM_SECTOR_SIZE, ERASE_HALF_BLOCK_NS, now_ns);
    break;
  case FG_SIM_FLASH_ERASE_BLOCK:
    erase (self, transfer->address, FG_SIM_BLOCK_SIZE, ERASE_BLOCK_NS, now_ns);
    break;
  case FG_SIM_FLASH_ERASE_CHIP:
  case 0x60:
    erase (self, 0, self->size, ERASE_CHIP_NS_PER_4M / 1024 * (gint64) (self->size / 4096), now_ns);
    break;
  case 0x5A:
    read_sfdp (self, transfer);
    break;
  case 0x66:
    self->reset_enabled = TRUE;
    return;
  case 0x99:
    soft_reset (self);
    break;
  case 0xB9:
    self->sleeping = TRUE;
    break;
  default:
    break;
  }
  self->reset_enabled = FALSE;
}

/**
 * fg_sim_flash_transfer:
 * @transfer: what the master clocks out; what comes back is stored through it
 * @now_ns: the time at which chip select rises
 *
 * Whatever the chip does not understand, or cannot do now, reads as FF and changes nothing.
 */
void
fg_sim_flash_transfer (FgSimFlash *self, const FgSimTransfer *transfer, gint64 now_ns)
{
  guint8 status = status_byte (self, now_ns);
  FgSimTransfer seen = *transfer;

  /* of a larger address there is no more than fits: 24 bits reach 16 MB */
  if (seen.address_bits > 0 && seen.address_bits < 32)
    seen.address &= (1u << seen.address_bits) - 1;
  if (transfer->miso != NULL)
    memset (transfer->miso, self->dead && self->id == 0 ? 0x00 : 0xff, transfer->miso_len);
  if (self->dead)
    return;
  if (self->sleeping) {
    if (transfer->opcode == 0xAB)
      self->sleeping = FALSE;
    return;
  }
  switch (transfer->opcode) {
  case FG_SIM_FLASH_READ_STATUS:
    if (transfer->miso_len > 0)
      memset (transfer->miso, status, transfer->miso_len);
    return;
  case 0x35:
    if (transfer->miso_len > 0)
      memset (transfer->miso, self->status2, transfer->miso_len);
    return;
  case 0x15:
    if (transfer->miso_len > 0)
      memset (transfer->miso, self->status3, transfer->miso_len);
    return;
  default:
    if ((status & STATUS_BUSY) == 0)
      idle_command (self, &seen, now_ns);
  }
}
