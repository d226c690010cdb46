/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "fg-image.h"
#include "fg-plan.h"

#include <string.h>

/* Whatever a file holds: what is told about it lies inside it, and what would be flashed is the
 * file but for two bytes of its header. */

static void
check_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
check_inspection (GBytes *bytes)
{
  g_autoptr (FgImageInfo) info = fg_image_inspect (bytes);

  g_assert_nonnull (fg_image_kind_name (info->kind));
  g_assert_cmpuint (info->length, ==, g_bytes_get_size (bytes));
  for (guint i = 0; !info->truncated && info->segments != NULL && i < info->segments->len; i++) {
    const FgImageSegment *segment = &g_array_index (info->segments, FgImageSegment, i);

    g_assert_cmpuint ((guint64) segment->offset + segment->length, <=, info->length);
  }
  check_text (info->title);
  check_text (info->details);
  check_text (info->problem);
}

static void
check_plan (GBytes *bytes)
{
  g_autoptr (FgJob) job = fg_job_new (FG_JOB_FLASH, "sim:esp8266");
  g_autoptr (FgPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  gsize size, planned_size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const guint8 *planned;

  job->mode = FG_FLASH_MODE_QIO;
  job->flash_size = 0x400000;
  fg_job_add_firmware (job, "fuzz.bin", 0, bytes);
  plan = fg_plan_new (job, NULL, &error);
  g_assert_true ((plan == NULL) == (error != NULL));
  if (plan == NULL)
    return;
  planned = g_bytes_get_data (((FgPlanRegion *) plan->regions->pdata[0])->bytes, &planned_size);
  g_assert_cmpuint (planned_size, >=, size);
  g_assert_cmpuint (planned_size % FG_SECTOR_SIZE, ==, 0);
  g_assert_cmpmem (planned, MIN (size, 2), data, MIN (size, 2));
  if (size > 4)
    g_assert_cmpmem (planned + 4, size - 4, data + 4, size - 4);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  check_inspection (bytes);
  if (size > 0)
    check_plan (bytes);
  return 0;
}
