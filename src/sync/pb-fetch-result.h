/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What one check did. A plain value. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint stored;     /* new messages durable here */
  guint duplicates; /* came again and were recognised */
  guint refused;    /* the server would not deliver them */
  guint removed;    /* deleted on the server, confirmed */
  guint on_server;  /* messages left there */
  guint64 bytes;    /* received */
} PbFetchResult;

G_END_DECLS
