/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a pass leaves out after its session was lost, because the server seems not to stand it. Each
 * thing is suspected once, so that a pass takes a few connections more at most; what turns out to
 * have been the cause is noted for the next passes. */

#pragma once

#include "pb-pop3-session.h"
#include "pb-server-notes.h"

G_BEGIN_DECLS

/* Zero at the beginning of a pass. */
typedef struct {
  gboolean lock_step; /* one command at a time */
  gboolean no_uidl;
  gboolean no_top;
  gboolean lock_step_tried;
} PbDetour;

/* @session ended with @error before any message was asked for. TRUE where something more can be
 * left out. @at_top: it ended at a TOP. */
gboolean
pb_detour_find (PbDetour *self, PbPop3Session *session, const GError *error, gboolean at_top);

/* It ended with @error among messages, and they will be asked for again: one by one where the
 * server may have lost its place. */
void pb_detour_slow_down (PbDetour *self, PbPop3Session *session, const GError *error);

/* The pass went well: what was left out is what it takes with this server. */
void pb_detour_note (const PbDetour *self, PbServerNotes *notes, PbAccount *account, gint64 now);

G_END_DECLS
