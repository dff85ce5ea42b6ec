/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialogue of one session, for people who look for the cause of trouble. Secrets never enter
 * it: the machine hands over what may be shown ("PASS ****"), never what was sent. Message
 * bodies are counted, not kept. Bounded: past 64 KiB of text the middle is left out, and says
 * so. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define PB_TYPE_TRANSCRIPT (pb_transcript_get_type ())
G_DECLARE_FINAL_TYPE (PbTranscript, pb_transcript, PB, TRANSCRIPT, GObject)

PbTranscript *pb_transcript_new (void);

/* @text is UTF-8 made safe for showing, one line; the time is taken now. */
void pb_transcript_add_note (PbTranscript *self, const char *text);
void pb_transcript_add_sent (PbTranscript *self, const char *text);
void pb_transcript_add_received (PbTranscript *self, const char *text);

/* Lines of "HH:MM:SS.mmm  direction  text"; never NULL. */
char *pb_transcript_to_text (PbTranscript *self);

G_END_DECLS
