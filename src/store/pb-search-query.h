/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What somebody typed into a search field, understood. Words mean all of them; "words in quotes"
 * stand together; "a OR b" is one of both; a "-" before anything means without it. Further:
 *
 *   from: to: subject: body: attachment:  words or a quoted phrase there
 *   is:unread is:read is:starred is:answered is:forwarded is:draft is:partial
 *   has:attachment
 *   in:FOLDER     a folder by its name, or inbox, sent, archive, trash, …; in:anywhere
 *   account:ID
 *   before:DATE after:DATE on:DATE  YYYY, YYYY-MM, YYYY-MM-DD, today, yesterday, or 7d, 2w, 3m, 1y
 *                 ago; "after" (or since:) includes the day that is named, "before" does not
 *   larger:SIZE smaller:SIZE  bytes, or with k, M, G
 *
 * What is not understood is text like any other, so whatever is typed is a search. Case, accents
 * and width of letters do not count. Latin and other spaced scripts are found by words (an unquoted
 * one of two letters or more by its beginning), those without spaces by any part of the text.
 *
 * Untrusted input: what is beyond 2,000 bytes or 32 terms is left out. Immutable; safe in every
 * thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Fields of the text of a message. */
typedef enum {
  PB_SEARCH_FROM = 1 << 0,
  PB_SEARCH_TO = 1 << 1,
  PB_SEARCH_SUBJECT = 1 << 2,
  PB_SEARCH_BODY = 1 << 3,
  PB_SEARCH_ATTACHMENT = 1 << 4,
  PB_SEARCH_EVERYWHERE = (1 << 5) - 1,
} PbSearchFields;

typedef enum {
  PB_TERM_TEXT,
  PB_TERM_FLAG,       /* @flags: one of PbFlags */
  PB_TERM_ATTACHMENT, /* has one */
  PB_TERM_FOLDER,     /* @text */
  PB_TERM_ANYWHERE,   /* trash and junk too */
  PB_TERM_ACCOUNT,    /* @text */
  PB_TERM_BEFORE,     /* @number: seconds since 1970 */
  PB_TERM_SINCE,
  PB_TERM_LARGER, /* @number: bytes */
  PB_TERM_SMALLER,
} PbTermKind;

typedef struct {
  PbTermKind kind;
  gboolean negated;
  PbSearchFields fields; /* of a text */
  gboolean quoted;       /* whole words only */
  char *text;
  guint flags;
  gint64 number;
} PbSearchTerm;

typedef struct _PbSearchQuery PbSearchQuery;

/* @now: seconds since 1970, for dates that count from today (local time). */
PbSearchQuery *pb_search_query_new (const char *text, gint64 now) G_GNUC_WARN_UNUSED_RESULT;
PbSearchQuery *pb_search_query_ref (PbSearchQuery *self);
void pb_search_query_unref (PbSearchQuery *self);

/* GPtrArray of GPtrArray of PbSearchTerm: of each group at least one term holds. */
GPtrArray *pb_search_query_get_groups (PbSearchQuery *self);

/* TRUE when it says nothing: then nothing is found. */
gboolean pb_search_query_is_empty (PbSearchQuery *self);

/* ---- Showing what was found ---- */

/* Bytes of a text. */
typedef struct {
  gsize start;
  gsize end;
} PbTextRange;

/* Where @text (UTF-8), which is of @field, has what the query looks for: GArray of PbTextRange, in
 * order, apart from each other, at most 1,000. Pure; a megabyte takes some 50 ms, so not on the
 * main thread for a whole message. */
GArray *pb_search_query_find (PbSearchQuery *self, const char *text, PbSearchFields field);

/* A piece of @text of up to @characters around what is found first, on one line, with "…" where
 * something was cut; NULL when nothing is found. Pure. */
char *pb_search_query_dup_snippet (PbSearchQuery *self, const char *text, guint characters);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbSearchQuery, pb_search_query_unref)

G_END_DECLS
