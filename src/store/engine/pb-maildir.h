/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One Maildir on disk: its three folders, the names in them, its keywords. Knows no database.
 * Blocking: for the store thread. Errors as in pb-disk.h. */

#pragma once

#include <gio/gio.h>

#include "pb-digest.h"

G_BEGIN_DECLS

/* A name in cur, cut in two. */
typedef struct {
  const char *base;
  const char *letters;
} PbMaildirName;

/* Names with their text in one arena. */
typedef struct {
  GArray *names; /* of PbMaildirName */
  GStringChunk *text;
} PbMaildirNames;

/* Makes what is missing. @is_subfolder: it gets the marker file that Maildir++ wants. */
gboolean pb_maildir_make (const char *path, gboolean is_subfolder, GError **error);

/* TRUE when it has a cur. */
gboolean pb_maildir_exists (const char *path);

/* The directories (".Name") of an account at @path that are Maildirs; "" for the account's own,
 * first. */
GPtrArray *pb_maildir_list_folders (const char *path);

/* A number that changes when names in cur or new change; 0 when there is no such folder. @newest,
 * unless NULL: when the last change was, in nanoseconds since 1970. */
gint64 pb_maildir_stamp (const char *path, gint64 *newest);

/* Moves what other programs delivered into new to cur. */
gboolean pb_maildir_adopt_new (const char *path, GError **error);

/* Deletes temporaries that Postbag left behind. */
void pb_maildir_remove_temporaries (const char *path);
guint pb_maildir_count_temporaries (const char *path);

/* All names in cur, in no order. */
PbMaildirNames *pb_maildir_list (const char *path, GError **error);
void pb_maildir_names_free (PbMaildirNames *self);

/* The name in cur that has this base, whatever its letters; NULL when there is none. */
char *pb_maildir_find (const char *path, const char *base);

/* Adds the digests of all complete messages of the folder to @digests (GArray of PbDigest). */
gboolean pb_maildir_collect_digests (const char *path, GArray *digests, GError **error);

/* The keywords of the folder: which letter means which word. @keywords has 26 places, NULL where
 * nothing is defined; to be freed with pb_maildir_keywords_clear (). */
#define PB_MAILDIR_N_KEYWORDS 26
typedef char *PbMaildirKeywords[PB_MAILDIR_N_KEYWORDS];

void pb_maildir_keywords_read (const char *path, PbMaildirKeywords keywords);
void pb_maildir_keywords_clear (PbMaildirKeywords keywords);

/* The letter of @word, 0 where it has none. */
char pb_maildir_keywords_find (PbMaildirKeywords keywords, const char *word);

/* The letter of @word, which is defined where it was not; 0 with an error, or where all are
 * taken. */
char pb_maildir_keyword_ensure (const char *path, const char *word, GError **error);

#define PB_KEYWORD_PARTIAL "$Partial"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbMaildirNames, pb_maildir_names_free)

G_END_DECLS
