/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* "<temporary>.arrived.postbag" holds lines "<base>,C=<digest of the content>". */

#include "pb-arrival-log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-maildir-name.h"

#define MAX_BYTES (16 * 1024 * 1024)
#define MAX_NOTES 100000

struct _PbArrivalLog {
  int tmp_fd;
  int fd;
  char *name;
  char *path;
};

PbArrivalLog *
pb_arrival_log_new (int tmp_fd, const char *path, GError **error) {
  g_autofree char *name = pb_maildir_name_new_log ();
  int fd = openat (tmp_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);

  if (fd < 0) {
    pb_disk_set_error (error, errno, "make a file in", path);
    return NULL;
  }
  PbArrivalLog *self = g_new0 (PbArrivalLog, 1);
  self->tmp_fd = tmp_fd;
  self->fd = fd;
  self->name = g_steal_pointer (&name);
  self->path = g_strdup (path);
  return self;
}

gboolean
pb_arrival_log_note (PbArrivalLog *self, const char *base, const guint8 *content, GError **error) {
  g_autofree char *note = pb_maildir_name_note (base, content);
  g_autofree char *line = g_strconcat (note, "\n", NULL);

  return pb_disk_write (self->fd, (const guint8 *) line, strlen (line), self->path, error);
}

void
pb_arrival_log_clear (PbArrivalLog *self) {
  /* What stays is not found any more. */
  if (ftruncate (self->fd, 0) != 0)
    g_debug ("%s is not cleared", self->name);
}

void
pb_arrival_log_free (PbArrivalLog *self) {
  if (!self)
    return;
  close (self->fd);
  unlinkat (self->tmp_fd, self->name, 0);
  g_free (self->name);
  g_free (self->path);
  g_free (self);
}

/* ---- Reading ---- */

void
pb_arrival_note_free (PbArrivalNote *note) {
  g_free (note->temporary);
  g_free (note->base);
  g_free (note);
}

static void
read_line (GPtrArray *notes, const char *line) {
  PbDigest content;
  g_autofree char *base = pb_maildir_name_read_note (line, &content);

  if (!base || notes->len >= MAX_NOTES)
    return;
  PbArrivalNote *note = g_new0 (PbArrivalNote, 1);
  note->temporary = pb_maildir_name_unfinish (base);
  note->base = g_steal_pointer (&base);
  note->content = content;
  g_ptr_array_add (notes, note);
}

static void
read_log (GPtrArray *notes, int tmp_fd, const char *name) {
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint64 size;
  gint64 time;

  if (!pb_disk_read_head (tmp_fd, name, MAX_BYTES, bytes, &size, &time))
    return;
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  g_auto (GStrv) lines = g_strsplit ((const char *) bytes->data, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    read_line (notes, lines[i]);
}

GPtrArray *
pb_arrival_log_read_all (int tmp_fd) {
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_arrival_note_free);
  int fd = openat (tmp_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  const struct dirent *entry;

  while (dir && (entry = readdir (dir))) {
    if (pb_maildir_name_is_log (entry->d_name))
      read_log (notes, tmp_fd, entry->d_name);
  }
  if (dir)
    closedir (dir);
  else if (fd >= 0)
    close (fd);
  return notes;
}
