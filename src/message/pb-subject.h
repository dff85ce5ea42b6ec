/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a subject is about, without what mail programs in any language put in front of it when they
 * answer or forward. Pure functions; subjects are untrusted. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @subject (valid UTF-8) without "Re:", "RE[2]:", "AW:", "回复：", "[Fwd: …]", "… (fwd)" and the
 * like, however often they come; full-width characters become ordinary ones, runs of blanks one.
 * The tags of mailing lists ("[list]") stay, each once, in front: they tell different things apart,
 * such as "[Bug 7]" and "[Bug 8]". *@is_reply, unless NULL, is set to whether anything was taken
 * off. "" where nothing is left. */
char *pb_subject_dup_base (const char *subject, gboolean *is_reply);

/* A base that says too little to tell one matter from another: "", "hi", "test", "你好". */
gboolean pb_subject_is_trivial (const char *base);

G_END_DECLS
