/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-intel-hex.h"

#include "fg-error.h"

/* Intel, Hexadecimal Object File Format Specification, 1988. */
#define HEAD_LEN 4   /* bytes of a record before its data: count, address, type */
#define ROW_LEN 16   /* bytes of data in the records we write */
#define MAX_DATA 255 /* in any record */

enum {
  RECORD_DATA = 0,
  RECORD_END = 1,
  RECORD_SEGMENT = 2, /* bits 4 to 19 of the addresses that follow */
  RECORD_START_SEGMENT = 3,
  RECORD_LINEAR = 4, /* bits 16 to 31 */
  RECORD_START_LINEAR = 5,
};

typedef struct {
  guint8 bytes[HEAD_LEN + MAX_DATA + 1]; /* with the checksum */
  guint len;
} Record;

/** fg_intel_hex_is: whether it begins like one */
gboolean
fg_intel_hex_is (const guint8 *data, gsize len)
{
  if (len < 1 + 2 * (HEAD_LEN + 1) || data[0] != ':')
    return FALSE;
  for (guint i = 1; i <= 2 * (HEAD_LEN + 1); i++)
    if (!g_ascii_isxdigit (data[i]))
      return FALSE;
  return TRUE;
}

static gboolean G_GNUC_PRINTF (3, 4) refuse (GError **error, guint line, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, FG_ERROR, FG_ERROR_FILE_KIND, "line %u of the Intel HEX file %s", line, what);
  return FALSE;
}

static gboolean
read_record (Record *record, const guint8 *text, gsize len, guint line, GError **error)
{
  guint8 sum = 0;

  if (text[0] != ':' || len % 2 == 0)
    return refuse (error, line, "is no record: it must be “:” and pairs of digits");
  record->len = (guint) (len / 2);
  if (len / 2 > sizeof record->bytes)
    return refuse (error, line, "is too long");
  for (guint i = 0; i < record->len; i++) {
    int high = g_ascii_xdigit_value ((char) text[1 + 2 * i]);
    int low = g_ascii_xdigit_value ((char) text[2 + 2 * i]);

    if (high < 0 || low < 0)
      return refuse (error, line, "has something else than digits at column %u", 2 + 2 * i);
    record->bytes[i] = (guint8) (high << 4 | low);
    sum += record->bytes[i];
  }
  if (record->len < HEAD_LEN + 1 || record->len != HEAD_LEN + 1u + record->bytes[0])
    return refuse (error, line, "is cut or too long: its count does not fit its length");
  if (sum != 0)
    return refuse (error, line, "has a wrong checksum: the file is damaged");
  return TRUE;
}

/* @base: (inout): what is added to the addresses. */
static gboolean
take_record (GPtrArray *pieces, const Record *record, guint64 *base, guint line, GError **error)
{
  const guint8 *data = record->bytes + HEAD_LEN;
  guint count = record->bytes[0];
  guint64 address = *base + ((guint) record->bytes[1] << 8 | record->bytes[2]);

  switch (record->bytes[3]) {
  case RECORD_DATA:
    if (address + count > FG_SPARSE_LIMIT)
      return refuse (error, line, "is for address 0x%" G_GINT64_MODIFIER "X, where no flash is",
                     address);
    fg_sparse_add (pieces, (guint32) address, data, count);
    return TRUE;
  case RECORD_SEGMENT:
  case RECORD_LINEAR:
    if (count != 2)
      return refuse (error, line, "needs two bytes and has %u", count);
    *base = (guint64) (data[0] << 8 | data[1]) << (record->bytes[3] == RECORD_LINEAR ? 16 : 4);
    return TRUE;
  case RECORD_START_SEGMENT:
  case RECORD_START_LINEAR:
  case RECORD_END:
    return TRUE;
  default:
    return refuse (error, line, "is of type %u, which is not known", record->bytes[3]);
  }
}

static gsize
line_length (const guint8 *text, gsize len)
{
  gsize n = 0;

  while (n < len && text[n] != '\n' && text[n] != '\r')
    n++;
  return n;
}

/**
 * fg_intel_hex_read:
 *
 * Returns: (transfer full) (element-type FgPiece): what is where; %NULL with %FG_ERROR_FILE_KIND
 *   set, which names the line
 */
GPtrArray *
fg_intel_hex_read (const guint8 *data, gsize len, GError **error)
{
  g_autoptr (GPtrArray) pieces = fg_sparse_new ();
  guint64 base = 0;
  guint line = 1;
  gboolean ended = FALSE;

  for (gsize pos = 0; pos < len && !ended; pos++) {
    gsize n = line_length (data + pos, len - pos);
    Record record;

    if (n > 0) {
      if (!read_record (&record, data + pos, n, line, error)
          || !take_record (pieces, &record, &base, line, error))
        return NULL;
      ended = record.bytes[3] == RECORD_END;
      pos += n;
    }
    line += pos < len && data[pos] == '\n';
  }
  if (!ended) {
    refuse (error, line, "ends without an end record: the file is incomplete");
    return NULL;
  }
  return fg_sparse_finish (pieces, error) ? g_steal_pointer (&pieces) : NULL;
}

static void
write_record (GString *file, guint8 type, guint16 address, const guint8 *data, guint count)
{
  guint8 sum = (guint8) (count + (address >> 8) + address + type);

  g_string_append_printf (file, ":%02X%04X%02X", count, address, type);
  for (guint i = 0; i < count; i++) {
    g_string_append_printf (file, "%02X", data[i]);
    sum += data[i];
  }
  g_string_append_printf (file, "%02X\n", (guint8) -sum);
}

/** fg_intel_hex_write: adds @len bytes for @address to @file */
void
fg_intel_hex_write (GString *file, guint32 address, const guint8 *data, gsize len)
{
  guint32 base = G_MAXUINT32;

  for (gsize done = 0; done < len;) {
    guint32 at = address + (guint32) done;
    guint count = (guint) MIN (MIN (len - done, ROW_LEN), 0x10000 - (at & 0xffff));

    if (at >> 16 != base) {
      guint8 high[2] = { (guint8) (at >> 24), (guint8) (at >> 16) };

      base = at >> 16;
      write_record (file, RECORD_LINEAR, 0, high, sizeof high);
    }
    write_record (file, RECORD_DATA, (guint16) at, data + done, count);
    done += count;
  }
}

void
fg_intel_hex_end (GString *file)
{
  write_record (file, RECORD_END, 0, NULL, 0);
}
