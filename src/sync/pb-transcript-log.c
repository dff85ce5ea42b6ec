/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A list for each account, made when somebody asks for it or a session ends. */

#include "pb-transcript-log.h"

#include "pb-transcript-files.h"

struct _PbTranscriptLog {
  GObject parent_instance;

  char *folder;      /* or NULL */
  GHashTable *lists; /* account id to List, both owned */
  guint writing;
};

G_DEFINE_FINAL_TYPE (PbTranscriptLog, pb_transcript_log, G_TYPE_OBJECT)

enum { SETTLED, N_SIGNALS };
static guint signals[N_SIGNALS];

typedef struct {
  GListStore *entries;
  gboolean read; /* what earlier runs left was asked for */
} List;

/* What the worker writes. */
typedef struct {
  char *dir;
  gint64 started;
  gint64 duration;
  int outcome;
  char *text;
} Writing;

static void
list_free (gpointer data) {
  List *list = data;

  g_object_unref (list->entries);
  g_free (list);
}

static void
writing_free (gpointer data) {
  Writing *writing = data;

  g_free (writing->dir);
  g_free (writing->text);
  g_free (writing);
}

static List *
ensure_list (PbTranscriptLog *self, const char *account_id) {
  List *list = g_hash_table_lookup (self->lists, account_id);

  if (list)
    return list;
  list = g_new0 (List, 1);
  list->entries = g_list_store_new (PB_TYPE_TRANSCRIPT_ENTRY);
  g_hash_table_insert (self->lists, g_strdup (account_id), list);
  return list;
}

static char *
make_dir (PbTranscriptLog *self, const char *account_id) {
  return g_build_filename (self->folder, account_id, NULL);
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer data) {
  gint64 first = pb_transcript_entry_get_started ((PbTranscriptEntry *) a);
  gint64 second = pb_transcript_entry_get_started ((PbTranscriptEntry *) b);

  return (first < second) - (first > second);
}

static void
trim (GListStore *entries) {
  guint count = g_list_model_get_n_items (G_LIST_MODEL (entries));

  if (count > PB_TRANSCRIPTS_KEPT)
    g_list_store_splice (entries, PB_TRANSCRIPTS_KEPT, count - PB_TRANSCRIPTS_KEPT, NULL, 0);
}

static gboolean
is_listed (GListStore *entries, gint64 started) {
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (entries)); i++) {
    g_autoptr (PbTranscriptEntry) entry = g_list_model_get_item (G_LIST_MODEL (entries), i);
    if (pb_transcript_entry_get_started (entry) == started)
      return TRUE;
  }
  return FALSE;
}

/* ---- Reading ---- */

static void
list_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  g_task_return_pointer (task, pb_transcript_files_list (data), (GDestroyNotify) g_ptr_array_unref);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data) {
  PbTranscriptLog *self = PB_TRANSCRIPT_LOG (source);
  g_autofree char *account_id = data;
  GListStore *entries = ensure_list (self, account_id)->entries;
  g_autoptr (GPtrArray) found = g_task_propagate_pointer (G_TASK (result), NULL);

  for (guint i = 0; i < found->len; i++) {
    if (!is_listed (entries, pb_transcript_entry_get_started (found->pdata[i])))
      g_list_store_insert_sorted (entries, found->pdata[i], compare_entries, NULL);
  }
  trim (entries);
}

static void
read_earlier (PbTranscriptLog *self, const char *account_id) {
  g_autoptr (GTask) task = g_task_new (self, NULL, listed, g_strdup (account_id));

  g_task_set_source_tag (task, read_earlier);
  g_task_set_task_data (task, make_dir (self, account_id), g_free);
  g_task_run_in_thread (task, list_in_thread);
}

/* ---- Writing ---- */

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Writing *writing = data;
  GError *error = NULL;

  if (pb_transcript_files_write (writing->dir, writing->started, writing->duration,
                                 writing->outcome, writing->text, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written (GObject *source, GAsyncResult *result, gpointer data) {
  PbTranscriptLog *self = PB_TRANSCRIPT_LOG (source);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_debug ("a session was not written down: %s", error->message);
  if (--self->writing == 0)
    g_signal_emit (self, signals[SETTLED], 0);
}

static void
pb_transcript_log_finalize (GObject *object) {
  PbTranscriptLog *self = PB_TRANSCRIPT_LOG (object);

  g_hash_table_unref (self->lists);
  g_free (self->folder);
  G_OBJECT_CLASS (pb_transcript_log_parent_class)->finalize (object);
}

static void
pb_transcript_log_class_init (PbTranscriptLogClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_transcript_log_finalize;
  signals[SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
pb_transcript_log_init (PbTranscriptLog *self) {
  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, list_free);
}

PbTranscriptLog *
pb_transcript_log_new (void) {
  return g_object_new (PB_TYPE_TRANSCRIPT_LOG, NULL);
}

void
pb_transcript_log_set_folder (PbTranscriptLog *self, const char *cache_dir) {
  g_return_if_fail (PB_IS_TRANSCRIPT_LOG (self));
  g_return_if_fail (cache_dir != NULL);
  g_return_if_fail (self->folder == NULL);

  self->folder = g_build_filename (cache_dir, "transcripts", NULL);
}

void
pb_transcript_log_add (PbTranscriptLog *self,
                       const char *account_id,
                       gint64 started,
                       const GError *error,
                       const char *text) {
  g_return_if_fail (PB_IS_TRANSCRIPT_LOG (self));
  g_return_if_fail (account_id != NULL && text != NULL);

  gint64 duration = MAX (g_get_real_time () - started, 0);
  int outcome = pb_transcript_entry_outcome_of (error);
  g_autoptr (PbTranscriptEntry) entry =
    pb_transcript_entry_new (started, duration, outcome, text, NULL);
  GListStore *entries = ensure_list (self, account_id)->entries;

  g_list_store_insert_sorted (entries, entry, compare_entries, NULL);
  trim (entries);
  if (!self->folder)
    return;
  g_autoptr (GTask) task = g_task_new (self, NULL, written, NULL);
  Writing *writing = g_new (Writing, 1);
  *writing = (Writing){ make_dir (self, account_id), started, duration, outcome, g_strdup (text) };
  g_task_set_source_tag (task, pb_transcript_log_add);
  g_task_set_task_data (task, writing, writing_free);
  self->writing++;
  g_task_run_in_thread (task, write_in_thread);
}

GListModel *
pb_transcript_log_get_entries (PbTranscriptLog *self, const char *account_id) {
  g_return_val_if_fail (PB_IS_TRANSCRIPT_LOG (self), NULL);
  g_return_val_if_fail (account_id != NULL, NULL);

  List *list = ensure_list (self, account_id);
  if (self->folder && !list->read) {
    list->read = TRUE;
    read_earlier (self, account_id);
  }
  return G_LIST_MODEL (list->entries);
}

gboolean
pb_transcript_log_is_busy (PbTranscriptLog *self) {
  g_return_val_if_fail (PB_IS_TRANSCRIPT_LOG (self), FALSE);

  return self->writing > 0;
}
