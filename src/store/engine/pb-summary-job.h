/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A summary that is made beside the store thread: parsing is the dearest part of receiving, and
 * nobody needs the summary before the row is written. Whoever asks for a summary that no other
 * thread has begun makes it himself, so nothing is slower with one processor. */

#pragma once

#include "pb-summary.h"

G_BEGIN_DECLS

typedef struct _PbSummaryJob PbSummaryJob;

/* Copies @head, the beginning of a message. Where much is waiting already the summary is made
 * before this returns, which bounds the memory. */
PbSummaryJob *pb_summary_job_new (const guint8 *head, gsize length) G_GNUC_WARN_UNUSED_RESULT;

/* Waits if it must. Owned by the caller; the job is freed. */
PbSummary *pb_summary_job_finish (PbSummaryJob *self) G_GNUC_WARN_UNUSED_RESULT;

/* Nobody wants it any more. */
void pb_summary_job_discard (PbSummaryJob *self);

G_END_DECLS
