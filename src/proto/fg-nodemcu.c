/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-nodemcu.h"

#include <string.h>

/* The banner and its lines: nodemcu-firmware app/include/user_version.h and
 * tools/update_buildinfo.sh; the SDK's version string: libmain of the SDK, "2.2.1(6ab97e9)". */
#define BANNER "NodeMCU "
#define BANNER_MAX 2048 /* bytes looked at after the banner's start */
#define BANNERS_MAX 64  /* that are looked at in a file; a real one has three or so */
#define SDK_LOOK (16u * 1024 * 1024)

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

/* How long "(6ab97e9)" is here; 0: it is no such thing. Seven or eight digits, as git abbreviates.
 */
static guint
sdk_hash_len (const guint8 *p, const guint8 *end)
{
  guint n = 1;

  while (n < 10 && p + n < end && g_ascii_isxdigit (p[n]) && !g_ascii_isupper (p[n]))
    n++;
  return p + n < end && p[n] == ')' && n >= 8 && n <= 9 ? n + 1 : 0;
}

/* "3.0.1-dev(fce080e)", the first of its kind in the file. */
static char *
find_sdk (const guint8 *data, gsize len)
{
  const guint8 *end = data + MIN (len, SDK_LOOK);
  const guint8 *p = data;

  for (; (p = memchr (p, '(', (gsize) (end - p))) != NULL; p++) {
    guint hash_len = sdk_hash_len (p, end);
    const guint8 *start = p;
    guint dots = 0;

    if (hash_len == 0)
      continue;
    if (p - data > 4 && memcmp (p - 4, "-dev", 4) == 0)
      start -= 4;
    while (start > data && p - start < 16 && (g_ascii_isdigit (start[-1]) || start[-1] == '.'))
      dots += *--start == '.';
    if ((dots == 2 || dots == 3) && g_ascii_isdigit (*start))
      return g_strndup ((const char *) start, (gsize) (p - start) + hash_len);
  }
  return NULL;
}

static char *
take_word (const char *text)
{
  return g_strndup (text, strcspn (text, " \t"));
}

/* What stands after " build " in the line: "20150318", "2021-12-30 14:50 powered by Lua …". */
static char *
take_date (const char *text)
{
  g_autofree char *date = NULL;
  const char *powered;

  if (!g_ascii_isdigit (text[0]))
    return NULL;
  powered = strstr (text, " powered by");
  date = powered != NULL ? g_strndup (text, (gsize) (powered - text)) : g_strdup (text);
  return g_strdup (g_strstrip (date));
}

static char *
find_either (const guint8 *data, gsize len, const char *key, const char *other)
{
  char *found = find_field (data, len, key);

  return found != NULL ? found : find_field (data, len, other);
}

static void
read_fields (FgNodemcuInfo *info, const guint8 *data, gsize len)
{
  g_autofree char *lua = find_field (data, len, "powered by Lua ");

  info->branch = find_field (data, len, "\tbranch: ");
  info->commit = find_field (data, len, "\tcommit: ");
  info->release = find_field (data, len, "\trelease: ");
  info->ssl = find_field (data, len, "\tSSL: ");
  info->numbers = find_either (data, len, "\tbuild type: ", "\tBuild type: ");
  info->lfs = find_field (data, len, "\tLFS: ");
  info->modules = find_field (data, len, "\tmodules: ");
  info->built = find_either (data, len, "build created on ", "built on: ");
  if (lua != NULL)
    info->lua = take_word (lua);
  if (info->modules != NULL)
    info->n_modules = count_items (info->modules);
}

/* A banner is worth the name only when it says how it was built. */
static FgNodemcuInfo *
read_banner (const guint8 *data, gsize len)
{
  g_autoptr (FgNodemcuInfo) info = g_new0 (FgNodemcuInfo, 1);
  g_autofree char *first = line_at (data, data + len);
  g_autofree char *later = NULL;
  const char *build = strstr (first, " build ");

  read_fields (info, data, len);
  if (g_ascii_isdigit (first[strlen (BANNER)])
      && (build != NULL || info->branch != NULL)) { /* "NodeMCU 0.9.5 build 20150318" */
    info->version = take_word (first + strlen (BANNER));
    if (build != NULL) {
      g_free (info->built); /* of a build that the file's text tells about, too */
      info->built = take_date (build + strlen (" build "));
    }
  }
  if (info->version == NULL && info->branch == NULL && info->modules == NULL)
    return NULL;
  if (info->built == NULL && (later = find_field (data, len, "\n build ")) != NULL)
    info->built = take_date (later);
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

  for (guint i = 0; i < BANNERS_MAX; i++) {
    FgNodemcuInfo *info;

    p = memmem (p, (gsize) (end - p), BANNER, strlen (BANNER));
    if (p == NULL)
      break;
    info = read_banner (p, MIN ((gsize) (end - p), BANNER_MAX));
    if (info != NULL) {
      info->sdk = find_sdk (data, len);
      if (info->version == NULL && info->sdk != NULL)
        info->version = g_strndup (info->sdk, strcspn (info->sdk, "("));
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
  g_free (self->commit);
  g_free (self->release);
  g_free (self->ssl);
  g_free (self->numbers);
  g_free (self->lfs);
  g_free (self->lua);
  g_free (self->sdk);
  g_free (self->modules);
  g_free (self);
}
