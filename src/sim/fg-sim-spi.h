/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The SPI controller of a chip that has the flash on it: user-defined transfers, and the dedicated
 * flash commands of an ESP8266. Offsets are in bytes from the controller's base.
 */

#include "fg-sim-flash.h"

G_BEGIN_DECLS

#define FG_SIM_SPI_SPAN 0x100u

typedef struct {
  FgSimFlash *flash;            /* (unowned) */
  const FgSimSpiLayout *layout; /* (unowned) static */
  guint32 regs[FG_SIM_SPI_SPAN / 4];
  gboolean attached; /* the pins belong to the controller; else nothing reaches the flash */
  gboolean timed;
  guint clock_mhz; /* of the bus, which CTRL divides; 0: it does not, and reads in one way only */
  gboolean user_enable; /* FALSE: write enable as a user command goes nowhere */
  gboolean misreads;    /* the first byte of what is read is wrong */
  gint64 done_ns;       /* when the running transfer ends */
} FgSimSpi;

void
fg_sim_spi_init (FgSimSpi *self, FgSimFlash *flash, const FgSimSpiLayout *layout, gboolean timed);
void fg_sim_spi_reset (FgSimSpi *self);
void fg_sim_spi_attach (FgSimSpi *self);
void fg_sim_spi_transfer (FgSimSpi *self, FgSimTransfer *transfer, gint64 now_ns);
guint32 fg_sim_spi_read (const FgSimSpi *self, guint32 offset, gint64 now_ns);
void fg_sim_spi_write (FgSimSpi *self, guint32 offset, guint32 value, gint64 now_ns);

G_END_DECLS
