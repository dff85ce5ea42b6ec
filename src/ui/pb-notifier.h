/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells of new mail: at most one notification for each account, which the next check replaces and
 * which goes when its messages were read here. Only for what a check brought, is unread in the
 * inbox, and is not older than the account. Main context. */

#pragma once

#include "pb-mail-notice.h"
#include "pb-sync-service.h"

G_BEGIN_DECLS

#define PB_TYPE_NOTIFIER (pb_notifier_get_type ())
G_DECLARE_FINAL_TYPE (PbNotifier, pb_notifier, PB, NOTIFIER, GObject)

/* Shows @notice as @id, or withdraws what is shown as that where @notice is NULL. */
typedef void (*PbNoticeFunc) (const char *id, const PbMailNotice *notice, gpointer user_data);

PbNotifier *
pb_notifier_new (PbSyncService *sync, PbMailStore *store, PbNoticeFunc func, gpointer user_data);

/* Asked for an account with new mail: FALSE keeps silent (its switch, or quiet hours). @known_since
 * is set to when Postbag first heard of the account, seconds since 1970. NULL: always. */
typedef gboolean (*PbNoticeAllowedFunc) (PbAccount *account,
                                         gint64 *known_since,
                                         gpointer user_data);
void pb_notifier_set_allowed_func (PbNotifier *self, PbNoticeAllowedFunc func, gpointer user_data);

/* TRUE when @minute of the day lies in quiet hours from @from up to @to, which may go over
 * midnight; where both are the same there are none. */
gboolean pb_notifier_is_quiet (guint minute, guint from, guint to);

G_END_DECLS
