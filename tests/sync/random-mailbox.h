/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A mailbox of odd messages made by dice, on a server and in a Maildir, and what must always be
 * true of it: each message is on the server, or complete here, or both. */

#pragma once

#include "pb-demo-server.h"

G_BEGIN_DECLS

typedef struct {
  GBytes *text; /* as it is stored: line ends LF, the last line complete */
  char *uid;
  gboolean durable; /* was seen complete in the Maildir */
  gboolean marked;  /* for deletion, in the session that began last */
  gboolean refused; /* the server would not deliver it, once at least */
} RandomMail;

typedef struct {
  GRand *dice;
  PbDemoServer *server;
  char *maildir;
  GPtrArray *mails; /* of RandomMail: all that ever were */
  GPtrArray
    *session;       /* of RandomMail, borrowed: by number, as the session that began last has it */
  GHashTable *seen; /* names of files whose content is known */
} RandomMailbox;

void random_mailbox_init (RandomMailbox *self, guint32 seed, PbDemoServer *server, char *maildir);
void random_mailbox_clear (RandomMailbox *self);

/* 0 to @limit - 1. */
guint random_mailbox_throw (RandomMailbox *self, guint limit);

/* @count more messages arrive on the server. */
void random_mailbox_grow (RandomMailbox *self, guint count);

/* A session begins; its numbers are those of what is on the server now. */
void random_mailbox_greet (RandomMailbox *self);

/* By its number in the session; NULL when there is none. */
RandomMail *random_mailbox_get (RandomMailbox *self, guint number);

/* Whether a complete copy is in the Maildir. */
gboolean random_mailbox_is_durable (RandomMailbox *self, RandomMail *mail);

/* What the server does at QUIT, without its answer. */
void random_mailbox_update (RandomMailbox *self);

/* Fails the test where a message is neither on the server nor here. */
void random_mailbox_assert_nothing_lost (RandomMailbox *self);

/* Fails the test unless each message is here once, those left out that the server refused, and
 * nothing else is. */
void random_mailbox_assert_exactly_once (RandomMailbox *self);

G_END_DECLS
