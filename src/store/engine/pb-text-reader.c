/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One thread, one batch. */

#include "pb-text-reader.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beyond this much of a message nothing is looked for: text comes early, and memory is dear. */
#define FILE_LIMIT (8 * 1024 * 1024)

struct _PbTextReader {
  GThreadPool *pool;
  GPtrArray *batch;
  gboolean busy; /* store thread only */
  GMutex mutex;  /* protects what follows */
  GCond cond;
  gboolean done;
};

static void
read_text_free (gpointer data) {
  PbReadText *self = data;

  pb_search_text_free (self->text);
  g_free (self->path);
  g_free (self);
}

/* Most are small, and a read is cheaper than a map. */
static gboolean
read_file (const char *path, GByteArray *buffer) {
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info;
  gsize length = 0;
  gssize got = 1;

  if (fd < 0)
    return FALSE;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode)) {
    g_byte_array_set_size (buffer, (guint) CLAMP (info.st_size, 1, FILE_LIMIT));
    while (got > 0 && length < buffer->len) {
      got = read (fd, buffer->data + length, buffer->len - length);
      length += (gsize) MAX (0, got);
    }
  }
  close (fd);
  g_byte_array_set_size (buffer, (guint) length);
  return got >= 0;
}

static void
read_batch (gpointer unused, gpointer data) {
  PbTextReader *self = data;
  g_autoptr (GByteArray) buffer = g_byte_array_new ();

  for (guint i = 0; i < self->batch->len; i++) {
    PbReadText *read = g_ptr_array_index (self->batch, i);
    if (read_file (read->path, buffer))
      read->text = pb_search_text_new ((const char *) buffer->data, buffer->len);
  }
  g_mutex_lock (&self->mutex);
  self->done = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

PbTextReader *
pb_text_reader_new (void) {
  PbTextReader *self = g_new0 (PbTextReader, 1);

  self->pool = g_thread_pool_new (read_batch, self, 1, FALSE, NULL);
  self->batch = g_ptr_array_new_with_free_func (read_text_free);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  return self;
}

void
pb_text_reader_free (PbTextReader *self) {
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_ptr_array_unref (self->batch);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

void
pb_text_reader_add (PbTextReader *self, gint64 id, gboolean partial, char *path) {
  PbReadText *read = g_new0 (PbReadText, 1);

  g_assert (!self->busy);
  read->id = id;
  read->partial = partial;
  read->path = path;
  g_ptr_array_add (self->batch, read);
}

void
pb_text_reader_start (PbTextReader *self) {
  g_assert (!self->busy);
  self->busy = TRUE;
  self->done = FALSE;
  g_thread_pool_push (self->pool, self, NULL);
}

gboolean
pb_text_reader_is_busy (PbTextReader *self) {
  return self->busy;
}

guint
pb_text_reader_count (PbTextReader *self) {
  return self->busy ? self->batch->len : 0;
}

GPtrArray *
pb_text_reader_wait (PbTextReader *self) {
  GPtrArray *batch;

  g_assert (self->busy);
  g_mutex_lock (&self->mutex);
  while (!self->done)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  self->busy = FALSE;
  batch = g_steal_pointer (&self->batch);
  self->batch = g_ptr_array_new_with_free_func (read_text_free);
  return batch;
}
