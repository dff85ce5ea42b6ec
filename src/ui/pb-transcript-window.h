/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The session log: the last sessions of an account, and what was said in each. It reads only. */

#pragma once

#include <adwaita.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_TRANSCRIPT_WINDOW (pb_transcript_window_get_type ())
G_DECLARE_FINAL_TYPE (PbTranscriptWindow, pb_transcript_window, PB, TRANSCRIPT_WINDOW, AdwWindow)

/* Shows the sessions of @account, which is listed in @profile; another may be chosen in the
 * window. */
PbTranscriptWindow *pb_transcript_window_new (PbProfile *profile, PbAccount *account);

G_END_DECLS
