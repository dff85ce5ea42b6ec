/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What turns one list of ids into another, in runs. A pure function. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* At @position, @removed ids go and @n_added ids of @added come. The callee applies it to the old
 * list at once. */
typedef void (
  *PbIdSplice) (guint position, guint removed, const gint64 *added, guint n_added, gpointer data);

/* Calls @splice until @old (which @splice changes) equals @new; from the end to the beginning, so
 * that positions before a splice stay as they are. Ids are unique in each list. What is in both
 * lists in the same order is never part of a splice, unless more than 256 runs would be needed:
 * then the whole middle is one. */
void pb_id_diff (GArray *old, GArray *new, PbIdSplice splice, gpointer data);

G_END_DECLS
