/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Two key files: what is known, and what of it the file on disk does not have yet. */

#include "pb-server-notes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "servers.conf"
#define SIZE_MAX_BYTES (1024 * 1024)
#define WRITE_DELAY_MS 100

static const struct {
  const char *key;
  gboolean of_mailbox;
} notes[PB_N_NOTES] = {
  [PB_NOTE_NO_CAPA] = { "no-capa-until", FALSE },
  [PB_NOTE_NO_UTF8] = { "no-utf8-until", FALSE },
  [PB_NOTE_NO_LANG] = { "no-lang-until", FALSE },
  [PB_NOTE_NO_PIPELINING] = { "no-pipelining-until", FALSE },
  [PB_NOTE_NO_UIDL] = { "no-uidl-until", FALSE },
  [PB_NOTE_TOP_LIES] = { "top-lies-until", FALSE },
  [PB_NOTE_NAMES] = { "identity", TRUE },
  [PB_NOTE_IDS_REPEAT] = { "ids-repeat", TRUE },
  [PB_NOTE_LOGIN_DELAY] = { "login-delay", TRUE },
  [PB_NOTE_SESSION_END] = { "last-session-end", TRUE },
  [PB_NOTE_BUSY_UNTIL] = { "busy-until", TRUE },
  [PB_NOTE_BUSY_COUNT] = { "busy-count", TRUE },
  [PB_NOTE_REFUSED] = { "plain-refusal", TRUE },
  [PB_NOTE_QUESTION] = { "password-question", TRUE },
};

static const char *const text_keys[PB_N_NOTE_TEXTS] = {
  [PB_NOTE_TEXT_CAPABILITIES] = "capabilities",
  [PB_NOTE_TEXT_IMPLEMENTATION] = "implementation",
  [PB_NOTE_TEXT_TLS] = "tls",
  [PB_NOTE_TEXT_SIGN_IN] = "sign-in",
};

/* What worker threads have a hand in. */
typedef struct {
  gatomicrefcount refs;
  GMutex mutex;
  GCond cond;
  gboolean writing; /* under the mutex: one write at a time */
  char *folder;
  char *path;
} File;

struct _PbServerNotes {
  GObject parent_instance;

  File *file;        /* NULL where nothing is kept */
  GKeyFile *known;   /* all */
  GKeyFile *changed; /* what has to be written; NULL for nothing */
  gboolean loading;  /* what is on disk is not known yet: every change is one */
  guint delay;
};

G_DEFINE_FINAL_TYPE (PbServerNotes, pb_server_notes, G_TYPE_OBJECT)

static File *
file_ref (File *file) {
  g_atomic_ref_count_inc (&file->refs);
  return file;
}

static void
file_unref (File *file) {
  if (!g_atomic_ref_count_dec (&file->refs))
    return;
  g_mutex_clear (&file->mutex);
  g_cond_clear (&file->cond);
  g_free (file->folder);
  g_free (file->path);
  g_free (file);
}

/* ---- The disk ---- */

static GKeyFile *
read_file (const char *path) {
  GKeyFile *keys = g_key_file_new ();
  g_autofree char *text = NULL;
  struct stat info;
  gsize length;

  if (stat (path, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size > SIZE_MAX_BYTES ||
      !g_file_get_contents (path, &text, &length, NULL) || length == 0 ||
      memchr (text, '\0', length))
    return keys;
  if (!g_key_file_load_from_data (keys, text, length, G_KEY_FILE_NONE, NULL)) {
    g_key_file_unref (keys);
    return g_key_file_new ();
  }
  return keys;
}

/* Puts all of @from into @to; an empty value takes away. */
static void
merge (GKeyFile *to, GKeyFile *from) {
  g_auto (GStrv) groups = g_key_file_get_groups (from, NULL);

  for (guint i = 0; groups[i]; i++) {
    g_auto (GStrv) keys = g_key_file_get_keys (from, groups[i], NULL, NULL);
    for (guint j = 0; keys && keys[j]; j++) {
      g_autofree char *value = g_key_file_get_value (from, groups[i], keys[j], NULL);
      if (value && *value)
        g_key_file_set_value (to, groups[i], keys[j], value);
      else
        g_key_file_remove_key (to, groups[i], keys[j], NULL);
    }
  }
}

/* Under a lock on the folder, so that two processes do not undo each other. */
static void
write_file (File *file, GKeyFile *changed) {
  g_autoptr (GError) error = NULL;
  gsize length;

  g_mkdir_with_parents (file->folder, 0700);
  int lock = open (file->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0)
    return;
  flock (lock, LOCK_EX);
  g_autoptr (GKeyFile) keys = read_file (file->path);
  merge (keys, changed);
  g_autofree char *text = g_key_file_to_data (keys, &length, NULL);
  if (length <= SIZE_MAX_BYTES &&
      !g_file_set_contents_full (file->path, text, (gssize) length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &error))
    g_info ("%s", error->message);
  close (lock);
}

typedef struct {
  File *file;
  GKeyFile *keys;
} Job;

static void
job_free (gpointer data) {
  Job *job = data;

  file_unref (job->file);
  g_clear_pointer (&job->keys, g_key_file_unref);
  g_free (job);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Job *job = data;

  write_file (job->file, job->keys);
  g_mutex_lock (&job->file->mutex);
  job->file->writing = FALSE;
  g_cond_signal (&job->file->cond);
  g_mutex_unlock (&job->file->mutex);
  g_task_return_boolean (task, TRUE);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Job *job = data;

  job->keys = read_file (job->file->path);
  g_task_return_boolean (task, TRUE);
}

/* ---- Main context ---- */

/* FALSE while the last write is under way. */
static gboolean
begin_writing (File *file) {
  g_mutex_lock (&file->mutex);
  gboolean free = !file->writing;
  file->writing = TRUE;
  g_mutex_unlock (&file->mutex);
  return free;
}

static gboolean
write_now (gpointer data) {
  PbServerNotes *self = data;

  if (!begin_writing (self->file))
    return G_SOURCE_CONTINUE;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Job *job = g_new0 (Job, 1);

  self->delay = 0;
  job->file = file_ref (self->file);
  job->keys = g_steal_pointer (&self->changed);
  g_task_set_source_tag (task, write_now);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, write_in_thread);
  return G_SOURCE_REMOVE;
}

static void
pb_server_notes_dispose (GObject *object) {
  PbServerNotes *self = PB_SERVER_NOTES (object);

  g_clear_handle_id (&self->delay, g_source_remove);
  if (self->file) {
    g_mutex_lock (&self->file->mutex);
    while (self->file->writing)
      g_cond_wait (&self->file->cond, &self->file->mutex);
    g_mutex_unlock (&self->file->mutex);
  }
  if (self->file && self->changed)
    write_file (self->file, self->changed);
  g_clear_pointer (&self->changed, g_key_file_unref);
  G_OBJECT_CLASS (pb_server_notes_parent_class)->dispose (object);
}

static void
pb_server_notes_finalize (GObject *object) {
  PbServerNotes *self = PB_SERVER_NOTES (object);

  g_clear_pointer (&self->file, file_unref);
  g_key_file_unref (self->known);
  G_OBJECT_CLASS (pb_server_notes_parent_class)->finalize (object);
}

static void
pb_server_notes_class_init (PbServerNotesClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = pb_server_notes_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_server_notes_finalize;
}

static void
pb_server_notes_init (PbServerNotes *self) {
  self->known = g_key_file_new ();
}

PbServerNotes *
pb_server_notes_new (const char *data_dir) {
  PbServerNotes *self = g_object_new (PB_TYPE_SERVER_NOTES, NULL);

  if (!data_dir)
    return self;
  self->file = g_new0 (File, 1);
  g_atomic_ref_count_init (&self->file->refs);
  g_mutex_init (&self->file->mutex);
  g_cond_init (&self->file->cond);
  self->file->folder = g_strdup (data_dir);
  self->file->path = g_build_filename (data_dir, FILE_NAME, NULL);
  return self;
}

void
pb_server_notes_load_async (PbServerNotes *self, GAsyncReadyCallback callback, gpointer user_data) {
  g_return_if_fail (PB_IS_SERVER_NOTES (self));

  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, pb_server_notes_load_async);
  if (!self->file) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  Job *job = g_new0 (Job, 1);
  job->file = file_ref (self->file);
  self->loading = TRUE;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, read_in_thread);
}

void
pb_server_notes_load_finish (PbServerNotes *self, GAsyncResult *result) {
  g_return_if_fail (PB_IS_SERVER_NOTES (self));
  g_return_if_fail (g_task_is_valid (result, NULL));

  Job *job = g_task_get_task_data (G_TASK (result));
  self->loading = FALSE;
  if (!job || !job->keys)
    return;
  g_key_file_unref (self->known);
  self->known = g_steal_pointer (&job->keys);
  if (self->changed)
    merge (self->known, self->changed);
}

/* Users and hosts are escaped: a group may hold neither brackets nor line ends. */
static char *
group_of (PbAccount *account, PbNote note) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (account);
  const char *user = pb_account_get_user (account);

  if (!endpoint || (notes[note].of_mailbox && !user))
    return NULL;
  g_autofree char *host = g_uri_escape_string (endpoint->host, NULL, FALSE);
  if (!notes[note].of_mailbox)
    return g_strdup_printf ("server %s:%u", host, endpoint->port);
  g_autofree char *escaped = g_uri_escape_string (user, NULL, FALSE);
  return g_strdup_printf ("mailbox %s@%s:%u", escaped, host, endpoint->port);
}

gint64
pb_server_notes_get (PbServerNotes *self, PbAccount *account, PbNote note) {
  g_return_val_if_fail (PB_IS_SERVER_NOTES (self), 0);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), 0);
  g_return_val_if_fail (note < PB_N_NOTES, 0);

  g_autofree char *group = group_of (account, note);
  return group ? MAX (g_key_file_get_int64 (self->known, group, notes[note].key, NULL), 0) : 0;
}

/* @value as it stands in the file; "" takes it away. */
static void
change (PbServerNotes *self, const char *group, const char *key, const char *value) {
  if (!self->changed)
    self->changed = g_key_file_new ();
  if (*value)
    g_key_file_set_value (self->known, group, key, value);
  else
    g_key_file_remove_key (self->known, group, key, NULL);
  g_key_file_set_value (self->changed, group, key, value);
  if (self->file && self->delay == 0)
    self->delay = g_timeout_add (WRITE_DELAY_MS, write_now, self);
}

void
pb_server_notes_set (PbServerNotes *self, PbAccount *account, PbNote note, gint64 value) {
  g_return_if_fail (PB_IS_SERVER_NOTES (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (note < PB_N_NOTES && value >= 0);

  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, value);
  g_autofree char *group = group_of (account, note);
  if (!group || (!self->loading && pb_server_notes_get (self, account, note) == value))
    return;
  change (self, group, notes[note].key, value > 0 ? number : "");
}

char *
pb_server_notes_dup_text (PbServerNotes *self, PbAccount *account, PbNoteText which) {
  g_return_val_if_fail (PB_IS_SERVER_NOTES (self), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (which < PB_N_NOTE_TEXTS, NULL);

  g_autofree char *group = group_of (account, PB_NOTE_NO_CAPA);
  return group ? g_key_file_get_string (self->known, group, text_keys[which], NULL) : NULL;
}

void
pb_server_notes_set_text (PbServerNotes *self,
                          PbAccount *account,
                          PbNoteText which,
                          const char *text) {
  g_return_if_fail (PB_IS_SERVER_NOTES (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (which < PB_N_NOTE_TEXTS);

  g_autofree char *group = group_of (account, PB_NOTE_NO_CAPA);
  g_autofree char *before = pb_server_notes_dup_text (self, account, which);
  g_autofree char *cut = g_strndup (text ? text : "", PB_NOTE_TEXT_MAX);
  g_autofree char *valid = g_utf8_make_valid (cut, -1);
  if (!group || g_strcmp0 (before ? before : "", valid) == 0)
    return;
  /* The file's own way to write line ends and blanks. */
  g_autoptr (GKeyFile) escaped = g_key_file_new ();
  g_key_file_set_string (escaped, group, text_keys[which], valid);
  g_autofree char *value = g_key_file_get_value (escaped, group, text_keys[which], NULL);
  change (self, group, text_keys[which], value);
}
