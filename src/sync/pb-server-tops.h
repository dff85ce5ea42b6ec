/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The beginnings of several messages, by TOP in one flight. Main context. */

#pragma once

#include "pb-pop3-session.h"

G_BEGIN_DECLS

/* What is kept of one message. */
#define PB_TOPS_MAX_BYTES ((gsize) 256 * 1024)

/* @lines of the body come with each head. Finishes with a GPtrArray of GBytes in the order of
 * @numbers, NULL for what the server refused; longer ones are cut. Errors: those of the session. */
void pb_server_tops_async (PbPop3Session *session,
                           const guint *numbers,
                           guint count,
                           int lines,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GPtrArray *pb_server_tops_finish (GAsyncResult *result, GError **error);

G_END_DECLS
