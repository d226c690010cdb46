/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-flash-map.h"

#include "fg-words.h"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#define MB (1024u * 1024u)
#define USUAL_SIZE (4u * MB) /* drawn where the size is not known: what most boards have */
#define LARGEST_SIZE (128u * MB)
#define RANGES_SHOWN 3
#define CHANGE_INTERVAL_MS 50 /* while busy: at most 20 redraws a second */

struct _FgFlashMap {
  GObject parent_instance;
  FgFlashMapMode mode;
  GArray *regions;    /* (owned) (element-type FgFlashMapRegion) by offset */
  GByteArray *states; /* (owned) an FgSectorState for each sector of the flash */
  GByteArray
      *before; /* (owned) the same: what a sector was when the job began it anew; 0: it was not */
  GPtrArray *zones; /* (owned) (element-type FgZone) by offset */
  gboolean size_known;
  guint current;    /* the region in work */
  gint64 head;      /* bytes; -1: none */
  gboolean touched; /* the job erased or wrote something */
  guint change_id;  /* a pending "changed" */
};

G_DEFINE_FINAL_TYPE (FgFlashMap, fg_flash_map, G_TYPE_OBJECT)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
emit_changed (FgFlashMap *self)
{
  g_clear_handle_id (&self->change_id, g_source_remove);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
on_change_due (gpointer data)
{
  FgFlashMap *self = data;

  self->change_id = 0;
  emit_changed (self);
  return G_SOURCE_REMOVE;
}

static void
emit_changed_soon (FgFlashMap *self)
{
  if (self->change_id == 0)
    self->change_id = g_timeout_add (CHANGE_INTERVAL_MS, on_change_due, self);
}

static void
region_clear (gpointer data)
{
  FgFlashMapRegion *region = data;

  g_free (region->name);
}

static FgFlashMapRegion *
region_at (FgFlashMap *self, guint index)
{
  return &g_array_index (self->regions, FgFlashMapRegion, index);
}

/* Grows or shrinks to @size bytes; new sectors are left as they are. */
static void
resize (FgFlashMap *self, guint32 size)
{
  guint old = self->states->len;

  g_byte_array_set_size (self->states, size / FG_SECTOR_SIZE);
  g_byte_array_set_size (self->before, size / FG_SECTOR_SIZE);
  for (guint i = old; i < self->states->len; i++)
    self->states->data[i] = self->before->data[i] = FG_SECTOR_LEFT;
}

static guint32
end_of_regions (FgFlashMap *self)
{
  guint64 end = 0;

  for (guint i = 0; i < self->regions->len; i++) {
    const FgFlashMapRegion *region = region_at (self, i);

    end = MAX (end, (guint64) region->offset + region->length);
  }
  return (guint32) MIN (end, LARGEST_SIZE);
}

static void
fill (FgFlashMap *self, guint32 offset, guint32 length, FgSectorState state)
{
  guint64 first = offset / FG_SECTOR_SIZE;
  guint64 end = MIN (((guint64) offset + length + FG_SECTOR_SIZE - 1) / FG_SECTOR_SIZE,
                     (guint64) self->states->len);

  for (guint64 i = first; i < end; i++)
    self->states->data[i] = (guint8) state;
}

static void
replace_state (FgFlashMap *self, FgSectorState from, FgSectorState to)
{
  for (guint i = 0; i < self->states->len; i++) {
    if (self->states->data[i] == from)
      self->states->data[i] = (guint8) to;
  }
}

void
fg_flash_map_clear (FgFlashMap *self)
{
  self->mode = FG_MAP_EMPTY;
  g_array_set_size (self->regions, 0);
  g_byte_array_set_size (self->states, 0);
  self->size_known = FALSE;
  self->current = 0;
  self->head = -1;
  emit_changed (self);
}

void
fg_flash_map_set_plan (FgFlashMap *self, const FgPlan *plan, gboolean erase_all)
{
  guint32 size = plan->flash_size;

  g_array_set_size (self->regions, 0);
  for (guint i = 0; i < plan->regions->len; i++) {
    const FgPlanRegion *planned = g_ptr_array_index (plan->regions, i);
    FgFlashMapRegion region = {
      .name = g_strdup (planned->name),
      .offset = planned->offset,
      .length = (guint32) g_bytes_get_size (planned->bytes),
    };

    region.length = (region.length + FG_SECTOR_SIZE - 1) / FG_SECTOR_SIZE * FG_SECTOR_SIZE;
    g_array_append_val (self->regions, region);
  }

  self->mode = FG_MAP_PLAN;
  self->size_known = size != 0;
  self->current = 0;
  self->head = -1;
  if (size == 0) {
    for (size = USUAL_SIZE; size < end_of_regions (self);)
      size *= 2;
  }
  resize (self, size);
  fill (self, 0, size, erase_all ? FG_SECTOR_ERASED : FG_SECTOR_LEFT);
  for (guint i = 0; i < self->regions->len; i++) {
    const FgFlashMapRegion *region = region_at (self, i);

    fill (self, region->offset, region->length, FG_SECTOR_PLANNED);
  }
  emit_changed (self);
}

void
fg_flash_map_set_zones (FgFlashMap *self, GPtrArray *zones)
{
  g_ptr_array_unref (self->zones);
  self->zones = zones;
  emit_changed_soon (self);
}

guint
fg_flash_map_get_n_zones (FgFlashMap *self)
{
  return self->zones->len;
}

const FgZone *
fg_flash_map_get_zone (FgFlashMap *self, guint index)
{
  return g_ptr_array_index (self->zones, index);
}

const FgZone *
fg_flash_map_find_zone (FgFlashMap *self, guint32 address)
{
  for (guint i = 0; i < self->zones->len; i++) {
    const FgZone *zone = g_ptr_array_index (self->zones, i);

    if (address >= zone->offset && address - zone->offset < zone->length)
      return zone;
  }
  return NULL;
}

void
fg_flash_map_set_size (FgFlashMap *self, guint32 flash_size)
{
  if (flash_size == 0 || flash_size > LARGEST_SIZE || flash_size < end_of_regions (self))
    return;
  self->size_known = TRUE;
  resize (self, flash_size);
  emit_changed (self);
}

void
fg_flash_map_start (FgFlashMap *self)
{
  self->mode = FG_MAP_BUSY;
  self->head = -1;
  self->touched = FALSE;
  if (self->before->len > 0)
    memset (self->before->data, FG_SECTOR_LEFT, self->before->len);
  /* What will be erased is not erased yet. */
  replace_state (self, FG_SECTOR_ERASED, FG_SECTOR_LEFT);
  emit_changed (self);
}

static void
set_head (FgFlashMap *self, guint32 address)
{
  if (self->head == (gint64) address)
    return;
  self->head = address;
  for (guint i = 0; i < self->regions->len; i++) {
    const FgFlashMapRegion *region = region_at (self, i);

    if (address >= region->offset && address - region->offset < region->length)
      self->current = i;
  }
  emit_changed_soon (self);
}

/* Where work goes on after @end: there, at the start of the next region, or nowhere else. */
static guint32
next_address (FgFlashMap *self, guint64 end)
{
  for (guint i = 0; i < self->regions->len; i++) {
    const FgFlashMapRegion *region = region_at (self, i);

    if (end < (guint64) region->offset + region->length)
      return MAX ((guint32) end, region->offset);
  }
  return (guint32) end - FG_SECTOR_SIZE;
}

/* A job that has lost its stub begins sectors anew, which hold something by then. */
static void
keep_before (FgFlashMap *self, guint32 offset, guint32 length)
{
  guint first = offset / FG_SECTOR_SIZE;
  guint end = MIN (first + length / FG_SECTOR_SIZE, self->states->len);

  for (guint i = first; i < end; i++) {
    if (self->states->data[i] == FG_SECTOR_ERASED || self->states->data[i] == FG_SECTOR_WRITTEN)
      self->before->data[i] = self->states->data[i];
  }
}

void
fg_flash_map_update (FgFlashMap *self, guint32 offset, guint32 length, FgSectorState state)
{
  if (state == FG_SECTOR_PLANNED)
    keep_before (self, offset, length);
  fill (self, offset, length, state);
  if (state == FG_SECTOR_WRITTEN || state == FG_SECTOR_VERIFIED)
    set_head (self, next_address (self, (guint64) offset + length));
  if (state == FG_SECTOR_ERASED || state == FG_SECTOR_WRITTEN || state == FG_SECTOR_FAILED)
    self->touched = TRUE;
  emit_changed_soon (self);
}

void
fg_flash_map_set_head (FgFlashMap *self, guint32 address)
{
  set_head (self, address);
}

void
fg_flash_map_finish (FgFlashMap *self)
{
  self->mode = FG_MAP_DONE;
  self->head = -1;
  self->current = 0;
  emit_changed (self);
}

void
fg_flash_map_break_off (FgFlashMap *self, gboolean failed)
{
  gint64 sector = self->head / FG_SECTOR_SIZE;

  self->mode = FG_MAP_BROKEN;
  if (failed && self->head >= 0 && sector < self->states->len
      && self->states->data[sector] == FG_SECTOR_ERASED)
    self->states->data[sector] = FG_SECTOR_FAILED;
  if (self->touched)
    replace_state (self, FG_SECTOR_UNCHANGED, FG_SECTOR_VERIFIED);
  for (guint i = 0; i < self->states->len; i++) {
    if (self->states->data[i] == FG_SECTOR_PLANNED && self->before->data[i] != FG_SECTOR_LEFT)
      self->states->data[i] = self->before->data[i];
  }
  replace_state (self, FG_SECTOR_PLANNED, FG_SECTOR_UNCHANGED);
  if (!self->touched)
    self->head = -1;
  emit_changed (self);
}

FgFlashMapMode
fg_flash_map_get_mode (FgFlashMap *self)
{
  return self->mode;
}

guint32
fg_flash_map_get_size (FgFlashMap *self)
{
  return self->states->len * FG_SECTOR_SIZE;
}

gboolean
fg_flash_map_get_size_known (FgFlashMap *self)
{
  return self->size_known;
}

guint
fg_flash_map_get_n_regions (FgFlashMap *self)
{
  return self->regions->len;
}

const FgFlashMapRegion *
fg_flash_map_get_region (FgFlashMap *self, guint index)
{
  g_return_val_if_fail (index < self->regions->len, NULL);

  return region_at (self, index);
}

const FgFlashMapRegion *
fg_flash_map_get_current (FgFlashMap *self)
{
  return self->current < self->regions->len ? region_at (self, self->current) : NULL;
}

gint64
fg_flash_map_get_head (FgFlashMap *self)
{
  return self->head;
}

FgSectorState
fg_flash_map_get_state (FgFlashMap *self, guint sector)
{
  return sector < self->states->len ? (FgSectorState) self->states->data[sector] : FG_SECTOR_LEFT;
}

guint
fg_flash_map_count (FgFlashMap *self, FgSectorState state)
{
  guint count = 0;

  for (guint i = 0; i < self->regions->len; i++) {
    const FgFlashMapRegion *region = region_at (self, i);
    guint first = region->offset / FG_SECTOR_SIZE;

    for (guint k = 0; k < region->length / FG_SECTOR_SIZE; k++)
      count += fg_flash_map_get_state (self, first + k) == state;
  }
  return count;
}

static gboolean
in_regions (FgFlashMap *self, guint32 address)
{
  for (guint i = 0; i < self->regions->len; i++) {
    const FgFlashMapRegion *region = region_at (self, i);

    if (address >= region->offset && address - region->offset < region->length)
      return TRUE;
  }
  return FALSE;
}

guint
fg_flash_map_count_rest (FgFlashMap *self, FgSectorState *state)
{
  guint rest = 0;

  *state = FG_SECTOR_LEFT;
  for (guint i = 0; i < self->states->len; i++) {
    if (in_regions (self, i * FG_SECTOR_SIZE))
      continue;
    *state = (FgSectorState) self->states->data[i];
    rest++;
  }
  return rest;
}

char *
fg_flash_map_dup_ranges (FgFlashMap *self, FgSectorState state)
{
  g_autoptr (GPtrArray) ranges = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->states->len;) {
    guint first = i;

    while (i < self->states->len && self->states->data[i] == state
           && in_regions (self, i * FG_SECTOR_SIZE))
      i++;
    if (i == first) {
      i++;
      continue;
    }
    g_ptr_array_add (ranges, g_strdup_printf ("0x%05X – 0x%05X", first * FG_SECTOR_SIZE,
                                              i * FG_SECTOR_SIZE - 1));
  }

  for (guint i = 0; i < MIN (ranges->len, RANGES_SHOWN); i++) {
    gboolean last = i > 0 && i + 1 == ranges->len;

    if (i > 0)
      g_string_append (text, last ? _ (" and ") : ", ");
    g_string_append (text, g_ptr_array_index (ranges, i));
  }
  if (ranges->len > RANGES_SHOWN)
    g_string_append_printf (text, _ (" and %u more ranges"), ranges->len - RANGES_SHOWN);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
fg_flash_map_was_touched (FgFlashMap *self)
{
  return self->touched;
}

static void
fg_flash_map_finalize (GObject *object)
{
  FgFlashMap *self = FG_FLASH_MAP (object);

  g_clear_handle_id (&self->change_id, g_source_remove);
  g_array_unref (self->regions);
  g_byte_array_unref (self->states);
  g_byte_array_unref (self->before);
  g_ptr_array_unref (self->zones);
  G_OBJECT_CLASS (fg_flash_map_parent_class)->finalize (object);
}

static void
fg_flash_map_class_init (FgFlashMapClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fg_flash_map_finalize;
  signals[CHANGED] = g_signal_new ("changed", FG_TYPE_FLASH_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
fg_flash_map_init (FgFlashMap *self)
{
  self->regions = g_array_new (FALSE, FALSE, sizeof (FgFlashMapRegion));
  g_array_set_clear_func (self->regions, region_clear);
  self->states = g_byte_array_new ();
  self->before = g_byte_array_new ();
  self->zones = g_ptr_array_new ();
  self->head = -1;
}

FgFlashMap *
fg_flash_map_new (void)
{
  return g_object_new (FG_TYPE_FLASH_MAP, NULL);
}
