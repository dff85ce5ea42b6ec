/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One message as it lies on a server: what the server says of it, what is known of it here, and
 * what a person wants done with it. Main context. */

#pragma once

#include <glib-object.h>

#include "pb-summary.h"

G_BEGIN_DECLS

typedef enum {
  PB_SERVER_NOT_HERE,
  PB_SERVER_HEAD_HERE,
  PB_SERVER_HERE,         /* a complete copy is durable here */
  PB_SERVER_REMOVED_HERE, /* it was here, and was deleted here for good */
  PB_SERVER_REFUSED,      /* the server could not deliver it */
  PB_SERVER_WAITING,      /* to be deleted there, as somebody wants */
  PB_SERVER_GONE,         /* it went away from the server by other hands */
  PB_SERVER_UNKNOWN,      /* only its size is known yet */
  PB_N_SERVER_STATES,
} PbServerState;

/* Wishes that are carried out by the next apply. */
typedef enum {
  PB_SERVER_MARK_NONE = 0,
  PB_SERVER_MARK_FETCH = 1 << 0,
  PB_SERVER_MARK_DELETE = 1 << 1, /* with FETCH: only once it is durable here */
} PbServerMark;

#define PB_TYPE_SERVER_ROW (pb_server_row_get_type ())
G_DECLARE_FINAL_TYPE (PbServerRow, pb_server_row, PB, SERVER_ROW, GObject)

/* Signal "changed" (): anything but the identity. */

/* In the session that is open or was last; 0 for one that is gone. */
guint pb_server_row_get_number (PbServerRow *self);

/* What the server calls it, or a fingerprint; NULL where nothing tells it from others. Such a row
 * lives only as long as the session. Owned by the row. */
GBytes *pb_server_row_get_identity (PbServerRow *self);

/* As the server says; 0 where it does not. */
guint64 pb_server_row_get_size (PbServerRow *self);

/* With a mark to delete it is PB_SERVER_WAITING; here () tells what it is apart from that. */
PbServerState pb_server_row_get_state (PbServerRow *self);
PbServerState pb_server_row_get_here (PbServerRow *self);

PbServerMark pb_server_row_get_mark (PbServerRow *self);

/* The server was told to delete it, and only QUIT is missing. */
gboolean pb_server_row_is_sent (PbServerRow *self);

/* It stays on the server, whatever the policy says. */
gboolean pb_server_row_get_keep (PbServerRow *self);

/* Subject, sender and date; NULL while they are not known. Owned by the row. */
const PbSummary *pb_server_row_get_head (PbServerRow *self);

/* The server was asked for its head and refused. */
gboolean pb_server_row_is_headless (PbServerRow *self);

/* Why it could not be delivered, untrusted; NULL for none. Owned by the row. */
const char *pb_server_row_get_reason (PbServerRow *self);

G_END_DECLS
