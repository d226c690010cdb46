/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "fg-inspect.h"

/* Whatever a file holds: what is told about it lies inside it, and every text is text. */

static void
check_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
check_parts (const FgContent *content)
{
  for (guint i = 0; i < content->parts->len; i++) {
    const FgContentPart *part = content->parts->pdata[i];

    g_assert_cmpuint ((guint64) part->offset + part->length, <=, content->length);
    g_assert_nonnull (fg_content_kind_name (part->kind));
    check_text (part->title);
    check_text (part->partition);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FgContent) content = fg_inspect (bytes);

  g_assert_nonnull (fg_content_kind_name (content->kind));
  check_text (content->title);
  check_text (content->summary);
  for (guint i = 0; i < content->facts->len; i++)
    check_text (((FgFact *) content->facts->pdata[i])->value);
  for (guint i = 0; i < content->findings->len; i++) {
    const FgFinding *finding = content->findings->pdata[i];

    check_text (finding->message);
    g_assert_cmpint (finding->position, <=, (gint64) size);
  }
  check_parts (content);
  return 0;
}
