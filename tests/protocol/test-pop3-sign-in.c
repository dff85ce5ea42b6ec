/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Dialogues from the greeting to READY, with every mechanism and with servers that refuse, ask too
 * much, say too little or nothing; the server's bytes cut in every way. What is shown of them never
 * has the secret in it. */

#include <stdlib.h>
#include <string.h>

#include "pb-error.h"
#include "pb-pop3-machine.h"
#include "scram-server.h"

#define EXCHANGES_MAX 10
#define SECRET "hunter2"
#define PLAIN_BASE64 "AGxpLm5hAGh1bnRlcjI="
#define USER_BASE64 "bGkubmE="
#define SECRET_BASE64 "aHVudGVyMg=="
#define CRAM_CHALLENGE "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UuZXhhbXBsZS5vcmc+"
#define CRAM_RESPONSE "bGkubmEgZDg0ZDI0YmU0ZjQ3OWQ0ODk4ZDFhOTlhMTRmYzU2YTI="
#define XOAUTH2_BASE64 "dXNlcj1saS5uYQFhdXRoPUJlYXJlciBodW50ZXIyAQE="
#define BEARER_BASE64 \
  "bixhPWxpLm5hLAFob3N0PXBvcC5leGFtcGxlLm9yZwFwb3J0PTk5NQFhdXRoPUJlYXJlciBodW50ZXIyAQE="
#define OAUTH_ERROR "eyJzdGF0dXMiOiI0MDEifQ=="
#define STAMP "<1896.697170952@dbc.example.org>"
#define STAMP_DIGEST "25efafdea3d15271cae4b39d8186fa24"

/* @sent is everything the machine sends before @received comes. */
typedef struct {
  const char *sent;
  const char *received;
} Exchange;

typedef struct {
  const char *name;
  PbPop3MachineConfig config; /* user, secret, host and port are filled in */
  Exchange exchanges[EXCHANGES_MAX];
  gboolean hangs_up;
  const char *outcome; /* "READY mechanism", or "FAILED CODE server text" */
} Dialogue;

#define GREETING \
  { "", "+OK ready\r\n" }
#define CAPA(lines) \
  { "CAPA\r\n", "+OK\r\n" lines ".\r\n" }
#define NO_CAPA \
  { "CAPA\r\n", "-ERR what?\r\n" }
#define USER \
  { "USER li.na\r\n", "+OK\r\n" }
#define PASS \
  { "PASS " SECRET "\r\n", "+OK\r\n" }
#define PLAIN_WITH(reply) \
  { "AUTH PLAIN " PLAIN_BASE64 "\r\n", reply }
#define AUTH_ONLY(auth_) \
  { .auth = PB_AUTH_##auth_ }
#define OPEN_LINE \
  { .security = PB_SECURITY_NONE }

static const Dialogue dialogues[] = {
  /* PLAIN */
  { "PLAIN within TLS",
    { 0 },
    { GREETING, CAPA ("SASL PLAIN LOGIN\r\nUSER\r\n"), PLAIN_WITH ("+OK\r\n"), CAPA ("") },
    FALSE,
    "READY plain" },
  { "PLAIN refused as a password",
    { 0 },
    { GREETING, CAPA ("SASL PLAIN LOGIN\r\n"), PLAIN_WITH ("-ERR [AUTH] no\r\n") },
    FALSE,
    "FAILED SIGN_IN [AUTH] no" },
  { "PLAIN refused without a code",
    { 0 },
    { GREETING, CAPA ("SASL PLAIN LOGIN\r\n"), PLAIN_WITH ("-ERR no\r\n") },
    FALSE,
    "FAILED SIGN_IN no" },
  { "PLAIN refused for now",
    { 0 },
    { GREETING, CAPA ("SASL PLAIN LOGIN\r\n"), PLAIN_WITH ("-ERR [IN-USE] later\r\n") },
    FALSE,
    "FAILED BUSY [IN-USE] later" },
  { "PLAIN refused as a mechanism",
    { 0 },
    { GREETING, CAPA ("SASL PLAIN\r\nUSER\r\n"), PLAIN_WITH ("-ERR unsupported mechanism\r\n"),
      USER, PASS, CAPA ("") },
    FALSE,
    "READY user-pass" },
  { "PLAIN and LOGIN refused as mechanisms",
    { 0 },
    { GREETING,
      CAPA ("SASL PLAIN LOGIN\r\nUSER\r\n"),
      PLAIN_WITH ("-ERR unsupported mechanism\r\n"),
      { "AUTH LOGIN\r\n", "-ERR unsupported mechanism\r\n" } },
    FALSE,
    "FAILED UNSUPPORTED unsupported mechanism" },
  { "PLAIN refused as a mechanism and hung up upon",
    { 0 },
    { GREETING,
      CAPA ("SASL PLAIN\r\nUSER\r\n"),
      PLAIN_WITH ("-ERR unsupported mechanism\r\n"),
      { "USER li.na\r\n", "" } },
    TRUE,
    "FAILED UNSUPPORTED unsupported mechanism" },
  { "PLAIN refused as a mechanism and hung up upon later",
    { 0 },
    { GREETING,
      CAPA ("SASL PLAIN\r\nUSER\r\n"),
      PLAIN_WITH ("-ERR unsupported mechanism\r\n"),
      USER,
      { "PASS " SECRET "\r\n", "" } },
    TRUE,
    "FAILED CONNECT " },
  { "PLAIN asked for and refused as a mechanism",
    AUTH_ONLY (PLAIN),
    { GREETING, CAPA ("USER\r\n"), PLAIN_WITH ("-ERR unsupported mechanism\r\n") },
    FALSE,
    "FAILED UNSUPPORTED unsupported mechanism" },
  { "PLAIN with a server that does not know first responses",
    AUTH_ONLY (PLAIN),
    { GREETING, NO_CAPA, PLAIN_WITH ("+ \r\n"), { PLAIN_BASE64 "\r\n", "+OK\r\n" } },
    FALSE,
    "READY plain" },
  { "PLAIN with a server that wants it again and again",
    AUTH_ONLY (PLAIN),
    { GREETING,
      NO_CAPA,
      PLAIN_WITH ("+\r\n"),
      { PLAIN_BASE64 "\r\n", "+\r\n" },
      { "*\r\n", "-ERR cancelled\r\n" } },
    FALSE,
    "FAILED PROTOCOL " },
  { "PLAIN with a question too many",
    AUTH_ONLY (PLAIN),
    { GREETING, NO_CAPA, PLAIN_WITH ("+ dGVzdA==\r\n"), { "*\r\n", "+OK you are in\r\n" } },
    FALSE,
    "FAILED PROTOCOL " },
  { "PLAIN with a server that repeats it",
    AUTH_ONLY (PLAIN),
    { GREETING, NO_CAPA, PLAIN_WITH ("-ERR AUTH PLAIN " PLAIN_BASE64 "?\r\n") },
    FALSE,
    "FAILED SIGN_IN ****" },
  { "PLAIN with a server that repeats nonsense",
    AUTH_ONLY (PLAIN),
    { GREETING, NO_CAPA, PLAIN_WITH ("AUTH PLAIN " PLAIN_BASE64 "\r\n") },
    FALSE,
    "FAILED PROTOCOL ****" },
  { "PLAIN hung up upon",
    AUTH_ONLY (PLAIN),
    { GREETING, NO_CAPA, PLAIN_WITH ("") },
    TRUE,
    "FAILED CONNECT " },
  { "PASS hung up upon",
    { 0 },
    { GREETING, NO_CAPA, USER, { "PASS " SECRET "\r\n", "" } },
    TRUE,
    "FAILED CONNECT " },

  /* LOGIN */
  { "LOGIN",
    AUTH_ONLY (LOGIN),
    { GREETING,
      NO_CAPA,
      { "AUTH LOGIN\r\n", "+ VXNlcm5hbWU6\r\n" },
      { USER_BASE64 "\r\n", "+ UGFzc3dvcmQ6\r\n" },
      { SECRET_BASE64 "\r\n", "+OK\r\n" } },
    FALSE,
    "READY login" },
  { "LOGIN with plain questions",
    AUTH_ONLY (LOGIN),
    { GREETING,
      NO_CAPA,
      { "AUTH LOGIN\r\n", "+ Username:\r\n" },
      { USER_BASE64 "\r\n", "+\r\n" },
      { SECRET_BASE64 "\r\n", "+OK\r\n" } },
    FALSE,
    "READY login" },
  { "LOGIN believed too early",
    AUTH_ONLY (LOGIN),
    { GREETING,
      NO_CAPA,
      { "AUTH LOGIN\r\n", "+ VXNlcm5hbWU6\r\n" },
      { USER_BASE64 "\r\n", "+OK welcome\r\n" } },
    FALSE,
    "FAILED PROTOCOL " },
  { "LOGIN with a server that repeats the password",
    AUTH_ONLY (LOGIN),
    { GREETING,
      NO_CAPA,
      { "AUTH LOGIN\r\n", "+\r\n" },
      { USER_BASE64 "\r\n", "+\r\n" },
      { SECRET_BASE64 "\r\n", "-ERR bad password " SECRET_BASE64 "\r\n" } },
    FALSE,
    "FAILED SIGN_IN ****" },

  /* CRAM-MD5 */
  { "CRAM-MD5 on an open line",
    OPEN_LINE,
    { GREETING,
      CAPA ("SASL PLAIN CRAM-MD5\r\nUSER\r\n"),
      { "AUTH CRAM-MD5\r\n", "+ " CRAM_CHALLENGE "\r\n" },
      { CRAM_RESPONSE "\r\n", "+OK\r\n" },
      CAPA ("") },
    FALSE,
    "READY cram-md5" },
  { "CRAM-MD5 refused as a password",
    OPEN_LINE,
    { GREETING,
      CAPA ("SASL CRAM-MD5\r\n"),
      { "AUTH CRAM-MD5\r\n", "+ " CRAM_CHALLENGE "\r\n" },
      { CRAM_RESPONSE "\r\n", "-ERR no\r\n" } },
    FALSE,
    "FAILED SIGN_IN no" },
  { "CRAM-MD5 refused as a mechanism on an open line",
    OPEN_LINE,
    { GREETING, CAPA ("SASL PLAIN CRAM-MD5\r\nUSER\r\n"), { "AUTH CRAM-MD5\r\n", "-ERR no\r\n" } },
    FALSE,
    "FAILED UNSUPPORTED no" },
  { "CRAM-MD5 with a challenge that is not base64",
    AUTH_ONLY (CRAM_MD5),
    { GREETING,
      NO_CAPA,
      { "AUTH CRAM-MD5\r\n", "+ <1896@example.org>\r\n" },
      { "*\r\n", "-ERR cancelled\r\n" } },
    FALSE,
    "FAILED PROTOCOL " },
  { "CRAM-MD5 with no challenge",
    AUTH_ONLY (CRAM_MD5),
    { GREETING, NO_CAPA, { "AUTH CRAM-MD5\r\n", "+\r\n" }, { "*\r\n", "" } },
    TRUE,
    "FAILED PROTOCOL " },
  { "CRAM-MD5 that goes on when cancelled",
    AUTH_ONLY (CRAM_MD5),
    { GREETING, NO_CAPA, { "AUTH CRAM-MD5\r\n", "+ =\r\n" }, { "*\r\n", "+ dGVzdA==\r\n" } },
    FALSE,
    "FAILED PROTOCOL " },
  { "CRAM-MD5 believed too early",
    AUTH_ONLY (CRAM_MD5),
    { GREETING, NO_CAPA, { "AUTH CRAM-MD5\r\n", "+OK\r\n" } },
    FALSE,
    "FAILED PROTOCOL " },
  { "CRAM-MD5 with two challenges at once",
    AUTH_ONLY (CRAM_MD5),
    { GREETING,
      NO_CAPA,
      { "AUTH CRAM-MD5\r\n", "+ " CRAM_CHALLENGE "\r\n+ " CRAM_CHALLENGE "\r\n" } },
    FALSE,
    "FAILED PROTOCOL + " CRAM_CHALLENGE },

  /* SCRAM, as far as it goes without knowing the nonce: see test_scram () */
  { "no AUTH on an open line without anything safe",
    OPEN_LINE,
    { GREETING, CAPA ("SASL PLAIN LOGIN\r\nUSER\r\n") },
    FALSE,
    "FAILED INSECURE " },
  { "XOAUTH2 not on an open line",
    { .security = PB_SECURITY_NONE, .auth = PB_AUTH_XOAUTH2 },
    { GREETING, CAPA ("SASL XOAUTH2\r\n") },
    FALSE,
    "FAILED INSECURE " },
  { "STLS stripped, nothing shown",
    { .security = PB_SECURITY_STARTTLS, .auth = PB_AUTH_PLAIN },
    { GREETING, CAPA ("SASL PLAIN\r\n") },
    FALSE,
    "FAILED INSECURE " },

  /* Tokens */
  { "XOAUTH2",
    AUTH_ONLY (XOAUTH2),
    { GREETING,
      CAPA ("SASL XOAUTH2\r\n"),
      { "AUTH XOAUTH2 " XOAUTH2_BASE64 "\r\n", "+OK\r\n" },
      CAPA ("") },
    FALSE,
    "READY xoauth2" },
  { "XOAUTH2 not listed",
    { .secret_is_token = TRUE },
    { GREETING,
      CAPA ("SASL PLAIN\r\n"),
      { "AUTH XOAUTH2 " XOAUTH2_BASE64 "\r\n", "+OK\r\n" },
      CAPA ("") },
    FALSE,
    "READY xoauth2" },
  { "XOAUTH2 refused with a reason",
    AUTH_ONLY (XOAUTH2),
    { GREETING,
      NO_CAPA,
      { "AUTH XOAUTH2 " XOAUTH2_BASE64 "\r\n", "+ " OAUTH_ERROR "\r\n" },
      { "\r\n", "-ERR [AUTH] failed\r\n" } },
    FALSE,
    "FAILED SIGN_IN {\"status\":\"401\"}" },
  { "XOAUTH2 refused with a reason that is the token",
    AUTH_ONLY (XOAUTH2),
    { GREETING,
      NO_CAPA,
      { "AUTH XOAUTH2 " XOAUTH2_BASE64 "\r\n", "+ eyJ0b2tlbiI6Imh1bnRlcjIifQ==\r\n" },
      { "\r\n", "-ERR failed\r\n" } },
    FALSE,
    "FAILED SIGN_IN failed" },
  { "XOAUTH2 refused for a while with a reason",
    AUTH_ONLY (XOAUTH2),
    { GREETING,
      NO_CAPA,
      { "AUTH XOAUTH2 " XOAUTH2_BASE64 "\r\n", "+ " OAUTH_ERROR "\r\n" },
      { "\r\n", "-ERR [SYS/TEMP] failed\r\n" } },
    FALSE,
    "FAILED BUSY {\"status\":\"401\"}" },
  { "XOAUTH2 accepted after a reason",
    AUTH_ONLY (XOAUTH2),
    { GREETING,
      NO_CAPA,
      { "AUTH XOAUTH2 " XOAUTH2_BASE64 "\r\n", "+ " OAUTH_ERROR "\r\n" },
      { "\r\n", "+OK\r\n" } },
    FALSE,
    "FAILED PROTOCOL " },
  { "OAUTHBEARER before XOAUTH2",
    { .secret_is_token = TRUE },
    { GREETING,
      CAPA ("SASL XOAUTH2 OAUTHBEARER\r\n"),
      { "AUTH OAUTHBEARER " BEARER_BASE64 "\r\n", "+OK\r\n" },
      CAPA ("") },
    FALSE,
    "READY oauthbearer" },
  { "OAUTHBEARER refused as a mechanism",
    { .secret_is_token = TRUE },
    { GREETING,
      CAPA ("SASL XOAUTH2 OAUTHBEARER\r\n"),
      { "AUTH OAUTHBEARER " BEARER_BASE64 "\r\n", "-ERR unknown mechanism\r\n" },
      { "AUTH XOAUTH2 " XOAUTH2_BASE64 "\r\n", "+OK\r\n" },
      CAPA ("") },
    FALSE,
    "READY xoauth2" },
  { "OAUTHBEARER refused with a reason",
    { .secret_is_token = TRUE },
    { GREETING,
      CAPA ("SASL XOAUTH2 OAUTHBEARER\r\n"),
      { "AUTH OAUTHBEARER " BEARER_BASE64 "\r\n", "+ " OAUTH_ERROR "\r\n" },
      { "AQ==\r\n", "-ERR\r\n" } },
    FALSE,
    "FAILED SIGN_IN {\"status\":\"401\"}" },

  /* EXTERNAL */
  { "EXTERNAL",
    AUTH_ONLY (EXTERNAL),
    { GREETING, NO_CAPA, { "AUTH EXTERNAL " USER_BASE64 "\r\n", "+OK\r\n" } },
    FALSE,
    "READY external" },

  /* APOP */
  { "APOP",
    AUTH_ONLY (APOP),
    { { "", "+OK ready " STAMP "\r\n" },
      NO_CAPA,
      { "APOP li.na " STAMP_DIGEST "\r\n", "+OK\r\n" } },
    FALSE,
    "READY apop" },
  { "APOP on an open line",
    { .security = PB_SECURITY_NONE, .auth = PB_AUTH_APOP },
    { { "", "+OK ready " STAMP "\r\n" },
      NO_CAPA,
      { "APOP li.na " STAMP_DIGEST "\r\n", "+OK\r\n" } },
    FALSE,
    "READY apop" },
  { "APOP refused",
    AUTH_ONLY (APOP),
    { { "", "+OK ready " STAMP "\r\n" },
      NO_CAPA,
      { "APOP li.na " STAMP_DIGEST "\r\n", "-ERR permission denied\r\n" } },
    FALSE,
    "FAILED SIGN_IN permission denied" },
  { "APOP unknown",
    AUTH_ONLY (APOP),
    { { "", "+OK ready " STAMP "\r\n" },
      NO_CAPA,
      { "APOP li.na " STAMP_DIGEST "\r\n", "-ERR unknown command\r\n" } },
    FALSE,
    "FAILED UNSUPPORTED unknown command" },
  { "APOP without a stamp",
    AUTH_ONLY (APOP),
    { { "", "+OK ready\r\n" } },
    FALSE,
    "FAILED UNSUPPORTED " },
  { "APOP with a bad stamp",
    AUTH_ONLY (APOP),
    { { "", "+OK <\xd1\x0b@example.org>\r\n" } },
    FALSE,
    "FAILED PROTOCOL " },
  { "APOP never by itself",
    OPEN_LINE,
    { { "", "+OK ready " STAMP "\r\n" }, NO_CAPA },
    FALSE,
    "FAILED INSECURE " },

  /* Extensions */
  { "LANG and UTF8",
    { .allow_utf8 = TRUE, .language = "de-CH" },
    { GREETING,
      CAPA ("UTF8 USER\r\nLANG\r\n"),
      { "LANG de-CH\r\n", "+OK de gern\r\n" },
      { "UTF8\r\n", "+OK\r\n" },
      USER,
      PASS,
      CAPA ("") },
    FALSE,
    "READY user-pass" },
  { "LANG and UTF8 refused",
    { .allow_utf8 = TRUE, .language = "de" },
    { GREETING,
      CAPA ("UTF8\r\nLANG\r\n"),
      { "LANG de\r\n", "-ERR no such language\r\n" },
      { "UTF8\r\n", "-ERR no\r\n" },
      USER,
      PASS,
      CAPA ("") },
    FALSE,
    "READY user-pass, no LANG, no UTF8" },
  { "LANG and UTF8 not offered",
    { .allow_utf8 = TRUE, .language = "de" },
    { GREETING, CAPA ("USER\r\n"), USER, PASS, CAPA ("") },
    FALSE,
    "READY user-pass" },
  { "LANG and UTF8 not wanted",
    { 0 },
    { GREETING, CAPA ("UTF8\r\nLANG\r\n"), USER, PASS, CAPA ("") },
    FALSE,
    "READY user-pass" },
  { "LANG and UTF8 to be left out",
    { .allow_utf8 = TRUE, .language = "de", .skip_utf8 = TRUE, .skip_lang = TRUE },
    { GREETING, CAPA ("UTF8\r\nLANG\r\n"), USER, PASS, CAPA ("") },
    FALSE,
    "READY user-pass" },
  { "LANG with what is no language",
    { .language = "de\r\nDELE 1" },
    { GREETING, CAPA ("LANG\r\n"), USER, PASS, CAPA ("") },
    FALSE,
    "READY user-pass" },
  { "LANG after STLS",
    { .security = PB_SECURITY_STARTTLS, .language = "*", .allow_utf8 = TRUE },
    { GREETING,
      CAPA ("STLS\r\nUTF8\r\n"),
      { "STLS\r\n", "+OK\r\n" },
      CAPA ("UTF8\r\n"),
      { "UTF8\r\n", "+OK\r\n" },
      USER,
      PASS,
      CAPA ("") },
    FALSE,
    "READY user-pass" },
  { "CAPA to be left out",
    { .skip_capa = TRUE, .allow_utf8 = TRUE },
    { GREETING, USER, PASS },
    FALSE,
    "READY user-pass" },
  { "CAPA to be left out with STLS",
    { .security = PB_SECURITY_STARTTLS, .skip_capa = TRUE },
    { GREETING, { "STLS\r\n", "+OK\r\n" }, USER, PASS },
    FALSE,
    "READY user-pass" },
};

/* How a dialogue is replayed. */
typedef struct {
  PbPop3Machine *machine;
  GString *outcome;
  GString *sent; /* since the last look */
  GString *traced;
  gboolean over;
} Replay;

static void
trace_cb (PbPop3TraceKind kind, const char *text, gpointer data) {
  Replay *replay = data;

  g_assert_null (strpbrk (text, "\r\n"));
  g_string_append_printf (replay->traced, "%c %s\n", kind == PB_POP3_TRACE_SENT ? '>' : '<', text);
}

static void
replay_init (Replay *replay, const PbPop3MachineConfig *given, const char *secret_text) {
  g_autoptr (PbSecret) secret = pb_secret_new (secret_text);
  PbPop3MachineConfig config = *given;

  config.user = "li.na";
  config.secret = pb_auth_needs_secret (config.auth) ? secret : NULL;
  config.host = "pop.example.org";
  config.port = 995;
  memset (replay, 0, sizeof *replay);
  replay->machine = pb_pop3_machine_new (&config);
  replay->outcome = g_string_new (NULL);
  replay->sent = g_string_new (NULL);
  replay->traced = g_string_new (NULL);
  pb_pop3_machine_set_trace (replay->machine, trace_cb, replay);
}

static void
replay_clear (Replay *replay) {
  pb_pop3_machine_free (replay->machine);
  g_string_free (replay->outcome, TRUE);
  g_string_free (replay->sent, TRUE);
  g_string_free (replay->traced, TRUE);
}

static const char *
error_name (const GError *error) {
  static const char *const names[] = {
    [PB_ERROR_SIGN_IN] = "SIGN_IN",         [PB_ERROR_CONNECT] = "CONNECT",
    [PB_ERROR_INSECURE] = "INSECURE",       [PB_ERROR_BUSY] = "BUSY",
    [PB_ERROR_PROTOCOL] = "PROTOCOL",       [PB_ERROR_INVALID] = "INVALID",
    [PB_ERROR_UNSUPPORTED] = "UNSUPPORTED",
  };

  g_assert_cmpuint (error->domain, ==, PB_ERROR);
  g_assert_nonnull (names[error->code]);
  return names[error->code];
}

static void
write_outcome (Replay *replay, const PbPop3Event *event) {
  PbPop3MachineFacts facts;
  const char *text = pb_error_get_server_text (event->error);

  replay->over = TRUE;
  if (event->type == PB_POP3_EVENT_FAILED) {
    g_assert_null (strstr (event->error->message, SECRET));
    g_string_append_printf (replay->outcome, "FAILED %s %s", error_name (event->error),
                            text ? text : "");
    return;
  }
  pb_pop3_machine_get_facts (replay->machine, &facts);
  g_string_append_printf (replay->outcome, "READY %s%s%s", pb_auth_to_string (facts.mechanism),
                          facts.lang_refused ? ", no LANG" : "",
                          facts.utf8_refused ? ", no UTF8" : "");
}

static void
take_events (Replay *replay) {
  PbPop3Event event;

  while (!replay->over) {
    switch (pb_pop3_machine_next (replay->machine, &event)) {
    case PB_POP3_EVENT_NEED_IO:
      return;
    case PB_POP3_EVENT_START_TLS:
      pb_pop3_machine_tls_started (replay->machine);
      break;
    default:
      g_assert_true (event.type == PB_POP3_EVENT_READY || event.type == PB_POP3_EVENT_FAILED);
      write_outcome (replay, &event);
    }
  }
}

static void
take_output (Replay *replay) {
  gsize length;
  const guint8 *bytes;

  while ((bytes = pb_pop3_machine_peek_output (replay->machine, &length))) {
    /* A short write now and then. */
    gsize part = length > 3 ? length / 2 : length;
    g_string_append_len (replay->sent, (const char *) bytes, (gssize) part);
    pb_pop3_machine_sent (replay->machine, part);
  }
}

static void
feed (Replay *replay, const char *bytes, gsize length) {
  gsize size;

  if (replay->over)
    return;
  if (length > 0) {
    memcpy (pb_pop3_machine_get_space (replay->machine, &size), bytes, length);
    pb_pop3_machine_received (replay->machine, length);
  }
  take_events (replay);
  take_output (replay);
}

static void
feed_pieces (Replay *replay, const char *bytes, gsize piece) {
  gsize length = strlen (bytes);

  for (gsize start = 0; start < length; start += piece ? piece : length)
    feed (replay, bytes + start, piece ? MIN (piece, length - start) : length);
}

/* Nothing that was sent in base64 shows, and no secret in any form. */
static void
check_trace (const Replay *replay, const char *sent) {
  static const char *const hidden[] = { SECRET,         PLAIN_BASE64,  SECRET_BASE64, CRAM_RESPONSE,
                                        XOAUTH2_BASE64, BEARER_BASE64, STAMP_DIGEST,  "aHVudGVyM",
                                        "odW50ZXIy",    "h1bnRlcj" };
  g_auto (GStrv) words = g_strsplit_set (sent, " \r\n", -1);

  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
    g_assert_null (strstr (replay->traced->str, hidden[i]));
  for (char **word = words; *word && g_str_has_prefix (sent, "AUTH "); word++) {
    if (strlen (*word) > 20)
      g_assert_null (strstr (replay->traced->str, *word));
  }
}

/* Replays with the bytes of each exchange in pieces of @piece (0: whole), those of exchange @at
 * cut once at @split. */
static void
replay_dialogue (const Dialogue *dialogue, gsize piece, guint at, gsize split) {
  Replay replay;

  replay_init (&replay, &dialogue->config, SECRET);
  feed (&replay, "", 0);
  for (guint i = 0; i < EXCHANGES_MAX && dialogue->exchanges[i].sent; i++) {
    const Exchange *exchange = &dialogue->exchanges[i];
    g_assert_cmpstr (replay.sent->str, ==, exchange->sent);
    check_trace (&replay, replay.sent->str);
    g_string_truncate (replay.sent, 0);
    if (i == at) {
      feed (&replay, exchange->received, split);
      feed (&replay, exchange->received + split, strlen (exchange->received) - split);
    } else {
      feed_pieces (&replay, exchange->received, piece);
    }
  }
  if (dialogue->hangs_up && !replay.over) {
    pb_pop3_machine_closed (replay.machine);
    take_events (&replay);
  }
  g_assert_cmpstr (replay.outcome->str, ==, dialogue->outcome);
  g_assert_cmpuint (replay.sent->len, ==, 0);
  check_trace (&replay, "");
  replay_clear (&replay);
}

/* A second challenge that comes with the first is seen before the response has left. */
static gboolean
depends_on_split (const Dialogue *dialogue) {
  return strcmp (dialogue->name, "CRAM-MD5 with two challenges at once") == 0;
}

static void
check_dialogue (gconstpointer data) {
  const Dialogue *dialogue = data;

  replay_dialogue (dialogue, 0, G_MAXUINT, 0);
  if (depends_on_split (dialogue))
    return;
  replay_dialogue (dialogue, 1, G_MAXUINT, 0);
  replay_dialogue (dialogue, 2, G_MAXUINT, 0);
  for (guint i = 0; i < EXCHANGES_MAX && dialogue->exchanges[i].sent; i++) {
    for (gsize split = 0; split <= strlen (dialogue->exchanges[i].received); split++)
      replay_dialogue (dialogue, 0, i, split);
  }
}

/* SCRAM: the server must compute */

typedef enum {
  SCRAM_RIGHT,
  SCRAM_WRONG_PASSWORD,
  SCRAM_WRONG_SIGNATURE,
  SCRAM_EARLY_OK,        /* instead of the signature */
  SCRAM_EARLIEST_OK,     /* instead of the first challenge */
  SCRAM_REFUSED_AT_ONCE, /* with [AUTH], as a server without the right digests does */
  SCRAM_UNKNOWN,
  SCRAM_TOO_MANY_ITERATIONS,
  SCRAM_ASKS_AGAIN, /* does not know first responses */
  SCRAM_NO_SUCH_USER,
} ScramFault;

typedef struct {
  ScramFault fault;
  PbPop3MachineConfig config;
  const char *outcome;
} ScramCase;

static const ScramCase scram_cases[] = {
  { SCRAM_RIGHT, { 0 }, "READY scram-sha-256" },
  { SCRAM_RIGHT, OPEN_LINE, "READY scram-sha-256" },
  { SCRAM_RIGHT, AUTH_ONLY (SCRAM_SHA_256), "READY scram-sha-256" },
  { SCRAM_RIGHT, AUTH_ONLY (SCRAM_SHA_1), "READY scram-sha-1" },
  { SCRAM_ASKS_AGAIN, { 0 }, "READY scram-sha-256" },
  { SCRAM_WRONG_PASSWORD, { 0 }, "FAILED SIGN_IN [AUTH] no" },
  { SCRAM_NO_SUCH_USER, { 0 }, "FAILED SIGN_IN unknown-user" },
  { SCRAM_WRONG_SIGNATURE, { 0 }, "FAILED PROTOCOL " },
  { SCRAM_WRONG_SIGNATURE, OPEN_LINE, "FAILED PROTOCOL " },
  { SCRAM_EARLY_OK, { 0 }, "FAILED PROTOCOL " },
  { SCRAM_EARLIEST_OK, { 0 }, "FAILED PROTOCOL " },
  { SCRAM_REFUSED_AT_ONCE, { 0 }, "READY plain" },
  { SCRAM_REFUSED_AT_ONCE, AUTH_ONLY (SCRAM_SHA_256), "FAILED SIGN_IN [AUTH] no" },
  { SCRAM_REFUSED_AT_ONCE, OPEN_LINE, "FAILED SIGN_IN [AUTH] no" },
  { SCRAM_UNKNOWN, { 0 }, "READY plain" },
  { SCRAM_UNKNOWN, OPEN_LINE, "FAILED UNSUPPORTED unknown mechanism" },
  { SCRAM_TOO_MANY_ITERATIONS, { 0 }, "READY plain" },
  { SCRAM_TOO_MANY_ITERATIONS, OPEN_LINE, "FAILED UNSUPPORTED " },
};

static char *
decode_text (const char *text) {
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (text, &length);

  return g_strndup ((const char *) bytes, length);
}

static char *
challenge_of (const char *text) {
  g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  return g_strconcat ("+ ", encoded, "\r\n", NULL);
}

static char *
scram_answer_first (ScramServer *server, ScramFault fault, const char *first) {
  switch (fault) {
  case SCRAM_EARLIEST_OK:
    return g_strdup ("+OK\r\n");
  case SCRAM_REFUSED_AT_ONCE:
    return g_strdup ("-ERR [AUTH] no\r\n");
  case SCRAM_UNKNOWN:
    return g_strdup ("-ERR unknown mechanism\r\n");
  default: {
    g_autofree char *client_first = decode_text (first);
    g_autofree char *server_first = scram_server_first (server, client_first);
    return challenge_of (server_first);
  }
  }
}

static char *
scram_answer_final (ScramServer *server, ScramFault fault, const char *final) {
  g_autofree char *client_final = decode_text (final);
  g_autofree char *server_final = scram_server_final (server, client_final);

  switch (fault) {
  case SCRAM_WRONG_PASSWORD:
    g_assert_null (server_final);
    return g_strdup ("-ERR [AUTH] no\r\n");
  case SCRAM_EARLY_OK:
    return g_strdup ("+OK\r\n");
  case SCRAM_NO_SUCH_USER:
    return challenge_of ("e=unknown-user");
  case SCRAM_WRONG_SIGNATURE:
    return challenge_of ("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  default:
    g_assert_nonnull (server_final);
    return challenge_of (server_final);
  }
}

/* What the server says to @line. */
static char *
scram_answer (ScramServer *server, ScramFault fault, const char *line) {
  const char *response = strrchr (line, ' ');

  if (!*line && !server->server_first)
    return g_strdup ("+OK ready\r\n");
  if (strcmp (line, "CAPA") == 0)
    return g_strdup ("+OK\r\nSASL SCRAM-SHA-256 PLAIN\r\n.\r\n");
  if (g_str_has_prefix (line, "AUTH PLAIN "))
    return g_strdup ("+OK\r\n");
  if (strcmp (line, "*") == 0)
    return g_strdup ("-ERR cancelled\r\n");
  if (!*line) /* the answer to the signature */
    return g_strdup ("+OK\r\n");
  if (response && fault == SCRAM_ASKS_AGAIN)
    return g_strdup ("+\r\n");
  if (!server->server_first)
    return scram_answer_first (server, fault, response ? response + 1 : line);
  return scram_answer_final (server, fault, line);
}

static void
replay_scram (const ScramCase *c, gsize piece) {
  gboolean sha_1 = c->config.auth == PB_AUTH_SCRAM_SHA_1;
  ScramServer server = { sha_1 ? G_CHECKSUM_SHA1 : G_CHECKSUM_SHA256,
                         c->fault == SCRAM_WRONG_PASSWORD ? "other" : SECRET,
                         "W22ZaJ0SNY7soEsUEjb6gQ==",
                         c->fault == SCRAM_TOO_MANY_ITERATIONS ? 5000000 : 4096,
                         "%hvYDpWUa2R",
                         NULL,
                         NULL };
  g_autofree char *line = g_strdup ("");
  Replay replay;

  replay_init (&replay, &c->config, SECRET);
  while (!replay.over) {
    g_autofree char *answer = scram_answer (&server, c->fault, line);
    g_string_truncate (replay.sent, 0);
    feed_pieces (&replay, answer, piece);
    if (!replay.over)
      g_assert_true (g_str_has_suffix (replay.sent->str, "\r\n"));
    check_trace (&replay, replay.sent->str);
    g_free (line);
    line = g_strndup (replay.sent->str, replay.sent->len >= 2 ? replay.sent->len - 2 : 0);
  }
  g_assert_cmpstr (replay.outcome->str, ==, c->outcome);
  scram_server_clear (&server);
  replay_clear (&replay);
}

static void
test_scram (void) {
  for (guint i = 0; i < G_N_ELEMENTS (scram_cases); i++) {
    g_test_message ("case %u", i);
    for (gsize piece = 0; piece < 4; piece++)
      replay_scram (&scram_cases[i], piece);
  }
}

/* Long first responses do not fit into the command (255 octets with its line end). */

static char *
token_response (gsize length) {
  g_autofree char *token = g_strnfill (length, 't');
  g_autofree char *text = g_strconcat ("user=li.na\001auth=Bearer ", token, "\001\001", NULL);

  return g_base64_encode ((const guchar *) text, strlen (text));
}

static void
check_token (gsize length, gboolean in_command) {
  static const PbPop3MachineConfig config = { .auth = PB_AUTH_XOAUTH2, .skip_capa = TRUE };
  g_autofree char *token = g_strnfill (length, 't');
  g_autofree char *response = token_response (length);
  g_autofree char *one_line = g_strconcat ("AUTH XOAUTH2 ", response, "\r\n", NULL);
  g_autofree char *second_line = g_strconcat (response, "\r\n", NULL);
  Replay replay;

  replay_init (&replay, &config, token);
  feed_pieces (&replay, "+OK ready\r\n", 0);
  g_assert_true (in_command == (strlen (one_line) <= 255));
  g_assert_cmpstr (replay.sent->str, ==, in_command ? one_line : "AUTH XOAUTH2\r\n");
  if (!in_command) {
    g_string_truncate (replay.sent, 0);
    feed_pieces (&replay, "+ \r\n", 1);
    g_assert_cmpstr (replay.sent->str, ==, second_line);
  }
  feed_pieces (&replay, "+OK\r\n", 1);
  g_assert_cmpstr (replay.outcome->str, ==, "READY xoauth2");
  g_assert_null (strstr (replay.traced->str, "tttt"));
  g_assert_null (strstr (replay.traced->str, "dHR0"));
  replay_clear (&replay);
}

static void
test_token_lengths (void) {
  check_token (20, TRUE);
  check_token (155, TRUE);
  check_token (156, FALSE);
  check_token (4096, FALSE);
  check_token (8192, FALSE);
  check_token (12288, FALSE);
}

/* A long token is not believed to have been seen before it was sent. */
static void
test_token_early (void) {
  static const PbPop3MachineConfig config = { .auth = PB_AUTH_XOAUTH2, .skip_capa = TRUE };
  static const struct {
    const char *reply;
    const char *outcome;
  } cases[] = {
    { "+OK\r\n", "FAILED PROTOCOL " },
    { "-ERR no\r\n", "FAILED UNSUPPORTED no" },
    { "-ERR [AUTH] no\r\n", "FAILED SIGN_IN [AUTH] no" },
    { "-ERR [SYS/TEMP] no\r\n", "FAILED BUSY [SYS/TEMP] no" },
  };
  g_autofree char *token = g_strnfill (8192, 't');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Replay replay;
    replay_init (&replay, &config, token);
    feed_pieces (&replay, "+OK ready\r\n", 0);
    feed_pieces (&replay, cases[i].reply, 1);
    g_assert_cmpstr (replay.outcome->str, ==, cases[i].outcome);
    replay_clear (&replay);
  }
}

static void
test_token_too_long (void) {
  static const PbPop3MachineConfig config = { .auth = PB_AUTH_XOAUTH2, .skip_capa = TRUE };
  g_autofree char *token = g_strnfill (20000, 't');
  Replay replay;

  replay_init (&replay, &config, token);
  feed_pieces (&replay, "+OK ready\r\n", 0);
  g_assert_cmpstr (replay.outcome->str, ==, "FAILED INVALID ");
  g_assert_cmpuint (replay.sent->len, ==, 0);
  replay_clear (&replay);
}

static void
test_empty_first_response (void) {
  const PbPop3MachineConfig config = { .user = "", .auth = PB_AUTH_EXTERNAL, .skip_capa = TRUE };
  g_autoptr (PbPop3Machine) machine = pb_pop3_machine_new (&config);
  PbPop3Event event;
  gsize length;

  memcpy (pb_pop3_machine_get_space (machine, &length), "+OK\r\n", 5);
  pb_pop3_machine_received (machine, 5);
  g_assert_cmpint (pb_pop3_machine_next (machine, &event), ==, PB_POP3_EVENT_NEED_IO);
  const guint8 *bytes = pb_pop3_machine_peek_output (machine, &length);
  g_assert_cmpmem (bytes, length, "AUTH EXTERNAL =\r\n", 17);
}

/* Characters that SCRAM does not allow; nothing is asked of the server before. */
static void
test_unusable_password (void) {
  static const PbPop3MachineConfig config = { .security = PB_SECURITY_TLS };
  Replay replay;

  replay_init (&replay, &config, "a\007b");
  feed_pieces (&replay, "+OK ready\r\n", 0);
  g_string_truncate (replay.sent, 0);
  feed_pieces (&replay, "+OK\r\nSASL SCRAM-SHA-256 SCRAM-SHA-1 PLAIN\r\n.\r\n", 0);
  g_assert_cmpstr (replay.sent->str, ==, "AUTH PLAIN AGxpLm5hAGEHYg==\r\n");
  replay_clear (&replay);
}

static void
test_oversized_challenge (void) {
  static const PbPop3MachineConfig config = { .auth = PB_AUTH_CRAM_MD5, .skip_capa = TRUE };
  g_autofree char *challenge = g_strnfill (16384, 'A');
  g_autofree char *line = g_strconcat ("+ ", challenge, "\r\n", NULL);
  g_autofree char *endless = g_strnfill (65536 + 2, 'A');
  Replay replay;

  replay_init (&replay, &config, SECRET);
  feed_pieces (&replay, "+OK ready\r\n", 0);
  g_string_truncate (replay.sent, 0);
  feed_pieces (&replay, line, 1000);
  g_assert_cmpstr (replay.sent->str, ==, "*\r\n");
  feed_pieces (&replay, "-ERR\r\n", 0);
  g_assert_cmpstr (replay.outcome->str, ==, "FAILED PROTOCOL ");
  replay_clear (&replay);

  replay_init (&replay, &config, SECRET);
  feed_pieces (&replay, "+OK ready\r\n", 0);
  feed_pieces (&replay, endless, 4096);
  g_assert_cmpstr (replay.outcome->str, ==, "FAILED PROTOCOL ");
  replay_clear (&replay);
}

/* Silence */

typedef struct {
  const char *asked;   /* what is not answered */
  const char *said[6]; /* by the server, up to that */
  guint patience;
  const char *again; /* what is sent after the next greeting */
} SilenceCase;

static const SilenceCase silence_cases[] = {
  { "CAPA", { "+OK\r\n" }, 2, "USER li.na\r\n" },
  { "CAPA", { "+OK\r\n", "+OK\r\nUIDL\r\n" }, 2, "USER li.na\r\n" },
  { "LANG", { "+OK\r\n", "+OK\r\nLANG\r\nUTF8\r\n.\r\n" }, 5, "CAPA\r\n" },
  { "UTF8", { "+OK\r\n", "+OK\r\nLANG\r\nUTF8\r\n.\r\n", "+OK\r\n" }, 5, "CAPA\r\n" },
  { "CAPA", { "+OK\r\n", "+OK\r\nUSER\r\n.\r\n", "+OK\r\n", "+OK\r\n" }, 3, "CAPA\r\n" },
};

static void
check_silence (const SilenceCase *c) {
  static const PbPop3MachineConfig config = { .allow_utf8 = TRUE, .language = "de" };
  PbPop3MachineFacts facts;
  const char *what = NULL;
  Replay replay;

  replay_init (&replay, &config, SECRET);
  g_assert_cmpuint (pb_pop3_machine_get_patience (replay.machine), ==, 0);
  for (guint i = 0; c->said[i]; i++)
    feed_pieces (&replay, c->said[i], 0);
  g_assert_cmpuint (pb_pop3_machine_get_patience (replay.machine), ==, c->patience);
  g_assert_true (pb_pop3_machine_step_down (replay.machine, &what));
  g_assert_cmpstr (what, ==, c->asked);
  g_assert_cmpuint (pb_pop3_machine_get_patience (replay.machine), ==, 0);
  g_assert_true (pb_pop3_machine_is_busy (replay.machine));

  g_string_truncate (replay.sent, 0);
  feed_pieces (&replay, "+OK\r\n", 1);
  g_assert_cmpstr (replay.sent->str, ==, c->again);
  if (strcmp (c->again, "CAPA\r\n") == 0)
    feed_pieces (&replay, "+OK\r\n.\r\n", 1);
  feed_pieces (&replay, "+OK\r\n", 1);
  feed_pieces (&replay, "+OK\r\n", 1);
  if (!replay.over)
    feed_pieces (&replay, "-ERR\r\n", 1);
  g_assert_true (g_str_has_prefix (replay.outcome->str, "READY user-pass"));
  pb_pop3_machine_get_facts (replay.machine, &facts);
  g_assert_true (facts.capa_silent == (c->patience == 2));
  g_assert_true (facts.lang_refused == (strcmp (c->asked, "LANG") == 0));
  g_assert_true (facts.utf8_refused == (strcmp (c->asked, "UTF8") == 0));
  replay_clear (&replay);
}

static void
test_silence (void) {
  for (guint i = 0; i < G_N_ELEMENTS (silence_cases); i++) {
    g_test_message ("case %u", i);
    check_silence (&silence_cases[i]);
  }
}

/* What cannot be left out is waited for. */
static void
test_patience (void) {
  static const PbPop3MachineConfig config = { .skip_capa = TRUE };
  static const char *const replies[] = { "+OK\r\n", "+OK\r\n", "+OK\r\n" };
  Replay replay;

  replay_init (&replay, &config, SECRET);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++) {
    g_assert_cmpuint (pb_pop3_machine_get_patience (replay.machine), ==, 0);
    g_assert_false (pb_pop3_machine_step_down (replay.machine, NULL));
    feed_pieces (&replay, replies[i], 0);
  }
  g_assert_cmpstr (replay.outcome->str, ==, "READY user-pass");
  g_assert_false (pb_pop3_machine_step_down (replay.machine, NULL));
  replay_clear (&replay);
}

/* What is said before and after the log-in, and what is said before TLS and counts for nothing. */
static void
test_facts (void) {
  static const PbPop3MachineConfig config = { .security = PB_SECURITY_STARTTLS };
  static const char *const replies[] = {
    "+OK\r\n",
    "+OK\r\nSTLS\r\nPIPELINING\r\nEXPIRE 3\r\nIMPLEMENTATION Forged\r\nLOGIN-DELAY 7\r\n.\r\n",
    "+OK\r\n",
    "+OK\r\nEXPIRE 30 USER\r\nLOGIN-DELAY 60 USER\r\nIMPLEMENTATION Snail 1.0 beta\r\n.\r\n",
    "+OK\r\n",
    "+OK\r\n",
    "+OK\r\nEXPIRE NEVER\r\nPIPELINING\r\n.\r\n",
  };
  PbPop3MachineFacts facts;
  Replay replay;

  replay_init (&replay, &config, SECRET);
  pb_pop3_machine_get_facts (replay.machine, &facts);
  g_assert_false (facts.has_capa);
  g_assert_cmpint (facts.expire_days, ==, -1);
  g_assert_cmpint (facts.mechanism, ==, PB_AUTH_AUTO);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    feed_pieces (&replay, replies[i], 0);
  g_assert_cmpstr (replay.outcome->str, ==, "READY user-pass");
  pb_pop3_machine_get_facts (replay.machine, &facts);
  g_assert_true (facts.has_capa && facts.pipelining);
  g_assert_false (facts.capa_silent || facts.utf8_refused || facts.lang_refused);
  g_assert_cmpstr (facts.implementation, ==, "Snail 1.0 beta");
  g_assert_cmpint (facts.expire_days, ==, G_MAXINT);
  g_assert_cmpuint (facts.login_delay, ==, 60);
  replay_clear (&replay);
}

static void
test_skip_pipelining (void) {
  static const PbPop3MachineConfig config = { .skip_pipelining = TRUE };
  PbPop3MachineFacts facts;
  Replay replay;

  replay_init (&replay, &config, SECRET);
  feed_pieces (&replay, "+OK\r\n", 0);
  feed_pieces (&replay, "+OK\r\nPIPELINING\r\n.\r\n", 0);
  pb_pop3_machine_get_facts (replay.machine, &facts);
  g_assert_true (facts.has_capa);
  g_assert_false (facts.pipelining);
  replay_clear (&replay);
}

static void
test_trace (void) {
  static const Dialogue dialogue = { "", AUTH_ONLY (CRAM_MD5), { { NULL, NULL } }, FALSE, NULL };
  Replay replay;

  replay_init (&replay, &dialogue.config, SECRET);
  feed_pieces (&replay, "+OK ready\r\n", 0);
  feed_pieces (&replay, "-ERR\r\n", 0);
  feed_pieces (&replay, "+ " CRAM_CHALLENGE "\r\n", 0);
  feed_pieces (&replay, "+OK in\r\n", 0);
  g_assert_cmpstr (replay.traced->str, ==,
                   "< +OK ready\n> CAPA\n< -ERR\n> AUTH CRAM-MD5\n< + ****\n> ****\n< +OK in\n");
  replay_clear (&replay);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++) {
    g_autofree char *path =
      g_strconcat ("/protocol/pop3-sign-in/dialogue/", dialogues[i].name, NULL);
    g_test_add_data_func (path, &dialogues[i], check_dialogue);
  }
  g_test_add_func ("/protocol/pop3-sign-in/scram", test_scram);
  g_test_add_func ("/protocol/pop3-sign-in/token/lengths", test_token_lengths);
  g_test_add_func ("/protocol/pop3-sign-in/token/early", test_token_early);
  g_test_add_func ("/protocol/pop3-sign-in/token/too-long", test_token_too_long);
  g_test_add_func ("/protocol/pop3-sign-in/empty-first-response", test_empty_first_response);
  g_test_add_func ("/protocol/pop3-sign-in/unusable-password", test_unusable_password);
  g_test_add_func ("/protocol/pop3-sign-in/oversized-challenge", test_oversized_challenge);
  g_test_add_func ("/protocol/pop3-sign-in/silence", test_silence);
  g_test_add_func ("/protocol/pop3-sign-in/patience", test_patience);
  g_test_add_func ("/protocol/pop3-sign-in/facts", test_facts);
  g_test_add_func ("/protocol/pop3-sign-in/skip-pipelining", test_skip_pipelining);
  g_test_add_func ("/protocol/pop3-sign-in/trace", test_trace);
  return g_test_run ();
}
