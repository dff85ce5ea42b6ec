/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* First the databases, then folder by folder: names against rows, and every file against its name
 * and the ledger; at the end of an account, the ledger against what was seen. */

#include "pb-verify.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#include "pb-maildir-name.h"
#include "pb-rescan.h"

#define SLICE 250
#define SLICE_BYTES (16 * 1024 * 1024)
#define CHUNK_BYTES (256 * 1024)

struct _PbVerify {
  gboolean repair;
  gboolean begun;
  PbVerifyReport *report;
  GPtrArray *accounts; /* interned; those still to be done */
  GQueue *folders;     /* of gint64 *: of the current account, still to be done */
  const char *account; /* current; NULL between accounts */
  GHashTable *seen;    /* PbDigest of its complete files */
  gint64 folder;       /* current; 0 between folders */
  PbMaildirNames *names;
  guint next;
  char partial; /* the letter of $Partial there */
  guint done;
  guint total;
};

PbVerify *
pb_verify_new (gboolean repair) {
  PbVerify *self = g_new0 (PbVerify, 1);

  self->repair = repair;
  self->report = g_new0 (PbVerifyReport, 1);
  self->report->findings = g_ptr_array_new ();
  self->folders = g_queue_new ();
  self->seen = g_hash_table_new_full (pb_digest_hash, pb_digest_equal, g_free, NULL);
  return self;
}

void
pb_verify_free (PbVerify *self) {
  g_clear_pointer (&self->report, pb_verify_report_free);
  g_clear_pointer (&self->accounts, g_ptr_array_unref);
  g_queue_free_full (self->folders, g_free);
  g_hash_table_unref (self->seen);
  pb_maildir_names_free (self->names);
  g_free (self);
}

void
pb_verify_get_progress (PbVerify *self, guint *done, guint *total) {
  *done = self->done;
  *total = MAX (self->total, self->done);
}

PbVerifyReport *
pb_verify_steal_report (PbVerify *self) {
  return g_steal_pointer (&self->report);
}

/* Takes @path. */
static PbFinding *
find (PbVerify *self, PbFindingKind kind, char *path) {
  PbFinding *finding = g_new0 (PbFinding, 1);

  finding->kind = kind;
  finding->account = g_strdup (self->account);
  finding->path = path;
  finding->count = 1;
  g_ptr_array_add (self->report->findings, finding);
  return finding;
}

static char *
path_of (const PbIndexFolder *folder, const char *name) {
  return g_build_filename (folder->account, *folder->dir ? folder->dir : "cur",
                           *folder->dir ? "cur" : name, *folder->dir ? name : NULL, NULL);
}

/* ---- Databases ---- */

static gboolean
is_whole (PbDatabase *db) {
  sqlite3_stmt *statement = pb_database_prepare (db, "PRAGMA integrity_check(1)", NULL);
  gboolean row = FALSE, whole = FALSE;

  if (statement && pb_database_step (db, statement, &row, NULL) && row) {
    whole = g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;
    sqlite3_reset (statement);
  }
  return whole;
}

static gboolean
begin (PbVerify *self, PbEngine *engine, GError **error) {
  PbDatabase *ledger = pb_ledger_get_database (engine->ledger);
  PbDatabase *index = pb_index_get_database (engine->index);

  self->begun = TRUE;
  if (!is_whole (ledger)) {
    find (self, PB_FINDING_LEDGER, NULL)->repaired = self->repair;
    if (self->repair)
      pb_database_condemn (ledger);
  }
  if (!is_whole (index)) {
    find (self, PB_FINDING_INDEX, NULL)->repaired = self->repair;
    if (self->repair)
      pb_database_condemn (index);
  }
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (engine, NULL);
  for (guint i = 0; i < folders->len; i++)
    self->total += ((PbIndexFolder *) folders->pdata[i])->total;
  self->accounts = g_ptr_array_copy (engine->accounts, NULL, NULL);
  return TRUE;
}

/* ---- Folders ---- */

static gboolean
begin_account (PbVerify *self, PbEngine *engine, GError **error) {
  self->account = g_ptr_array_steal_index (self->accounts, 0);
  g_hash_table_remove_all (self->seen);
  if (!g_ptr_array_find (engine->accounts, self->account, NULL)) {
    self->account = NULL; /* it was removed meanwhile */
    return TRUE;
  }
  guint left = pb_engine_count_left (engine, self->account);
  if (left > 0) {
    if (self->repair)
      pb_engine_clear_up (engine, self->account);
    PbFinding *finding =
      find (self, PB_FINDING_TEMPORARY, g_build_filename (self->account, "tmp", NULL));
    finding->count = left;
    finding->repaired = self->repair && pb_engine_count_left (engine, self->account) == 0;
  }
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (engine, self->account);
  for (guint i = 0; i < folders->len; i++) {
    const PbIndexFolder *folder = folders->pdata[i];
    g_queue_push_tail (self->folders, g_memdup2 (&folder->id, sizeof folder->id));
  }
  return TRUE;
}

/* Rows against names. @names by base. Returns whether anything is wrong. */
static gboolean
compare_rows (PbVerify *self,
              const PbIndexFolder *folder,
              GPtrArray *files,
              GHashTable *names,
              guint *unread) {
  guint before = self->report->findings->len;

  for (guint i = 0; i < files->len; i++) {
    const PbIndexFile *file = files->pdata[i];
    const PbMaildirName *name = g_hash_table_lookup (names, file->base);
    *unread += !(file->flags & PB_FLAG_READ);
    if (!name)
      find (self, PB_FINDING_NO_FILE, path_of (folder, file->base));
    else if (!g_str_equal (name->letters, file->letters) ||
             pb_maildir_name_get_flags (name->letters, self->partial) != file->flags)
      find (self, PB_FINDING_OTHER_FLAGS, path_of (folder, file->base));
    g_hash_table_remove (names, file->base);
  }
  GHashTableIter iter;
  gpointer base;
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &base, NULL))
    find (self, PB_FINDING_NOT_IN_INDEX, path_of (folder, base));
  return self->report->findings->len > before;
}

static void
mark_repaired (PbVerify *self, guint first) {
  for (guint i = first; i < self->report->findings->len; i++)
    ((PbFinding *) self->report->findings->pdata[i])->repaired = TRUE;
}

static GHashTable *
by_base (PbMaildirNames *names) {
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < names->names->len; i++) {
    PbMaildirName *name = &g_array_index (names->names, PbMaildirName, i);
    g_hash_table_insert (table, (gpointer) name->base, name);
  }
  return table;
}

static gboolean
check_index (PbVerify *self, PbEngine *engine, PbIndexFolder *folder, GError **error) {
  g_autoptr (GPtrArray) files = pb_index_list_files (engine->index, folder->id, FALSE, error);
  g_autoptr (GHashTable) names = by_base (self->names);
  guint first = self->report->findings->len, unread = 0, budget = G_MAXUINT;

  if (!files)
    return FALSE;
  /* Newcomers that still wait for their turn are no damage. */
  if (!g_queue_is_empty (engine->newcomers))
    return TRUE;
  gboolean wrong = compare_rows (self, folder, files, names, &unread);
  if (wrong && self->repair && !pb_rescan_folder (engine, folder, &budget, error))
    return FALSE;
  if (folder->total != files->len || folder->unread != unread) {
    find (self, PB_FINDING_COUNTERS, path_of (folder, NULL));
    wrong = TRUE;
  }
  if (wrong && self->repair) {
    if (!pb_index_count_again (engine->index, folder->id, error))
      return FALSE;
    mark_repaired (self, first);
  }
  return TRUE;
}

static gboolean
begin_folder (PbVerify *self, PbEngine *engine, GError **error) {
  g_autofree gint64 *id = g_queue_pop_head (self->folders);
  PbIndexFolder *folder = pb_engine_find_folder (engine, *id, NULL);

  if (!folder)
    return TRUE;
  PbOpenFolder *open = pb_engine_open_folder (engine, *id, error);
  if (!open)
    return FALSE;
  self->partial = open->partial;
  g_clear_pointer (&self->names, pb_maildir_names_free);
  self->names = pb_maildir_list (open->path, error);
  pb_engine_close_folder (engine, open);
  if (!self->names)
    return FALSE;
  self->folder = *id;
  self->next = 0;
  self->report->folders++;
  return check_index (self, engine, folder, error);
}

/* ---- Files ---- */

/* FALSE with errno. */
static gboolean
digest_file (int cur_fd, const char *name, guint8 *content, guint64 *size) {
  int fd = openat (cur_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  struct sha256_ctx sha;
  gssize got = 1;

  if (fd < 0)
    return FALSE;
  sha256_init (&sha);
  while (got > 0) {
    got = read (fd, chunk, CHUNK_BYTES);
    if (got < 0 && errno == EINTR)
      got = 1;
    else if (got > 0) {
      sha256_update (&sha, (gsize) got, chunk);
      *size += (guint64) got;
    }
  }
  int code = errno;
  close (fd);
  errno = code;
  sha256_digest (&sha, PB_CONTENT_SIZE, content);
  return got == 0;
}

static gboolean
check_ledger (PbVerify *self,
              PbEngine *engine,
              const PbIndexFolder *folder,
              const PbMaildirName *name,
              const guint8 *content,
              GError **error) {
  gint64 account = pb_ledger_find_account (engine->ledger, folder->account, error);
  guint8 stored[PB_CONTENT_SIZE];
  gboolean found, knows_content;
  PbLedgerEntry entry;
  PbMaildirTime time;
  PbDigest digest;

  if (!pb_maildir_name_get_digest (name->base, &digest))
    return TRUE;
  if (account == 0 || !pb_ledger_find (engine->ledger, account, &digest, &entry, &found, error) ||
      !pb_ledger_get_content (engine->ledger, account, &digest, stored, &knows_content, error))
    return FALSE;
  gboolean partial = self->partial && strchr (name->letters, self->partial);
  if (!partial && !g_hash_table_add (self->seen, g_memdup2 (&digest, sizeof digest)))
    find (self, PB_FINDING_TWICE, path_of (folder, name->base));
  if (knows_content && memcmp (content, stored, sizeof stored) != 0)
    find (self, PB_FINDING_CHANGED, path_of (folder, name->base));
  if (found && (entry.state == PB_LEDGER_STORED || entry.state == PB_LEDGER_PARTIAL))
    return TRUE;
  PbFinding *finding = find (self, PB_FINDING_NOT_IN_LEDGER, path_of (folder, name->base));
  finding->repaired = self->repair;
  pb_maildir_name_get_time (name->base, &time);
  return !self->repair ||
         pb_ledger_note_found (engine->ledger, account, &digest,
                               partial ? PB_LEDGER_PARTIAL : PB_LEDGER_STORED, time.seconds, error);
}

/* A file that is gone was moved or deleted since the folder was read. */
static gboolean
check_file (PbVerify *self,
            PbEngine *engine,
            const PbOpenFolder *open,
            const PbMaildirName *name,
            guint64 *bytes,
            GError **error) {
  g_autofree char *file = pb_maildir_name_join (name->base, name->letters);
  guint8 content[PB_CONTENT_SIZE];
  guint64 size = 0;
  gboolean ok = digest_file (open->cur_fd, file, content, &size);

  if (!ok && errno == ENOENT)
    ok = digest_file (open->cur_fd, name->base, content, &size);
  if (!ok && errno == ENOENT) {
    g_autofree char *other = pb_maildir_find (open->path, name->base);
    if (!other)
      return TRUE;
    ok = digest_file (open->cur_fd, other, content, &size);
  }
  self->report->messages++;
  self->report->bytes += size;
  *bytes += size;
  if (ok)
    return check_ledger (self, engine, open->folder, name, content, error);
  find (self, PB_FINDING_UNREADABLE, path_of (open->folder, name->base));
  return TRUE;
}

static gboolean
check_files (PbVerify *self, PbEngine *engine, GError **error) {
  PbOpenFolder *open = pb_engine_open_folder (engine, self->folder, NULL);
  gboolean ok = TRUE;
  guint64 bytes = 0;

  for (guint i = 0; open && ok && i < SLICE && bytes < SLICE_BYTES; i++) {
    if (self->next == self->names->names->len)
      break;
    ok = check_file (self, engine, open,
                     &g_array_index (self->names->names, PbMaildirName, self->next), &bytes, error);
    self->next++;
    self->done++;
  }
  if (!open || self->next == self->names->names->len)
    self->folder = 0;
  if (open)
    pb_engine_close_folder (engine, open);
  return ok;
}

/* ---- The ledger against what was seen ---- */

static gboolean
end_account (PbVerify *self, PbEngine *engine, GError **error) {
  gint64 account = pb_ledger_find_account (engine->ledger, self->account, NULL);
  g_autoptr (GArray) entries = account > 0 ? pb_ledger_load (engine->ledger, account, error) : NULL;
  g_autoptr (GArray) present = NULL;
  guint gone = 0;

  if (account > 0 && !entries)
    return FALSE;
  for (guint i = 0; entries && i < entries->len; i++) {
    const PbLedgerEntry *entry = &g_array_index (entries, PbLedgerEntry, i);
    if (entry->state != PB_LEDGER_STORED || g_hash_table_contains (self->seen, &entry->copy))
      continue;
    /* It may have been moved to where was looked before. */
    if (!present && !(present = pb_engine_collect_present (engine, self->account, error)))
      return FALSE;
    gone += !g_array_binary_search (present, &entry->copy, pb_digest_compare, NULL);
  }
  if (gone > 0)
    find (self, PB_FINDING_GONE, NULL)->count = gone;
  self->account = NULL;
  return TRUE;
}

gboolean
pb_verify_step (PbVerify *self, PbEngine *engine, gboolean *more, GError **error) {
  *more = TRUE;
  if (!self->begun)
    return begin (self, engine, error);
  if (self->folder != 0)
    return check_files (self, engine, error);
  if (!g_queue_is_empty (self->folders))
    return begin_folder (self, engine, error);
  if (self->account)
    return end_account (self, engine, error);
  if (self->accounts->len > 0)
    return begin_account (self, engine, error);
  *more = FALSE;
  return TRUE;
}
