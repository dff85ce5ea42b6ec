/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names on disk against rows of the index; then rows for newcomers. */

#include "pb-rescan.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"

#define SLICE 250
#define HEAD_BYTES (128 * 1024)
#define A_DAY (24 * 60 * 60)

/* Files of one folder that have no row yet. */
typedef struct {
  gint64 folder;
  PbMaildirNames *names; /* keeps the text */
  GArray *waiting;       /* of Newcomer, in the order in which they came */
  guint next;
  char partial;
} Newcomers;

typedef struct {
  PbMaildirTime time;
  PbMaildirName name;
} Newcomer;

static void
newcomers_free (Newcomers *self) {
  pb_maildir_names_free (self->names);
  g_array_unref (self->waiting);
  g_free (self);
}

static int
compare_newcomers (gconstpointer a, gconstpointer b) {
  const Newcomer *one = a, *other = b;
  int order = pb_maildir_time_compare (&one->time, &other->time);

  return order ? order : strcmp (one->name.base, other->name.base);
}

/* An incomplete message whose complete copy came, but which could not be removed any more then. */
static gboolean
is_superseded (PbEngine *engine, const Newcomers *self, const Newcomer *newcomer) {
  PbIndexFolder *folder = pb_engine_find_folder (engine, self->folder, NULL);
  PbDigest digest;
  PbLedgerEntry entry;
  gboolean found;

  if (!folder ||
      !(pb_maildir_name_get_flags (newcomer->name.letters, self->partial) & PB_FLAG_PARTIAL) ||
      !pb_maildir_name_get_digest (newcomer->name.base, &digest))
    return FALSE;
  gint64 account = pb_ledger_find_account (engine->ledger, folder->account, NULL);
  if (account == 0 || !pb_ledger_find (engine->ledger, account, &digest, &entry, &found, NULL) ||
      !found || entry.state != PB_LEDGER_STORED)
    return FALSE;
  g_autoptr (GArray) present = pb_engine_collect_present (engine, folder->account, NULL);
  return present && g_array_binary_search (present, &digest, pb_digest_compare, NULL);
}

/* One row; a file that is gone or no file is passed over. */
static gboolean
add_row (PbEngine *engine,
         Newcomers *self,
         const Newcomer *newcomer,
         int cur_fd,
         GByteArray *buffer,
         GError **error) {
  g_autofree char *name = pb_maildir_name_join (newcomer->name.base, newcomer->name.letters);
  PbMessageRow row = { .folder_id = self->folder };
  gint64 written, id;

  if (is_superseded (engine, self, newcomer)) {
    unlinkat (cur_fd, name, 0);
    return TRUE;
  }
  if (!pb_disk_read_head (cur_fd, name, HEAD_BYTES, buffer, &row.size, &written) &&
      (errno != ENOENT ||
       !pb_disk_read_head (cur_fd, newcomer->name.base, HEAD_BYTES, buffer, &row.size, &written)))
    return TRUE;
  g_autoptr (PbSummary) summary = pb_summary_new_from_data (buffer->data, buffer->len);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 named = newcomer->time.seconds;
  row.received = named > 0 && named < now + A_DAY ? named : written;
  row.flags = pb_maildir_name_get_flags (newcomer->name.letters, self->partial);
  row.summary = summary;
  return pb_index_add_message (engine->index, &row, newcomer->name.base, newcomer->name.letters,
                               &id, error);
}

/* Up to @count of them, in one transaction. */
static gboolean
add_rows (PbEngine *engine, Newcomers *self, guint count, GError **error) {
  PbIndexFolder *folder = pb_engine_find_folder (engine, self->folder, error);
  g_autoptr (GByteArray) buffer = g_byte_array_sized_new (HEAD_BYTES);

  if (!folder)
    return FALSE;
  g_autofree char *path = pb_engine_path_of (engine, folder);
  g_autofree char *cur = g_build_filename (path, "cur", NULL);
  int cur_fd = pb_disk_open_dir (cur, error);
  gboolean ok = cur_fd >= 0 && pb_index_begin (engine->index, error);
  for (; ok && count > 0 && self->next < self->waiting->len; count--, self->next++)
    ok = add_row (engine, self, &g_array_index (self->waiting, Newcomer, self->next), cur_fd,
                  buffer, error);
  if (cur_fd >= 0)
    close (cur_fd);
  if (ok)
    return pb_index_commit (engine->index, error);
  pb_index_rollback (engine->index);
  return FALSE;
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

/* Corrects the rows that are there and takes their names out of @found: what is left has no row. */
static gboolean
compare_rows (PbEngine *engine,
              PbIndexFolder *folder,
              GHashTable *found,
              char partial,
              GError **error) {
  g_autoptr (GPtrArray) files = pb_index_list_files (engine->index, folder->id, FALSE, error);
  gboolean ok = files && pb_index_begin (engine->index, error);

  if (!ok)
    return FALSE;
  for (guint i = 0; i < files->len && ok; i++) {
    const PbIndexFile *file = files->pdata[i];
    const PbMaildirName *name = g_hash_table_lookup (found, file->base);
    if (!name) {
      ok = pb_index_remove_message (engine->index, file, error);
      continue;
    }
    PbFlags flags = pb_maildir_name_get_flags (name->letters, partial);
    if (flags != file->flags || !g_str_equal (name->letters, file->letters))
      ok = pb_index_move_message (engine->index, file, folder->id, name->letters, flags, error);
    g_hash_table_remove (found, file->base);
  }
  if (ok)
    return pb_index_commit (engine->index, error);
  pb_index_rollback (engine->index);
  return FALSE;
}

static gboolean
note_name (PbEngine *engine,
           gint64 account,
           const PbMaildirName *name,
           char partial,
           GError **error) {
  PbMaildirTime time;
  PbDigest digest;

  if (!pb_maildir_name_get_digest (name->base, &digest))
    return TRUE;
  pb_maildir_name_get_time (name->base, &time);
  PbFlags flags = pb_maildir_name_get_flags (name->letters, partial);
  PbLedgerState state = flags & PB_FLAG_PARTIAL ? PB_LEDGER_PARTIAL : PB_LEDGER_STORED;
  return pb_ledger_note_found (engine->ledger, account, &digest, state, time.seconds, error);
}

/* @only: the names in it; all when NULL. */
static gboolean
tell_ledger (PbEngine *engine,
             PbIndexFolder *folder,
             PbMaildirNames *names,
             GHashTable *only,
             char partial,
             GError **error) {
  gint64 account = pb_ledger_find_account (engine->ledger, folder->account, error);
  gboolean ok = account > 0 && pb_ledger_begin (engine->ledger, error);

  if (!ok)
    return FALSE;
  for (guint i = 0; i < names->names->len && ok; i++) {
    const PbMaildirName *name = &g_array_index (names->names, PbMaildirName, i);
    if (!only || g_hash_table_lookup (only, name->base) == name)
      ok = note_name (engine, account, name, partial, error);
  }
  if (ok)
    return pb_ledger_commit (engine->ledger, error);
  pb_ledger_rollback (engine->ledger);
  return FALSE;
}

static Newcomers *
newcomers_new (PbIndexFolder *folder, PbMaildirNames *names, GHashTable *found, char partial) {
  Newcomers *self = g_new0 (Newcomers, 1);
  GHashTableIter iter;
  gpointer value;

  self->folder = folder->id;
  self->names = names;
  self->partial = partial;
  self->waiting = g_array_sized_new (FALSE, FALSE, sizeof (Newcomer), g_hash_table_size (found));
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Newcomer newcomer = { .name = *(PbMaildirName *) value };
    pb_maildir_name_get_time (newcomer.name.base, &newcomer.time);
    g_array_append_val (self->waiting, newcomer);
  }
  g_array_sort (self->waiting, compare_newcomers);
  return self;
}

static void
forget_waiting (PbEngine *engine, gint64 folder) {
  for (GList *link = engine->newcomers->head, *next; link; link = next) {
    Newcomers *newcomers = link->data;
    next = link->next;
    if (newcomers->folder == folder) {
      newcomers_free (newcomers);
      g_queue_delete_link (engine->newcomers, link);
    }
  }
}

static char
read_partial_letter (const char *path) {
  PbMaildirKeywords keywords;

  pb_maildir_keywords_read (path, keywords);
  char letter = pb_maildir_keywords_find (keywords, PB_KEYWORD_PARTIAL);
  pb_maildir_keywords_clear (keywords);
  return letter;
}

/* Heads whose message came: the process was stopped before it could remove them. */
static gboolean
drop_superseded (PbEngine *engine,
                 const PbIndexFolder *folder,
                 const char *path,
                 PbMaildirNames *names,
                 char partial,
                 GError **error) {
  g_autoptr (GArray) present = NULL;

  for (guint i = names->names->len; partial && i-- > 0;) {
    const PbMaildirName *name = &g_array_index (names->names, PbMaildirName, i);
    PbDigest digest;
    if (!strchr (name->letters, partial) || !pb_maildir_name_get_digest (name->base, &digest))
      continue;
    if (!present && !(present = pb_engine_collect_present (engine, folder->account, error)))
      return FALSE;
    if (!g_array_binary_search (present, &digest, pb_digest_compare, NULL))
      continue;
    g_autofree char *file = pb_maildir_name_join (name->base, name->letters);
    g_autofree char *full = g_build_filename (path, "cur", file, NULL);
    if (unlink (full) == 0)
      g_array_remove_index_fast (names->names, i);
  }
  return TRUE;
}

gboolean
pb_rescan_folder (PbEngine *engine, PbIndexFolder *folder, guint *budget, GError **error) {
  g_autofree char *path = pb_engine_path_of (engine, folder);
  char partial = read_partial_letter (path);
  /* Before reading: what happens while it is read shows as a change the next time. */
  gint64 stamp = pb_maildir_stamp (path, NULL);

  forget_waiting (engine, folder->id);
  pb_maildir_adopt_new (path, NULL);
  g_autoptr (PbMaildirNames) names = pb_maildir_list (path, error);
  if (!names || !drop_superseded (engine, folder, path, names, partial, error))
    return FALSE;
  g_autoptr (GHashTable) found = by_base (names);
  if (!compare_rows (engine, folder, found, partial, error))
    return FALSE;
  if ((engine->fill_ledger || g_hash_table_size (found) > 0) &&
      !tell_ledger (engine, folder, names, engine->fill_ledger ? NULL : found, partial, error))
    return FALSE;
  if (g_hash_table_size (found) > 0) {
    Newcomers *newcomers = newcomers_new (folder, g_steal_pointer (&names), found, partial);
    guint now = MIN (*budget, newcomers->waiting->len);
    *budget -= now;
    gboolean ok = add_rows (engine, newcomers, now, error);
    if (ok && newcomers->next < newcomers->waiting->len)
      g_queue_push_tail (engine->newcomers, newcomers);
    else
      newcomers_free (newcomers);
    if (!ok)
      return FALSE;
  }
  folder->stamp = stamp;
  return TRUE;
}

void
pb_rescan_if_changed (PbEngine *engine, PbIndexFolder *folder) {
  g_autofree char *path = pb_engine_path_of (engine, folder);
  g_autoptr (GError) error = NULL;
  guint budget = PB_RESCAN_BUDGET;

  if (folder->stamp != 0 && folder->stamp == pb_maildir_stamp (path, NULL))
    return;
  if (!pb_rescan_folder (engine, folder, &budget, &error))
    g_info ("%s: %s", path, error->message);
}

gboolean
pb_rescan_do_upkeep (PbEngine *engine) {
  Newcomers *newcomers = g_queue_peek_head (engine->newcomers);
  g_autoptr (GError) error = NULL;

  if (!newcomers)
    return FALSE;
  gboolean ok = add_rows (engine, newcomers, SLICE, &error);
  if (!ok) {
    PbIndexFolder *folder = pb_engine_find_folder (engine, newcomers->folder, NULL);
    g_info ("rows for new files: %s", error->message);
    if (folder)
      folder->stamp = 0;
  }
  if (!ok || newcomers->next == newcomers->waiting->len)
    newcomers_free (g_queue_pop_head (engine->newcomers));
  return TRUE;
}

void
pb_rescan_clear (PbEngine *engine) {
  while (!g_queue_is_empty (engine->newcomers))
    newcomers_free (g_queue_pop_head (engine->newcomers));
}
