/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The commit order of Postbag is pb_delivery_batch_commit () and nothing else. */

#include "pb-delivery-batch.h"

#include <errno.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-fault.h"
#include "pb-maildir-name.h"

void
pb_arrival_free (PbArrival *arrival) {
  g_clear_pointer (&arrival->identity, g_bytes_unref);
  g_clear_pointer (&arrival->fingerprint, g_bytes_unref);
  g_clear_pointer (&arrival->summary, pb_summary_job_discard);
  g_clear_pointer (&arrival->replaced, pb_index_file_free);
  g_free (arrival->temporary);
  g_free (arrival->base);
  g_free (arrival->letters);
  g_free (arrival->name);
  g_free (arrival);
}

void
pb_alias_clear (gpointer alias) {
  g_clear_pointer (&((PbAlias *) alias)->identity, g_bytes_unref);
}

static gboolean
sync_files (PbDeliveryPlace *place, GPtrArray *arrivals, GError **error) {
  g_autoptr (GPtrArray) names = g_ptr_array_sized_new (arrivals->len);

  for (guint i = 0; i < arrivals->len; i++)
    g_ptr_array_add (names, ((PbArrival *) arrivals->pdata[i])->temporary);
  return pb_disk_sync_files (place->tmp_fd, names, place->path, error);
}

static gboolean
rename_files (PbDeliveryPlace *place, GPtrArray *arrivals, GError **error) {
  for (guint i = 0; i < arrivals->len; i++) {
    PbArrival *arrival = arrivals->pdata[i];
    int code = pb_disk_rename (place->tmp_fd, arrival->temporary, place->cur_fd, arrival->name);
    if (code != 0) {
      pb_disk_set_error (error, code, "deliver into", place->path);
      return FALSE;
    }
    arrival->renamed = TRUE;
    pb_fault_point ("one-renamed");
  }
  return TRUE;
}

static gboolean
note_all (PbLedger *ledger, gint64 account, GPtrArray *arrivals, GError **error) {
  for (guint i = 0; i < arrivals->len; i++) {
    const PbArrival *arrival = arrivals->pdata[i];
    if (!pb_ledger_note_stored (ledger, account, &arrival->digest,
                                arrival->partial ? PB_LEDGER_PARTIAL : PB_LEDGER_STORED,
                                arrival->identity, arrival->content, arrival->fingerprint,
                                arrival->received, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
note_aliases (PbLedger *ledger, gint64 account, GArray *aliases, GError **error) {
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < aliases->len; i++) {
    const PbAlias *alias = &g_array_index (aliases, PbAlias, i);
    if (!pb_ledger_note_copy (ledger, account, &alias->digest, alias->identity, &alias->of, now,
                              error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_ledger (PbDeliveryPlace *place, GPtrArray *arrivals, GArray *aliases, GError **error) {
  PbLedger *ledger = place->engine->ledger;
  gint64 account = pb_ledger_find_account (ledger, place->account_id, error);

  if (account == 0 || !pb_ledger_begin (ledger, error))
    return FALSE;
  if (!note_all (ledger, account, arrivals, error) ||
      !note_aliases (ledger, account, aliases, error)) {
    pb_ledger_rollback (ledger);
    return FALSE;
  }
  pb_fault_point ("ledger-written");
  return pb_ledger_commit (ledger, error);
}

static gboolean
add_row (PbIndex *index, PbArrival *arrival, gint64 folder, char partial, GError **error) {
  g_autoptr (PbSummary) summary = pb_summary_job_finish (g_steal_pointer (&arrival->summary));
  PbMessageRow row = {
    .folder_id = folder,
    .received = arrival->received,
    .size = arrival->size,
    .flags = pb_maildir_name_get_flags (arrival->letters, partial),
    .summary = summary,
  };
  gint64 id;

  if (arrival->replaced)
    return pb_index_complete_message (index, arrival->replaced, &row, arrival->base,
                                      arrival->letters, error);
  return pb_index_add_message (index, &row, arrival->base, arrival->letters, &id, error);
}

static gboolean
write_index (PbDeliveryPlace *place, GPtrArray *arrivals, PbOpenFolder *inbox, GError **error) {
  PbIndex *index = place->engine->index;
  gboolean ok = pb_index_begin (index, error);

  if (!ok)
    return FALSE;
  for (guint i = 0; i < arrivals->len && ok; i++)
    ok = add_row (index, arrivals->pdata[i], inbox->folder->id, inbox->partial, error);
  if (!ok) {
    pb_index_rollback (index);
    return FALSE;
  }
  pb_fault_point ("index-written");
  return pb_index_commit (index, error);
}

/* The incomplete copies whose complete ones are here now. */
static void
remove_replaced (PbDeliveryPlace *place, GPtrArray *arrivals) {
  for (guint i = 0; i < arrivals->len; i++) {
    const PbArrival *arrival = arrivals->pdata[i];
    PbOpenFolder *open = arrival->replaced
                           ? pb_engine_open_folder (place->engine, arrival->replaced->folder, NULL)
                           : NULL;
    if (!open)
      continue;
    g_autofree char *name =
      pb_maildir_name_join (arrival->replaced->base, arrival->replaced->letters);
    unlinkat (open->cur_fd, name, 0);
    pb_engine_close_folder (place->engine, open);
  }
}

static gboolean
make_durable (PbDeliveryPlace *place, GPtrArray *arrivals, GArray *aliases, GError **error) {
  pb_fault_point ("files-written");
  if (!sync_files (place, arrivals, error))
    return FALSE;
  pb_fault_point ("files-synced");
  if (!rename_files (place, arrivals, error))
    return FALSE;
  pb_fault_point ("files-renamed");
  if (!pb_disk_sync_dir (place->cur_fd, place->path, error))
    return FALSE;
  pb_fault_point ("folder-synced");
  if (!write_ledger (place, arrivals, aliases, error))
    return FALSE;
  pb_fault_point ("ledger-durable");
  return TRUE;
}

/* What is missing in the index is found again by looking at the folder; a damaged index is made
 * anew after this job, so that is nothing to report. */
static void
index_rows (PbDeliveryPlace *place, GPtrArray *arrivals, PbOpenFolder *inbox, GError **error) {
  g_autoptr (GError) failure = NULL;

  if (write_index (place, arrivals, inbox, &failure))
    return;
  inbox->known = FALSE;
  if (!pb_index_is_damaged (place->engine->index))
    g_propagate_error (error, g_steal_pointer (&failure));
}

gboolean
pb_delivery_batch_commit (PbDeliveryPlace *place,
                          GPtrArray *arrivals,
                          GArray *aliases,
                          GError **error) {
  if (arrivals->len == 0)
    return aliases->len == 0 || write_ledger (place, arrivals, aliases, error);

  PbIndexFolder *folder = pb_engine_find_inbox (place->engine, place->account_id, error);
  PbOpenFolder *inbox = folder ? pb_engine_open_folder (place->engine, folder->id, error) : NULL;

  if (!inbox || !make_durable (place, arrivals, aliases, error)) {
    pb_delivery_batch_remove (place, arrivals);
    if (inbox)
      pb_engine_close_folder (place->engine, inbox);
    return FALSE;
  }
  pb_arrival_log_clear (place->log);
  index_rows (place, arrivals, inbox, error);
  pb_fault_point ("index-committed");
  pb_engine_close_folder (place->engine, inbox);
  remove_replaced (place, arrivals);
  pb_fault_point ("all-done");
  /* Folders tell what is new before the delivery does. */
  pb_engine_refresh (place->engine, FALSE, NULL);
  return TRUE;
}

void
pb_delivery_batch_remove (PbDeliveryPlace *place, GPtrArray *arrivals) {
  for (guint i = 0; i < arrivals->len; i++) {
    PbArrival *arrival = arrivals->pdata[i];
    if (arrival->renamed)
      unlinkat (place->cur_fd, arrival->name, 0);
    else
      unlinkat (place->tmp_fd, arrival->temporary, 0);
  }
}
