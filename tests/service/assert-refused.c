/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assert-refused.h"

#include "fg-error.h"
#include "fg-open.h"

#include <string.h>

void
assert_refused (const char *port, int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fg_open (port, NULL, &error));
  g_assert_error (error, FG_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
}
