/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a chip prints when it does not sit in its loader: the ROM's boot text, the loading of the
 * image at flash address 0, and the program that runs then. As a list of steps.
 */

#include "fg-sim-flash.h"

G_BEGIN_DECLS

typedef enum {
  FG_SIM_STEP_PRINT,    /* text */
  FG_SIM_STEP_BAUD,     /* value: bit/s */
  FG_SIM_STEP_LOADER,   /* the serial loader starts to listen */
  FG_SIM_STEP_WATCHDOG, /* the chip resets itself */
  FG_SIM_STEP_AGAIN,    /* back to the step before this one */
} FgSimStepKind;

typedef struct {
  FgSimStepKind kind;
  gint64 delay_ns; /* before the step */
  guint value;
  char *text; /* (owned) (nullable) */
} FgSimStep;

typedef enum {
  FG_SIM_RESET_POWER_ON = 1, /* "rst cause" of PROTOCOL-FACTS 3.4 */
  FG_SIM_RESET_EN = 2,
  FG_SIM_RESET_WATCHDOG = 4,
  FG_SIM_RESET_SOFTWARE = 3,
  FG_SIM_RESET_USB = 5,  /* asked for by the lines of the chip's own USB port */
  FG_SIM_RESET_NONE = 0, /* the loader jumps to the image: no boot text */
} FgSimResetCause;

/* Whether BOOT was held; for an ESP8266 also the "boot mode" of PROTOCOL-FACTS 3.4 */
#define FG_SIM_STRAP_LOADER 1
#define FG_SIM_STRAP_FLASH 3

GArray *fg_sim_boot_plan (const FgSimSpec *spec,
                          const FgSimFlash *flash,
                          guint strap,
                          FgSimResetCause cause);

/* For the chips after the ESP8266: in fg-sim-boot-later. */
void fg_sim_boot_plan_later (GArray *plan,
                             const FgSimSpec *spec,
                             const FgSimFlash *flash,
                             guint strap,
                             FgSimResetCause cause);
void
fg_sim_boot_add (GArray *plan, FgSimStepKind kind, gint64 delay_ns, guint value, const char *text);
void fg_sim_boot_add_babble (GArray *plan, const FgSimSpec *spec);

#define FG_SIM_IMAGE_MAGIC 0xe9 /* PROTOCOL-FACTS 11.1 */
#define FG_SIM_IMAGE_SEGMENTS_MAX 16
#define FG_SIM_ROM_START_NS (2 * G_GINT64_CONSTANT (1000000))
#define FG_SIM_APP_START_NS (150 * G_GINT64_CONSTANT (1000000))
/* Also without timing: a boot loop must not be a busy loop. */
#define FG_SIM_WATCHDOG_NS (1000 * G_GINT64_CONSTANT (1000000))

G_END_DECLS
