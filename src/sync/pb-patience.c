/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Rules over the notes of one mailbox. Times that lie too far ahead come from a clock that was set
 * back, and count as past. */

#include "pb-patience.h"

#include <string.h>

#include "pb-error.h"

#define REFUSAL_SECONDS 60
#define DELAY_FIRST_SECONDS 60
#define DELAY_LEARNT_MAX_SECONDS (30 * 60)
#define WAIT_MAX_SECONDS (60 * 60)

static const guint busy_seconds[] = { 60, 120, 300, 600 };

static GError *
wait_error (const char *code, const char *message, gint64 seconds) {
  GError *error = g_error_new_literal (PB_ERROR, PB_ERROR_BUSY, message);

  pb_error_set_response_code (error, code);
  pb_error_set_retry_after (error, (guint) seconds);
  return error;
}

/* Seconds until @until, 0 when it is past. */
static gint64
seconds_until (gint64 until, gint64 now) {
  return until > now && until - now <= WAIT_MAX_SECONDS ? until - now : 0;
}

static gint64
pause_left (PbServerNotes *notes, PbAccount *account, gint64 now) {
  gint64 end = pb_server_notes_get (notes, account, PB_NOTE_SESSION_END);
  gint64 delay = MIN (pb_server_notes_get (notes, account, PB_NOTE_LOGIN_DELAY), WAIT_MAX_SECONDS);

  return end > 0 && end <= now ? seconds_until (end + delay, now) : 0;
}

GError *
pb_patience_ask (PbServerNotes *notes, PbAccount *account, gboolean force, gint64 now) {
  g_return_val_if_fail (PB_IS_SERVER_NOTES (notes), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  if (pb_patience_needs_password (notes, account))
    return g_error_new_literal (PB_ERROR, PB_ERROR_SIGN_IN,
                                "the password was refused; another one is waited for");
  gint64 left = pause_left (notes, account, now);
  if (left > 0)
    return wait_error ("LOGIN-DELAY", "the server wants a pause between log-ins", left);
  left = seconds_until (pb_server_notes_get (notes, account, PB_NOTE_BUSY_UNTIL), now);
  if (left > 0 && !force)
    return wait_error ("IN-USE", "the mailbox was busy the last time", left);
  return NULL;
}

static void
note_busy (PbServerNotes *notes, PbAccount *account, const GError *error, gint64 now) {
  gint64 count = pb_server_notes_get (notes, account, PB_NOTE_BUSY_COUNT);
  guint wait = busy_seconds[CLAMP (count, 0, (gint64) G_N_ELEMENTS (busy_seconds) - 1)];

  wait = MIN (MAX (wait, pb_error_get_retry_after (error)), WAIT_MAX_SECONDS);
  pb_server_notes_set (notes, account, PB_NOTE_BUSY_COUNT, count + 1);
  pb_server_notes_set (notes, account, PB_NOTE_BUSY_UNTIL, now + wait);
}

/* What it announces it may not know well itself. */
static void
note_too_often (PbServerNotes *notes, PbAccount *account, const GError *error, gint64 now) {
  gint64 delay = pb_server_notes_get (notes, account, PB_NOTE_LOGIN_DELAY);
  gint64 asked = MIN (pb_error_get_retry_after (error), WAIT_MAX_SECONDS);

  if (delay < DELAY_LEARNT_MAX_SECONDS)
    delay = CLAMP (delay * 2, DELAY_FIRST_SECONDS, DELAY_LEARNT_MAX_SECONDS);
  pb_server_notes_set (notes, account, PB_NOTE_LOGIN_DELAY, MAX (delay, asked));
  pb_server_notes_set (notes, account, PB_NOTE_SESSION_END, now);
}

static void
note_refusal (PbServerNotes *notes, PbAccount *account, const GError *error, gint64 now) {
  gint64 before = pb_server_notes_get (notes, account, PB_NOTE_REFUSED);

  if (g_strcmp0 (pb_error_get_response_code (error), "AUTH") == 0 ||
      (before > 0 && now - before >= REFUSAL_SECONDS))
    pb_server_notes_set (notes, account, PB_NOTE_QUESTION, MAX (now, 1));
  else if (before == 0 || before > now)
    pb_server_notes_set (notes, account, PB_NOTE_REFUSED, MAX (now, 1));
}

void
pb_patience_note (PbServerNotes *notes,
                  PbAccount *account,
                  const GError *error,
                  gboolean signed_in,
                  guint login_delay,
                  gint64 now) {
  g_return_if_fail (PB_IS_SERVER_NOTES (notes));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  if (login_delay > 0)
    pb_server_notes_set (notes, account, PB_NOTE_LOGIN_DELAY, MIN (login_delay, WAIT_MAX_SECONDS));
  if (signed_in) {
    pb_patience_renew (notes, account);
    pb_server_notes_set (notes, account, PB_NOTE_BUSY_UNTIL, 0);
    pb_server_notes_set (notes, account, PB_NOTE_BUSY_COUNT, 0);
    pb_server_notes_set (notes, account, PB_NOTE_SESSION_END, now);
  } else if (g_error_matches (error, PB_ERROR, PB_ERROR_SIGN_IN))
    note_refusal (notes, account, error, now);
  else if (g_error_matches (error, PB_ERROR, PB_ERROR_BUSY)) {
    const char *code = pb_error_get_response_code (error);
    if (code && g_str_has_prefix (code, "LOGIN-DELAY"))
      note_too_often (notes, account, error, now);
    else
      note_busy (notes, account, error, now);
  }
}

gboolean
pb_patience_needs_password (PbServerNotes *notes, PbAccount *account) {
  g_return_val_if_fail (PB_IS_SERVER_NOTES (notes), FALSE);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), FALSE);

  return pb_server_notes_get (notes, account, PB_NOTE_QUESTION) > 0;
}

void
pb_patience_renew (PbServerNotes *notes, PbAccount *account) {
  g_return_if_fail (PB_IS_SERVER_NOTES (notes));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  pb_server_notes_set (notes, account, PB_NOTE_REFUSED, 0);
  pb_server_notes_set (notes, account, PB_NOTE_QUESTION, 0);
}
