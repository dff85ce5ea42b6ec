/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A mail store in a folder that is thrown away, and its calls as blocking ones. Every call fails
 * the test on an error; where an error is expected, the asynchronous call is used. */

#pragma once

#include "pb-mail-store.h"
#include "pb-test.h"

G_BEGIN_DECLS

#define PB_STORE_ACCOUNT "work"

typedef struct {
  char *dir;
  PbMailStore *store; /* open, with the account PB_STORE_ACCOUNT */
} PbStoreFixture;

void pb_store_fixture_set_up (PbStoreFixture *self, gconstpointer unused);
void pb_store_fixture_tear_down (PbStoreFixture *self, gconstpointer unused);

/* A store that is open; the second for a folder that has no account yet. */
PbMailStore *pb_store_open (const char *dir);
void pb_store_add_account (PbMailStore *store, const char *account_id);

/* Closes it and lets it go. */
void pb_store_close (PbMailStore *store);

/* Closes the fixture's store and opens another on the same folder. */
void pb_store_fixture_reopen (PbStoreFixture *self);

/* Runs @sql on the ledger behind the back of a store that is closed for it, and as if it had not
 * been closed properly: time cannot be waited for. */
void pb_store_change_ledger (PbStoreFixture *self, const char *sql);

/* One message at a time, complete, each in a delivery of its own; returns the number of duplicates.
 * @name may be NULL. */
guint pb_store_deliver (PbMailStore *store, const char *name, const void *data, gsize length);
guint pb_store_deliver_text (PbMailStore *store, const char *name, const char *text);

/* @count messages "Subject: NAME-<i>" named "NAME-<i>", in one delivery. */
void pb_store_deliver_many (PbMailStore *store, const char *name, guint count);

/* Waits for the end of @delivery, which is let go; fails when it failed. */
void pb_store_finish (PbDelivery *delivery);

GArray *pb_store_query (PbMailStore *store, const PbQuery *query);
GArray *pb_store_list (PbMailStore *store, PbFolderRole role);
guint pb_store_count (PbMailStore *store, PbFolderRole role);
gint64 pb_store_folder_id (PbMailStore *store, PbFolderRole role);
GPtrArray *pb_store_load_rows (PbMailStore *store, GArray *ids);
PbMessageRow *pb_store_load_row (PbMailStore *store, gint64 id);
GBytes *pb_store_load (PbMailStore *store, gint64 id, char **path);
void pb_store_set_flags (PbMailStore *store, gint64 id, PbFlags add, PbFlags remove);
void pb_store_move (PbMailStore *store, gint64 id, PbFolderRole role);
void pb_store_delete (PbMailStore *store, gint64 id);
void pb_store_settle (PbMailStore *store);

/* A listing of @names (NULL at the end), and what the ledger says of one: GArray of PbLedgerRow. */
GArray *pb_store_match (PbMailStore *store, const char *const *names);
PbLedgerRow pb_store_match_one (PbMailStore *store, const char *name);

/* Names of the files in a folder of the Maildir ("cur", "tmp", ".Trash/cur"), sorted. */
GPtrArray *pb_store_list_files (const char *dir, const char *part);
char *pb_store_file_path (const char *dir, const char *part, const char *name);

/* Subjects of @ids, joined by spaces. */
char *pb_store_subjects (PbMailStore *store, GArray *ids);

G_END_DECLS
