/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Little-endian numbers in byte buffers. The caller has checked the length. */

#include <glib.h>

static inline void
fg_put_u16 (guint8 *p, guint16 value)
{
  p[0] = (guint8) value;
  p[1] = (guint8) (value >> 8);
}

static inline void
fg_put_u32 (guint8 *p, guint32 value)
{
  fg_put_u16 (p, (guint16) value);
  fg_put_u16 (p + 2, (guint16) (value >> 16));
}

static inline guint16
fg_get_u16 (const guint8 *p)
{
  return (guint16) (p[0] | p[1] << 8);
}

static inline guint32
fg_get_u32 (const guint8 *p)
{
  return fg_get_u16 (p) | (guint32) fg_get_u16 (p + 2) << 16;
}
