/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How a dialogue with a server looks in a text view: an arrow before each line tells who spoke, and
 * so does the weight of the letters; colour is never needed. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  PB_DIALOGUE_SENT,     /* → bold */
  PB_DIALOGUE_RECEIVED, /* ← */
  PB_DIALOGUE_MORE,     /* a further line of what was received */
  PB_DIALOGUE_NOTE,     /* slanted and dim */
  PB_DIALOGUE_PROBLEM,  /* a note that matters */
} PbDialogueVoice;

/* Once for each view. */
void pb_dialogue_prepare (GtkTextView *view);

/* @text as PbTranscript gives it, in place of what was there. */
void pb_dialogue_set_transcript (GtkTextView *view, const char *text);

void pb_dialogue_scroll_to_end (GtkTextView *view);

/* Adds a line and scrolls to it. Beyond 5,000 lines the oldest go. */
void pb_dialogue_append (GtkTextView *view, PbDialogueVoice voice, const char *text);

G_END_DECLS
