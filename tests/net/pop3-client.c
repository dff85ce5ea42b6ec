/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Waiting versions of the session's calls. */

#include "pop3-client.h"

#include "pb-error.h"
#include "pb-test.h"

PbPop3Session *
client_new (guint16 port, const ClientOptions *options) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("127.0.0.1", port, options->security);
  g_autoptr (PbSecret) secret = pb_secret_new (options->secret ? options->secret : CLIENT_SECRET);
  g_autofree char *fingerprint =
    options->trust_localhost ? peer_dup_fingerprint ("localhost") : NULL;
  PbPop3SessionConfig config = {
    .endpoint = endpoint,
    .user = options->user ? options->user : "li.na",
    .secret = secret,
    .trusted_certificate = fingerprint ? fingerprint : options->trusted_certificate,
    .ca_file = options->ca_file,
    .allow_clear_secret = !options->forbid_clear_secret,
    .connect_timeout = options->connect_timeout,
    .reply_timeout = options->reply_timeout,
    .auth = options->auth,
    .client_certificate = options->client_certificate,
    .allow_utf8 = options->allow_utf8,
    .language = options->language,
    .skip_capa = options->skip_capa,
  };

  return pb_pop3_session_new (&config);
}

gboolean
client_open_finish (PbPop3Session *session, GAsyncResult **done, GError **error) {
  g_autoptr (GAsyncResult) result = pb_test_wait (done);

  return pb_pop3_session_open_finish (session, result, error);
}

gboolean
client_noop_finish (PbPop3Session *session, GAsyncResult **done, GError **error) {
  g_autoptr (GAsyncResult) result = pb_test_wait (done);

  return pb_pop3_session_noop_finish (session, result, error);
}

gboolean
client_quit_finish (PbPop3Session *session, GAsyncResult **done, GError **error) {
  g_autoptr (GAsyncResult) result = pb_test_wait (done);

  return pb_pop3_session_quit_finish (session, result, error);
}

gboolean
client_retrieve_finish (PbPop3Session *session, GAsyncResult **done, GError **error) {
  g_autoptr (GAsyncResult) result = pb_test_wait (done);

  return pb_pop3_session_retrieve_finish (session, result, error);
}

GArray *
client_remove_finish (PbPop3Session *session, GAsyncResult **done, GError **error) {
  g_autoptr (GAsyncResult) result = pb_test_wait (done);

  return pb_pop3_session_remove_finish (session, result, error);
}

gboolean
client_open (PbPop3Session *session, GError **error) {
  GAsyncResult *done = NULL;

  pb_pop3_session_open_async (session, NULL, pb_test_done, &done);
  g_assert_null (done);
  return client_open_finish (session, &done, error);
}

PbListing *
client_list (PbPop3Session *session, GError **error) {
  GAsyncResult *done = NULL;

  pb_pop3_session_list_async (session, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_pop3_session_list_finish (session, result, error);
}

gboolean
client_stat (PbPop3Session *session, guint *count, guint64 *octets, GError **error) {
  GAsyncResult *done = NULL;

  pb_pop3_session_stat_async (session, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_pop3_session_stat_finish (session, result, count, octets, error);
}

gboolean
client_reset (PbPop3Session *session, GError **error) {
  GAsyncResult *done = NULL;

  pb_pop3_session_reset_async (session, NULL, pb_test_done, &done);
  g_assert_null (done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  return pb_pop3_session_reset_finish (session, result, error);
}

gboolean
client_noop (PbPop3Session *session, GError **error) {
  GAsyncResult *done = NULL;

  pb_pop3_session_noop_async (session, NULL, pb_test_done, &done);
  g_assert_null (done);
  return client_noop_finish (session, &done, error);
}

gboolean
client_quit (PbPop3Session *session, GError **error) {
  GAsyncResult *done = NULL;

  pb_pop3_session_quit_async (session, NULL, pb_test_done, &done);
  g_assert_null (done);
  return client_quit_finish (session, &done, error);
}

static guint *
numbers_between (guint first, guint last) {
  guint *numbers = g_new (guint, last - first + 1);

  for (guint i = 0; i <= last - first; i++)
    numbers[i] = first + i;
  return numbers;
}

GArray *
client_remove (PbPop3Session *session, guint first, guint last, GError **error) {
  GAsyncResult *done = NULL;
  g_autofree guint *numbers = numbers_between (first, last);

  pb_pop3_session_remove_async (session, numbers, last - first + 1, NULL, pb_test_done, &done);
  g_assert_null (done);
  return client_remove_finish (session, &done, error);
}

static void
collect_data (guint number, const guint8 *data, gsize length, gpointer user_data) {
  Collected *collected = user_data;

  collected->total += length;
  if (!collected->count_only)
    g_string_append_len (collected->bytes, (const char *) data, (gssize) length);
}

static void
collect_end (guint number, const GError *refused, gpointer user_data) {
  Collected *collected = user_data;

  collected->ends++;
  if (collected->count_only)
    return;
  if (refused) {
    g_assert_error (refused, PB_ERROR, PB_ERROR_REFUSED);
    g_assert_cmpuint (collected->bytes->len, ==, 0);
    g_string_append_printf (collected->text, "[%u refused]", number);
  } else {
    g_string_append_printf (collected->text, "[%u %s]", number, collected->bytes->str);
  }
  g_string_truncate (collected->bytes, 0);
}

const PbPop3Sink collecting_sink = { collect_data, collect_end };

void
collected_init (Collected *collected) {
  *collected = (Collected){ .text = g_string_new (NULL), .bytes = g_string_new (NULL) };
}

void
collected_clear (Collected *collected) {
  g_string_free (collected->text, TRUE);
  g_string_free (collected->bytes, TRUE);
}

void
client_retrieve_async (PbPop3Session *session,
                       guint first,
                       guint last,
                       Collected *collected,
                       GCancellable *cancellable,
                       GAsyncResult **done) {
  g_autofree guint *numbers = numbers_between (first, last);

  pb_pop3_session_retrieve_async (session, numbers, NULL, last - first + 1, -1, &collecting_sink,
                                  collected, cancellable, pb_test_done, done);
  g_assert_null (*done);
}

gboolean
client_retrieve (PbPop3Session *session,
                 guint first,
                 guint last,
                 int lines,
                 Collected *collected,
                 GError **error) {
  GAsyncResult *done = NULL;
  g_autofree guint *numbers = numbers_between (first, last);

  pb_pop3_session_retrieve_async (session, numbers, NULL, last - first + 1, lines, &collecting_sink,
                                  collected, NULL, pb_test_done, &done);
  g_assert_null (done);
  return client_retrieve_finish (session, &done, error);
}

PbPop3Session *
client_new_open (Peer *peer) {
  g_autoptr (GError) error = NULL;
  PbPop3Session *session =
    client_new (peer_get_port (peer), &(ClientOptions){ .security = PB_SECURITY_NONE });

  g_assert_true (client_open (session, &error));
  g_assert_no_error (error);
  return session;
}

/* What was put off to the main loop may hold a last reference for a moment. */
void
client_free (PbPop3Session *session) {
  if (pb_pop3_session_is_leaving (session))
    pb_pop3_session_close (session);
  pb_test_pass_time (5);
  g_assert_finalize_object (session);
}
