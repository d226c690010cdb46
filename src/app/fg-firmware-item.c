/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-item.h"

#include <string.h>

struct _FgFirmwareItem {
  GObject parent_instance;
  GFile *file;         /* (owned) */
  FgBundleItem *piece; /* (owned) as it was opened, but for where it goes */
  gboolean bad_text;
};

G_DEFINE_FINAL_TYPE (FgFirmwareItem, fg_firmware_item, G_TYPE_OBJECT)

enum { PROP_0, PROP_OFFSET, PROP_PLACE, N_PROPS };
static GParamSpec *properties[N_PROPS];

static gboolean
was_said (FgBundlePlaced placed)
{
  return placed == FG_BUNDLE_BY_NAME || placed == FG_BUNDLE_BY_LIST || placed == FG_BUNDLE_BY_USER;
}

GFile *
fg_firmware_item_get_file (FgFirmwareItem *self)
{
  return self->file;
}

const char *
fg_firmware_item_get_name (FgFirmwareItem *self)
{
  return self->piece->firmware->name;
}

const char *
fg_firmware_item_get_source (FgFirmwareItem *self)
{
  return strstr (self->piece->source, ": ") != NULL ? self->piece->source : NULL;
}

GBytes *
fg_firmware_item_get_bytes (FgFirmwareItem *self)
{
  return self->piece->firmware->bytes;
}

const FgContent *
fg_firmware_item_get_content (FgFirmwareItem *self)
{
  return self->piece->content;
}

FgBundlePlaced
fg_firmware_item_get_placed (FgFirmwareItem *self)
{
  return self->piece->placed;
}

FgItemPlace
fg_firmware_item_get_place (FgFirmwareItem *self)
{
  if (self->bad_text)
    return FG_ITEM_BAD_TEXT;
  return self->piece->placed == FG_BUNDLE_UNPLACED ? FG_ITEM_UNPLACED : FG_ITEM_PLACED;
}

guint32
fg_firmware_item_get_offset (FgFirmwareItem *self)
{
  return self->piece->firmware->offset;
}

static void
set_place (FgFirmwareItem *self, guint32 offset, FgBundlePlaced placed, gboolean bad_text)
{
  FgItemPlace old_place = fg_firmware_item_get_place (self);
  guint32 old_offset = self->piece->firmware->offset;

  self->piece->firmware->offset = offset;
  self->piece->placed = placed;
  self->bad_text = bad_text;
  if (offset != old_offset)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFSET]);
  if (fg_firmware_item_get_place (self) != old_place)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE]);
}

gboolean
fg_firmware_item_type_offset (FgFirmwareItem *self, const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  guint32 offset = self->piece->firmware->offset;

  if (*stripped == '\0') {
    set_place (self, offset, FG_BUNDLE_UNPLACED, FALSE);
    return TRUE;
  }
  if (!fg_size_parse (stripped, &offset, NULL)) {
    set_place (self, self->piece->firmware->offset, self->piece->placed, TRUE);
    return FALSE;
  }
  /* Typing what stands there already is no decision. */
  if (offset == self->piece->firmware->offset && self->piece->placed != FG_BUNDLE_UNPLACED)
    set_place (self, offset, self->piece->placed, FALSE);
  else
    set_place (self, offset, FG_BUNDLE_BY_USER, FALSE);
  return TRUE;
}

void
fg_firmware_item_move (FgFirmwareItem *self, guint32 offset)
{
  set_place (self, offset, FG_BUNDLE_BY_USER, FALSE);
}

void
fg_firmware_item_place (FgFirmwareItem *self, const FgPlaceHints *hints, gboolean start_taken)
{
  const FgContent *content = self->piece->content;
  guint32 offset = 0;

  if (was_said (self->piece->placed) || self->bad_text)
    return;
  if (fg_place_find (content, hints, &offset))
    set_place (self, offset, FG_BUNDLE_BY_CONTENT, FALSE);
  else if (content->place == FG_PLACE_ASK && !start_taken) /* as on the command line */
    set_place (self, 0, FG_BUNDLE_BY_CONTENT, FALSE);
  else
    set_place (self, 0, FG_BUNDLE_UNPLACED, FALSE);
}

static void
fg_firmware_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FgFirmwareItem *self = FG_FIRMWARE_ITEM (object);

  switch (id) {
  case PROP_OFFSET:
    g_value_set_uint (value, self->piece->firmware->offset);
    break;
  case PROP_PLACE:
    g_value_set_int (value, (int) fg_firmware_item_get_place (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
fg_firmware_item_finalize (GObject *object)
{
  FgFirmwareItem *self = FG_FIRMWARE_ITEM (object);

  g_clear_object (&self->file);
  g_clear_pointer (&self->piece, fg_bundle_item_free);
  G_OBJECT_CLASS (fg_firmware_item_parent_class)->finalize (object);
}

static void
fg_firmware_item_class_init (FgFirmwareItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = fg_firmware_item_get_property;
  object_class->finalize = fg_firmware_item_finalize;
  properties[PROP_OFFSET] = g_param_spec_uint ("offset", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  properties[PROP_PLACE] =
      g_param_spec_int ("place", NULL, NULL, FG_ITEM_PLACED, FG_ITEM_BAD_TEXT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
fg_firmware_item_init (FgFirmwareItem *self)
{
}

FgFirmwareItem *
fg_firmware_item_new (GFile *file, FgBundleItem *piece)
{
  FgFirmwareItem *self = g_object_new (FG_TYPE_FIRMWARE_ITEM, NULL);

  self->file = g_object_ref (file);
  self->piece = piece;
  return self;
}
