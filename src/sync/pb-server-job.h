/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What people asked a server mailbox for, in order. Within PbServerMailbox only. */

#pragma once

#include "pb-server-apply.h"

G_BEGIN_DECLS

typedef enum {
  PB_SERVER_JOB_OPEN,
  PB_SERVER_JOB_PREVIEW,
  PB_SERVER_JOB_APPLY,
  PB_SERVER_JOB_UNDO,
  PB_SERVER_JOB_LEAVE,
} PbServerJobKind;

typedef struct {
  PbServerJobKind kind;
  GTask *task;           /* becomes the owner of the job when it ends */
  PbServerRow *row;      /* _PREVIEW */
  guint lines;           /* _PREVIEW */
  PbServerResult result; /* _APPLY */
  guint deleted;         /* _LEAVE */
} PbServerJob;

PbServerJob *pb_server_job_new (PbServerJobKind kind,
                                gpointer source,
                                gpointer tag,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/* Of a task whose job has ended. */
PbServerJob *pb_server_job_of (GAsyncResult *result);

/* Takes both. The task finishes with TRUE, with @error, or with @value (GBytes) where there is
 * one. */
void pb_server_job_end (PbServerJob *self, GBytes *value, GError *error);

G_END_DECLS
