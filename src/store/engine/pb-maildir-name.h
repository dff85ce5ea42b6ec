/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of message files: "BASE:2,LETTERS". The base never changes while the message lives; the
 * letters are its flags. Ours read
 * <seconds>.M<microseconds>P<process>Q<count>.postbag,I=<digest>,S=<size>, so that the order of
 * messages and the ledger can be rebuilt from names alone. Names of other programs are taken as
 * they are. Pure functions; names are untrusted. */

#pragma once

#include "pb-digest.h"
#include "pb-message-row.h"

G_BEGIN_DECLS

/* When and in which order a message came, as far as its name tells. */
typedef struct {
  gint64 seconds; /* 0 when the name does not say */
  guint32 micro;
  guint64 count;
} PbMaildirTime;

/* The name of a temporary file: "<seconds>.M…P…Q….postbag". Never the same twice. */
char *pb_maildir_name_new (PbMaildirTime *time);

/* The base of the finished file that was written as @temporary. */
char *pb_maildir_name_base (const char *temporary, const PbDigest *digest, guint64 size);

/* A line of pb-arrival-log.h: the temporary of @base has this content (PB_CONTENT_SIZE bytes). And
 * its base, with the beginning of the content's digest; NULL when @note is no such line. */
char *pb_maildir_name_note (const char *base, const guint8 *content);
char *pb_maildir_name_read_note (const char *note, PbDigest *content);

/* The temporary that @base was made of. */
char *pb_maildir_name_unfinish (const char *base);

/* The name of such a log, a temporary as well. */
char *pb_maildir_name_new_log (void);
gboolean pb_maildir_name_is_log (const char *name);

/* TRUE when @name is a temporary of ours. */
gboolean pb_maildir_name_is_temporary (const char *name);

/* Cuts @name in place; what is behind ":2," is returned, "" where there is nothing. */
const char *pb_maildir_name_split (char *name);
char *pb_maildir_name_join (const char *base, const char *letters);

gboolean pb_maildir_name_get_digest (const char *base, PbDigest *digest);
void pb_maildir_name_get_time (const char *base, PbMaildirTime *time);
int pb_maildir_time_compare (const PbMaildirTime *a, const PbMaildirTime *b);

/* @partial is the keyword letter that means "$Partial" in that folder, 0 where there is none.
 * Letters that mean nothing to Postbag are kept; the result is sorted, without doubles. */
PbFlags pb_maildir_name_get_flags (const char *letters, char partial);
char *pb_maildir_name_set_flags (const char *letters, PbFlags flags, char partial);

G_END_DECLS
