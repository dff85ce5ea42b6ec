/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Copies settings; decides nothing. */

#include "pb-account-session.h"

PbPop3Session *
pb_account_session_new (PbAccount *account, PbSecret *secret) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  guint timeout = pb_account_get_timeout (account);
  const PbPop3SessionConfig config = {
    .endpoint = pb_account_get_endpoint (account),
    .user = pb_account_get_user (account),
    .secret = secret,
    .trusted_certificate = pb_account_get_trusted_certificate (account),
    .ca_file = pb_account_get_ca_file (account),
    .allow_clear_secret = pb_account_get_allow_clear_secret (account),
    .connect_timeout = timeout,
    .reply_timeout = timeout,
  };
  return pb_pop3_session_new (&config);
}
