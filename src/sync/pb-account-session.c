/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Copies settings; decides nothing. */

#include "pb-account-session.h"

static gboolean
has_note (PbServerNotes *notes, PbAccount *account, PbNote note) {
  return notes && pb_server_notes_get (notes, account, note) > 0;
}

static PbPop3Session *
make_session (PbAccount *account, PbSecret *secret, PbServerNotes *notes) {
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
    .auth = pb_account_get_auth (account),
    .secret_is_token = pb_account_get_secret_is_token (account),
    .client_certificate = pb_account_get_client_certificate (account),
    .allow_utf8 = TRUE,
    .skip_capa = has_note (notes, account, PB_NOTE_NO_CAPA),
    .skip_utf8 = has_note (notes, account, PB_NOTE_NO_UTF8),
    .skip_lang = has_note (notes, account, PB_NOTE_NO_LANG),
    .skip_pipelining = has_note (notes, account, PB_NOTE_NO_PIPELINING),
  };
  return pb_pop3_session_new (&config);
}

PbPop3Session *
pb_account_session_new (PbAccount *account, PbSecret *secret) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  return make_session (account, secret, NULL);
}

PbPop3Session *
pb_account_session_new_noted (PbAccount *account, PbSecret *secret, PbServerNotes *notes) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (PB_IS_SERVER_NOTES (notes), NULL);

  return make_session (account, secret, notes);
}

void
pb_account_session_note (PbAccount *account, PbPop3Session *session, PbServerNotes *notes) {
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (PB_IS_POP3_SESSION (session));
  g_return_if_fail (PB_IS_SERVER_NOTES (notes));

  const PbPop3Facts *facts = pb_pop3_session_get_facts (session);
  if (facts->capa_silent)
    pb_server_notes_set (notes, account, PB_NOTE_NO_CAPA, 1);
  if (facts->utf8_refused)
    pb_server_notes_set (notes, account, PB_NOTE_NO_UTF8, 1);
  if (facts->lang_refused)
    pb_server_notes_set (notes, account, PB_NOTE_NO_LANG, 1);
}
