/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two files of PbSearchIndex share. */

#pragma once

#include "pb-search-index.h"

G_BEGIN_DECLS

struct _PbSearchIndex {
  PbDatabase *db;
  sqlite3 *handle;
  gboolean is_adding;
  guint added; /* messages, in this transaction */
};

G_END_DECLS
