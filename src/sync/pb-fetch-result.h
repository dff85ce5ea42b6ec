/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What one check did. Plain values. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint stored;     /* new messages durable here, whole or only their heads */
  guint completed;  /* messages of which the head was here and now the whole is durable */
  guint duplicates; /* came again and were recognised */
  guint refused;    /* the server would not, or could not, deliver them */
  guint skipped;    /* too large, and the server cannot send only their heads */
  guint removed;    /* deleted on the server, confirmed */
  guint on_server;  /* messages left there */
  guint64 bytes;    /* received */
} PbFetchResult;

/* A message that stays on the server because it does not come. */
typedef struct {
  guint number;    /* in the last listing */
  guint64 size;    /* as listed, 0 where nobody knows */
  char *reason;    /* untrusted; NULL for one that is too large while no head can be had */
  gint64 next_try; /* seconds since 1970; 0 for the next check */
} PbRefusedMessage;

PbRefusedMessage *
pb_refused_message_new (guint number, guint64 size, const char *reason, gint64 next_try);
void pb_refused_message_free (PbRefusedMessage *self);

G_END_DECLS
