/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes temporaries, digests them on the way, keeps their beginning for the summary, knows
 * duplicates. */

#include "pb-delivery-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#include "pb-delivery-batch.h"
#include "pb-disk.h"
#include "pb-error.h"
#include "pb-fault.h"
#include "pb-fingerprint.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"

#define BATCH_MESSAGES 256
#define BATCH_MAX_MESSAGES 1024
#define BATCH_BYTES (32 * 1024 * 1024)
#define BATCH_MICROSECONDS (500 * 1000)
#define HEAD_BYTES (128 * 1024)

struct _PbDeliveryWriter {
  PbDeliveryPlace place; /* the engine is NULL after pb_delivery_writer_abandon () */
  GError *error;
  GPtrArray *batch; /* of PbArrival: ended, not committed */
  guint64 batch_bytes;
  gint64 batch_start; /* monotonic time of its first end; 0 when there is none */
  GArray *duplicates; /* of guint: numbers of this batch that were here already */
  GArray *covered; /* of guint: incomplete ones that a complete one of this batch made needless */
  GHashTable *expected; /* PbDigest → PbArrival of this batch */
  GHashTable *present;  /* PbDigest of what is in the Maildir; NULL until it is needed */
  GHashTable *fresh;    /* content of this batch → PbArrival, complete ones only */
  GArray *aliases;      /* of PbAlias: names of this batch for what is here already */
  GHashTable
    *partials; /* PbDigest → PbIndexFile, incomplete messages of the account; NULL until needed */
  char partial;      /* the letter of $Partial in the inbox */
  PbLedger *reading; /* where a read transaction is open; looking up is much cheaper inside one */
  gint64 account;    /* in that ledger */
  /* The message that is being written; NULL between messages. */
  PbArrival *open;
  gboolean is_duplicate;
  int fd;
  struct sha256_ctx sha;
  GByteArray *head;
  PbFingerprint *fingerprint;
};

static guint
content_hash (gconstpointer content) {
  guint hash;

  memcpy (&hash, content, sizeof hash);
  return hash;
}

static gboolean
content_equal (gconstpointer a, gconstpointer b) {
  return memcmp (a, b, PB_CONTENT_SIZE) == 0;
}

PbDeliveryWriter *
pb_delivery_writer_new (PbEngine *engine, const char *account_id) {
  PbDeliveryWriter *self = g_new0 (PbDeliveryWriter, 1);

  self->place.engine = engine;
  self->place.account_id = g_intern_string (account_id);
  self->place.tmp_fd = self->place.cur_fd = self->fd = -1;
  self->batch = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_arrival_free);
  self->duplicates = g_array_new (FALSE, FALSE, sizeof (guint));
  self->covered = g_array_new (FALSE, FALSE, sizeof (guint));
  self->expected = g_hash_table_new (pb_digest_hash, pb_digest_equal);
  self->fresh = g_hash_table_new (content_hash, content_equal);
  self->aliases = g_array_new (FALSE, TRUE, sizeof (PbAlias));
  g_array_set_clear_func (self->aliases, pb_alias_clear);
  self->head = g_byte_array_sized_new (HEAD_BYTES);
  g_ptr_array_add (engine->deliveries, self);
  return self;
}

static void
close_place (PbDeliveryPlace *place) {
  g_clear_pointer (&place->log, pb_arrival_log_free);
  if (place->tmp_fd >= 0)
    close (place->tmp_fd);
  if (place->cur_fd >= 0)
    close (place->cur_fd);
  place->tmp_fd = place->cur_fd = -1;
  g_clear_pointer (&place->path, g_free);
}

static void
clear_batch (PbDeliveryWriter *self) {
  g_hash_table_remove_all (self->expected);
  g_hash_table_remove_all (self->fresh);
  g_array_set_size (self->aliases, 0);
  g_ptr_array_set_size (self->batch, 0);
  g_array_set_size (self->duplicates, 0);
  g_array_set_size (self->covered, 0);
  self->batch_bytes = 0;
  self->batch_start = 0;
  /* Their rows may have changed by the next batch. */
  g_clear_pointer (&self->partials, g_hash_table_unref);
}

void
pb_delivery_writer_abandon (PbDeliveryWriter *self) {
  if (!self->place.engine)
    return;
  pb_delivery_writer_rest (self);
  pb_delivery_writer_discard (self);
  pb_delivery_batch_remove (&self->place, self->batch);
  clear_batch (self);
  close_place (&self->place);
  g_ptr_array_remove (self->place.engine->deliveries, self);
  self->place.engine = NULL;
}

void
pb_delivery_writer_free (PbDeliveryWriter *self) {
  g_assert (!self->place.engine);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->batch);
  g_array_unref (self->duplicates);
  g_array_unref (self->covered);
  g_hash_table_unref (self->expected);
  g_clear_pointer (&self->present, g_hash_table_unref);
  g_hash_table_unref (self->fresh);
  g_array_unref (self->aliases);
  g_clear_pointer (&self->partials, g_hash_table_unref);
  g_byte_array_unref (self->head);
  g_free (self);
}

const GError *
pb_delivery_writer_get_error (PbDeliveryWriter *self) {
  return self->error;
}

/* Everything that was not committed goes. */
static void
fail (PbDeliveryWriter *self, GError *error) {
  g_assert (!self->error);
  pb_delivery_writer_discard (self);
  pb_delivery_batch_remove (&self->place, self->batch);
  clear_batch (self);
  g_clear_pointer (&self->place.log, pb_arrival_log_free);
  self->error = error;
}

static gboolean
open_place (PbDeliveryWriter *self, GError **error) {
  PbDeliveryPlace *place = &self->place;

  if (place->cur_fd >= 0)
    return TRUE;
  PbIndexFolder *inbox = pb_engine_find_inbox (place->engine, place->account_id, error);
  if (!inbox)
    return FALSE;
  place->path = pb_engine_path_of (place->engine, inbox);
  g_autofree char *tmp = g_build_filename (place->path, "tmp", NULL);
  g_autofree char *cur = g_build_filename (place->path, "cur", NULL);
  place->tmp_fd = pb_disk_open_dir (tmp, error);
  place->cur_fd = place->tmp_fd >= 0 ? pb_disk_open_dir (cur, error) : -1;
  place->log = place->cur_fd >= 0 ? pb_arrival_log_new (place->tmp_fd, place->path, error) : NULL;
  if (!place->log)
    close_place (place);
  return place->log != NULL;
}

/* ---- What is here already ---- */

static gboolean
load_present (PbDeliveryWriter *self, GError **error) {
  if (self->present)
    return TRUE;
  g_autoptr (GArray) digests =
    pb_engine_collect_present (self->place.engine, self->place.account_id, error);
  if (!digests)
    return FALSE;
  self->present = g_hash_table_new_full (pb_digest_hash, pb_digest_equal, g_free, NULL);
  for (guint i = 0; i < digests->len; i++)
    g_hash_table_add (self->present,
                      g_memdup2 (&g_array_index (digests, PbDigest, i), sizeof (PbDigest)));
  return TRUE;
}

static void
load_partials (PbDeliveryWriter *self) {
  PbEngine *engine = self->place.engine;
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (engine, self->place.account_id);
  g_autoptr (GHashTable) partials = g_hash_table_new_full (pb_digest_hash, pb_digest_equal, g_free,
                                                           (GDestroyNotify) pb_index_file_free);

  for (guint i = 0; i < folders->len && !self->partials; i++) {
    const PbIndexFolder *folder = folders->pdata[i];
    g_autoptr (GPtrArray) files = pb_index_list_files (engine->index, folder->id, TRUE, NULL);
    /* Without it a head stays beside its message until the folder is looked at again. */
    while (files && files->len > 0) {
      PbIndexFile *file = g_ptr_array_steal_index_fast (files, files->len - 1);
      PbDigest digest;
      if (pb_maildir_name_get_digest (file->base, &digest))
        g_hash_table_insert (partials, g_memdup2 (&digest, sizeof digest), file);
      else
        pb_index_file_free (file);
    }
  }
  if (!self->partials)
    self->partials = g_steal_pointer (&partials);
}

static gboolean
start_reading (PbDeliveryWriter *self, GError **error) {
  PbLedger *ledger = self->place.engine->ledger;

  if (self->reading)
    return TRUE;
  if (!pb_ledger_begin_reading (ledger, error))
    return FALSE;
  self->reading = ledger;
  self->account = pb_ledger_find_account (ledger, self->place.account_id, error);
  return self->account > 0;
}

/* *@here: a complete copy is durable, or for an incomplete message any copy. */
static gboolean
is_here (PbDeliveryWriter *self, const PbArrival *arrival, gboolean *here, GError **error) {
  PbLedgerEntry entry;
  gboolean found;

  const PbArrival *earlier = g_hash_table_lookup (self->expected, &arrival->digest);
  *here = earlier && (!earlier->partial || arrival->partial);
  if (*here)
    return TRUE;
  if (!start_reading (self, error) ||
      !pb_ledger_find (self->reading, self->account, &arrival->digest, &entry, &found, error))
    return FALSE;
  if (found && entry.state == PB_LEDGER_STORED) {
    if (!load_present (self, error))
      return FALSE;
    *here = g_hash_table_contains (self->present, &entry.copy);
  } else if (found && entry.state == PB_LEDGER_PARTIAL && arrival->partial) {
    load_partials (self);
    *here = g_hash_table_contains (self->partials, &arrival->digest);
  }
  return TRUE;
}

/* The head of it is here under the same name, and waits for the rest. */
static gboolean
completes (PbDeliveryWriter *self, const PbArrival *arrival) {
  if (g_hash_table_contains (self->expected, &arrival->digest))
    return TRUE;
  load_partials (self);
  return g_hash_table_contains (self->partials, &arrival->digest);
}

/* Whether the message in @entry, of the same content, is this one. What has no date and no id of
 * its own may well be sent twice: then only what the server does not call something else now. What
 * was deleted under the very name by which it comes again was asked for by somebody. */
static gboolean
is_same (PbDeliveryWriter *self,
         const PbArrival *arrival,
         const PbLedgerEntry *entry,
         gboolean *same,
         GError **error) {
  gboolean nameless = !arrival->identity;
  gboolean telling = nameless || g_bytes_get_size (arrival->fingerprint) > 0;

  if (entry->state == PB_LEDGER_DELETED_HERE) {
    *same = nameless || (telling && !pb_digest_equal (&entry->digest, &arrival->digest));
    return TRUE;
  }
  if (!load_present (self, error))
    return FALSE;
  *same = g_hash_table_contains (self->present, &entry->copy) &&
          (telling || (!entry->gone && (!entry->has_uidl || entry->absent > 0)));
  return TRUE;
}

/* *@known is the digest of an entry of this content which is here, or was deleted here. */
static gboolean
find_content (PbDeliveryWriter *self,
              const PbArrival *arrival,
              PbDigest *known,
              gboolean *found,
              GError **error) {
  const PbArrival *earlier = g_hash_table_lookup (self->fresh, arrival->content);

  *found = earlier && (!arrival->identity || g_bytes_get_size (arrival->fingerprint) > 0);
  if (*found) {
    *known = earlier->digest;
    return TRUE;
  }
  g_autoptr (GArray) entries =
    start_reading (self, error)
      ? pb_ledger_load_content (self->reading, self->account, arrival->content, error)
      : NULL;
  if (!entries)
    return FALSE;
  for (guint i = 0; i < entries->len && !*found; i++) {
    const PbLedgerEntry *entry = &g_array_index (entries, PbLedgerEntry, i);
    *known = entry->digest;
    if (!is_same (self, arrival, entry, found, error))
      return FALSE;
  }
  return TRUE;
}

/* A message is known by its content where its name is not: it is here, or was and was deleted here;
 * then its name is one more for it. */
static gboolean
is_known_content (PbDeliveryWriter *self,
                  const PbArrival *arrival,
                  gboolean *known,
                  GError **error) {
  PbAlias alias = { .digest = arrival->digest };

  *known = FALSE;
  if (arrival->identity && (arrival->partial || completes (self, arrival)))
    return TRUE;
  if (!find_content (self, arrival, &alias.of, known, error))
    return FALSE;
  if (*known && arrival->identity) {
    alias.identity = g_bytes_ref (arrival->identity);
    g_array_append_val (self->aliases, alias);
  }
  return TRUE;
}

/* ---- Writing ---- */

static gboolean
begin (PbDeliveryWriter *self, PbArrival *arrival, GError **error) {
  gsize length;

  if (!open_place (self, error))
    return FALSE;
  if (arrival->partial && !self->partial) {
    self->partial = pb_maildir_keyword_ensure (self->place.path, PB_KEYWORD_PARTIAL, error);
    if (!self->partial)
      return FALSE;
  }
  if (!arrival->identity)
    return TRUE;
  const guint8 *identity = g_bytes_get_data (arrival->identity, &length);
  pb_digest_set (&arrival->digest, self->place.account_id, identity, length);
  return is_here (self, arrival, &self->is_duplicate, error);
}

void
pb_delivery_writer_begin (PbDeliveryWriter *self,
                          guint number,
                          GBytes *identity,
                          gboolean partial) {
  GError *error = NULL;

  if (self->error)
    return;
  g_assert (!self->open);
  self->open = g_new0 (PbArrival, 1);
  self->open->number = number;
  self->open->identity = identity ? g_bytes_ref (identity) : NULL;
  self->open->partial = partial;
  self->is_duplicate = FALSE;
  g_byte_array_set_size (self->head, 0);
  self->fingerprint = pb_fingerprint_new ();
  sha256_init (&self->sha);
  if (!begin (self, self->open, &error))
    fail (self, error);
}

static gboolean
create_file (PbDeliveryWriter *self, GError **error) {
  PbMaildirTime time;

  if (self->fd >= 0)
    return TRUE;
  self->open->temporary = pb_maildir_name_new (&time);
  self->open->received = time.seconds;
  self->fd = openat (self->place.tmp_fd, self->open->temporary,
                     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (self->fd < 0)
    pb_disk_set_error (error, errno, "make a file in", self->place.path);
  return self->fd >= 0;
}

void
pb_delivery_writer_write (PbDeliveryWriter *self, const guint8 *data, gsize length) {
  GError *error = NULL;

  if (self->error || self->is_duplicate)
    return;
  if (!create_file (self, &error) ||
      !pb_disk_write (self->fd, data, length, self->place.path, &error)) {
    fail (self, error);
    return;
  }
  pb_fault_point ("part-written");
  sha256_update (&self->sha, length, data);
  pb_fingerprint_feed (self->fingerprint, data, length);
  self->open->size += length;
  if (self->head->len < HEAD_BYTES)
    g_byte_array_append (self->head, data, (guint) MIN (length, HEAD_BYTES - self->head->len));
}

/* Closing may be what tells that a disk is full. */
static gboolean
close_file (PbDeliveryWriter *self, GError **error) {
  int fd = self->fd;

  self->fd = -1;
  if (close (fd) == 0 || errno == EINTR)
    return TRUE;
  pb_disk_set_error (error, errno, "close a file in", self->place.path);
  return FALSE;
}

/* A complete message takes over the marks of the incomplete one that it replaces. */
static void
find_replaced (PbDeliveryWriter *self, PbArrival *arrival) {
  gpointer key, file;

  PbArrival *earlier = g_hash_table_lookup (self->expected, &arrival->digest);
  if (earlier) {
    g_array_append_val (self->covered, earlier->number);
    g_hash_table_remove (self->expected, &arrival->digest);
    unlinkat (self->place.tmp_fd, earlier->temporary, 0);
    g_ptr_array_remove (self->batch, earlier);
    return;
  }
  if (arrival->partial)
    return;
  load_partials (self);
  if (g_hash_table_steal_extended (self->partials, &arrival->digest, &key, &file)) {
    arrival->replaced = file;
    g_free (key);
  }
}

static void
name_file (PbDeliveryWriter *self, PbArrival *arrival) {
  PbFlags flags = arrival->partial ? PB_FLAG_PARTIAL : 0;

  if (arrival->replaced)
    flags |= arrival->replaced->flags & ~PB_FLAG_PARTIAL;
  arrival->base = pb_maildir_name_base (arrival->temporary, &arrival->digest, arrival->size);
  arrival->letters = pb_maildir_name_set_flags ("", flags, self->partial);
  arrival->name = pb_maildir_name_join (arrival->base, arrival->letters);
}

/* What was written is what its identity says, where that is a fingerprint; else it has none. */
static void
take_fingerprint (PbDeliveryWriter *self, PbArrival *arrival) {
  gboolean telling;
  g_autoptr (GBytes) fingerprint = pb_fingerprint_finish (self->fingerprint, &telling);
  g_autoptr (GBytes) claimed =
    arrival->identity ? pb_fingerprint_from_identity (arrival->identity) : NULL;

  if (claimed && (!telling || !g_bytes_equal (claimed, fingerprint)))
    g_clear_pointer (&arrival->identity, g_bytes_unref);
  arrival->fingerprint = telling ? g_steal_pointer (&fingerprint) : g_bytes_new (NULL, 0);
}

/* The message is complete in its file. */
static gboolean
end (PbDeliveryWriter *self, PbArrival *arrival, GError **error) {
  if (!create_file (self, error) || !close_file (self, error))
    return FALSE;
  sha256_digest (&self->sha, PB_CONTENT_SIZE, arrival->content);
  take_fingerprint (self, arrival);
  if (!arrival->identity) {
    pb_digest_set (&arrival->digest, self->place.account_id, arrival->content, PB_CONTENT_SIZE);
    if (!is_here (self, arrival, &self->is_duplicate, error))
      return FALSE;
  }
  if (!self->is_duplicate && !is_known_content (self, arrival, &self->is_duplicate, error))
    return FALSE;
  if (self->is_duplicate)
    return TRUE;
  find_replaced (self, arrival);
  arrival->summary = pb_summary_job_new (self->head->data, self->head->len);
  name_file (self, arrival);
  if (!arrival->partial &&
      !pb_arrival_log_note (self->place.log, arrival->base, arrival->content, error))
    return FALSE;
  pb_fault_point ("marked-complete");
  return TRUE;
}

static void
forget_open (PbDeliveryWriter *self) {
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  if (self->open && self->open->temporary)
    unlinkat (self->place.tmp_fd, self->open->temporary, 0);
  g_clear_pointer (&self->open, pb_arrival_free);
  g_clear_pointer (&self->fingerprint, pb_fingerprint_free);
}

void
pb_delivery_writer_end (PbDeliveryWriter *self) {
  GError *error = NULL;

  if (self->error)
    return;
  if (self->batch_start == 0)
    self->batch_start = g_get_monotonic_time ();
  if (!self->is_duplicate && !end (self, self->open, &error)) {
    fail (self, error);
    return;
  }
  if (self->is_duplicate) {
    g_array_append_val (self->duplicates, self->open->number);
    forget_open (self);
    return;
  }
  PbArrival *arrival = g_steal_pointer (&self->open);
  g_clear_pointer (&self->fingerprint, pb_fingerprint_free);
  g_ptr_array_add (self->batch, arrival);
  g_hash_table_insert (self->expected, &arrival->digest, arrival);
  if (!arrival->partial)
    g_hash_table_insert (self->fresh, arrival->content, arrival);
  self->batch_bytes += arrival->size;
}

void
pb_delivery_writer_discard (PbDeliveryWriter *self) {
  forget_open (self);
}

gboolean
pb_delivery_writer_may_commit (PbDeliveryWriter *self) {
  return self->batch->len + self->duplicates->len >= BATCH_MESSAGES;
}

gboolean
pb_delivery_writer_must_commit (PbDeliveryWriter *self) {
  return self->batch->len + self->duplicates->len >= BATCH_MAX_MESSAGES ||
         self->batch_bytes >= BATCH_BYTES ||
         (self->batch_start > 0 &&
          g_get_monotonic_time () - self->batch_start >= BATCH_MICROSECONDS);
}

void
pb_delivery_writer_rest (PbDeliveryWriter *self) {
  if (self->reading)
    pb_ledger_rollback (self->reading);
  self->reading = NULL;
}

/* What was loaded before this batch has to know of it. */
static void
remember (PbDeliveryWriter *self) {
  for (guint i = 0; i < self->batch->len; i++) {
    const PbArrival *arrival = self->batch->pdata[i];
    if (arrival->partial)
      continue;
    if (self->present)
      g_hash_table_add (self->present, g_memdup2 (&arrival->digest, sizeof (PbDigest)));
  }
}

void
pb_delivery_writer_commit (PbDeliveryWriter *self, GArray *numbers, guint *duplicates) {
  GError *error = NULL;

  if (self->error || (self->batch->len == 0 && self->duplicates->len == 0))
    return;
  pb_delivery_writer_rest (self);
  if (!pb_delivery_batch_commit (&self->place, self->batch, self->aliases, &error)) {
    clear_batch (self);
    fail (self, error);
    return;
  }
  for (guint i = 0; i < self->batch->len; i++)
    g_array_append_val (numbers, ((PbArrival *) self->batch->pdata[i])->number);
  g_array_append_vals (numbers, self->duplicates->data, self->duplicates->len);
  g_array_append_vals (numbers, self->covered->data, self->covered->len);
  *duplicates += self->duplicates->len;
  remember (self);
  clear_batch (self);
  if (error)
    fail (self, error);
}
