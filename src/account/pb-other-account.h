/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A POP3 account as another mail program of this person has it, with the messages that it has
 * fetched. No password is ever read. */

#pragma once

#include <gio/gio.h>

#include "pb-account.h"

G_BEGIN_DECLS

/* Where programs keep their things; from the environment, or all below one folder in tests. */
typedef struct {
  char *home;
  char *config;
  char *data;
} PbOtherPlaces;

typedef struct {
  const char *program;  /* "thunderbird", "evolution", "claws-mail", "sylpheed" */
  char *label;          /* what it is called there; "" for nothing */
  char *name;           /* of the person; "" */
  char *address;        /* "" where that program has none */
  PbEndpoint *endpoint; /* PB_SECURITY_NONE too */
  char *user;
  PbOnServer on_server; /* KEEP where it is not clear */
  guint delete_after_days;
  GPtrArray *seen; /* of GBytes: UIDLs of the messages that it fetched in full */
} PbOtherAccount;

/* With an empty list; the rest is to be filled in. */
PbOtherAccount *pb_other_account_new (const char *program);
void pb_other_account_free (PbOtherAccount *self);

/* FALSE for one that nobody could sign in to. */
gboolean pb_other_account_is_usable (const PbOtherAccount *self);

/* Sets the endpoint; @port 0 for the usual one. What is no host leaves NULL. */
void pb_other_account_set_server (PbOtherAccount *self,
                                  const char *host,
                                  guint port,
                                  PbSecurity security);

/* Adds a UIDL. Ignores what cannot be one (nothing, more than 1024 bytes), and what is too much
 * (more than 200,000). */
void pb_other_account_add_seen (PbOtherAccount *self, const char *uid, gsize length);

/* An account of ours with these settings. Whether its secret may go in the clear is left to be
 * asked. */
PbAccount *pb_other_account_make (const PbOtherAccount *self,
                                  const char *id) G_GNUC_WARN_UNUSED_RESULT;

/* ---- For the programs ---- */

/* A file of at most @max bytes, NUL-terminated; NULL for one that cannot be read, is larger, or no
 * regular file. Blocking. */
char *pb_other_read_file (const char *path, gsize max, gsize *length) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbOtherAccount, pb_other_account_free)

G_END_DECLS
