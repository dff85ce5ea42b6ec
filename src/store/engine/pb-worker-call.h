/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A job of the store thread that another thread waits for. Never from the main context or the store
 * thread itself. */

#pragma once

#include "pb-worker.h"

G_BEGIN_DECLS

/* Returns what @func returned. PB_ERROR_STORAGE when the store is closed. */
gboolean pb_worker_call (PbWorker *worker, PbEngineFunc func, gpointer state, GError **error);

G_END_DECLS
