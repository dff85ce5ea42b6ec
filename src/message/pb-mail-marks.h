/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person did with a message, as files of mail programs note it: marks as Maildir letters (D
 * draft, F starred, P forwarded, R answered, S read) and tags as words. A value; what it is read
 * from is untrusted. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_MAIL_MARKS_MAX_TAGS 26
#define PB_MAIL_MARKS_TAG_BYTES 100

typedef struct {
  char letters[8];  /* each once, NUL at the end */
  GPtrArray *tags;  /* of char *; NULL for none */
  gboolean deleted; /* it only waits for its file to be written anew */
} PbMailMarks;

void pb_mail_marks_clear (PbMailMarks *self);

/* Adds one of the letters above, others are passed over. */
void pb_mail_marks_add_letter (PbMailMarks *self, char letter);

/* Adds the words of @text, between blanks or commas; words that cannot be tags are passed over. */
void pb_mail_marks_add_tags (PbMailMarks *self, const char *text);

gboolean pb_mail_marks_has (const PbMailMarks *self, char letter);

/* What the field @name (any case) tells: Status, X-Status, X-Keywords, X-Mozilla-Status,
 * X-Mozilla-Keys. */
void pb_mail_marks_read_field (PbMailMarks *self, const char *name, const char *value);

/* All in one word that can stand at the end of an mbox "From " line, and back: FALSE where @word is
 * none. */
char *pb_mail_marks_to_word (const PbMailMarks *self);
gboolean pb_mail_marks_read_word (PbMailMarks *self, const char *word);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PbMailMarks, pb_mail_marks_clear)

G_END_DECLS
