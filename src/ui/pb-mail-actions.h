/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What people do to messages, and how it is undone. Asks nobody; tells what was done, so that a
 * toast can offer to take it back. Any number of messages at once, of any folders and accounts. */

#pragma once

#include "pb-mail-store.h"

G_BEGIN_DECLS

#define PB_TYPE_MAIL_ACTIONS (pb_mail_actions_get_type ())
G_DECLARE_FINAL_TYPE (PbMailActions, pb_mail_actions, PB, MAIL_ACTIONS, GObject)

/* Signals:
 * "moved" (char *text): messages went elsewhere; pb_mail_actions_undo () takes it back.
 * "failed" (GError). */
PbMailActions *pb_mail_actions_new (PbMailStore *store);

/* Moves each to the folder of @role of its account; what is there already is passed over. Moving to
 * the trash or the archive marks nothing. */
void pb_mail_actions_move (PbMailActions *self, const gint64 *ids, guint count, PbFolderRole role);

/* For good; cannot be undone. */
void pb_mail_actions_delete (PbMailActions *self, const gint64 *ids, guint count);

void pb_mail_actions_set_flags (PbMailActions *self,
                                const gint64 *ids,
                                guint count,
                                PbFlags add,
                                PbFlags remove);

/* Takes the last move back that was not taken back yet (the last 50 are known); FALSE when there
 * is none. */
gboolean pb_mail_actions_undo (PbMailActions *self);
gboolean pb_mail_actions_can_undo (PbMailActions *self);

G_END_DECLS
