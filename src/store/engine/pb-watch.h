/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Notices that another program did something in the Maildirs, and has the store thread look. What
 * the store does itself is noticed too; looking is then only a comparison of stamps. Has a thread
 * of its own, because asking the system for notices may wait for the disk. */

#pragma once

#include "pb-worker.h"

G_BEGIN_DECLS

typedef struct _PbWatch PbWatch;

/* A Maildir, or with id 0 the folder of an account, in which Maildirs come and go. */
typedef struct {
  gint64 id;
  char *account;
  char *path;
} PbWatchPlace;

void pb_watch_place_free (PbWatchPlace *place);

PbWatch *pb_watch_new (PbWorker *worker) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for its thread. */
void pb_watch_free (PbWatch *self);

/* Watches these from now on, and no others. Takes @places (GPtrArray of PbWatchPlace). */
void pb_watch_set_places (PbWatch *self, GPtrArray *places);

G_END_DECLS
