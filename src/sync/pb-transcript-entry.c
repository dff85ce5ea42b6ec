/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Values, and a file that is read in a worker when it must be. */

#include "pb-transcript-entry.h"

#include <string.h>

#include "pb-error.h"
#include "pb-transcript-files.h"

struct _PbTranscriptEntry {
  GObject parent_instance;

  gint64 started;
  gint64 duration;
  int outcome;
  char *text; /* or NULL */
  char *path; /* or NULL */
};

G_DEFINE_FINAL_TYPE (PbTranscriptEntry, pb_transcript_entry, G_TYPE_OBJECT)

static const struct {
  int outcome;
  const char *name;
} names[] = {
  { PB_TRANSCRIPT_WELL, "ok" },
  { PB_TRANSCRIPT_CANCELLED, "cancelled" },
  { PB_TRANSCRIPT_OTHER, "other" },
  { PB_ERROR_SIGN_IN, "sign-in" },
  { PB_ERROR_NO_SECRET, "no-secret" },
  { PB_ERROR_CONNECT, "connect" },
  { PB_ERROR_TIMEOUT, "timeout" },
  { PB_ERROR_CERTIFICATE, "certificate" },
  { PB_ERROR_INSECURE, "insecure" },
  { PB_ERROR_BUSY, "busy" },
  { PB_ERROR_PROTOCOL, "protocol" },
  { PB_ERROR_REFUSED, "refused" },
  { PB_ERROR_UNSUPPORTED, "unsupported" },
  { PB_ERROR_STORAGE, "storage" },
  { PB_ERROR_STORAGE_FULL, "storage-full" },
  { PB_ERROR_STORAGE_READ_ONLY, "storage-read-only" },
  { PB_ERROR_LOCKED, "locked" },
  { PB_ERROR_NOT_FOUND, "not-found" },
  { PB_ERROR_INVALID, "invalid" },
  { PB_ERROR_TOO_LARGE, "too-large" },
};

static void
pb_transcript_entry_finalize (GObject *object) {
  PbTranscriptEntry *self = PB_TRANSCRIPT_ENTRY (object);

  g_free (self->text);
  g_free (self->path);
  G_OBJECT_CLASS (pb_transcript_entry_parent_class)->finalize (object);
}

static void
pb_transcript_entry_class_init (PbTranscriptEntryClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_transcript_entry_finalize;
}

static void
pb_transcript_entry_init (PbTranscriptEntry *self) {}

PbTranscriptEntry *
pb_transcript_entry_new (gint64 started,
                         gint64 duration,
                         int outcome,
                         const char *text,
                         const char *path) {
  g_return_val_if_fail (text != NULL || path != NULL, NULL);

  PbTranscriptEntry *self = g_object_new (PB_TYPE_TRANSCRIPT_ENTRY, NULL);
  self->started = started;
  self->duration = duration;
  self->outcome = outcome;
  self->text = g_strdup (text);
  self->path = g_strdup (path);
  return self;
}

int
pb_transcript_entry_outcome_of (const GError *error) {
  if (!error)
    return PB_TRANSCRIPT_WELL;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return PB_TRANSCRIPT_CANCELLED;
  return error->domain == PB_ERROR ? error->code : PB_TRANSCRIPT_OTHER;
}

const char *
pb_transcript_entry_outcome_to_name (int outcome) {
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (names[i].outcome == outcome)
      return names[i].name;
  }
  return "other";
}

gboolean
pb_transcript_entry_outcome_from_name (const char *name, int *outcome) {
  g_return_val_if_fail (name != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (strcmp (names[i].name, name) == 0) {
      *outcome = names[i].outcome;
      return TRUE;
    }
  }
  return FALSE;
}

gint64
pb_transcript_entry_get_started (PbTranscriptEntry *self) {
  g_return_val_if_fail (PB_IS_TRANSCRIPT_ENTRY (self), 0);

  return self->started;
}

gint64
pb_transcript_entry_get_duration (PbTranscriptEntry *self) {
  g_return_val_if_fail (PB_IS_TRANSCRIPT_ENTRY (self), 0);

  return self->duration;
}

int
pb_transcript_entry_get_outcome (PbTranscriptEntry *self) {
  g_return_val_if_fail (PB_IS_TRANSCRIPT_ENTRY (self), PB_TRANSCRIPT_OTHER);

  return self->outcome;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  char *text = pb_transcript_files_read (data, &error);

  if (text)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

void
pb_transcript_entry_load_async (PbTranscriptEntry *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data) {
  g_return_if_fail (PB_IS_TRANSCRIPT_ENTRY (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pb_transcript_entry_load_async);
  if (self->text) {
    g_task_return_pointer (task, g_strdup (self->text), g_free);
    return;
  }
  g_task_set_task_data (task, g_strdup (self->path), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

char *
pb_transcript_entry_load_finish (PbTranscriptEntry *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
