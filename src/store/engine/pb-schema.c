/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* SQL of the databases. */

#include "pb-schema.h"

#include <stddef.h>

/* folder.dir is the name on disk, folder.stamp what pb_maildir_stamp () said when all of it was
 * known; 0 for "look again". generation counts changes, so that a second process notices.
 * message.base and letters are the file name, message.shown the time by which lists are ordered: a
 * date in the future would stay on top for ever. An id is never used twice.
 *
 * message_order has all that an ordered list of ids needs, so that the rows themselves are not
 * read. */
const char *const pb_schema_index[] = {
  "CREATE TABLE folder ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  account TEXT NOT NULL,"
  "  dir TEXT NOT NULL,"
  "  name TEXT NOT NULL,"
  "  role INTEGER NOT NULL,"
  "  total INTEGER NOT NULL DEFAULT 0,"
  "  unread INTEGER NOT NULL DEFAULT 0,"
  "  generation INTEGER NOT NULL DEFAULT 0,"
  "  stamp INTEGER NOT NULL DEFAULT 0,"
  "  UNIQUE (account, dir)"
  ");"
  "CREATE TABLE message ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  folder INTEGER NOT NULL,"
  "  received INTEGER NOT NULL,"
  "  flags INTEGER NOT NULL,"
  "  size INTEGER NOT NULL,"
  "  base TEXT NOT NULL,"
  "  letters TEXT NOT NULL,"
  "  subject TEXT NOT NULL,"
  "  from_name TEXT NOT NULL,"
  "  from_address TEXT NOT NULL,"
  "  recipients TEXT NOT NULL,"
  "  preview TEXT NOT NULL,"
  "  message_id TEXT NOT NULL,"
  "  parents TEXT NOT NULL,"
  "  date INTEGER,"
  "  has_attachment INTEGER NOT NULL,"
  "  shown INTEGER AS (CASE WHEN date < received THEN date ELSE received END)"
  ");"
  "CREATE UNIQUE INDEX message_file ON message (folder, base);"
  "CREATE INDEX message_order ON message (folder, shown, id, flags);"
  "CREATE INDEX message_partial ON message (folder) WHERE flags & 256;",
  /* What servers said (TOP) of messages that are not here. The rowid tells what came first. */
  "CREATE TABLE head ("
  "  account TEXT NOT NULL,"
  "  digest BLOB NOT NULL,"
  "  subject TEXT NOT NULL,"
  "  from_name TEXT NOT NULL,"
  "  from_address TEXT NOT NULL,"
  "  date INTEGER,"
  "  PRIMARY KEY (account, digest)"
  ");",
  /* Conversations (pb-threads.c): which one a message is in, a message id (hashed) points to, a
   * subject between two people (hashed) was used in, and which were merged into which. */
  "CREATE TABLE conversation_member (message INTEGER PRIMARY KEY, conversation INTEGER NOT NULL);"
  "CREATE INDEX conversation_order ON conversation_member (conversation);"
  "CREATE TRIGGER conversation_left AFTER DELETE ON message BEGIN"
  "  DELETE FROM conversation_member WHERE message = old.id;"
  "END;"
  "CREATE TABLE conversation_key (key INTEGER PRIMARY KEY, conversation INTEGER NOT NULL);"
  "CREATE TABLE conversation_pair ("
  "  key INTEGER NOT NULL,"
  "  bare INTEGER NOT NULL,"
  "  shown INTEGER NOT NULL,"
  "  conversation INTEGER NOT NULL,"
  "  PRIMARY KEY (key, bare, shown, conversation)"
  ") WITHOUT ROWID;"
  "CREATE TABLE conversation_merge (conversation INTEGER PRIMARY KEY, target INTEGER NOT NULL);",
  NULL,
};

/* state is a PbLedgerState. content is the SHA-256 of the file that was written. absent: since when
 * listings lack the message, 0 while they have it. meta.index_number counts the index files that
 * were made, so that a new one gives ids which the last one never gave. */
const char *const pb_schema_ledger[] = {
  "CREATE TABLE account ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  name TEXT NOT NULL UNIQUE"
  ");"
  "CREATE TABLE entry ("
  "  account INTEGER NOT NULL,"
  "  digest BLOB NOT NULL,"
  "  state INTEGER NOT NULL,"
  "  first_seen INTEGER NOT NULL,"
  "  stored INTEGER NOT NULL DEFAULT 0,"
  "  next_try INTEGER NOT NULL DEFAULT 0,"
  "  absent INTEGER NOT NULL DEFAULT 0,"
  "  uidl BLOB,"
  "  content BLOB,"
  "  reason TEXT,"
  "  PRIMARY KEY (account, digest)"
  ") WITHOUT ROWID;"
  "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;",
  /* fingerprint is that of pb-fingerprint.h, empty where it tells nothing, NULL where it is not
   * known yet. copy is the digest in the name of the file where that is another entry's: then this
   * one is a further name of the same message. gone: the server confirmed that it removed it.
   *
   * The planner takes the primary key, which is a look at every message of the account, unless
   * INDEXED BY names one of these two. */
  "ALTER TABLE entry ADD COLUMN fingerprint BLOB;"
  "ALTER TABLE entry ADD COLUMN copy BLOB;"
  "ALTER TABLE entry ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;"
  "CREATE INDEX entry_content ON entry (account, content) WHERE content IS NOT NULL;"
  "CREATE INDEX entry_copy ON entry (account, copy) WHERE copy IS NOT NULL;",
  /* wanted: somebody asked for the whole of a message of which only the head came. */
  "ALTER TABLE entry ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0;",
  /* keep: somebody wants it to stay on the server, whatever the policy says. */
  "ALTER TABLE entry ADD COLUMN keep INTEGER NOT NULL DEFAULT 0;",
  NULL,
};

/* The table "text" is made by pb-search-index.c, which brings its tokenizer. partial: messages of
 * which only the head was there when their words were taken. meta.index_number is that of the index
 * whose ids are meant. */
const char *const pb_schema_search[] = {
  "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE partial (id INTEGER PRIMARY KEY);",
  NULL,
};
