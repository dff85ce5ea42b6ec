/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One message in a window of its own: a file, or one attached to another. Needs no account. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define PB_TYPE_LETTER_WINDOW (pb_letter_window_get_type ())
G_DECLARE_FINAL_TYPE (PbLetterWindow, pb_letter_window, PB, LETTER_WINDOW, AdwApplicationWindow)

/* @settings and @cache_dir may be NULL. */
PbLetterWindow *pb_letter_window_new (GtkApplication *application,
                                      GSettings *settings,
                                      GBytes *bytes,
                                      const char *cache_dir);

/* The same for a file, which is mapped in a thread; a sentence in the window where it cannot be. */
PbLetterWindow *pb_letter_window_new_for_file (GtkApplication *application,
                                               GSettings *settings,
                                               GFile *file,
                                               const char *cache_dir);

G_END_DECLS
