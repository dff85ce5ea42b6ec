/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* For "--screenshot": waits until mail is there and a message is open and painted, saves the
 * window as a picture, calls back. A tool of development; what it does on the main thread, a mail
 * program would not. */

#pragma once

#include "pb-window.h"

G_BEGIN_DECLS

/* @ok: whether the picture was written. */
typedef void (*PbScreenshotDone) (gboolean ok, gpointer user_data);

/* @open: which message of the list to open, counted from 1; 0 for none. @profile may be NULL:
 * then the window is taken as it is. */
void pb_screenshot_take (PbWindow *window,
                         PbProfile *profile,
                         guint open,
                         const char *path,
                         PbScreenshotDone done,
                         gpointer user_data);

G_END_DECLS
