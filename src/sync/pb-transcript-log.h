/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The last sessions of each account, in memory and in files that may be thrown away. What comes in
 * is a transcript's text, from which secrets are masked by construction. Files are written and
 * read by workers; a disk that refuses costs nothing but the memory of it. Main context. */

#pragma once

#include <gio/gio.h>

#include "pb-transcript-entry.h"

G_BEGIN_DECLS

#define PB_TYPE_TRANSCRIPT_LOG (pb_transcript_log_get_type ())
G_DECLARE_FINAL_TYPE (PbTranscriptLog, pb_transcript_log, PB, TRANSCRIPT_LOG, GObject)

/* Signal "settled": nothing is being written any more. */

PbTranscriptLog *pb_transcript_log_new (void);

/* Where the files go: "transcripts" below @cache_dir. Without this call there are none. To be
 * called before anything else. */
void pb_transcript_log_set_folder (PbTranscriptLog *self, const char *cache_dir);

/* A session has ended just now. @started: µs since 1970; @error NULL when all went well. */
void pb_transcript_log_add (PbTranscriptLog *self,
                            const char *account_id,
                            gint64 started,
                            const GError *error,
                            const char *text);

/* Live list of PbTranscriptEntry, newest first, at most 20; those of earlier runs join it a moment
 * after the first call. Owned by the log. */
GListModel *pb_transcript_log_get_entries (PbTranscriptLog *self, const char *account_id);

/* TRUE while something is being written. */
gboolean pb_transcript_log_is_busy (PbTranscriptLog *self);

G_END_DECLS
