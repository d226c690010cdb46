/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-stub-file.h"

#include "fg-error.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* No chip has more RAM for a program. */
#define PART_MAX (256u * 1024u)
#define WORD 4u

static gboolean
refuse (const char *shown, const char *member, const char *what, GError **error)
{
  g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND,
               "%s is not a stub in esptool's JSON form: “%s” %s", shown, member, what);
  return FALSE;
}

static JsonNode *
get_value (JsonObject *object, const char *member, GType type)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
             ? node
             : NULL;
}

static gboolean
read_address (JsonObject *object,
              const char *shown,
              const char *member,
              gboolean aligned,
              guint32 *address,
              GError **error)
{
  JsonNode *node = get_value (object, member, G_TYPE_INT64);
  gint64 value = node != NULL ? json_node_get_int (node) : -1;

  if (value < 0 || value > G_MAXUINT32 || (aligned && value % WORD != 0))
    return refuse (shown, member, "is not an address", error);
  *address = (guint32) value;
  return TRUE;
}

static gboolean
read_bytes (
    JsonObject *object, const char *shown, const char *member, GBytes **bytes, GError **error)
{
  JsonNode *node = get_value (object, member, G_TYPE_STRING);
  g_autofree char *again = NULL; /* decoding passes over what is wrong */
  guchar *data;
  gsize len;

  if (node == NULL)
    return refuse (shown, member, "is missing or is no text", error);
  data = g_base64_decode (json_node_get_string (node), &len);
  again = g_base64_encode (data, len);
  /* a loader takes whole words only */
  data = g_realloc (data, len + WORD);
  memset (data + len, 0, WORD);
  *bytes = g_bytes_new_take (data, (len + WORD - 1) / WORD * WORD);
  if (len == 0 || len > PART_MAX || !g_str_equal (again, json_node_get_string (node)))
    return refuse (shown, member, "does not hold a program in base64", error);
  return TRUE;
}

/* The data are optional: a stub may have none. */
static FgStubImage *
read_image (JsonObject *object, const char *shown, GError **error)
{
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GBytes) data = NULL;
  guint32 entry, text_address, data_address = 0;

  if (!read_address (object, shown, "entry", FALSE, &entry, error)
      || !read_address (object, shown, "text_start", TRUE, &text_address, error)
      || !read_bytes (object, shown, "text", &text, error))
    return NULL;
  if (entry < text_address || entry - text_address >= g_bytes_get_size (text)) {
    refuse (shown, "entry", "is not inside the text", error);
    return NULL;
  }
  if (json_object_has_member (object, "data")
      && (!read_address (object, shown, "data_start", TRUE, &data_address, error)
          || !read_bytes (object, shown, "data", &data, error)))
    return NULL;
  return fg_stub_image_new (entry, text_address, text, data_address, data);
}

/**
 * fg_stub_file_load:
 * @path: a JSON file with entry, text, text_start and perhaps data, data_start, as esptool has them
 *   in its folder targets/stub_flasher
 *
 * Returns: (transfer full): %NULL with %FG_ERROR_FILE or %FG_ERROR_FILE_KIND set
 */
FgStubImage *
fg_stub_file_load (const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  g_autofree char *shown = g_filename_display_name (path);
  JsonNode *root;

  if (!json_parser_load_from_mapped_file (parser, path, &cause)) {
    g_set_error (error, FG_ERROR,
                 cause->domain == JSON_PARSER_ERROR ? FG_ERROR_FILE_KIND : FG_ERROR_FILE,
                 "Cannot read the stub %s: %s", shown, cause->message);
    return NULL;
  }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    refuse (shown, "entry", "is missing", error);
    return NULL;
  }
  return read_image (json_node_get_object (root), shown, error);
}
