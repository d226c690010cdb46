/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-sim-boot.h"

#define APP_BAUD 115200
#define CHECKSUM_SEED 0xef

/* PROTOCOL-FACTS 11.1 */
#define IMAGE_HEADER_LEN 8
#define SEGMENT_HEADER_LEN 8

static guint32
get_u32 (const guint8 *bytes)
{
  return bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 | (guint32) bytes[3] << 24;
}

static void
clear_step (gpointer step)
{
  g_free (((FgSimStep *) step)->text);
}

void
fg_sim_boot_add (GArray *plan, FgSimStepKind kind, gint64 delay_ns, guint value, const char *text)
{
  FgSimStep step = { kind, delay_ns, value, g_strdup (text) };

  g_array_append_val (plan, step);
}

/* Prints what the ROM prints while it loads. Returns whether it would start the image. */
static gboolean
load_image (const guint8 *flash, gsize size, GString *text)
{
  guint segments = flash[1];
  gsize at = IMAGE_HEADER_LEN;
  guint8 sum = CHECKSUM_SEED;

  if (flash[0] != FG_SIM_IMAGE_MAGIC || segments == 0 || segments > FG_SIM_IMAGE_SEGMENTS_MAX) {
    g_string_append (text, "flash read err, 1000\r\nets_main.c 181\r\n");
    return FALSE;
  }
  for (guint i = 0; i < segments; i++) {
    guint32 address, len;

    if (at + SEGMENT_HEADER_LEN > size)
      break;
    address = get_u32 (flash + at);
    len = get_u32 (flash + at + 4);
    at += SEGMENT_HEADER_LEN;
    if (len > size - at) {
      g_string_append_printf (text, "load 0x%08x, len %u, room 16 \r\nload err\r\n", address, len);
      return FALSE;
    }
    for (guint32 k = 0; k < len; k++)
      sum ^= flash[at + k];
    at += len;
    g_string_append_printf (text, "load 0x%08x, len %u, room %u \r\ntail %u\r\nchksum 0x%02x\r\n",
                            address, len, i == 0 ? 16 : 8, len % 16, sum);
  }
  at |= 15; /* the checksum is the last byte of a 16-byte line */
  if (at >= size || flash[at] != sum) {
    g_string_append (text, "csum err\r\nets_main.c 181\r\n");
    return FALSE;
  }
  g_string_append_printf (text, "csum 0x%02x\r\n", sum);
  return TRUE;
}

/** fg_sim_boot_add_babble: lines again and again, when the specification wants them */
void
fg_sim_boot_add_babble (GArray *plan, const FgSimSpec *spec)
{
  if (spec->babble_us == 0)
    return;
  fg_sim_boot_add (plan, FG_SIM_STEP_PRINT, spec->babble_us * 1000, 0,
                   "temperature 21.5 humidity 40 uptime\r\n");
  fg_sim_boot_add (plan, FG_SIM_STEP_AGAIN, 0, 0, NULL);
}

static void
add_application (GArray *plan, const FgSimSpec *spec)
{
  fg_sim_boot_add (plan, FG_SIM_STEP_BAUD, spec->datasheet ? FG_SIM_APP_START_NS : 0, APP_BAUD,
                   NULL);
  fg_sim_boot_add (plan, FG_SIM_STEP_PRINT, 0, 0,
                   "\r\n\r\nNodeMCU 2.2.1 on a simulated board\r\n\tmodules: "
                   "file,gpio,net,node,tmr,uart,wifi\r\n"
                   " build 2019-07-16 powered by Lua 5.1.4 on SDK 2.2.1(6ab97e9)\r\n"
                   "lua: cannot open init.lua\r\n> ");
  fg_sim_boot_add_babble (plan, spec);
}

/**
 * fg_sim_boot_plan:
 * @strap: %FG_SIM_STRAP_LOADER or %FG_SIM_STRAP_FLASH
 *
 * Returns: (transfer full) (element-type FgSimStep): in order
 */
GArray *
fg_sim_boot_plan (const FgSimSpec *spec,
                  const FgSimFlash *flash,
                  guint strap,
                  FgSimResetCause cause)
{
  GArray *plan = g_array_new (FALSE, FALSE, sizeof (FgSimStep));
  g_autoptr (GString) text = g_string_new (NULL);
  gsize size;
  const guint8 *data = fg_sim_flash_get_data (flash, &size);
  gboolean good;

  g_array_set_clear_func (plan, clear_step);
  if (spec->variant == NULL) {
    fg_sim_boot_plan_later (plan, spec, flash, strap, cause);
    return plan;
  }
  if (cause != FG_SIM_RESET_NONE)
    g_string_append_printf (text, "\r\n ets Jan  8 2013,rst cause:%d, boot mode:(%u,6)\r\n\r\n",
                            (int) cause, strap);
  if (strap == FG_SIM_STRAP_LOADER) {
    fg_sim_boot_add (plan, FG_SIM_STEP_PRINT, spec->datasheet ? FG_SIM_ROM_START_NS : 0, 0,
                     text->str);
    fg_sim_boot_add (plan, FG_SIM_STEP_LOADER, 0, 0, NULL);
    return plan;
  }
  good = load_image (data, size, text);
  fg_sim_boot_add (plan, FG_SIM_STEP_PRINT, spec->datasheet ? FG_SIM_ROM_START_NS : 0, 0,
                   text->str);
  if (good)
    add_application (plan, spec);
  else
    fg_sim_boot_add (plan, FG_SIM_STEP_WATCHDOG, FG_SIM_WATCHDOG_NS, 0, NULL);
  return plan;
}
