/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fg-job.h"

/**
 * fg_firmware_new:
 * @name: for messages; copied
 * @offset: bytes from the start of the flash
 * @bytes: (transfer none): a reference is taken
 */
FgFirmware *
fg_firmware_new (const char *name, guint32 offset, GBytes *bytes)
{
  FgFirmware *self = g_new0 (FgFirmware, 1);

  self->name = g_strdup (name);
  self->offset = offset;
  self->bytes = g_bytes_ref (bytes);
  return self;
}

void
fg_firmware_free (FgFirmware *self)
{
  g_free (self->name);
  g_bytes_unref (self->bytes);
  g_free (self);
}

/**
 * fg_job_new:
 * @port: copied
 *
 * Returns: (transfer full): a job with safe defaults: automatic mode and size, verification, only
 * what changed, nothing erased beyond what is written, reset before and after
 */
FgJob *
fg_job_new (FgJobKind kind, const char *port)
{
  FgJob *self = g_atomic_rc_box_new0 (FgJob);

  self->kind = kind;
  self->port = g_strdup (port);
  self->baud = 460800;
  self->attempts = 7;
  self->mode = FG_FLASH_MODE_AUTO;
  self->freq_mhz = FG_FLASH_FREQ_KEEP;
  self->flash_size = FG_FLASH_SIZE_AUTO;
  self->verify = TRUE;
  self->firmware = g_ptr_array_new_with_free_func ((GDestroyNotify) fg_firmware_free);
  return self;
}

FgJob *
fg_job_ref (FgJob *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
job_clear (gpointer data)
{
  FgJob *self = data;

  g_free (self->port);
  g_free (self->before_steps);
  g_clear_pointer (&self->stub, fg_stub_image_unref);
  g_ptr_array_unref (self->firmware);
}

void
fg_job_unref (FgJob *self)
{
  g_atomic_rc_box_release_full (self, job_clear);
}

/** fg_job_add_firmware: see fg_firmware_new(). Only before the job is started. */
void
fg_job_add_firmware (FgJob *self, const char *name, guint32 offset, GBytes *bytes)
{
  g_ptr_array_add (self->firmware, fg_firmware_new (name, offset, bytes));
}

/** fg_result_new: Returns: (transfer full): an empty result. */
FgResult *
fg_result_new (FgJobKind kind)
{
  FgResult *self = g_atomic_rc_box_new0 (FgResult);

  self->kind = kind;
  self->regions = g_array_new (FALSE, TRUE, sizeof (FgRegionResult));
  return self;
}

FgResult *
fg_result_ref (FgResult *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
result_clear (gpointer data)
{
  FgResult *self = data;

  g_clear_pointer (&self->board, fg_board_info_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_array_unref (self->regions);
  fg_boot_report_free (self->boot);
}

void
fg_result_unref (FgResult *self)
{
  g_atomic_rc_box_release_full (self, result_clear);
}
