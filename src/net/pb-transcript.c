/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The first half of the room keeps how a session began, the second half what came last. Lines
 * are made readable only when somebody reads them. */

#include "pb-transcript.h"

#include <string.h>

#define HALF_SIZE (32 * 1024)

typedef struct {
  gint64 time; /* µs since 1970 */
  const char *direction;
  char text[];
} Line;

struct _PbTranscript {
  GObject parent_instance;
  GQueue head; /* of Line */
  GQueue tail; /* of Line */
  gsize head_size;
  gsize tail_size;
  guint left_out;
};

G_DEFINE_FINAL_TYPE (PbTranscript, pb_transcript, G_TYPE_OBJECT)

/* As it will be shown. */
static gsize
line_size (const Line *line) {
  return strlen ("HH:MM:SS.mmm  --  \n") + strlen (line->text);
}

static void
add (PbTranscript *self, const char *direction, const char *text) {
  g_return_if_fail (PB_IS_TRANSCRIPT (self));
  g_return_if_fail (text != NULL);

  gsize length = MIN (strlen (text), HALF_SIZE / 8);
  Line *line = g_malloc (sizeof (Line) + length + 1);
  line->time = g_get_real_time ();
  line->direction = direction;
  memcpy (line->text, text, length);
  line->text[length] = '\0';

  gsize size = line_size (line);
  if (g_queue_is_empty (&self->tail) && self->head_size + size <= HALF_SIZE) {
    g_queue_push_tail (&self->head, line);
    self->head_size += size;
    return;
  }
  g_queue_push_tail (&self->tail, line);
  self->tail_size += size;
  while (self->tail_size > HALF_SIZE) {
    g_autofree Line *oldest = g_queue_pop_head (&self->tail);
    self->tail_size -= line_size (oldest);
    self->left_out++;
  }
}

static void
append_lines (GString *text, const GQueue *lines) {
  for (const GList *l = lines->head; l; l = l->next) {
    const Line *line = l->data;
    g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (line->time / G_USEC_PER_SEC);
    g_autoptr (GDateTime) local = g_date_time_to_local (utc);
    g_autofree char *clock = g_date_time_format (local, "%H:%M:%S");
    g_autofree char *valid = g_utf8_make_valid (line->text, -1);

    g_string_append_printf (text, "%s.%03d  %s  %s\n", clock,
                            (int) (line->time % G_USEC_PER_SEC / 1000), line->direction, valid);
  }
}

static void
pb_transcript_finalize (GObject *object) {
  PbTranscript *self = PB_TRANSCRIPT (object);

  g_queue_clear_full (&self->head, g_free);
  g_queue_clear_full (&self->tail, g_free);
  G_OBJECT_CLASS (pb_transcript_parent_class)->finalize (object);
}

static void
pb_transcript_class_init (PbTranscriptClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_transcript_finalize;
}

static void
pb_transcript_init (PbTranscript *self) {
  g_queue_init (&self->head);
  g_queue_init (&self->tail);
}

PbTranscript *
pb_transcript_new (void) {
  return g_object_new (PB_TYPE_TRANSCRIPT, NULL);
}

void
pb_transcript_add_note (PbTranscript *self, const char *text) {
  add (self, "--", text);
}

void
pb_transcript_add_sent (PbTranscript *self, const char *text) {
  add (self, "->", text);
}

void
pb_transcript_add_received (PbTranscript *self, const char *text) {
  add (self, "<-", text);
}

char *
pb_transcript_to_text (PbTranscript *self) {
  g_return_val_if_fail (PB_IS_TRANSCRIPT (self), NULL);

  GString *text = g_string_new (NULL);
  append_lines (text, &self->head);
  if (self->left_out > 0)
    g_string_append_printf (text, "… %u lines left out …\n", self->left_out);
  append_lines (text, &self->tail);
  return g_string_free (text, FALSE);
}
