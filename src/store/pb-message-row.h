/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the store knows of one message: an immutable value, shared by reference, safe in every
 * thread. */

#pragma once

#include <glib-object.h>

#include "pb-summary.h"

G_BEGIN_DECLS

/* Flags that live in the Maildir file name (S, F, R, P, D, T) or, for the last two, in its
 * keywords. */
typedef enum {
  PB_FLAG_READ = 1 << 0,
  PB_FLAG_STARRED = 1 << 1,
  PB_FLAG_ANSWERED = 1 << 2,
  PB_FLAG_FORWARDED = 1 << 3,
  PB_FLAG_DRAFT = 1 << 4,
  PB_FLAG_PARTIAL = 1 << 8, /* only the head of the message is here */
} PbFlags;

typedef struct {
  gint64 id; /* of this index; a rebuilt index gives new ones */
  gint64 folder_id;
  gint64 received; /* when it was stored here, seconds since 1970 */
  guint64 size;    /* of the file, bytes */
  PbFlags flags;
  const char *account_id; /* interned */
  const PbSummary *summary;
} PbMessageRow;

#define PB_TYPE_MESSAGE_ROW (pb_message_row_get_type ())
GType pb_message_row_get_type (void);

PbMessageRow *pb_message_row_ref (PbMessageRow *self);
void pb_message_row_unref (PbMessageRow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbMessageRow, pb_message_row_unref)

G_END_DECLS
