/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One session that is over: when, how long, how it ended, and, when somebody wants to read it, what
 * was said. Main context. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PB_TYPE_TRANSCRIPT_ENTRY (pb_transcript_entry_get_type ())
G_DECLARE_FINAL_TYPE (PbTranscriptEntry, pb_transcript_entry, PB, TRANSCRIPT_ENTRY, GObject)

/* How a session ended: a code of PB_ERROR, or one of these. */
enum {
  PB_TRANSCRIPT_WELL = -1,
  PB_TRANSCRIPT_CANCELLED = -2,
  PB_TRANSCRIPT_OTHER = -3, /* an error of another domain */
};

/* @text for a session of this run, or @path of the file that has it. Both are copied. */
PbTranscriptEntry *pb_transcript_entry_new (gint64 started,
                                            gint64 duration,
                                            int outcome,
                                            const char *text,
                                            const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* What @error (NULL for none) is as an outcome. */
int pb_transcript_entry_outcome_of (const GError *error);

/* "ok", "sign-in", "cancelled" …, as it is written in files; never NULL. */
const char *pb_transcript_entry_outcome_to_name (int outcome);

/* FALSE when @name is none of them. */
gboolean pb_transcript_entry_outcome_from_name (const char *name, int *outcome);

gint64 pb_transcript_entry_get_started (PbTranscriptEntry *self);  /* µs since 1970 */
gint64 pb_transcript_entry_get_duration (PbTranscriptEntry *self); /* µs */
int pb_transcript_entry_get_outcome (PbTranscriptEntry *self);

/* The dialogue: lines of "HH:MM:SS.mmm  direction  text" with "->" for what was sent, "<-" for what
 * was received and "--" for notes. UTF-8, owned by the caller. PB_ERROR_NOT_FOUND when its file is
 * gone. */
void pb_transcript_entry_load_async (PbTranscriptEntry *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
char *
pb_transcript_entry_load_finish (PbTranscriptEntry *self, GAsyncResult *result, GError **error);

G_END_DECLS
