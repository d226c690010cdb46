/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The boot text of the chips after the ESP8266: PROTOCOL-FACTS 3.4; what it does not have is what
 * such boards are seen to print. */

#include "fg-sim-boot.h"

#define CHECKSUM_SEED 0xef
#define HEADER_LEN 24 /* with the extended header; PROTOCOL-FACTS 11.1 */
#define SEGMENT_HEADER_LEN 8

typedef struct {
  guint number;
  const char *long_name, *short_name;
} ResetName;

static const ResetName reset_names[] = {
  [FG_SIM_RESET_POWER_ON] = { 0x1, "POWERON_RESET", "POWERON" },
  [FG_SIM_RESET_EN] = { 0x1, "POWERON_RESET", "POWERON" },
  [FG_SIM_RESET_SOFTWARE] = { 0x3, "SW_RESET", "RTC_SW_SYS_RST" },
  [FG_SIM_RESET_USB] = { 0x15, "USB_UART_CHIP_RESET", "USB_UART_CHIP_RESET" },
  [FG_SIM_RESET_WATCHDOG] = { 0x10, "RTCWDT_RTC_RESET", "RTCWDT_RTC_RST" },
};

static guint32
get_u32 (const guint8 *bytes)
{
  return bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 | (guint32) bytes[3] << 24;
}

/* Prints what the ROM prints while it loads. Returns whether it would start the image. */
static gboolean
load_image (const guint8 *image, gsize size, GString *text)
{
  guint8 sum = CHECKSUM_SEED;
  gsize at = HEADER_LEN;

  if (image[0] != FG_SIM_IMAGE_MAGIC || image[1] > FG_SIM_IMAGE_SEGMENTS_MAX) {
    for (guint i = 0; i < 3; i++)
      g_string_append_printf (text, "invalid header: 0x%08x\r\n", get_u32 (image));
    return FALSE;
  }
  g_string_append (text, "configsip: 0, SPIWP:0xee\r\nmode:DIO, clock div:2\r\n");
  for (guint i = 0; i < image[1]; i++) {
    guint32 len;

    if (at + SEGMENT_HEADER_LEN > size || get_u32 (image + at + 4) > size - at - SEGMENT_HEADER_LEN)
      return FALSE;
    len = get_u32 (image + at + 4);
    g_string_append_printf (text, "load:0x%08x,len:%u\r\n", get_u32 (image + at), len);
    at += SEGMENT_HEADER_LEN;
    for (guint32 k = 0; k < len; k++)
      sum ^= image[at + k];
    at += len;
  }
  at |= 15; /* the checksum is the last byte of a 16-byte line */
  if (at >= size || image[at] != sum) {
    g_string_append_printf (text, "csum err:0x%02x!=0x%02x\r\nets_main.c 371 \r\n",
                            at < size ? image[at] : 0xff, sum);
    return FALSE;
  }
  g_string_append_printf (text, "entry 0x%08x\r\n", get_u32 (image + 4));
  return TRUE;
}

static void
print_reset (const FgSimModel *model, gboolean to_loader, FgSimResetCause cause, GString *text)
{
  const FgSimBootText *boot = &model->boot;
  const ResetName *reset = &reset_names[cause];

  g_string_append_printf (text, "%srst:0x%x (%s),boot:0x%x (%s)\r\n", boot->first_lines,
                          reset->number,
                          boot->long_reset_names ? reset->long_name : reset->short_name,
                          to_loader ? boot->loader : boot->flash,
                          to_loader ? boot->loader_name : "SPI_FAST_FLASH_BOOT");
  if (to_loader)
    g_string_append (text, "waiting for download\r\n");
}

void
fg_sim_boot_plan_later (GArray *plan,
                        const FgSimSpec *spec,
                        const FgSimFlash *flash,
                        guint strap,
                        FgSimResetCause cause)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean to_loader = strap == FG_SIM_STRAP_LOADER, good;
  gint64 start_ns = spec->datasheet ? FG_SIM_ROM_START_NS : 0;
  guint32 image_at = spec->model->image_at;
  gsize size;
  const guint8 *data = fg_sim_flash_get_data (flash, &size);

  if (cause == FG_SIM_RESET_NONE) { /* the loader has come to its end */
    if (spec->model->boot.after_end != NULL)
      fg_sim_boot_add (plan, FG_SIM_STEP_PRINT, start_ns, 0, spec->model->boot.after_end);
    return;
  }
  print_reset (spec->model, to_loader, cause, text);
  good = !to_loader && load_image (data + image_at, size - image_at, text);
  fg_sim_boot_add (plan, FG_SIM_STEP_PRINT, start_ns, 0, text->str);
  if (to_loader) {
    fg_sim_boot_add (plan, FG_SIM_STEP_LOADER, 0, 0, NULL);
  } else if (good) {
    fg_sim_boot_add (plan, FG_SIM_STEP_PRINT, spec->datasheet ? FG_SIM_APP_START_NS : 0, 0,
                     "I (31) boot: ESP-IDF 2nd stage bootloader on a simulated board\r\n"
                     "I (312) main_task: Calling app_main()\r\n");
    fg_sim_boot_add_babble (plan, spec);
  } else {
    fg_sim_boot_add (plan, FG_SIM_STEP_WATCHDOG, FG_SIM_WATCHDOG_NS, 0, NULL);
  }
}
