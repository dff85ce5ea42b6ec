/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Waiting, and asking for passwords, on a clock that is only a number. */

#include "pb-error.h"
#include "pb-patience.h"
#include "pb-test.h"

#define START 1800000000

typedef struct {
  PbServerNotes *notes;
  PbAccount *account;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new ("pop.example.org", 995, PB_SECURITY_TLS);

  f->notes = pb_server_notes_new (NULL);
  f->account = pb_account_new ("work");
  g_object_set (f->account, "endpoint", endpoint, "user", "me", NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused) {
  g_assert_finalize_object (f->notes);
  g_object_unref (f->account);
}

static void
note (Fixture *f, int code, const char *response, gint64 now) {
  g_autoptr (GError) error = g_error_new_literal (PB_ERROR, code, "no");

  pb_error_set_response_code (error, response);
  pb_patience_note (f->notes, f->account, error, FALSE, 0, now);
}

/* How long a check at @now has to wait, 0 for not at all. */
static guint
wait_at (Fixture *f, gboolean force, gint64 now) {
  g_autoptr (GError) error = pb_patience_ask (f->notes, f->account, force, now);

  if (!error)
    return 0;
  g_assert_error (error, PB_ERROR, PB_ERROR_BUSY);
  g_assert_cmpuint (pb_error_get_retry_after (error), >, 0);
  return pb_error_get_retry_after (error);
}

static void
test_busy (Fixture *f, gconstpointer code) {
  static const guint steps[] = { 60, 120, 300, 600, 600 };
  gint64 now = START;

  g_assert_cmpuint (wait_at (f, FALSE, now), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    note (f, PB_ERROR_BUSY, code, now);
    g_assert_false (pb_patience_needs_password (f->notes, f->account));
    g_assert_cmpuint (wait_at (f, FALSE, now), ==, steps[i]);
    g_assert_cmpuint (wait_at (f, FALSE, now + 10), ==, steps[i] - 10);
    g_assert_cmpuint (wait_at (f, TRUE, now), ==, 0);
    now += steps[i];
    g_assert_cmpuint (wait_at (f, FALSE, now), ==, 0);
  }
  pb_patience_note (f->notes, f->account, NULL, TRUE, 0, now);
  note (f, PB_ERROR_BUSY, code, now);
  g_assert_cmpuint (wait_at (f, FALSE, now), ==, 60);
  /* The clock was set back by a day. */
  g_assert_cmpuint (wait_at (f, FALSE, now - 86400), ==, 0);
}

static void
test_retry_after (Fixture *f, gconstpointer unused) {
  g_autoptr (GError) error = g_error_new_literal (PB_ERROR, PB_ERROR_BUSY, "no");

  pb_error_set_retry_after (error, 900);
  pb_patience_note (f->notes, f->account, error, FALSE, 0, START);
  g_assert_cmpuint (wait_at (f, FALSE, START), ==, 900);
}

static void
test_login_delay (Fixture *f, gconstpointer unused) {
  pb_patience_note (f->notes, f->account, NULL, TRUE, 120, START);
  g_assert_cmpuint (wait_at (f, FALSE, START), ==, 120);
  g_assert_cmpuint (wait_at (f, TRUE, START + 119), ==, 1);
  g_assert_cmpuint (wait_at (f, FALSE, START + 120), ==, 0);
  g_assert_cmpuint (wait_at (f, FALSE, START - 5), ==, 0);
  /* A server that no longer says it keeps what it said; a hostile one is not believed. */
  pb_patience_note (f->notes, f->account, NULL, TRUE, 0, START + 200);
  g_assert_cmpuint (wait_at (f, FALSE, START + 200), ==, 120);
  pb_patience_note (f->notes, f->account, NULL, TRUE, G_MAXUINT, START + 400);
  g_assert_cmpuint (wait_at (f, FALSE, START + 400), ==, 3600);
}

static void
test_too_often (Fixture *f, gconstpointer unused) {
  static const guint delays[] = { 60, 120, 240, 480, 960, 1800, 1800 };
  gint64 now = START;

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++) {
    note (f, PB_ERROR_BUSY, "LOGIN-DELAY", now);
    g_assert_cmpuint (wait_at (f, TRUE, now), ==, delays[i]);
    now += delays[i];
    g_assert_cmpuint (wait_at (f, FALSE, now), ==, 0);
  }
}

static void
test_password (Fixture *f, gconstpointer unused) {
  note (f, PB_ERROR_SIGN_IN, NULL, START);
  note (f, PB_ERROR_SIGN_IN, NULL, START + 59);
  g_assert_false (pb_patience_needs_password (f->notes, f->account));
  g_assert_cmpuint (wait_at (f, FALSE, START + 59), ==, 0);
  note (f, PB_ERROR_SIGN_IN, NULL, START + 60);
  g_assert_true (pb_patience_needs_password (f->notes, f->account));
  g_autoptr (GError) error = pb_patience_ask (f->notes, f->account, TRUE, START + 100000);
  g_assert_error (error, PB_ERROR, PB_ERROR_SIGN_IN);
  pb_patience_renew (f->notes, f->account);
  g_assert_false (pb_patience_needs_password (f->notes, f->account));
  g_assert_cmpuint (wait_at (f, FALSE, START + 100000), ==, 0);

  note (f, PB_ERROR_SIGN_IN, "AUTH", START);
  g_assert_true (pb_patience_needs_password (f->notes, f->account));
}

/* What is no refusal of the password never leads to a question. */
static void
test_no_question (Fixture *f, gconstpointer unused) {
  static const int codes[] = { PB_ERROR_CONNECT,     PB_ERROR_TIMEOUT,  PB_ERROR_BUSY,
                               PB_ERROR_PROTOCOL,    PB_ERROR_INSECURE, PB_ERROR_NO_SECRET,
                               PB_ERROR_CERTIFICATE, PB_ERROR_STORAGE,  PB_ERROR_LOCKED };

  for (guint i = 0; i < 4 * G_N_ELEMENTS (codes); i++)
    note (f, codes[i % G_N_ELEMENTS (codes)], NULL, START + 100 * i);
  g_assert_false (pb_patience_needs_password (f->notes, f->account));
  note (f, PB_ERROR_SIGN_IN, NULL, START);
  /* The server took it meanwhile. */
  pb_patience_note (f->notes, f->account, NULL, TRUE, 0, START + 50);
  note (f, PB_ERROR_SIGN_IN, NULL, START + 70);
  g_assert_false (pb_patience_needs_password (f->notes, f->account));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)
  ADD ("/patience/in-use", "IN-USE", test_busy);
  ADD ("/patience/no-code", NULL, test_busy);
  ADD ("/patience/retry-after", NULL, test_retry_after);
  ADD ("/patience/login-delay", NULL, test_login_delay);
  ADD ("/patience/too-often", NULL, test_too_often);
  ADD ("/patience/password", NULL, test_password);
  ADD ("/patience/no-question", NULL, test_no_question);
  return g_test_run ();
}
