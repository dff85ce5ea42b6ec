/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Codes first; where a server gives none, its wording. A false "wrong password" makes a person
 * type it in again for nothing, a false "busy" only waits: so what speaks of locks and limits
 * wins. */

#include "pb-pop3-refusal.h"

#include <string.h>

#define TEXT_MAX 512

/* Lower case; found only between word boundaries ("in username" is not "in use"), "*" stands for
 * the rest of a word. */
static const char *const busy_phrases[] = {
  "in use",
  "is used",
  "lock",
  "locked",
  "locking",
  "lockfile",
  "lock file",
  "mailbox busy",
  "maildrop busy",
  "is busy",
  "too busy",
  "server busy",
  "system busy",
  "another session",
  "another pop*",
  "another client",
  "other session",
  "already logged",
  "already open*",
  "already active",
  "already connected",
  "already in",
  "concurrent*",
  "simultaneous*",
  "too many connection*",
  "too many session*",
  "too many login*",
  "too many simultaneous",
  "too frequent*",
  "too often",
  "frequency limit*",
  "login delay",
  "minimum interval",
  "temporar*",
  "internal error",
  "internal server error",
  "system error",
  "server error",
  "service unavailable",
  "service not available",
};

/* Of those, what is about how much or how often: it passes, but not within a minute. */
static const char *const limit_phrases[] = {
  "exceed*",           "too many login*",   "too many log-in*", "too many log in*",
  "too many attempt*", "too many request*", "too frequent*",    "too often",
  "frequency limit*",  "rate limit*",       "download limit*",  "bandwidth",
  "daily limit*",      "hourly limit*",     "throttl*",
};

/* Said of bad passwords as well; such words count only where nothing else points to a password. */
static const char *const vague_phrases[] = { "try again", "try later", "unavailable",
                                             "not available" };
static const char *const password_phrases[] = {
  "password",
  "passwd",
  "passphrase",
  "username",
  "user name",
  "credential*",
  "authentication fail*",
  "auth fail*",
  "authorization fail*",
  "login fail*",
  "login incorrect",
  "invalid*",
  "incorrect",
  "wrong",
};

static const char *const insecure_phrases[] = {
  "plaintext", "plain text", "cleartext", "clear text", "non-secure", "secure connection",
  "encrypt*",  "ssl",        "tls",       "ssl/tls",    "stls",       "starttls",
};

/* Of an AUTH. */
static const char *const mechanism_phrases[] = {
  "mechanism*",     "not supported",   "unsupported",    "not implemented", "unimplemented",
  "unknown auth*",  "unrecognized*",   "unrecognised*",  "unknown command", "invalid command",
  "bad command",    "command unknown", "syntax error",   "unknown sasl",    "method not*",
  "invalid method", "not enabled",     "unknown method",
};

static gboolean
ends_word (const char *text) {
  return !g_ascii_isalnum (*text);
}

static gboolean
contains_phrase (const char *text, const char *phrase) {
  gsize length = strlen (phrase);
  gboolean open = phrase[length - 1] == '*';
  g_autofree char *words = g_strndup (phrase, open ? length - 1 : length);

  for (const char *p = strstr (text, words); p; p = strstr (p + 1, words)) {
    if ((p == text || ends_word (p - 1)) && (open || ends_word (p + strlen (words))))
      return TRUE;
  }
  return FALSE;
}

static gboolean
contains_any (const char *text, const char *const *phrases, gsize count) {
  for (gsize i = 0; i < count; i++) {
    if (contains_phrase (text, phrases[i]))
      return TRUE;
  }
  return FALSE;
}

#define CONTAINS(text, phrases) contains_any (text, phrases, G_N_ELEMENTS (phrases))

static gboolean
code_is (const PbPop3Status *status, const char *code) {
  gsize length = strlen (code);

  return status->code.length >= length &&
         g_ascii_strncasecmp ((const char *) status->code.data, code, length) == 0 &&
         (status->code.length == length || status->code.data[length] == '/');
}

static PbError
judge_text (const PbPop3Status *status, gboolean encrypted) {
  g_autofree char *text = pb_pop3_span_to_printable (&status->text, TEXT_MAX);
  g_autofree char *lower = g_ascii_strdown (text, -1);

  if (CONTAINS (lower, busy_phrases) || CONTAINS (lower, limit_phrases))
    return PB_ERROR_BUSY;
  if (!encrypted && CONTAINS (lower, insecure_phrases))
    return PB_ERROR_INSECURE;
  if (CONTAINS (lower, vague_phrases) && !CONTAINS (lower, password_phrases))
    return PB_ERROR_BUSY;
  return PB_ERROR_SIGN_IN;
}

gboolean
pb_pop3_refusal_is_of_mechanism (const PbPop3Status *status) {
  if (status->code.length > 0)
    return FALSE;
  g_autofree char *text = pb_pop3_span_to_printable (&status->text, TEXT_MAX);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  return CONTAINS (lower, mechanism_phrases);
}

GError *
pb_pop3_refusal_new (PbError code, const PbPop3Status *status, const char *what) {
  g_autofree char *text = pb_pop3_span_to_printable (&status->text, TEXT_MAX);
  GError *error = g_error_new (PB_ERROR, code, "the server refused %s: %s", what, text);

  pb_error_set_server_text (error, text);
  pb_error_set_server_bytes (error, status->text.data, status->text.length);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  if ((code == PB_ERROR_BUSY || code == PB_ERROR_REFUSED) && CONTAINS (lower, limit_phrases))
    pb_error_set_retry_after (error, PB_POP3_LIMIT_SECONDS);
  if (status->code.length > 0) {
    g_autofree char *response_code = pb_pop3_span_to_printable (&status->code, TEXT_MAX);
    pb_error_set_response_code (error, response_code);
  }
  return error;
}

GError *
pb_pop3_refusal_new_sign_in (const PbPop3Status *status,
                             const char *what,
                             gboolean encrypted,
                             guint login_delay) {
  gboolean delayed = code_is (status, "LOGIN-DELAY");
  PbError code = PB_ERROR_SIGN_IN;

  if (delayed || code_is (status, "IN-USE") || code_is (status, "SYS"))
    code = PB_ERROR_BUSY;
  else if (!code_is (status, "AUTH"))
    code = judge_text (status, encrypted);

  GError *error = pb_pop3_refusal_new (code, status, what);
  if (delayed)
    pb_error_set_retry_after (error, login_delay);
  return error;
}
