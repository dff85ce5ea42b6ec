/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two files of PbMailStore share. */

#pragma once

#include "pb-mail-store.h"
#include "pb-worker.h"

G_BEGIN_DECLS

/* Hands @state (taken) to the store thread: @func gets it, and the task has it as its data. */
void pb_mail_store_push (PbMailStore *self,
                         PbLane lane,
                         PbWorkFlags flags,
                         PbEngineFunc func,
                         gpointer tag,
                         gpointer state,
                         GDestroyNotify free_state,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);

/* The other end, for operations that answer with TRUE. */
gboolean
pb_mail_store_answer (PbMailStore *self, GAsyncResult *result, gpointer tag, GError **error);

PbWorker *pb_mail_store_get_worker (PbMailStore *self);

G_END_DECLS
