/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The ports on other machines that were used: kept in the settings, until they are removed. */

#include "fg-port-monitor.h"

G_BEGIN_DECLS

/* Adds all that are remembered. */
void fg_network_ports_show (GSettings *settings, FgPortMonitor *monitor);
/* A port that is not on a network is passed over. */
void fg_network_ports_remember (GSettings *settings, const char *path);
void fg_network_ports_forget (GSettings *settings, const char *path);
/* (transfer full) what people call it: "192.168.1.20:2217" */
char *fg_network_ports_title (const char *path);

G_END_DECLS
