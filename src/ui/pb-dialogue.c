/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tags of the text buffer, and a mark at its end. */

#include "config.h"

#include "pb-dialogue.h"

#include <adwaita.h>
#include <string.h>

#define LINES_MAX 5000
/* How far the further lines of a wrapped one stand to the right, in pixels. */
#define HANG 16
/* Where the direction stands in "HH:MM:SS.mmm  ->  text". */
#define TIME_LENGTH 14
#define HEAD_LENGTH 18

static const struct {
  const char *tag;
  const char *sign;
} voices[] = {
  [PB_DIALOGUE_SENT] = { "sent", "→ " },       [PB_DIALOGUE_RECEIVED] = { "received", "← " },
  [PB_DIALOGUE_MORE] = { "more", "  " },       [PB_DIALOGUE_NOTE] = { "note", "  " },
  [PB_DIALOGUE_PROBLEM] = { "problem", "! " },
};

/* As dim as can still be read, on light and on dark ground. */
static void
update_dim_cb (GtkTextBuffer *buffer) {
  static const GdkRGBA on_light = { 0, 0, 0, 0.65f };
  static const GdkRGBA on_dark = { 1, 1, 1, 0.65f };
  GtkTextTagTable *tags = gtk_text_buffer_get_tag_table (buffer);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  g_object_set (gtk_text_tag_table_lookup (tags, "note"), "foreground-rgba",
                dark ? &on_dark : &on_light, NULL);
  g_object_set (gtk_text_tag_table_lookup (tags, "time"), "foreground-rgba",
                dark ? &on_dark : &on_light, NULL);
}

void
pb_dialogue_prepare (GtkTextView *view) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter end;

  gtk_text_buffer_create_tag (buffer, "sent", "indent", -HANG, "weight", PANGO_WEIGHT_BOLD, NULL);
  gtk_text_buffer_create_tag (buffer, "received", "indent", -HANG, NULL);
  gtk_text_buffer_create_tag (buffer, "more", "indent", -HANG, NULL);
  gtk_text_buffer_create_tag (buffer, "note", "indent", -HANG, "style", PANGO_STYLE_ITALIC, NULL);
  gtk_text_buffer_create_tag (buffer, "problem", "indent", -HANG, "style", PANGO_STYLE_ITALIC,
                              NULL);
  gtk_text_buffer_create_tag (buffer, "time", "indent", -HANG, NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_dim_cb), buffer, G_CONNECT_SWAPPED);
  update_dim_cb (buffer);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_create_mark (buffer, "end", &end, FALSE);
}

static void
insert (GtkTextBuffer *buffer, const char *tag, const char *text, gssize length) {
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert_with_tags_by_name (buffer, &end, text, (int) length, tag, NULL);
}

static void
insert_voice (GtkTextBuffer *buffer, PbDialogueVoice voice, const char *text) {
  insert (buffer, voices[voice].tag, voices[voice].sign, -1);
  insert (buffer, voices[voice].tag, text, -1);
  insert (buffer, voices[voice].tag, "\n", 1);
}

static PbDialogueVoice
voice_of (const char *direction) {
  if (g_str_has_prefix (direction, "->"))
    return PB_DIALOGUE_SENT;
  return g_str_has_prefix (direction, "<-") ? PB_DIALOGUE_RECEIVED : PB_DIALOGUE_NOTE;
}

void
pb_dialogue_set_transcript (GtkTextView *view, const char *text) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  gtk_text_buffer_set_text (buffer, "", 0);
  for (guint i = 0; lines[i]; i++) {
    if (strlen (lines[i]) >= HEAD_LENGTH && g_ascii_isdigit (*lines[i])) {
      insert (buffer, "time", lines[i], TIME_LENGTH);
      insert_voice (buffer, voice_of (lines[i] + TIME_LENGTH), lines[i] + HEAD_LENGTH);
    } else if (*lines[i]) {
      insert_voice (buffer, PB_DIALOGUE_NOTE, lines[i]);
    }
  }
}

static void
drop_oldest (GtkTextBuffer *buffer) {
  int surplus = gtk_text_buffer_get_line_count (buffer) - LINES_MAX;
  GtkTextIter start, end;

  if (surplus <= 0)
    return;
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_line (buffer, &end, surplus);
  gtk_text_buffer_delete (buffer, &start, &end);
}

void
pb_dialogue_scroll_to_end (GtkTextView *view) {
  GtkTextMark *end = gtk_text_buffer_get_mark (gtk_text_view_get_buffer (view), "end");

  gtk_text_view_scroll_to_mark (view, end, 0, FALSE, 0, 1);
}

void
pb_dialogue_append (GtkTextView *view, PbDialogueVoice voice, const char *text) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);

  insert_voice (buffer, voice, text);
  drop_oldest (buffer);
  pb_dialogue_scroll_to_end (view);
}
