/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Events are played on two layers: what is durable, and what waits for a sync. At the end chance
 * decides what of the latter made it. */

#include "pb-power-cut.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pb-false-disk.h"

#define PAGE 4096
#define FOLDER G_MAXUINT /* in place of a file's number */

/* How much of what waits is kept. */
typedef enum {
  KEEP_NOTHING,
  KEEP_ALL,
  KEEP_BEGINNING,
  KEEP_SOME,
  N_KEEPS,
} Keep;

typedef struct {
  GByteArray *durable;
  GPtrArray *waiting; /* of PbDiskEvent: WRITE, TRUNCATE */
} File;

typedef struct {
  GRand *chance;
  GHashTable *files;  /* number → File */
  GHashTable *names;  /* path → number: durable */
  GPtrArray *waiting; /* of PbDiskEvent on names */
} Disk;

static void
file_free (gpointer data) {
  File *file = data;

  g_byte_array_unref (file->durable);
  g_ptr_array_unref (file->waiting);
  g_free (file);
}

static File *
get_file (Disk *self, guint number) {
  File *file = g_hash_table_lookup (self->files, GUINT_TO_POINTER (number));

  if (!file) {
    file = g_new0 (File, 1);
    file->durable = g_byte_array_new ();
    file->waiting = g_ptr_array_new ();
    g_hash_table_insert (self->files, GUINT_TO_POINTER (number), file);
  }
  return file;
}

static void
resize (GByteArray *content, guint length) {
  guint before = content->len;

  g_byte_array_set_size (content, length);
  if (length > before)
    memset (content->data + before, 0, length - before);
}

/* @chance: page by page, if at all; NULL for the whole. */
static void
apply (GByteArray *content, const PbDiskEvent *event, GRand *chance) {
  gsize length;
  guint at = (guint) event->at;

  if (event->call == PB_DISK_TRUNCATE) {
    resize (content, at);
    return;
  }
  const guint8 *data = g_bytes_get_data (event->bytes, &length);
  if (content->len < at + length)
    resize (content, at + (guint) length);
  for (guint done = 0, page; done < length; done += page) {
    page = MIN (PAGE - (at + done) % PAGE, (guint) length - done);
    if (!chance || g_rand_boolean (chance))
      memcpy (content->data + at + done, data + done, page);
  }
}

static void
sync_file (File *file) {
  for (guint i = 0; i < file->waiting->len; i++)
    apply (file->durable, file->waiting->pdata[i], NULL);
  g_ptr_array_set_size (file->waiting, 0);
}

static void
apply_name (Disk *self, const PbDiskEvent *event) {
  switch (event->call) {
  case PB_DISK_CREATE:
    g_hash_table_insert (self->names, event->path, GUINT_TO_POINTER (event->file));
    break;
  case PB_DISK_MAKE_FOLDER:
    g_hash_table_insert (self->names, event->path, GUINT_TO_POINTER (FOLDER));
    break;
  case PB_DISK_UNLINK:
    g_hash_table_remove (self->names, event->path);
    break;
  default:
    g_hash_table_remove (self->names, event->path);
    g_hash_table_insert (self->names, event->to, GUINT_TO_POINTER (event->file));
  }
}

static gboolean
is_in (const char *path, const char *dir) {
  g_autofree char *parent = g_path_get_dirname (path);

  return g_str_equal (parent, *dir ? dir : ".");
}

static gboolean
share_name (const PbDiskEvent *a, const PbDiskEvent *b) {
  return g_str_equal (a->path, b->path) || g_strcmp0 (a->path, b->to) == 0 ||
         g_strcmp0 (a->to, b->path) == 0 || (a->to && g_strcmp0 (a->to, b->to) == 0);
}

/* What is kept happened after what was done to the same names before. The rest goes on waiting. */
static void
keep_names (Disk *self, gboolean *kept) {
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new ();
  for (guint i = before->len; i-- > 0;) {
    for (guint j = 0; kept[i] && j < i; j++)
      kept[j] |= share_name (before->pdata[i], before->pdata[j]);
  }
  for (guint i = 0; i < before->len; i++) {
    if (kept[i])
      apply_name (self, before->pdata[i]);
    else
      g_ptr_array_add (self->waiting, before->pdata[i]);
  }
}

static void
sync_folder (Disk *self, const char *dir) {
  g_autofree gboolean *kept = g_new0 (gboolean, self->waiting->len + 1);

  for (guint i = 0; i < self->waiting->len; i++) {
    const PbDiskEvent *event = self->waiting->pdata[i];
    kept[i] = is_in (event->path, dir) || (event->to && is_in (event->to, dir));
  }
  keep_names (self, kept);
}

static void
sync_all (Disk *self) {
  GHashTableIter iter;
  gpointer file;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &file))
    sync_file (file);
  for (guint i = 0; i < self->waiting->len; i++)
    apply_name (self, self->waiting->pdata[i]);
  g_ptr_array_set_size (self->waiting, 0);
}

static void
play (Disk *self, PbDiskEvent *event) {
  switch (event->call) {
  case PB_DISK_WRITE:
  case PB_DISK_TRUNCATE:
    g_ptr_array_add (get_file (self, event->file)->waiting, event);
    break;
  case PB_DISK_SYNC:
    sync_file (get_file (self, event->file));
    break;
  case PB_DISK_SYNC_ALL:
    sync_all (self);
    break;
  case PB_DISK_SYNC_FOLDER:
    sync_folder (self, event->path);
    break;
  case PB_DISK_MARK:
    break;
  default:
    g_ptr_array_add (self->waiting, event);
  }
}

/* Whether the event at @at of @count is kept. */
static gboolean
survives (Disk *self, Keep keep, guint at, guint border) {
  return keep == KEEP_ALL || (keep == KEEP_BEGINNING && at < border) ||
         (keep == KEEP_SOME && g_rand_boolean (self->chance));
}

static void
cut_power (Disk *self) {
  GHashTableIter iter;
  gpointer value;
  Keep keep = (Keep) g_rand_int_range (self->chance, 0, N_KEEPS);
  guint border = (guint) g_rand_int_range (self->chance, 0, (gint32) self->waiting->len + 1);

  g_autofree gboolean *kept = g_new0 (gboolean, self->waiting->len + 1);

  for (guint i = 0; i < self->waiting->len; i++)
    kept[i] = survives (self, keep, i, border);
  keep_names (self, kept);
  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    File *file = value;
    keep = (Keep) g_rand_int_range (self->chance, 0, N_KEEPS);
    border = (guint) g_rand_int_range (self->chance, 0, (gint32) file->waiting->len + 1);
    for (guint i = 0; i < file->waiting->len; i++) {
      if (survives (self, keep, i, border))
        apply (file->durable, file->waiting->pdata[i], keep == KEEP_SOME ? self->chance : NULL);
    }
  }
}

static int
compare_text (gconstpointer a, gconstpointer b) {
  return strcmp (a, b);
}

static void
write_down (Disk *self, const char *dir) {
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (self->names), compare_text);

  for (GList *link = paths; link; link = link->next) {
    g_autofree char *path = g_build_filename (dir, link->data, NULL);
    g_autofree char *parent = g_path_get_dirname (path);
    guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->names, link->data));
    if (!g_file_test (parent, G_FILE_TEST_IS_DIR))
      continue;
    if (number == FOLDER) {
      g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
      continue;
    }
    GByteArray *content = get_file (self, number)->durable;
    g_assert_true (g_file_set_contents_full (path, (const char *) content->data, content->len,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  }
}

void
pb_power_cut_build (GPtrArray *events, guint count, guint32 seed, const char *dir) {
  Disk self = {
    .chance = g_rand_new_with_seed (seed),
    .files = g_hash_table_new_full (NULL, NULL, NULL, file_free),
    .names = g_hash_table_new (g_str_hash, g_str_equal),
    .waiting = g_ptr_array_new (),
  };

  for (guint i = 0; i < count; i++)
    play (&self, events->pdata[i]);
  cut_power (&self);
  write_down (&self, dir);
  g_rand_free (self.chance);
  g_hash_table_unref (self.files);
  g_hash_table_unref (self.names);
  g_ptr_array_unref (self.waiting);
}
