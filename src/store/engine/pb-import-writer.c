/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Temporaries, their digests and summaries, and when a batch is due. */

#include "pb-import-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-fingerprint.h"
#include "pb-maildir-name.h"
#include "pb-worker-call.h"

#define BATCH_MESSAGES 1024
#define BATCH_BYTES (32 * 1024 * 1024)
#define HEAD_BYTES (128 * 1024)

struct _PbImportWriter {
  PbWorker *worker;
  PbImportBatch batch;
  char *folder;
  int tmp_fd; /* of the folder; -1 before the first */
  guint64 bytes;
  guint64 stored, duplicates;
  /* The message that is being written; NULL between messages. */
  PbImported *open;
  int fd;
  struct sha256_ctx sha;
  GByteArray *head;
  PbFingerprint *fingerprint;
};

PbImportWriter *
pb_import_writer_new (PbWorker *worker, const char *account_id) {
  PbImportWriter *self = g_new0 (PbImportWriter, 1);

  self->worker = pb_worker_ref (worker);
  self->batch.account_id = g_intern_string (account_id);
  self->batch.messages = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_imported_free);
  self->head = g_byte_array_sized_new (HEAD_BYTES);
  self->tmp_fd = self->fd = -1;
  return self;
}

static void
clear_batch (PbImportWriter *self, gboolean remove) {
  for (guint i = 0; remove && i < self->batch.messages->len; i++)
    unlinkat (self->tmp_fd, ((PbImported *) self->batch.messages->pdata[i])->temporary, 0);
  g_ptr_array_set_size (self->batch.messages, 0);
  self->batch.duplicates = 0;
  self->bytes = 0;
}

void
pb_import_writer_free (PbImportWriter *self) {
  if (!self)
    return;
  pb_import_writer_discard (self);
  clear_batch (self, TRUE);
  if (self->tmp_fd >= 0)
    close (self->tmp_fd);
  g_ptr_array_unref (self->batch.messages);
  g_clear_pointer (&self->batch.present, g_hash_table_unref);
  g_free (self->batch.path);
  g_free (self->folder);
  g_byte_array_unref (self->head);
  pb_worker_unref (self->worker);
  g_free (self);
}

static gboolean
open_folder (PbImportWriter *self, const char *folder, GError **error) {
  if (self->tmp_fd >= 0 && g_str_equal (self->folder, folder))
    return TRUE;
  if (!pb_import_writer_commit (self, error))
    return FALSE;
  if (self->tmp_fd >= 0)
    close (self->tmp_fd);
  self->tmp_fd = -1;
  g_free (self->folder);
  self->folder = g_strdup (folder);
  self->batch.folder = self->folder;
  if (!pb_worker_call (self->worker, pb_import_batch_open, &self->batch, error))
    return FALSE;
  g_autofree char *tmp = g_build_filename (self->batch.path, "tmp", NULL);
  self->tmp_fd = pb_disk_open_dir (tmp, error);
  return self->tmp_fd >= 0;
}

static void
copy_marks (PbMailMarks *to, const PbMailMarks *from) {
  memcpy (to->letters, from->letters, sizeof to->letters);
  for (guint i = 0; from->tags && i < from->tags->len; i++)
    pb_mail_marks_add_tags (to, from->tags->pdata[i]);
}

gboolean
pb_import_writer_begin (PbImportWriter *self,
                        const char *folder,
                        gint64 received,
                        const PbMailMarks *marks,
                        GError **error) {
  PbMaildirTime time;

  g_assert (!self->open);
  if (!open_folder (self, folder, error))
    return FALSE;
  self->open = g_new0 (PbImported, 1);
  self->open->temporary = pb_maildir_name_new (&time);
  self->open->received = received > 0 && received < time.seconds ? received : time.seconds;
  copy_marks (&self->open->marks, marks);
  g_byte_array_set_size (self->head, 0);
  self->fingerprint = pb_fingerprint_new ();
  sha256_init (&self->sha);
  self->fd =
    openat (self->tmp_fd, self->open->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (self->fd >= 0)
    return TRUE;
  pb_disk_set_error (error, errno, "make a file in", self->batch.path);
  return FALSE;
}

gboolean
pb_import_writer_write (PbImportWriter *self, const guint8 *data, gsize length, GError **error) {
  if (!pb_disk_write (self->fd, data, length, self->batch.path, error))
    return FALSE;
  sha256_update (&self->sha, length, data);
  pb_fingerprint_feed (self->fingerprint, data, length);
  self->open->size += length;
  if (self->head->len < HEAD_BYTES)
    g_byte_array_append (self->head, data, (guint) MIN (length, HEAD_BYTES - self->head->len));
  return TRUE;
}

void
pb_import_writer_discard (PbImportWriter *self) {
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  if (self->open)
    unlinkat (self->tmp_fd, self->open->temporary, 0);
  g_clear_pointer (&self->open, pb_imported_free);
  g_clear_pointer (&self->fingerprint, pb_fingerprint_free);
}

gboolean
pb_import_writer_end (PbImportWriter *self, GError **error) {
  PbImported *message = self->open;
  int fd = self->fd;
  gboolean telling;

  self->fd = -1;
  if (close (fd) != 0 && errno != EINTR) {
    pb_disk_set_error (error, errno, "close a file in", self->batch.path);
    return FALSE;
  }
  sha256_digest (&self->sha, PB_CONTENT_SIZE, message->content);
  message->fingerprint = pb_fingerprint_finish (self->fingerprint, &telling);
  if (!telling) {
    g_bytes_unref (message->fingerprint);
    message->fingerprint = g_bytes_new (NULL, 0);
  }
  message->summary = pb_summary_new_from_data (self->head->data, self->head->len);
  g_clear_pointer (&self->fingerprint, pb_fingerprint_free);
  g_ptr_array_add (self->batch.messages, g_steal_pointer (&self->open));
  self->bytes += message->size;
  return (self->batch.messages->len < BATCH_MESSAGES && self->bytes < BATCH_BYTES) ||
         pb_import_writer_commit (self, error);
}

static gboolean
sync_files (PbImportWriter *self, GError **error) {
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->batch.messages->len; i++)
    g_ptr_array_add (names, ((PbImported *) self->batch.messages->pdata[i])->temporary);
  return pb_disk_sync_files (self->tmp_fd, names, self->batch.path, error);
}

gboolean
pb_import_writer_commit (PbImportWriter *self, GError **error) {
  if (self->batch.messages->len == 0)
    return TRUE;
  gboolean ok = sync_files (self, error) &&
                pb_worker_call (self->worker, pb_import_batch_commit, &self->batch, error);
  if (ok) {
    self->stored += self->batch.messages->len;
    self->duplicates += self->batch.duplicates;
  }
  clear_batch (self, !ok);
  return ok;
}

guint64
pb_import_writer_get_stored (PbImportWriter *self) {
  return self->stored;
}

guint64
pb_import_writer_get_duplicates (PbImportWriter *self) {
  return self->duplicates;
}
