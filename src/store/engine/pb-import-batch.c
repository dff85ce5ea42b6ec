/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* As a delivery commits (pb-delivery-batch.c), but into any folder, with marks, and known by
 * content alone. */

#include "pb-import-batch.h"

#include <string.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-error.h"
#include "pb-fault.h"
#include "pb-folder-name.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"

void
pb_imported_free (PbImported *imported) {
  g_free (imported->temporary);
  g_clear_pointer (&imported->fingerprint, g_bytes_unref);
  pb_mail_marks_clear (&imported->marks);
  g_clear_pointer (&imported->summary, pb_summary_unref);
  g_free (imported->base);
  g_free (imported->letters);
  g_free (imported->name);
  g_free (imported);
}

/* ---- The folder ---- */

static PbIndexFolder *
find_folder (PbEngine *engine, const char *account_id, const char *dir) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (engine, account_id);

  for (guint i = 0; i < folders->len; i++) {
    PbIndexFolder *folder = folders->pdata[i];
    if (g_str_equal (folder->dir, dir))
      return folder;
  }
  return NULL;
}

gboolean
pb_import_batch_open (PbEngine *engine, gpointer data, GError **error) {
  PbImportBatch *batch = data;
  g_autofree char *dir = pb_folder_name_to_dir (batch->folder);

  if (!pb_engine_find_inbox (engine, batch->account_id, error))
    return FALSE;
  g_free (batch->path);
  batch->path = pb_engine_folder_path (engine, batch->account_id, dir);
  if (!find_folder (engine, batch->account_id, dir) &&
      (!pb_maildir_make (batch->path, TRUE, error) ||
       !pb_engine_sync_folders (engine, batch->account_id, error)))
    return FALSE;
  PbIndexFolder *folder = find_folder (engine, batch->account_id, dir);
  batch->folder_id = folder ? folder->id : 0;
  if (!folder)
    g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no folder “%s”", batch->folder);
  return folder != NULL;
}

/* ---- What is here already ---- */

static gboolean
load_present (PbEngine *engine, PbImportBatch *batch, GError **error) {
  if (batch->present)
    return TRUE;
  g_autoptr (GArray) digests = pb_engine_collect_present (engine, batch->account_id, error);
  if (!digests)
    return FALSE;
  batch->present = g_hash_table_new_full (pb_digest_hash, pb_digest_equal, g_free, NULL);
  for (guint i = 0; i < digests->len; i++)
    g_hash_table_add (batch->present,
                      g_memdup2 (&g_array_index (digests, PbDigest, i), sizeof (PbDigest)));
  return TRUE;
}

/* By the name that its content gives it: that stands in file names and outlives the ledger. */
static gboolean
is_here_by_name (PbEngine *engine,
                 PbImportBatch *batch,
                 gint64 account,
                 const PbImported *message,
                 gboolean *here,
                 GError **error) {
  PbLedgerEntry entry;
  gboolean found;

  *here = FALSE;
  if (!pb_ledger_find (engine->ledger, account, &message->digest, &entry, &found, error))
    return FALSE;
  if (!found || entry.state != PB_LEDGER_STORED)
    return TRUE;
  if (!load_present (engine, batch, error))
    return FALSE;
  *here = g_hash_table_contains (batch->present, &entry.copy);
  return TRUE;
}

static gboolean
is_here (PbEngine *engine,
         PbImportBatch *batch,
         gint64 account,
         const PbImported *message,
         gboolean *here,
         GError **error) {
  if (!is_here_by_name (engine, batch, account, message, here, error))
    return FALSE;
  g_autoptr (GArray) entries =
    *here ? NULL : pb_ledger_load_content (engine->ledger, account, message->content, error);
  if (!entries)
    return *here;
  for (guint i = 0; i < entries->len && !*here; i++) {
    const PbLedgerEntry *entry = &g_array_index (entries, PbLedgerEntry, i);
    if (entry->state == PB_LEDGER_DELETED_HERE)
      continue;
    if (!load_present (engine, batch, error))
      return FALSE;
    *here = g_hash_table_contains (batch->present, &entry->copy);
  }
  return TRUE;
}

/* Takes out what is here, or comes twice in this batch. */
static gboolean
drop_duplicates (PbEngine *engine,
                 PbImportBatch *batch,
                 gint64 account,
                 int tmp_fd,
                 GError **error) {
  g_autoptr (GHashTable) seen = g_hash_table_new (pb_digest_hash, pb_digest_equal);

  for (guint i = 0; i < batch->messages->len;) {
    PbImported *message = batch->messages->pdata[i];
    gboolean here;
    pb_digest_set (&message->digest, batch->account_id, message->content, PB_CONTENT_SIZE);
    if (!is_here (engine, batch, account, message, &here, error))
      return FALSE;
    if (!here && g_hash_table_add (seen, &message->digest)) {
      i++;
      continue;
    }
    unlinkat (tmp_fd, message->temporary, 0);
    batch->duplicates++;
    g_ptr_array_remove_index (batch->messages, i);
  }
  return TRUE;
}

/* ---- The commit ---- */

/* A folder has letters for 26 tags; further ones are lost. */
static char *
find_letters (PbOpenFolder *open, const PbMailMarks *marks, GError **error) {
  g_autoptr (GString) letters = g_string_new (marks->letters);

  for (guint i = 0; marks->tags && i < marks->tags->len; i++) {
    const char *tag = marks->tags->pdata[i];
    g_autoptr (GError) failure = NULL;
    /* Nobody can ask a server for the rest of it any more. */
    if (g_str_equal (tag, PB_KEYWORD_PARTIAL))
      continue;
    char letter = pb_maildir_keyword_ensure (open->path, tag, &failure);
    if (letter)
      g_string_append_c (letters, letter);
    else if (failure && !g_error_matches (failure, PB_ERROR, PB_ERROR_STORAGE)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  }
  PbFlags flags = pb_maildir_name_get_flags (letters->str, open->partial);
  return pb_maildir_name_set_flags (letters->str, flags, open->partial);
}

/* The name tells when it was received, not when it was imported. */
static gboolean
name_files (PbImportBatch *batch, PbOpenFolder *open, GError **error) {
  for (guint i = 0; i < batch->messages->len; i++) {
    PbImported *message = batch->messages->pdata[i];
    g_autofree char *dated = g_strdup_printf ("%" G_GINT64_FORMAT "%s", message->received,
                                              strchr (message->temporary, '.'));
    message->letters = find_letters (open, &message->marks, error);
    if (!message->letters)
      return FALSE;
    message->base = pb_maildir_name_base (dated, &message->digest, message->size);
    message->name = pb_maildir_name_join (message->base, message->letters);
  }
  return TRUE;
}

static gboolean
rename_files (PbImportBatch *batch, PbOpenFolder *open, int tmp_fd, GError **error) {
  for (guint i = 0; i < batch->messages->len; i++) {
    PbImported *message = batch->messages->pdata[i];
    int code = pb_disk_rename (tmp_fd, message->temporary, open->cur_fd, message->name);
    if (code != 0) {
      pb_disk_set_error (error, code, "import into", open->path);
      return FALSE;
    }
    message->renamed = TRUE;
    pb_fault_point ("import-one-renamed");
  }
  return pb_disk_sync_dir (open->cur_fd, open->path, error);
}

static gboolean
write_ledger (PbEngine *engine, PbImportBatch *batch, gint64 account, GError **error) {
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean ok = pb_ledger_begin (engine->ledger, error);

  if (!ok)
    return FALSE;
  for (guint i = 0; i < batch->messages->len && ok; i++) {
    const PbImported *message = batch->messages->pdata[i];
    ok = pb_ledger_note_stored (engine->ledger, account, &message->digest, PB_LEDGER_STORED, NULL,
                                message->content, message->fingerprint, now, error);
  }
  if (ok)
    return pb_ledger_commit (engine->ledger, error);
  pb_ledger_rollback (engine->ledger);
  return FALSE;
}

static gboolean
write_index (PbEngine *engine, PbImportBatch *batch, PbOpenFolder *open, GError **error) {
  gboolean ok = pb_index_begin (engine->index, error);
  gint64 id;

  if (!ok)
    return FALSE;
  for (guint i = 0; i < batch->messages->len && ok; i++) {
    const PbImported *message = batch->messages->pdata[i];
    PbMessageRow row = {
      .folder_id = batch->folder_id,
      .received = message->received,
      .size = message->size,
      .flags = pb_maildir_name_get_flags (message->letters, open->partial),
      .summary = message->summary,
    };
    ok = pb_index_add_message (engine->index, &row, message->base, message->letters, &id, error);
  }
  if (ok)
    return pb_index_commit (engine->index, error);
  pb_index_rollback (engine->index);
  return FALSE;
}

static void
remove_files (PbImportBatch *batch, PbOpenFolder *open, int tmp_fd) {
  for (guint i = 0; i < batch->messages->len; i++) {
    const PbImported *message = batch->messages->pdata[i];
    if (message->renamed)
      unlinkat (open->cur_fd, message->name, 0);
    else
      unlinkat (tmp_fd, message->temporary, 0);
  }
}

/* What is missing in the index is found again by looking at the folder. */
static gboolean
commit (PbEngine *engine, PbImportBatch *batch, PbOpenFolder *open, int tmp_fd, GError **error) {
  gint64 account = pb_ledger_find_account (engine->ledger, batch->account_id, error);
  g_autoptr (GError) failure = NULL;

  if (account == 0 || !drop_duplicates (engine, batch, account, tmp_fd, error) ||
      !name_files (batch, open, error) || !rename_files (batch, open, tmp_fd, error))
    return FALSE;
  pb_fault_point ("import-renamed");
  if (!write_ledger (engine, batch, account, error))
    return FALSE;
  pb_fault_point ("import-ledger-durable");
  if (!write_index (engine, batch, open, &failure)) {
    g_info ("rows of imported mail: %s", failure->message);
    open->known = FALSE;
  }
  for (guint i = 0; batch->present && i < batch->messages->len; i++)
    g_hash_table_add (
      batch->present,
      g_memdup2 (&((PbImported *) batch->messages->pdata[i])->digest, sizeof (PbDigest)));
  return TRUE;
}

gboolean
pb_import_batch_commit (PbEngine *engine, gpointer data, GError **error) {
  PbImportBatch *batch = data;
  g_autofree char *tmp = g_build_filename (batch->path, "tmp", NULL);
  PbOpenFolder *open = pb_engine_open_folder (engine, batch->folder_id, error);
  int tmp_fd = open ? pb_disk_open_dir (tmp, error) : -1;
  gboolean ok = tmp_fd >= 0 && commit (engine, batch, open, tmp_fd, error);

  batch->duplicates = ok ? batch->duplicates : 0;
  if (tmp_fd >= 0 && !ok)
    remove_files (batch, open, tmp_fd);
  if (tmp_fd >= 0)
    close (tmp_fd);
  if (open)
    pb_engine_close_folder (engine, open);
  return ok;
}
