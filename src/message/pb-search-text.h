/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a message can be found by: its words for the index of the store, as one value. All strings
 * are valid UTF-8, never NULL. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of text of one message at most; what comes after is not looked for. */
#define PB_SEARCH_TEXT_LIMIT (1024 * 1024)

typedef struct {
  char *from;        /* names and addresses of From, Sender and Reply-To */
  char *to;          /* of To, Cc and Bcc */
  char *subject;     /* in one line */
  char *body;        /* plain text, or what HTML says where there is none worth the name */
  char *attachments; /* their names, one a line */
} PbSearchText;

/* Reads a message, whole or its beginning. Untrusted; blocking; any thread; always succeeds. */
PbSearchText *pb_search_text_new (const char *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;
void pb_search_text_free (PbSearchText *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbSearchText, pb_search_text_free)

G_END_DECLS
