/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Search in the engine: keeps the file of words in step with the index, in slices between other
 * work, and asks it. It is opened when it is first needed. What goes wrong with it never stops the
 * store. */

#include "pb-engine-private.h"

#include "pb-error.h"
#include "pb-maildir-name.h"
#include "pb-search-index.h"
#include "pb-text-reader.h"

#define SLICE_MICROSECONDS (20 * 1000)
/* Messages of one transaction; the words of those of an unfinished one are taken again. */
#define COMMIT_MESSAGES 5000
/* Small enough to be read while one slice lasts, large enough to be worth the way. */
#define BATCH_MESSAGES 32
#define SNIPPET_CHARACTERS 200

typedef struct _PbTextWork {
  PbSearchIndex *index;
  PbTextReader *reader;
  GArray *waiting; /* gint64, the next ones last */
  gint64 last;     /* the highest id that was looked at */
  gint64 version;  /* of the index, then */
  guint uncommitted;
  gboolean join; /* what was added has to be joined */
} Work;

static char *
dup_path (PbEngine *self) {
  g_autofree char *dir = g_path_get_dirname (self->index_path);

  return g_build_filename (dir, "search.sqlite", NULL);
}

static guint
count_messages (PbEngine *self) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, NULL);
  guint total = 0;

  for (guint i = 0; i < folders->len; i++)
    total += ((PbIndexFolder *) folders->pdata[i])->total;
  return total;
}

static gboolean
open_work (PbEngine *self, GError **error) {
  if (self->text_work)
    return TRUE;
  g_autofree char *path = dup_path (self);
  PbSearchIndex *index =
    pb_search_index_open (path, self->index_path, self->index_number, count_messages (self), error);
  if (!index)
    return FALSE;
  Work *work = g_new0 (Work, 1);
  work->index = index;
  work->reader = pb_text_reader_new ();
  work->waiting = g_array_new (FALSE, FALSE, sizeof (gint64));
  work->version = -1;
  work->last = pb_search_index_get_seen (index);
  work->join = TRUE;
  self->text_work = work;
  return TRUE;
}

void
pb_engine_close_search (PbEngine *self) {
  Work *work = g_steal_pointer (&self->text_work);

  if (!work)
    return;
  pb_text_reader_free (work->reader);
  pb_search_index_close (work->index);
  g_array_unref (work->waiting);
  g_free (work);
}

/* TRUE when a new file is to be tried, once a session: whatever is wrong that is not the fault of
 * the disk. Anything else may be better after the next start. */
static gboolean
give_up (PbEngine *self, const GError *error) {
  gboolean again = g_error_matches (error, PB_ERROR, PB_ERROR_STORAGE) && !self->text_was_damaged;

  g_message ("the words of messages: %s", error->message);
  pb_engine_close_search (self);
  self->text_is_off = !again;
  self->text_was_damaged = TRUE;
  if (again) {
    g_autofree char *path = dup_path (self);
    pb_database_remove_file (path, FALSE);
  }
  return again;
}

static gboolean
is_done (Work *work) {
  return work->waiting->len == 0 && !pb_text_reader_is_busy (work->reader);
}

static gboolean
commit (Work *work, GError **error) {
  work->uncommitted = 0;
  return pb_search_index_commit (work->index, is_done (work) ? work->last : 0, error);
}

/* What came or became complete since the last look. */
static gboolean
look_for_new (PbEngine *self, Work *work, GError **error) {
  gint64 version = pb_index_get_version (self->index);

  if (version == work->version)
    return TRUE;
  work->version = version;
  return commit (work, error) &&
         pb_search_index_list_completed (work->index, work->waiting, error) &&
         pb_search_index_list_missing (work->index, &work->last, work->waiting, error);
}

/* ---- Adding ---- */

static int
compare_ids (gconstpointer a, gconstpointer b) {
  gint64 one = *(const gint64 *) a, other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

/* A message that is gone meanwhile is passed over. */
static gboolean
ask_for_one (PbEngine *self, Work *work, gint64 id, GError **error) {
  g_autoptr (GError) failure = NULL;
  g_autoptr (PbIndexFile) file = pb_index_find_file (self->index, id, &failure);

  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  PbIndexFolder *folder = file ? pb_engine_find_folder (self, file->folder, NULL) : NULL;
  if (!folder)
    return TRUE;
  g_autofree char *dir = pb_engine_path_of (self, folder);
  g_autofree char *name = pb_maildir_name_join (file->base, file->letters);
  pb_text_reader_add (work->reader, id, (file->flags & PB_FLAG_PARTIAL) != 0,
                      g_build_filename (dir, "cur", name, NULL));
  return TRUE;
}

/* Has the next ones read. They are sorted, since FTS5 wants ids that rise. */
static gboolean
ask_for_batch (PbEngine *self, Work *work, GError **error) {
  guint count = MIN (BATCH_MESSAGES, work->waiting->len);
  guint first = work->waiting->len - count;
  gint64 ids[BATCH_MESSAGES];

  for (guint i = 0; i < count; i++)
    ids[i] = g_array_index (work->waiting, gint64, first + i);
  g_array_set_size (work->waiting, first);
  qsort (ids, count, sizeof (gint64), compare_ids);
  for (guint i = 0; i < count; i++) {
    if (!ask_for_one (self, work, ids[i], error))
      return FALSE;
  }
  pb_text_reader_start (work->reader);
  return TRUE;
}

/* The file may have been renamed since it was asked for. */
static gboolean
add_one (PbEngine *self, Work *work, PbReadText *read, GError **error) {
  if (!read->text) {
    g_autofree char *path = NULL;
    g_autoptr (GBytes) bytes = pb_engine_load_message (self, read->id, &path, NULL);
    gsize length = 0;
    const char *data = bytes ? g_bytes_get_data (bytes, &length) : NULL;
    read->text = data || bytes ? pb_search_text_new (data, length) : NULL;
  }
  work->uncommitted++;
  return pb_search_index_add (work->index, read->id, read->partial, read->text, error);
}

static gboolean
add_batch (PbEngine *self, Work *work, GError **error) {
  g_autoptr (GPtrArray) batch = pb_text_reader_wait (work->reader);

  if (work->waiting->len > 0 && !ask_for_batch (self, work, error))
    return FALSE;
  for (guint i = 0; i < batch->len; i++) {
    if (!add_one (self, work, g_ptr_array_index (batch, i), error))
      return FALSE;
  }
  work->join = TRUE;
  return TRUE;
}

/* *@later: another process is at it. */
static gboolean
add_slice (PbEngine *self, Work *work, gboolean *later, GError **error) {
  gint64 end = g_get_monotonic_time () + SLICE_MICROSECONDS;

  *later = !pb_search_index_begin (work->index, NULL);
  if (*later)
    return TRUE;
  if (!pb_text_reader_is_busy (work->reader) && !ask_for_batch (self, work, error))
    return FALSE;
  do {
    if (!add_batch (self, work, error))
      return FALSE;
  } while (!is_done (work) && g_get_monotonic_time () < end);
  return (work->uncommitted < COMMIT_MESSAGES && !is_done (work)) || commit (work, error);
}

static void
tell_missing (PbEngine *self, Work *work) {
  pb_notice_post_missing (self->notice, work->waiting->len + pb_text_reader_count (work->reader));
}

gboolean
pb_engine_index_text (PbEngine *self, gboolean *more) {
  g_autoptr (GError) error = NULL;
  gboolean later = FALSE;

  *more = FALSE;
  if (!self->is_open || !self->index || self->text_is_off)
    return FALSE;
  gboolean ok = open_work (self, &error) && look_for_new (self, self->text_work, &error);
  Work *work = self->text_work;
  if (ok && is_done (work)) {
    work->join = work->join && pb_search_index_merge (work->index);
    return work->join;
  }
  ok = ok && add_slice (self, work, &later, &error);
  if (!ok)
    return *more = give_up (self, error);
  tell_missing (self, work);
  *more = !later && !is_done (work);
  return !later;
}

gboolean
pb_engine_is_receiving (PbEngine *self) {
  return self->deliveries->len > 0;
}

/* ---- Asking ---- */

static GArray *
search_once (PbEngine *self,
             const PbSearch *search,
             PbSearchQuery *query,
             guint *missing,
             GCancellable *cancellable,
             GError **error) {
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (self, NULL);

  if (!open_work (self, error))
    return NULL;
  Work *work = self->text_work;
  if (!look_for_new (self, work, error) || !commit (work, error))
    return NULL;
  *missing = work->waiting->len + pb_text_reader_count (work->reader);
  return pb_search_index_search (work->index, query, search, folders, count_messages (self),
                                 cancellable, error);
}

GArray *
pb_engine_search (PbEngine *self,
                  const PbSearch *search,
                  PbSearchQuery *query,
                  guint *missing,
                  GCancellable *cancellable,
                  GError **error) {
  g_autoptr (GError) failure = NULL;

  if (!pb_engine_refresh (self, FALSE, error))
    return NULL;
  GArray *ids = search_once (self, search, query, missing, cancellable, &failure);
  if (!ids && g_error_matches (failure, PB_ERROR, PB_ERROR_STORAGE) && give_up (self, failure)) {
    g_clear_error (&failure);
    ids = search_once (self, search, query, missing, cancellable, &failure);
  }
  if (!ids)
    g_propagate_error (error, g_steal_pointer (&failure));
  return ids;
}

GPtrArray *
pb_engine_load_snippets (PbEngine *self,
                         PbSearchQuery *query,
                         const gint64 *ids,
                         guint count,
                         GCancellable *cancellable,
                         GError **error) {
  GPtrArray *snippets = g_ptr_array_new_full (count, g_free);

  for (guint i = 0; i < count && !g_cancellable_is_cancelled (cancellable); i++) {
    g_autofree char *path = NULL;
    g_autoptr (GBytes) bytes = pb_engine_load_message (self, ids[i], &path, NULL);
    gsize length = 0;
    const char *data = bytes ? g_bytes_get_data (bytes, &length) : NULL;
    g_autoptr (PbSearchText) text = pb_search_text_new (data, length);
    g_ptr_array_add (snippets, pb_search_query_dup_snippet (query, text->body, SNIPPET_CHARACTERS));
  }
  g_ptr_array_set_size (snippets, (int) count);
  return snippets;
}
