/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of chips, one for each state in which messages of a server mailbox are, of which one is
 * pressed. */

#pragma once

#include <gtk/gtk.h>

#include "pb-server-row.h"

G_BEGIN_DECLS

#define PB_TYPE_SERVER_CHIPS (pb_server_chips_get_type ())
G_DECLARE_FINAL_TYPE (PbServerChips, pb_server_chips, PB, SERVER_CHIPS, GtkBox)

/* Signal "chosen" (int): a PbServerState, PB_N_SERVER_STATES for all. */

/* @counts: of each state. */
void pb_server_chips_set_counts (PbServerChips *self, const guint *counts);

G_END_DECLS
