/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which temporaries hold a message that was received in full: a file beside them, a line for each,
 * so that a process that is stopped need not transfer them again. One write a message; a rename
 * costs ten times as much. Nothing depends on a line that is missing, and nothing is believed of
 * one that is there: the digest of the content is compared. */

#pragma once

#include "pb-digest.h"

G_BEGIN_DECLS

typedef struct _PbArrivalLog PbArrivalLog;

/* A file of its own in @tmp_fd, which must stay open; @path is what errors call that place. */
PbArrivalLog *
pb_arrival_log_new (int tmp_fd, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The temporary of @base has the content of this digest (PB_CONTENT_SIZE bytes). */
gboolean
pb_arrival_log_note (PbArrivalLog *self, const char *base, const guint8 *content, GError **error);

/* They are committed. */
void pb_arrival_log_clear (PbArrivalLog *self);

/* Removes the file. NULL is fine. */
void pb_arrival_log_free (PbArrivalLog *self);

/* What one line says. */
typedef struct {
  char *temporary;
  char *base;
  PbDigest content; /* the beginning of the content's digest */
} PbArrivalNote;

void pb_arrival_note_free (PbArrivalNote *note);

/* The notes of all logs in @tmp_fd, at most 100,000: GPtrArray of PbArrivalNote. */
GPtrArray *pb_arrival_log_read_all (int tmp_fd) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
