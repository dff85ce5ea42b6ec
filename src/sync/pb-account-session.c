/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Copies settings; decides nothing. */

#include "pb-account-session.h"

/* How long a server is spared what it did not answer. Silence may have been the network's. */
#define SPARE_SECONDS (7 * 24 * 60 * 60)

static gint64
now_seconds (void) {
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
has_note (PbServerNotes *notes, PbAccount *account, PbNote note) {
  return notes && pb_server_notes_get (notes, account, note) > now_seconds ();
}

static PbPop3Session *
make_session (PbAccount *account, PbSecret *secret, PbServerNotes *notes, const PbDetour *detour) {
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
    .skip_pipelining = detour->lock_step || has_note (notes, account, PB_NOTE_NO_PIPELINING),
    .skip_uidl = detour->no_uidl || has_note (notes, account, PB_NOTE_NO_UIDL),
  };
  return pb_pop3_session_new (&config);
}

PbPop3Session *
pb_account_session_new (PbAccount *account, PbSecret *secret) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  static const PbDetour none = { 0 };
  return make_session (account, secret, NULL, &none);
}

PbPop3Session *
pb_account_session_new_noted (PbAccount *account,
                              PbSecret *secret,
                              PbServerNotes *notes,
                              const PbDetour *detour) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (PB_IS_SERVER_NOTES (notes), NULL);

  return make_session (account, secret, notes, detour);
}

/* For people to look at. */
static void
note_texts (PbAccount *account, PbPop3Session *session, PbServerNotes *notes) {
  const PbPop3Facts *facts = pb_pop3_session_get_facts (session);
  const char *const *names = pb_pop3_session_get_capabilities (session);
  g_autofree char *capabilities = names ? g_strjoinv ("\n", (char **) names) : NULL;

  pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_CAPABILITIES, capabilities);
  pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_IMPLEMENTATION, facts->implementation);
  pb_server_notes_set_text (notes, account, PB_NOTE_TEXT_TLS, facts->tls);
  pb_server_notes_set_text (
    notes, account, PB_NOTE_TEXT_SIGN_IN,
    facts->mechanism == PB_AUTH_AUTO ? NULL : pb_auth_to_string (facts->mechanism));
}

void
pb_account_session_note (PbAccount *account, PbPop3Session *session, PbServerNotes *notes) {
  g_return_if_fail (PB_IS_ACCOUNT (account));
  g_return_if_fail (PB_IS_POP3_SESSION (session));
  g_return_if_fail (PB_IS_SERVER_NOTES (notes));

  const PbPop3Facts *facts = pb_pop3_session_get_facts (session);
  gint64 until = now_seconds () + SPARE_SECONDS;
  /* A server that then did not let us in either may not have been there at all. */
  if (!facts->signed_in)
    return;
  note_texts (account, session, notes);
  if (facts->capa_silent)
    pb_server_notes_set (notes, account, PB_NOTE_NO_CAPA, until);
  if (facts->utf8_refused)
    pb_server_notes_set (notes, account, PB_NOTE_NO_UTF8, until);
  if (facts->lang_refused)
    pb_server_notes_set (notes, account, PB_NOTE_NO_LANG, until);
}
