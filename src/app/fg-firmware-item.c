/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-firmware-item.h"

#include "fg-error.h"
#include "fg-firmware-file.h"

struct _FgFirmwareItem {
  GObject parent_instance;
  GFile *file;          /* (owned) */
  FgFirmware *firmware; /* (owned) as it was loaded */
  FgImageInfo *info;    /* (owned) */
  guint32 offset;       /* bytes; as it was typed since */
  gboolean offset_valid;
};

G_DEFINE_FINAL_TYPE (FgFirmwareItem, fg_firmware_item, G_TYPE_OBJECT)

enum { PROP_0, PROP_OFFSET, PROP_OFFSET_VALID, N_PROPS };
static GParamSpec *properties[N_PROPS];

typedef struct {
  FgFirmware *firmware; /* (owned) */
  FgImageInfo *info;    /* (owned) */
} Loaded;

static void
loaded_free (gpointer data)
{
  Loaded *loaded = data;

  g_clear_pointer (&loaded->firmware, fg_firmware_free);
  g_clear_pointer (&loaded->info, fg_image_info_free);
  g_free (loaded);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GFile *file = task_data;
  const char *path = g_file_peek_path (file);
  GError *error = NULL;
  FgFirmware *firmware;
  Loaded *loaded;

  if (path == NULL) {
    g_autofree char *name = g_file_get_parse_name (file);

    g_task_return_new_error (task, FG_ERROR, FG_ERROR_FILE,
                             "%s is not on this computer: copy it to a folder of yours first",
                             name);
    return;
  }
  firmware = fg_firmware_load (path, &error);
  if (firmware == NULL) {
    g_task_return_error (task, error);
    return;
  }
  loaded = g_new0 (Loaded, 1);
  loaded->firmware = firmware;
  loaded->info = fg_image_inspect (firmware->bytes);
  g_task_return_pointer (task, loaded, loaded_free);
}

void
fg_firmware_item_load_async (GFile *file,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, fg_firmware_item_load_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_thread);
}

FgFirmwareItem *
fg_firmware_item_load_finish (GAsyncResult *result, GError **error)
{
  Loaded *loaded = g_task_propagate_pointer (G_TASK (result), error);
  FgFirmwareItem *self;

  if (loaded == NULL)
    return NULL;

  self = g_object_new (FG_TYPE_FIRMWARE_ITEM, NULL);
  self->file = g_object_ref (fg_firmware_item_result_file (result));
  self->firmware = g_steal_pointer (&loaded->firmware);
  self->info = g_steal_pointer (&loaded->info);
  self->offset = self->firmware->offset;
  loaded_free (loaded);
  return self;
}

GFile *
fg_firmware_item_result_file (GAsyncResult *result)
{
  return g_task_get_task_data (G_TASK (result));
}

GFile *
fg_firmware_item_get_file (FgFirmwareItem *self)
{
  return self->file;
}

const char *
fg_firmware_item_get_name (FgFirmwareItem *self)
{
  return self->firmware->name;
}

GBytes *
fg_firmware_item_get_bytes (FgFirmwareItem *self)
{
  return self->firmware->bytes;
}

const FgImageInfo *
fg_firmware_item_get_info (FgFirmwareItem *self)
{
  return self->info;
}

guint32
fg_firmware_item_get_offset (FgFirmwareItem *self)
{
  return self->offset;
}

gboolean
fg_firmware_item_get_offset_valid (FgFirmwareItem *self)
{
  return self->offset_valid;
}

gboolean
fg_firmware_item_offset_from_name (FgFirmwareItem *self)
{
  return self->firmware->offset != 0 && self->offset == self->firmware->offset;
}

gboolean
fg_firmware_item_type_offset (FgFirmwareItem *self, const char *text)
{
  guint32 offset = self->offset;
  gboolean valid = fg_size_parse (text, &offset, NULL);

  if (offset != self->offset) {
    self->offset = offset;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFSET]);
  }
  if (valid != self->offset_valid) {
    self->offset_valid = valid;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFSET_VALID]);
  }
  return valid;
}

static void
fg_firmware_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FgFirmwareItem *self = FG_FIRMWARE_ITEM (object);

  switch (id) {
  case PROP_OFFSET:
    g_value_set_uint (value, self->offset);
    break;
  case PROP_OFFSET_VALID:
    g_value_set_boolean (value, self->offset_valid);
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
  g_clear_pointer (&self->firmware, fg_firmware_free);
  g_clear_pointer (&self->info, fg_image_info_free);
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
  properties[PROP_OFFSET_VALID] = g_param_spec_boolean ("offset-valid", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
fg_firmware_item_init (FgFirmwareItem *self)
{
  self->offset_valid = TRUE;
}
