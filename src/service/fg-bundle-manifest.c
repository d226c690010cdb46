/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-bundle-manifest.h"

#include "fg-error.h"
#include "fg-flash-format.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_SIZE (1024u * 1024) /* bytes of text */
#define MAX_PARTS 64u
/* json-glib descends by recursion, so a deep text would exhaust the stack. Brackets are counted
 * wherever they stand: a list of firmware has a few dozen. */
#define MAX_OPENED 2000u

static void
part_free (gpointer data)
{
  FgManifestPart *part = data;

  g_free (part->path);
  g_free (part);
}

void
fg_manifest_free (FgManifest *self)
{
  g_ptr_array_unref (self->parts);
  g_free (self);
}

/** fg_manifest_is: whether @bytes begin like a JSON object */
gboolean
fg_manifest_is (GBytes *bytes)
{
  gsize len;
  const char *text = g_bytes_get_data (bytes, &len);
  gsize at = 0;

  while (at < len && g_ascii_isspace (text[at]))
    at++;
  return at < len && text[at] == '{';
}

static gboolean
is_too_deep (const char *text, gsize len)
{
  guint opened = 0;

  for (gsize i = 0; i < len; i++)
    opened += text[i] == '{' || text[i] == '[';
  return opened > MAX_OPENED;
}

/* A path that stays in the folder of the manifest, whatever system it was written on. */
static char *
check_path (const char *path, GError **error)
{
  g_autofree char *clean = g_strdelimit (g_strdup (path), "\\", '/');
  g_auto (GStrv) names = g_strsplit (clean, "/", -1);
  const char *wrong = NULL;

  if (*path == '\0' || !g_utf8_validate (path, -1, NULL))
    wrong = "is no name of a file";
  else if (strstr (clean, "://") != NULL)
    wrong = "is on the web: download it, and give it as a file";
  else if (clean[0] == '/' || (g_ascii_isalpha (clean[0]) && clean[1] == ':')
           || g_strv_contains ((const char *const *) names, ".."))
    wrong = "is outside the folder of the manifest: give that file itself";
  if (wrong == NULL)
    return g_steal_pointer (&clean);
  g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "the manifest names “%s”, which %s", path,
               wrong);
  return NULL;
}

static gboolean
add_part (FgManifest *self, const char *path, guint32 offset, GError **error)
{
  g_autofree char *clean = check_path (path, error);
  FgManifestPart *part;

  if (clean == NULL)
    return FALSE;
  if (self->parts->len >= MAX_PARTS) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "the manifest names more than %u files",
                 MAX_PARTS);
    return FALSE;
  }
  part = g_new0 (FgManifestPart, 1);
  part->path = g_steal_pointer (&clean);
  part->offset = offset;
  g_ptr_array_add (self->parts, part);
  return TRUE;
}

/* Numbers, or texts like "0x1000": both are seen. */
static gboolean
read_offset (JsonNode *node, guint32 *offset, GError **error)
{
  gint64 number = -1;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node)) {
    if (json_node_get_value_type (node) == G_TYPE_STRING)
      return fg_size_parse (json_node_get_string (node), offset, error);
    if (json_node_get_value_type (node) == G_TYPE_INT64)
      number = json_node_get_int (node);
  }
  if (number < 0 || number > G_MAXUINT32) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                 "the manifest has a part whose “offset” is no address in the flash");
    return FALSE;
  }
  *offset = (guint32) number;
  return TRUE;
}

static const char *
string_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static JsonObject *
object_of (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
array_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* "ESP32-S3" in manifests, "esp32s3" in flasher_args.json. */
static const FgChip *
chip_by_name (const char *name)
{
  g_auto (GStrv) pieces = g_strsplit (name != NULL ? name : "", "-", -1);
  g_autofree char *plain = g_strjoinv ("", pieces);

  for (int id = 0; id < FG_N_CHIPS; id++) {
    g_auto (GStrv) words = g_strsplit (fg_chip_get (id)->name, "-", -1);
    g_autofree char *known = g_strjoinv ("", words);

    if (g_ascii_strcasecmp (known, plain) == 0)
      return fg_chip_get (id);
  }
  return NULL;
}

static gboolean
read_flash_files (FgManifest *self, JsonObject *root, JsonObject *files, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (files);
  JsonObject *extra = object_of (json_object_get_member (root, "extra_esptool_args"));

  self->chip = chip_by_name (extra != NULL ? string_member (extra, "chip") : NULL);
  for (GList *l = names; l != NULL; l = l->next) {
    const char *path = string_member (files, l->data);
    guint32 offset;

    if (path == NULL) {
      g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                   "“flash_files” of the manifest has no file name for “%s”",
                   (const char *) l->data);
      return FALSE;
    }
    if (!fg_size_parse (l->data, &offset, error) || !add_part (self, path, offset, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_build (FgManifest *self, JsonObject *build, GError **error)
{
  JsonArray *parts = array_member (build, "parts");

  self->chip = chip_by_name (string_member (build, "chipFamily"));
  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++) {
    JsonObject *part = object_of (json_array_get_element (parts, i));
    const char *path = part != NULL ? string_member (part, "path") : NULL;
    guint32 offset;

    if (path == NULL) {
      g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                   "part %u of a build in the manifest has no “path”", i + 1);
      return FALSE;
    }
    if (!read_offset (json_object_get_member (part, "offset"), &offset, error)
        || !add_part (self, path, offset, error))
      return FALSE;
  }
  return TRUE;
}

static void
refuse_chip (JsonArray *builds, const FgChip *chip, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (builds) && i < FG_N_CHIPS; i++) {
    JsonObject *build = object_of (json_array_get_element (builds, i));
    const char *name = build != NULL ? string_member (build, "chipFamily") : NULL;

    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", name != NULL ? name : "?");
  }
  g_set_error (error, FG_ERROR, FG_ERROR_WRONG_CHIP,
               "the manifest has no build for the %s, but for: %s", chip->name, names->str);
}

static gboolean
read_builds (FgManifest *self, JsonArray *builds, const FgChip *chip, GError **error)
{
  guint count = json_array_get_length (builds);

  for (guint i = 0; i < count; i++) {
    JsonObject *build = object_of (json_array_get_element (builds, i));

    if (build == NULL) {
      g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "build %u of the manifest is no object",
                   i + 1);
      return FALSE;
    }
    if (chip != NULL ? chip_by_name (string_member (build, "chipFamily")) == chip : count == 1)
      return read_build (self, build, error);
  }
  if (chip == NULL) {
    self->needs_chip = TRUE;
    return TRUE;
  }
  refuse_chip (builds, chip, error);
  return FALSE;
}

static gboolean
read_root (FgManifest *self, JsonObject *root, const FgChip *chip, GError **error)
{
  JsonObject *files = object_of (json_object_get_member (root, "flash_files"));
  JsonArray *builds = array_member (root, "builds");

  if (files == NULL && (builds == NULL || json_array_get_length (builds) == 0)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                 "the JSON file has neither “flash_files” (flasher_args.json) nor “builds” (ESP "
                 "Web Tools): it lists no firmware");
    return FALSE;
  }
  if (!(files != NULL ? read_flash_files (self, root, files, error)
                      : read_builds (self, builds, chip, error)))
    return FALSE;
  if (self->parts->len == 0 && !self->needs_chip) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "the manifest names no file");
    return FALSE;
  }
  return TRUE;
}

/**
 * fg_manifest_read:
 * @chip: (nullable): whose build to take; %NULL takes the only one, or says `needs_chip`
 *
 * Returns: (transfer full): %NULL with %FG_ERROR_FILE_KIND, %FG_ERROR_USAGE (an offset) or
 *   %FG_ERROR_WRONG_CHIP set
 */
FgManifest *
fg_manifest_read (GBytes *bytes, const FgChip *chip, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (FgManifest) self = g_new0 (FgManifest, 1);
  g_autoptr (GError) cause = NULL;
  gsize len;
  const char *text = g_bytes_get_data (bytes, &len);
  JsonObject *root;

  self->parts = g_ptr_array_new_with_free_func (part_free);
  if (!fg_manifest_is (bytes)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "the file is no JSON object");
    return NULL;
  }
  if (len > MAX_SIZE || is_too_deep (text, len)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
                 "the JSON file is too %s for a list of firmware",
                 len > MAX_SIZE ? "large" : "deeply nested");
    return NULL;
  }
  if (!json_parser_load_from_data (parser, text, (gssize) len, &cause)) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "the JSON file cannot be understood: %s",
                 cause->message);
    return NULL;
  }
  root = object_of (json_parser_get_root (parser));
  if (root == NULL) {
    g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "the JSON file is no manifest");
    return NULL;
  }
  return read_root (self, root, chip, error) ? g_steal_pointer (&self) : NULL;
}
