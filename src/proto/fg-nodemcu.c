/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-nodemcu.h"

#include <string.h>

/* The banner and its lines: nodemcu-firmware app/include/user_version.h and
 * tools/update_buildinfo.sh; the SDK's version string: libmain of the SDK, "2.2.1(6ab97e9)". */
#define BANNER "NodeMCU "
#define BANNER_MAX 2048 /* bytes looked at after the banner's start */

/* The text from @p up to a control character or the end. */
static char *
line_at (const guint8 *p, const guint8 *end)
{
  const guint8 *q = p;

  while (q < end && *q >= ' ' && *q < 0x7f)
    q++;
  return g_strndup ((const char *) p, (gsize) (q - p));
}

static char *
find_field (const guint8 *data, gsize len, const char *key)
{
  const guint8 *p = memmem (data, len, key, strlen (key));

  return p != NULL ? line_at (p + strlen (key), data + len) : NULL;
}

static guint
count_items (const char *list)
{
  guint n = *list != '\0';

  for (; *list != '\0'; list++)
    n += *list == ',';
  return n;
}

static gboolean
is_sdk_hash (const guint8 *p, const guint8 *end)
{
  if (end - p < 9 || p[0] != '(' || p[8] != ')')
    return FALSE;
  for (int i = 1; i < 8; i++)
    if (!g_ascii_isxdigit (p[i]) || g_ascii_isupper (p[i]))
      return FALSE;
  return TRUE;
}

/* "3.0.1-dev" out of "3.0.1-dev(fce080e)", the first of its kind in the file. */
static char *
find_sdk_version (const guint8 *data, gsize len)
{
  const guint8 *end = data + len;
  const guint8 *p = data;

  while ((p = memchr (p, '(', (gsize) (end - p))) != NULL) {
    if (is_sdk_hash (p, end)) {
      const guint8 *start = p;
      guint dots = 0;

      if (p - data > 4 && memcmp (p - 4, "-dev", 4) == 0)
        start -= 4;
      while (start > data && (g_ascii_isdigit (start[-1]) || start[-1] == '.'))
        dots += *--start == '.';
      if (dots == 2 && g_ascii_isdigit (*start))
        return g_strndup ((const char *) start, (gsize) (p - start));
    }
    p++;
  }
  return NULL;
}

static char *
take_word (const char *text)
{
  return g_strndup (text, strcspn (text, " \t"));
}

/* A banner is worth the name only when it says how it was built. */
static FgNodemcuInfo *
read_banner (const guint8 *data, gsize len)
{
  g_autoptr (FgNodemcuInfo) info = g_new0 (FgNodemcuInfo, 1);
  g_autofree char *first = line_at (data, data + len);
  const char *build = strstr (first, " build ");

  info->branch = find_field (data, len, "\tbranch: ");
  info->modules = find_field (data, len, "\tmodules: ");
  info->built = find_field (data, len, "build created on ");
  if (info->built == NULL)
    info->built = find_field (data, len, "build built on: ");
  if (info->modules != NULL)
    info->n_modules = count_items (info->modules);
  if (g_ascii_isdigit (first[strlen (BANNER)])
      && build != NULL) { /* "NodeMCU 0.9.5 build 20150318" */
    info->version = take_word (first + strlen (BANNER));
    g_free (info->built); /* of a build that the file's text tells about, too */
    info->built = take_word (build + strlen (" build "));
  }
  if (info->version == NULL && info->branch == NULL && info->modules == NULL)
    return NULL;
  return g_steal_pointer (&info);
}

/**
 * fg_nodemcu_find:
 * @len: bytes
 *
 * Returns: (transfer full) (nullable): %NULL when the bytes hold no NodeMCU banner
 */
FgNodemcuInfo *
fg_nodemcu_find (const guint8 *data, gsize len)
{
  const guint8 *end = data + len;
  const guint8 *p = data;

  while ((p = memmem (p, (gsize) (end - p), BANNER, strlen (BANNER))) != NULL) {
    FgNodemcuInfo *info = read_banner (p, MIN ((gsize) (end - p), BANNER_MAX));

    if (info != NULL) {
      if (info->version == NULL)
        info->version = find_sdk_version (data, len);
      return info;
    }
    p += strlen (BANNER);
  }
  return NULL;
}

void
fg_nodemcu_info_free (FgNodemcuInfo *self)
{
  g_free (self->version);
  g_free (self->built);
  g_free (self->branch);
  g_free (self->modules);
  g_free (self);
}
