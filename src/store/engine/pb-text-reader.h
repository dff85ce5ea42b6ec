/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads the text of a batch of messages in a thread of its own, while the store thread puts the
 * last one into the index. It opens files, and touches nothing else. */

#pragma once

#include "pb-search-text.h"

G_BEGIN_DECLS

typedef struct _PbTextReader PbTextReader;

typedef struct {
  gint64 id;
  gboolean partial;
  char *path;
  PbSearchText *text; /* NULL when the file is not there */
} PbReadText;

PbTextReader *pb_text_reader_new (void) G_GNUC_WARN_UNUSED_RESULT;
void pb_text_reader_free (PbTextReader *self);

/* Takes @path. Messages are gathered until the start; not while it is busy. */
void pb_text_reader_add (PbTextReader *self, gint64 id, gboolean partial, char *path);
void pb_text_reader_start (PbTextReader *self);

/* TRUE from the start until somebody waited for the batch. */
gboolean pb_text_reader_is_busy (PbTextReader *self);

/* How many are in the batch. */
guint pb_text_reader_count (PbTextReader *self);

/* The batch that was started: GPtrArray of PbReadText, in the order in which they were added. */
GPtrArray *pb_text_reader_wait (PbTextReader *self);

G_END_DECLS
