/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two files of the index share. */

#pragma once

#include "pb-index.h"

G_BEGIN_DECLS

struct _PbIndex {
  PbDatabase *db;
  gint64 commits;             /* of our own */
  struct _PbThreads *threads; /* see pb-threads.h; NULL until they are needed */
  GHashTable *deltas;         /* folder id → what its counters have to change by at the commit */
};

/* A message with @flags came into @folder (@sign 1) or left it (-1). */
void pb_index_count (PbIndex *self, gint64 folder, PbFlags flags, int sign);

/* Never NULL. */
static inline const char *
pb_index_column_text (sqlite3_stmt *statement, int column) {
  const char *text = (const char *) sqlite3_column_text (statement, column);
  return text ? text : "";
}

G_END_DECLS
