/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-inspect.h"

#include "fg-content-facts.h"
#include "fg-content-parts.h"
#include "fg-recognise.h"

/**
 * fg_inspect:
 * @bytes: a whole file
 *
 * Says what the file is. Never fails: what is wrong is in `findings`.
 *
 * Returns: (transfer full)
 */
FgContent *
fg_inspect (GBytes *bytes)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (bytes, &len);
  FgContent *self = fg_recognise (data != NULL ? data : (const guint8 *) "", len);

  if (len > 0)
    fg_content_take_apart (self, data, len);
  fg_content_add_facts (self);
  return self;
}
