/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening, closing and mending of the two databases beside the Maildirs. */

#include "pb-engine-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pb-delivery-writer.h"
#include "pb-disk.h"
#include "pb-engine-conversations.h"
#include "pb-error.h"
#include "pb-ledger-backup.h"
#include "pb-maildir.h"
#include "pb-marker.h"
#include "pb-rescan.h"
#include "pb-watch.h"

/* A folder that changed less than this before the store was closed is looked at again: the clock of
 * a file system ticks so slowly that a later change could bear the same time. */
#define TICK_NANOSECONDS (100 * 1000 * 1000)

/* While the store is open, what the files cannot tell is copied this often. */
#define BACKUP_MICROSECONDS (10 * 60 * G_USEC_PER_SEC)

PbEngine *
pb_engine_new (const char *data_dir, PbNotice *notice) {
  PbEngine *self = g_new0 (PbEngine, 1);

  self->mail_dir = g_build_filename (data_dir, "mail", NULL);
  self->index_path = g_build_filename (data_dir, "index.sqlite", NULL);
  self->ledger_path = g_build_filename (data_dir, "ledger.sqlite", NULL);
  self->backup_path = g_build_filename (data_dir, "ledger.backup", NULL);
  self->marker_path = g_build_filename (data_dir, "store.closed", NULL);
  self->notice = notice;
  self->index_number = -1;
  self->accounts = g_ptr_array_new ();
  self->folders = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                         (GDestroyNotify) pb_index_folder_free);
  self->locks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->newcomers = g_queue_new ();
  self->deliveries = g_ptr_array_new ();
  return self;
}

void
pb_engine_free (PbEngine *self) {
  pb_engine_close (self, NULL);
  g_free (self->mail_dir);
  g_free (self->index_path);
  g_free (self->ledger_path);
  g_free (self->backup_path);
  g_free (self->marker_path);
  g_ptr_array_unref (self->accounts);
  g_hash_table_unref (self->folders);
  g_hash_table_unref (self->locks);
  g_queue_free (self->newcomers);
  g_ptr_array_unref (self->deliveries);
  pb_notice_unref (self->notice);
  g_free (self);
}

/* What is found here before anything was opened is mail from before. */
static gint64
first_number (PbEngine *self) {
  g_autoptr (GDir) dir = g_dir_open (self->mail_dir, 0, NULL);

  if (!dir || !g_dir_read_name (dir))
    return -1;
  return g_get_real_time () / G_USEC_PER_SEC / 60 % (1 << 20);
}

/* What the files cannot tell comes from the damaged ledger, which is newer, and from the backup; or
 * the other way round, where somebody else wrote into the ledger. */
static gboolean
take_over (PbEngine *self, gboolean backup_first, GError **error) {
  g_autofree char *damaged = g_strconcat (self->ledger_path, ".damaged", NULL);
  const char *first = backup_first ? self->backup_path : damaged;
  const char *second = backup_first ? damaged : self->backup_path;

  return pb_ledger_take_over (self->ledger, first, error) &&
         pb_ledger_take_over (self->ledger, second, error);
}

/* A damaged ledger is kept aside, and a new one is filled from what is here. */
static gboolean
open_ledger (PbEngine *self, PbMarkerState marker, GError **error) {
  g_autoptr (GError) failure = NULL;
  PbDatabaseState state = PB_DATABASE_FINE;

  self->ledger = pb_ledger_open (self->ledger_path, marker != PB_MARKER_SAME, &state, &failure);
  if (!self->ledger && state != PB_DATABASE_DAMAGED) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (!self->ledger || marker == PB_MARKER_DIFFERS) {
    g_message ("%s; it is made anew",
               failure ? failure->message : "somebody else wrote into the ledger");
    g_clear_pointer (&self->ledger, pb_ledger_close);
    pb_database_remove_file (self->ledger_path, TRUE);
    self->ledger = pb_ledger_open (self->ledger_path, FALSE, NULL, error);
  }
  if (!self->ledger)
    return FALSE;
  gint64 number = pb_ledger_get_index_number (self->ledger);
  if (number >= 0) {
    self->index_number = MAX (self->index_number, number);
    return TRUE;
  }
  if (!take_over (self, marker == PB_MARKER_DIFFERS, error))
    return FALSE;
  self->fill_ledger = TRUE;
  if (self->index_number < 0)
    self->index_number = first_number (self);
  return self->index_number < 0 ||
         pb_ledger_set_index_number (self->ledger, self->index_number, error);
}

static gboolean
make_index (PbEngine *self, GError **error) {
  pb_database_remove_file (self->index_path, FALSE);
  self->index_number++;
  if (!pb_ledger_set_index_number (self->ledger, self->index_number, error))
    return FALSE;
  self->index = pb_index_open (self->index_path, FALSE, self->index_number, NULL, error);
  return self->index != NULL;
}

/* *@is_new: all folders have to be looked through. */
static gboolean
open_index (PbEngine *self, PbMarkerState marker, gboolean *is_new, GError **error) {
  g_autoptr (GError) failure = NULL;
  PbDatabaseState state = PB_DATABASE_FINE;
  GStatBuf info;

  *is_new =
    marker == PB_MARKER_DIFFERS || g_stat (self->index_path, &info) != 0 || info.st_size == 0;
  if (*is_new)
    return make_index (self, error);
  self->index = pb_index_open (self->index_path, marker != PB_MARKER_SAME, self->index_number,
                               &state, &failure);
  if (self->index)
    return TRUE;
  if (state == PB_DATABASE_FINE) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  g_message ("%s; it is made anew", failure->message);
  *is_new = TRUE;
  return make_index (self, error);
}

static int
compare_text (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Maildirs that a ledger which is new does not know. */
static gboolean
find_accounts (PbEngine *self, GError **error) {
  g_autoptr (GDir) dir = g_dir_open (self->mail_dir, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (self->mail_dir, name, NULL);
    if (pb_engine_account_is_valid (name) && pb_maildir_exists (path))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_text);
  for (guint i = 0; i < names->len; i++) {
    if (!pb_ledger_add_account (self->ledger, names->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_accounts (PbEngine *self, GError **error) {
  GPtrArray *accounts = NULL;

  if (self->fill_ledger && !find_accounts (self, error))
    return FALSE;
  accounts = pb_ledger_load_accounts (self->ledger, error);
  if (!accounts)
    return FALSE;
  g_ptr_array_unref (self->accounts);
  self->accounts = accounts;
  return TRUE;
}

/* Folders of accounts that are none any more go from the index. */
static gboolean
drop_strangers (PbEngine *self, GError **error) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, NULL);
  gboolean ok = pb_index_begin (self->index, error);

  if (!ok)
    return FALSE;
  for (guint i = 0; i < folders->len && ok; i++) {
    const PbIndexFolder *folder = folders->pdata[i];
    if (!g_ptr_array_find (self->accounts, folder->account, NULL))
      ok = pb_index_remove_folder (self->index, folder->id, error);
  }
  if (ok)
    return pb_index_commit (self->index, error);
  pb_index_rollback (self->index);
  return FALSE;
}

/* @all: whatever the stamps say. */
static gboolean
compare_folders (PbEngine *self, gboolean all, GError **error) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, NULL);
  guint budget = PB_RESCAN_BUDGET;

  for (guint i = 0; i < folders->len; i++) {
    PbIndexFolder *folder = folders->pdata[i];
    g_autofree char *path = pb_engine_path_of (self, folder);
    if (!all && folder->stamp != 0 && folder->stamp == pb_maildir_stamp (path, NULL))
      continue;
    if (!pb_rescan_folder (self, folder, &budget, error))
      return FALSE;
  }
  self->fill_ledger = FALSE;
  return TRUE;
}

static gboolean
compare_accounts (PbEngine *self, gboolean all, GError **error) {
  if (!pb_engine_refresh (self, TRUE, error) || !drop_strangers (self, error))
    return FALSE;
  for (guint i = 0; i < self->accounts->len; i++) {
    const char *account = self->accounts->pdata[i];
    g_autofree char *path = pb_engine_folder_path (self, account, "");
    if (!pb_maildir_make (path, FALSE, error))
      return FALSE;
    pb_engine_clear_up (self, account);
    if (!pb_engine_sync_folders (self, account, error))
      return FALSE;
  }
  return compare_folders (self, all, error);
}

static gboolean
open_all (PbEngine *self, PbMarkerState index_state, PbMarkerState ledger_state, GError **error) {
  gboolean index_is_new = FALSE;

  self->fill_ledger = FALSE;
  if (!open_ledger (self, ledger_state, error) ||
      !open_index (self, index_state, &index_is_new, error) || !load_accounts (self, error))
    return FALSE;
  gboolean all = index_is_new || self->fill_ledger || index_state != PB_MARKER_SAME;
  return compare_accounts (self, all, error) && pb_engine_refresh (self, TRUE, error);
}

/* After a failure: closes what is open. TRUE when a file was damaged, which is now out of the
 * way. */
static gboolean
clear_away (PbEngine *self) {
  gboolean ledger = self->ledger && pb_ledger_is_damaged (self->ledger);
  gboolean index = self->index && pb_index_is_damaged (self->index);

  pb_rescan_clear (self);
  pb_engine_close_search (self);
  g_clear_pointer (&self->index, pb_index_close);
  g_clear_pointer (&self->ledger, pb_ledger_close);
  if (ledger)
    pb_database_remove_file (self->ledger_path, TRUE);
  if (index)
    pb_database_remove_file (self->index_path, FALSE);
  return ledger || index;
}

gboolean
pb_engine_open (PbEngine *self, gpointer unused, GError **error) {
  g_autoptr (GError) failure = NULL;

  if (self->is_open)
    return TRUE;
  self->backup_time = g_get_monotonic_time ();
  if (!pb_disk_make_dir (self->mail_dir, error))
    return FALSE;
  g_autoptr (PbMarker) marker = pb_marker_take (self->marker_path);
  PbMarkerState index_state = pb_marker_compare (marker, self->index_path);
  PbMarkerState ledger_state = pb_marker_compare (marker, self->ledger_path);
  self->is_open = open_all (self, index_state, ledger_state, &failure);
  /* Damage may show late; each of the two files can be replaced once. */
  for (guint tries = 0; !self->is_open && clear_away (self) && tries < 2; tries++) {
    g_clear_error (&failure);
    self->is_open = open_all (self, PB_MARKER_MISSING, PB_MARKER_MISSING, &failure);
  }
  if (!self->is_open)
    g_propagate_error (error, g_steal_pointer (&failure));
  return self->is_open;
}

static gboolean
is_waiting (PbEngine *self) {
  return !g_queue_is_empty (self->newcomers);
}

/* So that the next start needs to look only at folders that changed in between. */
static gboolean
write_stamps (PbEngine *self, GError **error) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, NULL);
  gint64 now = g_get_real_time () * 1000;

  if (!pb_index_begin (self->index, error))
    return FALSE;
  for (guint i = 0; i < folders->len; i++) {
    const PbIndexFolder *folder = folders->pdata[i];
    g_autofree char *path = pb_engine_path_of (self, folder);
    gint64 newest;
    gboolean settled = pb_maildir_stamp (path, &newest) == folder->stamp && !is_waiting (self) &&
                       newest < now - TICK_NANOSECONDS;
    if (!pb_index_set_stamp (self->index, folder->id, settled ? folder->stamp : 0, error)) {
      pb_index_rollback (self->index);
      return FALSE;
    }
  }
  return pb_index_commit (self->index, error);
}

/* When the last one is of @age microseconds, and this would be another one. A failure is not worth
 * a word: the ledger itself is fine. */
static gboolean
back_up (PbEngine *self, gint64 age) {
  gint64 now = g_get_monotonic_time ();

  if (!self->ledger || now - self->backup_time < age || pb_ledger_is_damaged (self->ledger) ||
      !pb_ledger_needs_backup (self->ledger))
    return FALSE;
  self->backup_time = now;
  return pb_ledger_back_up (self->ledger, self->backup_path, NULL);
}

gboolean
pb_engine_close (PbEngine *self, GError **error) {
  gboolean ok = TRUE;
  GHashTableIter iter;
  gpointer account;

  g_clear_pointer (&self->watch, pb_watch_free);
  while (self->deliveries->len > 0)
    pb_delivery_writer_abandon (self->deliveries->pdata[0]);
  if (self->is_open && self->index)
    ok = write_stamps (self, error);
  if (self->is_open)
    back_up (self, 0);
  pb_rescan_clear (self);
  pb_engine_reset_fingerprints (self);
  pb_engine_close_search (self);
  g_clear_pointer (&self->index, pb_index_close);
  g_clear_pointer (&self->ledger, pb_ledger_close);
  if (self->is_open && ok)
    pb_marker_leave (self->marker_path,
                     (const char *[]){ self->index_path, self->ledger_path, NULL });
  self->is_open = FALSE;
  for (;;) {
    g_hash_table_iter_init (&iter, self->locks);
    if (!g_hash_table_iter_next (&iter, &account, NULL))
      return ok;
    pb_engine_unlock_account (self, account);
  }
}

static gboolean
mend_ledger (PbEngine *self, GError **error) {
  pb_engine_reset_fingerprints (self);
  g_clear_pointer (&self->ledger, pb_ledger_close);
  pb_database_remove_file (self->ledger_path, TRUE);
  if (!open_ledger (self, PB_MARKER_MISSING, error))
    return FALSE;
  for (guint i = 0; i < self->accounts->len; i++) {
    if (!pb_ledger_add_account (self->ledger, self->accounts->pdata[i], error))
      return FALSE;
  }
  self->fill_ledger = TRUE;
  return TRUE;
}

/* The folders keep their ids, which the main context knows. */
static gboolean
mend_index (PbEngine *self, GError **error) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, NULL);

  pb_engine_close_search (self);
  g_clear_pointer (&self->index, pb_index_close);
  pb_rescan_clear (self);
  if (!make_index (self, error) || !pb_index_begin (self->index, error))
    return FALSE;
  for (guint i = 0; i < folders->len; i++) {
    PbIndexFolder *folder = folders->pdata[i];
    folder->generation = -1;
    if (!pb_index_add_folder (self->index, folder->id, folder->account, folder->dir, error)) {
      pb_index_rollback (self->index);
      return FALSE;
    }
  }
  return pb_index_commit (self->index, error) && pb_engine_refresh (self, TRUE, error);
}

/* TRUE when something was damaged and is now made anew. */
static gboolean
mend (PbEngine *self, GError **error) {
  gboolean ledger = !self->ledger || pb_ledger_is_damaged (self->ledger);
  gboolean index = !self->index || pb_index_is_damaged (self->index);

  if (!self->is_open || (!ledger && !index))
    return FALSE;
  g_message ("%s is damaged; it is made anew", ledger ? self->ledger_path : self->index_path);
  return (!ledger || mend_ledger (self, error)) && (!index || mend_index (self, error)) &&
         compare_folders (self, TRUE, error);
}

gboolean
pb_engine_perform (PbEngine *self,
                   PbEngineFunc func,
                   gpointer state,
                   gboolean repeatable,
                   GError **error) {
  g_autoptr (GError) failure = NULL;

  if (!self->is_open && func != pb_engine_open) {
    g_set_error (error, PB_ERROR, PB_ERROR_STORAGE, "the store is not open");
    return FALSE;
  }
  if (self->is_open && (!self->index || !self->ledger) && !mend (self, error))
    return FALSE;
  gboolean ok = func (self, state, &failure);
  if (mend (self, NULL) && !ok && repeatable) {
    g_clear_error (&failure);
    ok = func (self, state, &failure);
  }
  if (self->index)
    pb_engine_refresh (self, FALSE, NULL);
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&failure));
  return ok;
}

gboolean
pb_engine_do_upkeep (PbEngine *self) {
  if (!self->is_open || !self->index || !self->ledger ||
      (!pb_rescan_do_upkeep (self) && !pb_engine_fill_conversations (self) &&
       !pb_engine_fill_fingerprints (self) && !back_up (self, BACKUP_MICROSECONDS)))
    return FALSE;
  mend (self, NULL);
  if (self->index)
    pb_engine_refresh (self, FALSE, NULL);
  return TRUE;
}
