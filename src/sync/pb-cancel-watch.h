/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Being told in the main loop when a GCancellable is cancelled, never in the middle of the call
 * that cancels it. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Calls @func in the thread's main context. Owned by the caller. */
GSource *pb_cancel_watch_new (GCancellable *cancellable,
                              GCancellableSourceFunc func,
                              gpointer data) G_GNUC_WARN_UNUSED_RESULT;

/* Ends the watch in *@source, if there is one. */
void pb_cancel_watch_clear (GSource **source);

G_END_DECLS
