/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of the server of an account, as titles and values for people: what it says of
 * itself, and what Postbag has learnt about it. */

#pragma once

#include "pb-server-notes.h"

G_BEGIN_DECLS

typedef struct {
  char *title; /* without a colon */
  char *value; /* one or more lines */
} PbServerFact;

/* GPtrArray of PbServerFact. What comes from the server is cleaned. @now: seconds since 1970. */
GPtrArray *pb_server_words_new (PbServerNotes *notes,
                                PbAccount *account,
                                gint64 now) G_GNUC_WARN_UNUSED_RESULT;

/* All of it as plain text, to be copied or saved. */
char *pb_server_words_to_text (GPtrArray *facts) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
