/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sentences about an account: what its policy means for the mail on the server, what waits there,
 * why it is refused, and what state it is in. */

#pragma once

#include "pb-account.h"

G_BEGIN_DECLS

/* What happens to mail under the policy of @account: one or more sentences. */
char *pb_account_words_policy (PbAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* After a trial: "12 messages (3.4 MB) wait on the server. …" with what the policy does to them. */
char *pb_account_words_trial (PbAccount *account,
                              guint messages,
                              guint64 octets) G_GNUC_WARN_UNUSED_RESULT;

/* Why an account cannot be added or changed: @other fetches that mailbox already. */
char *pb_account_words_same_mailbox (PbAccount *other) G_GNUC_WARN_UNUSED_RESULT;

/* "Switched off", "Without a server"; NULL for an account that is as usual. */
char *pb_account_words_state (PbAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* @days, the server's EXPIRE (RFC 2449): how long it keeps mail that was fetched; NULL where that
 * says nothing (negative, or
 * G_MAXINT for ever). */
char *pb_account_words_expire (int days) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
