/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The files of the session log: one for each session, with a line of facts above the dialogue.
 * Blocking; for worker threads. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* So many sessions of an account are kept. */
#define PB_TRANSCRIPTS_KEPT 20

/* Writes a session into the folder @dir (made where it is missing, 0700; the file 0600), and
 * deletes what is older than the last PB_TRANSCRIPTS_KEPT. @started µs since 1970, @duration µs. */
gboolean pb_transcript_files_write (const char *dir,
                                    gint64 started,
                                    gint64 duration,
                                    int outcome,
                                    const char *text,
                                    GError **error);

/* What is in @dir, newest first, at most PB_TRANSCRIPTS_KEPT: a GPtrArray of PbTranscriptEntry.
 * Files that cannot be understood are passed over. */
GPtrArray *pb_transcript_files_list (const char *dir) G_GNUC_WARN_UNUSED_RESULT;

/* The dialogue in the file @path, made UTF-8, at most 1 MiB of it. */
char *pb_transcript_files_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
