/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a notification of new mail says, and what it carries to find its messages again: also in a
 * program that was started by it, with an index that was rebuilt since. Pure. */

#pragma once

#include <gio/gio.h>

#include "pb-mail-store.h"

G_BEGIN_DECLS

/* Messages of which a target carries enough to be found; of more, the newest. */
#define PB_MAIL_NOTICE_MOST 50

/* Type of a target: the id of an account; of each message its id, Message-ID and time of
 * arrival. */
#define PB_MAIL_NOTICE_TYPE "(sa(xsx))"

typedef struct {
  char *title;
  char *body;
  GVariant *target;
  guint count;
} PbMailNotice;

/* @rows: GPtrArray of PbMessageRow, newest first, at least one, all of one account that is called
 * @label. One message is named, up to three are listed, more are counted. What comes from outside
 * cannot be taken for markup. */
PbMailNotice *pb_mail_notice_new (GPtrArray *rows, const char *label) G_GNUC_WARN_UNUSED_RESULT;
void pb_mail_notice_free (PbMailNotice *self);

GNotification *pb_mail_notice_to_notification (const PbMailNotice *self) G_GNUC_WARN_UNUSED_RESULT;

/* The ids that the messages of @target (untrusted, of PB_MAIL_NOTICE_TYPE) have now: a GArray of
 * gint64, without those that are gone from the inbox of their account. */
void pb_mail_notice_find_async (PbMailStore *store,
                                GVariant *target,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GArray *pb_mail_notice_find_finish (PbMailStore *store, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbMailNotice, pb_mail_notice_free)

G_END_DECLS
