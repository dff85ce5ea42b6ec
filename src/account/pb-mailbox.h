/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether two accounts are about one mailbox, however they are written. */

#pragma once

#include "pb-account.h"

G_BEGIN_DECLS

/* See pb_account_list_find_same_mailbox (). FALSE where either has no server. */
gboolean pb_mailbox_is_same (PbAccount *a, PbAccount *b);

G_END_DECLS
