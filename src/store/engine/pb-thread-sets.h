/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which conversations became one: sets that only grow together, each named by its lowest member.
 * Kept in a table of the index and, while it is open, in memory. Store thread only. */

#pragma once

#include "pb-database.h"

G_BEGIN_DECLS

typedef struct _PbThreadSets PbThreadSets;

PbThreadSets *pb_thread_sets_new (PbDatabase *db) G_GNUC_WARN_UNUSED_RESULT;
void pb_thread_sets_free (PbThreadSets *self);

/* Reads the table again where another process wrote into the file, or after pb_thread_sets_forget
 * (). To be called first in every transaction. */
gboolean pb_thread_sets_refresh (PbThreadSets *self, GError **error);

/* A transaction was rolled back. */
void pb_thread_sets_forget (PbThreadSets *self);

/* The name of the set that @conversation is in. */
gint64 pb_thread_sets_find (PbThreadSets *self, gint64 conversation);

/* Makes one set of the two and returns its name, 0 on error. */
gint64 pb_thread_sets_join (PbThreadSets *self, gint64 a, gint64 b, GError **error);

/* All members of the set called @name, itself included: GArray of gint64. */
GArray *pb_thread_sets_list (PbThreadSets *self, gint64 name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbThreadSets, pb_thread_sets_free)

G_END_DECLS
