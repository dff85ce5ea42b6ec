/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The index, as far as it knows heads: of the messages that are here, and of some that are only on
 * a server. Store thread only. */

#pragma once

#include "pb-digest.h"
#include "pb-index.h"
#include "pb-summary.h"

G_BEGIN_DECLS

/* Called for each of them; @head is only valid during the call. */
typedef void (*PbIndexHeadFunc) (const PbDigest *digest, PbSummary *head, gpointer user_data);

/* What is known of messages of @account: on the server, then here. */
gboolean pb_index_foreach_head (PbIndex *self,
                                const char *account,
                                PbIndexHeadFunc func,
                                gpointer user_data,
                                GError **error);

gboolean pb_index_keep_head (PbIndex *self,
                             const char *account,
                             const PbDigest *digest,
                             const PbSummary *head,
                             GError **error);

/* The oldest ones go until @limit are left. */
gboolean pb_index_trim_heads (PbIndex *self, guint limit, GError **error);

/* The account is gone; one of the same name may be on another server. */
gboolean pb_index_forget_heads (PbIndex *self, const char *account, GError **error);

G_END_DECLS
