/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole dialogues with the machine: what it sends and tells, in every way in which the server's
 * bytes can be cut. */

#include <string.h>

#include "pb-error.h"
#include "pb-pop3-machine.h"

#define EXCHANGES_MAX 12
#define SECRET "hunter2"

/* @sent is everything the machine sends before @received comes. */
typedef struct {
  const char *sent;
  const char *received;
} Exchange;

typedef struct {
  const char *name;
  PbSecurity security;
  gboolean allow_clear;
  const char *commands; /* enqueued at READY: "STAT RETR:1:0 TOP:2:5 DELE:1 …" */
  Exchange exchanges[EXCHANGES_MAX];
  gboolean hangs_up;
  const char *events;
} Dialogue;

/* Sign-in over TLS with and without pipelining, to begin dialogues with. */
#define CAPA_PIPELINING "+OK\r\nTOP\r\nUIDL\r\nPIPELINING\r\n.\r\n"
#define SIGN_IN_WITH(capa)                                                        \
  { "", "+OK ready\r\n" }, { "CAPA\r\n", capa }, { "USER li.na\r\n", "+OK\r\n" }, \
    { "PASS " SECRET "\r\n", "+OK\r\n" }, {                                       \
    "CAPA\r\n", capa                                                              \
  }
#define SIGN_IN SIGN_IN_WITH (CAPA_PIPELINING)
#define SIGN_IN_SLOW SIGN_IN_WITH ("+OK\r\nUSER\r\n.\r\n")
#define SIGN_IN_OLD                                                                             \
  { "", "+OK ready\r\n" }, { "CAPA\r\n", "-ERR what?\r\n" }, { "USER li.na\r\n", "+OK\r\n" }, { \
    "PASS " SECRET "\r\n", "+OK\r\n"                                                            \
  }

static const Dialogue dialogues[] = {
  { "everything, pipelined",
    PB_SECURITY_TLS,
    FALSE,
    "STAT LIST UIDL RETR:1:0 TOP:2:5 DELE:1 NOOP RSET",
    { SIGN_IN,
      /* DELE does not wait for retrievals. */
      { "DELE 1\r\nSTAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nTOP 2 5\r\nNOOP\r\nRSET\r\n",
        "+OK gone\r\n+OK 2 320\r\n+OK\r\n1 120\r\n2 200\r\n.\r\n+OK\r\n1 abc\r\n2 d\xff\r\n.\r\n"
        "+OK 9 octets\r\na\r\n..b\r\n.\r\n+OK\r\n.\r\n+OK\r\n+OK\r\n" } },
    FALSE,
    "READY\nDONE DELE 1\nSTAT 2 320\nDONE STAT\nROW 1 120\nROW 2 200\nDONE LIST\nUID 1 abc\nUID 2 "
    "d\xff\n"
    "DONE UIDL\nBODY 1 a|.b|\nDONE RETR 1\nDONE TOP 2\nDONE NOOP\nDONE RSET\n" },
  { "one by one without PIPELINING",
    PB_SECURITY_TLS,
    FALSE,
    "LIST UIDL QUIT",
    { SIGN_IN_SLOW,
      { "LIST\r\n", "+OK\r\n1 120\r\n.\r\n" },
      { "UIDL\r\n", "+OK\r\n1 abc\r\n.\r\n" },
      { "QUIT\r\n", "+OK bye\r\n" } },
    TRUE,
    "READY\nROW 1 120\nDONE LIST\nUID 1 abc\nDONE UIDL\nCLOSED\n" },
  { "QUIT waits for what is in flight",
    PB_SECURITY_TLS,
    FALSE,
    "NOOP NOOP QUIT NOOP",
    { SIGN_IN, { "NOOP\r\nNOOP\r\n", "+OK\r\n+OK\r\n" }, { "QUIT\r\n", "+OK\r\n" } },
    TRUE,
    "READY\nDONE NOOP\nDONE NOOP\nCLOSED\n" },
  { "plain old server",
    PB_SECURITY_TLS,
    FALSE,
    "UIDL LIST",
    { SIGN_IN_OLD, { "UIDL\r\n", "-ERR what?\r\n" }, { "LIST\r\n", "+OK\r\n1 5\r\n.\r\n" } },
    FALSE,
    "READY\nREFUSED UIDL what?\nROW 1 5\nDONE LIST\n" },
  { "server with bare LF",
    PB_SECURITY_TLS,
    FALSE,
    "LIST RETR:1:0",
    { { "", "+OK\n" },
      { "CAPA\r\n", "-ERR\n" },
      { "USER li.na\r\n", "+OK\n" },
      { "PASS " SECRET "\r\n", "+OK\n" },
      { "LIST\r\n", "+OK\n1 5\n.\n" },
      { "RETR 1\r\n", "+OK\n..a\n\nb\n.\n" } },
    FALSE,
    "READY\nROW 1 5\nDONE LIST\nBODY 1 .a||b|\nDONE RETR 1\n" },
  { "refusals belong to their commands",
    PB_SECURITY_TLS,
    FALSE,
    "RETR:1:0 RETR:2:0 RETR:3:0 DELE:9",
    { SIGN_IN,
      { "DELE 9\r\nRETR 1\r\nRETR 2\r\nRETR 3\r\n",
        "-ERR [SYS/TEMP] later\r\n+OK\r\na\r\n.\r\n-ERR no such message\r\n+OK\r\nc\r\n.\r\n" } },
    FALSE,
    "READY\nREFUSED DELE 9 [SYS/TEMP] later\nBODY 1 a|\nDONE RETR 1\nREFUSED RETR 2 no such "
    "message\n"
    "BODY 3 c|\nDONE RETR 3\n" },
  { "QUIT refused",
    PB_SECURITY_TLS,
    FALSE,
    "QUIT",
    { SIGN_IN, { "QUIT\r\n", "-ERR some messages were not removed\r\n" } },
    FALSE,
    "READY\nREFUSED QUIT some messages were not removed\n" },
  { "odd listings",
    PB_SECURITY_TLS,
    FALSE,
    "LIST UIDL",
    { SIGN_IN,
      { "LIST\r\nUIDL\r\n", "+OK\r\n 1   120  more\r\n\r\n3\r\n7 -1\r\n.\r\n+OK\r\n1\r\n2   x  y "
                            "\r\n..5 z\r\n.\r\n" } },
    FALSE,
    "READY\nROW 1 120\nROW 3\nROW 7\nDONE LIST\nUID 1 \nUID 2 x  y\nFAILED PROTOCOL .5 z\n" },
  { "STLS",
    PB_SECURITY_STARTTLS,
    FALSE,
    "NOOP",
    { { "", "+OK\r\n" },
      { "CAPA\r\n", "+OK\r\nSTLS\r\nPIPELINING\r\n.\r\n" },
      { "STLS\r\n", "+OK\r\n" },
      { "CAPA\r\n", "+OK\r\nUSER\r\n.\r\n" },
      { "USER li.na\r\n", "+OK\r\n" },
      { "PASS " SECRET "\r\n", "+OK\r\n" },
      { "CAPA\r\n", "-ERR\r\n" },
      { "NOOP\r\n", "+OK\r\n" } },
    FALSE,
    "TLS\nREADY\nDONE NOOP\n" },
  { "STLS tried where CAPA is unknown",
    PB_SECURITY_STARTTLS,
    FALSE,
    "",
    { { "", "+OK\r\n" },
      { "CAPA\r\n", "-ERR\r\n" },
      { "STLS\r\n", "+OK\r\n" },
      { "CAPA\r\n", "-ERR\r\n" },
      { "USER li.na\r\n", "+OK\r\n" },
      { "PASS " SECRET "\r\n", "+OK\r\n" } },
    FALSE,
    "TLS\nREADY\n" },
  { "STLS not offered",
    PB_SECURITY_STARTTLS,
    TRUE,
    "",
    { { "", "+OK\r\n" }, { "CAPA\r\n", "+OK\r\nUSER\r\n.\r\n" } },
    FALSE,
    "FAILED INSECURE \n" },
  { "STLS refused",
    PB_SECURITY_STARTTLS,
    TRUE,
    "",
    { { "", "+OK\r\n" }, { "CAPA\r\n", "+OK\r\nSTLS\r\n.\r\n" }, { "STLS\r\n", "-ERR no\r\n" } },
    FALSE,
    "FAILED INSECURE no\n" },
  { "bytes behind the reply to STLS",
    PB_SECURITY_STARTTLS,
    FALSE,
    "",
    { { "", "+OK\r\n" }, { "CAPA\r\n", "+OK\r\nSTLS\r\n.\r\n" }, { "STLS\r\n", "+OK\r\n+OK\r\n" } },
    FALSE,
    "FAILED PROTOCOL \n" },
  { "no encryption and not allowed",
    PB_SECURITY_NONE,
    FALSE,
    "",
    { { "", "+OK\r\n" }, { "CAPA\r\n", "+OK\r\nUSER\r\n.\r\n" } },
    FALSE,
    "FAILED INSECURE \n" },
  { "no encryption but allowed",
    PB_SECURITY_NONE,
    TRUE,
    "NOOP",
    { SIGN_IN, { "NOOP\r\n", "+OK\r\n" } },
    FALSE,
    "READY\nDONE NOOP\n" },
  { "greeting refused",
    PB_SECURITY_TLS,
    FALSE,
    "",
    { { "", "-ERR too many connections\r\n" } },
    TRUE,
    "FAILED BUSY too many connections\n" },
  { "not a POP3 server",
    PB_SECURITY_TLS,
    FALSE,
    "",
    { { "", "* OK IMAP4rev1\r\n" } },
    FALSE,
    "FAILED PROTOCOL * OK IMAP4rev1\n" },
  { "hangs up at once", PB_SECURITY_TLS, FALSE, "", { { "", "" } }, TRUE, "FAILED CONNECT \n" },
  { "hangs up in the greeting",
    PB_SECURITY_TLS,
    FALSE,
    "",
    { { "", "+OK rea" } },
    TRUE,
    "FAILED CONNECT \n" },
  { "USER refused",
    PB_SECURITY_TLS,
    FALSE,
    "",
    { { "", "+OK\r\n" }, { "CAPA\r\n", "-ERR\r\n" }, { "USER li.na\r\n", "-ERR [AUTH] who?\r\n" } },
    FALSE,
    "FAILED SIGN_IN [AUTH] who?\n" },
  { "PASS refused",
    PB_SECURITY_TLS,
    FALSE,
    "",
    { { "", "+OK\r\n" },
      { "CAPA\r\n", "-ERR\r\n" },
      { "USER li.na\r\n", "+OK\r\n" },
      { "PASS " SECRET "\r\n", "-ERR no\r\n" } },
    TRUE,
    "FAILED SIGN_IN no\n" },
  { "PASS refused for now",
    PB_SECURITY_TLS,
    FALSE,
    "",
    { { "", "+OK\r\n" },
      { "CAPA\r\n", "+OK\r\nLOGIN-DELAY 900\r\n.\r\n" },
      { "USER li.na\r\n", "+OK\r\n" },
      { "PASS " SECRET "\r\n", "-ERR [LOGIN-DELAY] wait\r\n" } },
    TRUE,
    "FAILED BUSY [LOGIN-DELAY] wait; retry after 900\n" },
  { "PASS refused with the password in the reply",
    PB_SECURITY_TLS,
    FALSE,
    "",
    { { "", "+OK\r\n" },
      { "CAPA\r\n", "-ERR\r\n" },
      { "USER li.na\r\n", "+OK\r\n" },
      { "PASS " SECRET "\r\n", "-ERR bad password '" SECRET "'\r\n" } },
    TRUE,
    "FAILED SIGN_IN ****\n" },
  { "neither +OK nor -ERR",
    PB_SECURITY_TLS,
    FALSE,
    "RETR:1:0 RETR:2:0",
    { SIGN_IN, { "RETR 1\r\nRETR 2\r\n", "+OK\r\na\r\n.\r\nb\r\n.\r\n" } },
    FALSE,
    "READY\nBODY 1 a|\nDONE RETR 1\nFAILED PROTOCOL b\n" },
  { "a reply too many",
    PB_SECURITY_TLS,
    FALSE,
    "NOOP",
    { SIGN_IN, { "NOOP\r\n", "+OK\r\n+OK more\r\n" } },
    FALSE,
    "READY\nDONE NOOP\nFAILED PROTOCOL +OK more\n" },
  { "good-bye of an idle server",
    PB_SECURITY_TLS,
    FALSE,
    "NOOP",
    { SIGN_IN, { "NOOP\r\n", "+OK\r\n-ERR idle for too long\r\n" } },
    TRUE,
    "READY\nDONE NOOP\nFAILED CONNECT idle for too long\n" },
  { "hangs up in a body",
    PB_SECURITY_TLS,
    FALSE,
    "RETR:1:0",
    { SIGN_IN, { "RETR 1\r\n", "+OK\r\nabc\r\nde" } },
    TRUE,
    "READY\nBODY 1 abc|de\nFAILED CONNECT \n" },
  { "hangs up instead of confirming QUIT",
    PB_SECURITY_TLS,
    FALSE,
    "QUIT",
    { SIGN_IN, { "QUIT\r\n", "" } },
    TRUE,
    "READY\nFAILED CONNECT \n" },
  { "STAT without numbers",
    PB_SECURITY_TLS,
    FALSE,
    "STAT",
    { SIGN_IN, { "STAT\r\n", "+OK mail\r\n" } },
    FALSE,
    "READY\nFAILED PROTOCOL mail\n" },
  { "message number too large",
    PB_SECURITY_TLS,
    FALSE,
    "LIST",
    { SIGN_IN, { "LIST\r\n", "+OK\r\n99999999999 1\r\n.\r\n" } },
    FALSE,
    "READY\nFAILED PROTOCOL 99999999999 1\n" },
};

/* How a dialogue is replayed. */
typedef struct {
  const Dialogue *dialogue;
  PbPop3Machine *machine;
  GString *events;
  GString *sent; /* since the last look */
  GString *traced;
  guint body_of; /* message of the BODY line that is being written, 0 for none */
  gboolean over;
} Replay;

static void
trace_cb (PbPop3TraceKind kind, const char *text, gpointer data) {
  Replay *replay = data;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strpbrk (text, "\r\n"));
  g_string_append_printf (replay->traced, "%c %s\n", kind == PB_POP3_TRACE_SENT ? '>' : '<', text);
}

static void
replay_init (Replay *replay, const Dialogue *dialogue) {
  g_autoptr (PbSecret) secret = pb_secret_new (SECRET);
  PbPop3MachineConfig config = { dialogue->security, "li.na", secret, dialogue->allow_clear };

  memset (replay, 0, sizeof *replay);
  replay->dialogue = dialogue;
  replay->machine = pb_pop3_machine_new (&config);
  replay->events = g_string_new (NULL);
  replay->sent = g_string_new (NULL);
  replay->traced = g_string_new (NULL);
  pb_pop3_machine_set_trace (replay->machine, trace_cb, replay);
}

static void
replay_clear (Replay *replay) {
  pb_pop3_machine_free (replay->machine);
  g_string_free (replay->events, TRUE);
  g_string_free (replay->sent, TRUE);
  g_string_free (replay->traced, TRUE);
}

static PbPop3Verb
verb_named (const char *name) {
  for (PbPop3Verb verb = PB_POP3_STAT; verb <= PB_POP3_QUIT; verb++) {
    if (strcmp (name, pb_pop3_verb_get_info (verb)->name) == 0)
      return verb;
  }
  g_assert_not_reached ();
}

static void
enqueue (Replay *replay) {
  g_auto (GStrv) commands = g_strsplit (replay->dialogue->commands, " ", -1);

  for (guint i = 0; commands[i] && *commands[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (commands[i], ":", -1);
    PbPop3Verb verb = verb_named (parts[0]);
    guint number = parts[1] ? (guint) atoi (parts[1]) : 0;

    if (verb == PB_POP3_RETR)
      pb_pop3_machine_enqueue_retrieve (replay->machine, number, -1, (guint64) atoi (parts[2]), i);
    else if (verb == PB_POP3_TOP)
      pb_pop3_machine_enqueue_retrieve (replay->machine, number, atoi (parts[2]), 0, i);
    else
      pb_pop3_machine_enqueue (replay->machine, verb, number, i);
  }
}

/* The tag is the position in the list of commands, so an event can be held against it. */
static void
check_tag (Replay *replay, const PbPop3Event *event) {
  g_auto (GStrv) commands = g_strsplit (replay->dialogue->commands, " ", -1);

  g_assert_cmpuint (event->tag, <, g_strv_length (commands));
  g_assert_true (
    g_str_has_prefix (commands[event->tag], pb_pop3_verb_get_info (event->verb)->name));
}

static const char *
error_name (const GError *error) {
  g_assert_cmpuint (error->domain, ==, PB_ERROR);
  switch (error->code) {
  case PB_ERROR_SIGN_IN:
    return "SIGN_IN";
  case PB_ERROR_CONNECT:
    return "CONNECT";
  case PB_ERROR_INSECURE:
    return "INSECURE";
  case PB_ERROR_BUSY:
    return "BUSY";
  case PB_ERROR_PROTOCOL:
    return "PROTOCOL";
  default:
    g_assert_not_reached ();
  }
}

static void
write_body (Replay *replay, const PbPop3Event *event) {
  if (replay->body_of != event->number)
    g_string_append_printf (replay->events, "BODY %u ", event->number);
  replay->body_of = event->number;
  for (gsize i = 0; i < event->length; i++)
    g_string_append_c (replay->events, event->data[i] == '\n' ? '|' : (char) event->data[i]);
}

static void
write_done (Replay *replay, const PbPop3Event *event) {
  g_string_append_printf (replay->events, "%s %s", event->error ? "REFUSED" : "DONE",
                          pb_pop3_verb_get_info (event->verb)->name);
  if (event->number)
    g_string_append_printf (replay->events, " %u", event->number);
  if (event->error) {
    g_assert_error (event->error, PB_ERROR, PB_ERROR_REFUSED);
    g_string_append_printf (replay->events, " %s", pb_error_get_server_text (event->error));
  }
  g_string_append_c (replay->events, '\n');
}

static void
write_failed (Replay *replay, const GError *error) {
  const char *text = pb_error_get_server_text (error);

  g_assert_null (strstr (error->message, SECRET));
  g_string_append_printf (replay->events, "FAILED %s %s", error_name (error), text ? text : "");
  if (pb_error_get_retry_after (error))
    g_string_append_printf (replay->events, "; retry after %u", pb_error_get_retry_after (error));
  g_string_append_c (replay->events, '\n');
}

static void
write_event (Replay *replay, const PbPop3Event *event) {
  if (event->type != PB_POP3_EVENT_BODY && replay->body_of) {
    replay->body_of = 0;
    g_string_append_c (replay->events, '\n');
  }
  if (event->type >= PB_POP3_EVENT_STAT && event->type <= PB_POP3_EVENT_DONE)
    check_tag (replay, event);
  switch (event->type) {
  case PB_POP3_EVENT_READY:
    g_string_append (replay->events, "READY\n");
    enqueue (replay);
    break;
  case PB_POP3_EVENT_STAT:
    g_string_append_printf (replay->events, "STAT %u %" G_GUINT64_FORMAT "\n", event->count,
                            event->octets);
    break;
  case PB_POP3_EVENT_LIST_ROW:
    g_string_append_printf (replay->events, "ROW %u", event->number);
    if (event->has_octets)
      g_string_append_printf (replay->events, " %" G_GUINT64_FORMAT, event->octets);
    g_string_append_c (replay->events, '\n');
    break;
  case PB_POP3_EVENT_UIDL_ROW:
    g_string_append_printf (replay->events, "UID %u ", event->number);
    g_string_append_len (replay->events, (const char *) event->data, (gssize) event->length);
    g_string_append_c (replay->events, '\n');
    break;
  case PB_POP3_EVENT_BODY:
    write_body (replay, event);
    break;
  case PB_POP3_EVENT_DONE:
    write_done (replay, event);
    break;
  default:
    g_assert_not_reached ();
  }
}

static void
end_replay (Replay *replay) {
  if (replay->body_of)
    g_string_append_c (replay->events, '\n');
  replay->body_of = 0;
  replay->over = TRUE;
}

static void
take_events (Replay *replay) {
  PbPop3Event event;

  while (!replay->over) {
    switch (pb_pop3_machine_next (replay->machine, &event)) {
    case PB_POP3_EVENT_NEED_IO:
      return;
    case PB_POP3_EVENT_START_TLS:
      g_string_append (replay->events, "TLS\n");
      pb_pop3_machine_tls_started (replay->machine);
      break;
    case PB_POP3_EVENT_CLOSED:
      end_replay (replay);
      g_string_append (replay->events, "CLOSED\n");
      break;
    case PB_POP3_EVENT_FAILED:
      end_replay (replay);
      write_failed (replay, event.error);
      break;
    default:
      write_event (replay, &event);
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
    guint8 *space = pb_pop3_machine_get_space (replay->machine, &size);
    g_assert_cmpuint (length, <=, size);
    memcpy (space, bytes, length);
    pb_pop3_machine_received (replay->machine, length);
  }
  take_events (replay);
  take_output (replay);
}

/* Replays with the bytes of each exchange in pieces of @piece (0: whole), those of exchange @at
 * cut once at @split. */
static void
replay_dialogue (const Dialogue *dialogue, gsize piece, guint at, gsize split) {
  Replay replay;

  replay_init (&replay, dialogue);
  feed (&replay, "", 0);
  for (guint i = 0; i < EXCHANGES_MAX && dialogue->exchanges[i].sent && !replay.over; i++) {
    const Exchange *exchange = &dialogue->exchanges[i];
    gsize length = strlen (exchange->received);

    g_assert_cmpstr (replay.sent->str, ==, exchange->sent);
    g_string_truncate (replay.sent, 0);
    if (i == at) {
      feed (&replay, exchange->received, split);
      feed (&replay, exchange->received + split, length - split);
    } else {
      for (gsize start = 0; start < length; start += piece ? piece : length)
        feed (&replay, exchange->received + start, piece ? MIN (piece, length - start) : length);
    }
  }
  if (dialogue->hangs_up && !replay.over) {
    pb_pop3_machine_closed (replay.machine);
    take_events (&replay);
  }
  g_assert_cmpstr (replay.events->str, ==, dialogue->events);
  g_assert_cmpuint (replay.sent->len, ==, 0);
  g_assert_null (strstr (replay.traced->str, SECRET));
  replay_clear (&replay);
}

/* What stands behind the reply to STLS can only be seen when it comes with it; later it is the
 * handshake's. */
static gboolean
depends_on_split (const Dialogue *dialogue) {
  return strcmp (dialogue->name, "bytes behind the reply to STLS") == 0;
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

/* Further dialogues that are not recorded but made */

static const Dialogue pipelining = { "", PB_SECURITY_TLS, FALSE, "", { SIGN_IN }, FALSE, NULL };

/* A replay that is signed in, with PIPELINING. */
static void
sign_in (Replay *replay, const Dialogue *dialogue) {
  replay_init (replay, dialogue);
  feed (replay, "", 0);
  for (guint i = 0; dialogue->exchanges[i].sent; i++)
    feed (replay, dialogue->exchanges[i].received, strlen (dialogue->exchanges[i].received));
  g_assert_cmpstr (replay->events->str, ==, "READY\n");
  g_string_truncate (replay->sent, 0);
  g_string_truncate (replay->events, 0);
}

static guint
count_lines (const GString *text) {
  guint lines = 0;

  for (gsize i = 0; i < text->len; i++)
    lines += text->str[i] == '\n';
  return lines;
}

static void
test_window_by_count (void) {
  Replay replay;

  sign_in (&replay, &pipelining);
  replay.dialogue = &(Dialogue){ .commands = "RETR" };
  for (guint i = 1; i <= 10000; i++)
    pb_pop3_machine_enqueue_retrieve (replay.machine, i, -1, 100, 0);
  take_output (&replay);
  g_assert_cmpuint (count_lines (replay.sent), ==, 2000);

  feed (&replay, "+OK\r\n.\r\n+OK\r\n.\r\n+OK\r\n.\r\n+OK\r\n", 29);
  g_assert_cmpuint (count_lines (replay.sent), ==, 2003);
  g_assert_true (g_str_has_suffix (replay.sent->str, "RETR 2003\r\n"));
  replay_clear (&replay);
}

static void
test_window_by_octets (void) {
  Replay replay;

  sign_in (&replay, &pipelining);
  replay.dialogue = &(Dialogue){ .commands = "RETR" };
  pb_pop3_machine_enqueue_retrieve (replay.machine, 1, -1, 20 << 20, 0);
  pb_pop3_machine_enqueue_retrieve (replay.machine, 2, -1, 20 << 20, 0);
  /* More than the window alone, and more than there can be. */
  pb_pop3_machine_enqueue_retrieve (replay.machine, 3, -1, G_MAXUINT64, 0);
  take_output (&replay);
  g_assert_cmpstr (replay.sent->str, ==, "RETR 1\r\n");
  for (guint i = 0; i < 2; i++) {
    feed (&replay, "+OK\r\n.\r\n", 8);
    feed (&replay, "+OK\r\n", 5);
  }
  /* They are far shorter than announced, which leads to a question. */
  g_assert_cmpstr (replay.sent->str, ==, "RETR 1\r\nNOOP\r\nRETR 2\r\nNOOP\r\nRETR 3\r\n");
  replay_clear (&replay);
}

static void
test_window_for_heads (void) {
  Replay replay;

  sign_in (&replay, &pipelining);
  replay.dialogue = &(Dialogue){ .commands = "TOP" };
  for (guint i = 1; i <= 100; i++)
    pb_pop3_machine_enqueue_retrieve (replay.machine, i, 0, 20 << 20, 0);
  take_output (&replay);
  g_assert_cmpuint (count_lines (replay.sent), ==, 100);
  replay_clear (&replay);
}

/* A deletion is sent before retrievals that wait, though they were asked for first. */
static void
test_express (void) {
  Replay replay;

  sign_in (&replay, &pipelining);
  replay.dialogue = &(Dialogue){ .commands = "RETR" };
  for (guint i = 1; i <= 2001; i++)
    pb_pop3_machine_enqueue_retrieve (replay.machine, i, -1, 100, 0);
  take_output (&replay);
  pb_pop3_machine_enqueue (replay.machine, PB_POP3_DELE, 77, 0);
  g_string_truncate (replay.sent, 0);
  feed (&replay, "+OK\r\n.\r\n+OK\r\n.\r\n+OK\r\n", 21);
  g_assert_cmpstr (replay.sent->str, ==, "DELE 77\r\nRETR 2001\r\n");
  replay_clear (&replay);
}

/* A reply cannot be that of a command whose bytes have not left yet. */
static void
test_reply_before_command (void) {
  Replay replay;
  gsize length;

  sign_in (&replay, &pipelining);
  replay.dialogue = &(Dialogue){ .commands = "NOOP" };
  pb_pop3_machine_enqueue (replay.machine, PB_POP3_NOOP, 0, 0);
  g_assert_nonnull (pb_pop3_machine_peek_output (replay.machine, &length));
  pb_pop3_machine_sent (replay.machine, length - 1);
  feed (&replay, "+OK early\r\n", 11);
  g_assert_cmpstr (replay.events->str, ==, "FAILED PROTOCOL +OK early\n");
  replay_clear (&replay);
}

static void
test_bytes_before_handshake (void) {
  static const Dialogue stls = {
    "", PB_SECURITY_STARTTLS, FALSE, "", { { "", NULL } }, FALSE, NULL
  };
  static const char *const replies[] = { "+OK\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK\r\n" };
  Replay replay;
  PbPop3Event event;
  gsize size;

  replay_init (&replay, &stls);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++) {
    memcpy (pb_pop3_machine_get_space (replay.machine, &size), replies[i], strlen (replies[i]));
    pb_pop3_machine_received (replay.machine, strlen (replies[i]));
    if (i < 2)
      take_events (&replay);
    take_output (&replay);
  }
  g_assert_cmpint (pb_pop3_machine_next (replay.machine, &event), ==, PB_POP3_EVENT_START_TLS);
  memcpy (pb_pop3_machine_get_space (replay.machine, &size), "+", 1);
  pb_pop3_machine_received (replay.machine, 1);
  pb_pop3_machine_tls_started (replay.machine);
  take_events (&replay);
  g_assert_cmpstr (replay.events->str, ==, "FAILED PROTOCOL \n");
  g_assert_null (pb_pop3_machine_peek_output (replay.machine, &size));
  replay_clear (&replay);
}

static void
feed_long (Replay *replay, const char *unit, guint64 times) {
  g_autoptr (GString) block = g_string_new (NULL);

  while (block->len < 32768 && times > 0) {
    g_string_append (block, unit);
    times--;
  }
  guint64 units = block->len / strlen (unit);
  feed (replay, block->str, block->len);
  for (; units > 0 && times >= units && !replay->over; times -= units)
    feed (replay, block->str, block->len);
  for (; times > 0 && !replay->over; times--)
    feed (replay, unit, strlen (unit));
}

static void
check_flood (const char *command, const char *start, const char *unit, guint64 times) {
  Dialogue dialogue = { "", PB_SECURITY_TLS, FALSE, command, { SIGN_IN }, FALSE, NULL };
  Replay replay;

  sign_in (&replay, &dialogue);
  feed (&replay, start, strlen (start));
  feed_long (&replay, unit, times);
  g_assert_true (replay.over);
  g_assert_nonnull (strstr (replay.events->str, "FAILED PROTOCOL"));
  replay_clear (&replay);
}

static void
test_floods (void) {
  check_flood ("NOOP", "+OK ", "aaaaaaaa", 65 * 1024 / 8);
  check_flood ("LIST", "+OK\r\n", "bbbbbbbb", 65 * 1024 / 8);
  check_flood ("LIST", "+OK\r\n", "\r\n", 1000001);
}

/* CAPA without end. */
static void
test_endless_capabilities (void) {
  Replay replay;

  replay_init (&replay, &pipelining);
  feed (&replay, "+OK\r\n", 5);
  feed (&replay, "+OK\r\n", 5);
  feed_long (&replay, "X\r\n", 257);
  g_assert_cmpstr (replay.events->str, ==, "FAILED PROTOCOL \n");
  replay_clear (&replay);
}

/* A body without a line end passes through in pieces. */
static void
test_endless_line (void) {
  Dialogue dialogue = { "", PB_SECURITY_TLS, FALSE, "RETR:1:0", { SIGN_IN }, FALSE, NULL };
  Replay replay;

  sign_in (&replay, &dialogue);
  feed (&replay, "+OK\r\n", 5);
  for (guint i = 0; i < 1000; i++) {
    feed_long (&replay, "aaaaaaaaaaaaaaaa", 2048);
    g_assert_cmpuint (replay.events->len, >=, 2048 * 16);
    g_string_truncate (replay.events, 0);
  }
  feed (&replay, "\r\n.\r\n", 5);
  g_assert_cmpstr (replay.events->str, ==, "|\nDONE RETR 1\n");
  replay_clear (&replay);
}

static void
test_unsendable_user (void) {
  g_autoptr (PbSecret) secret = pb_secret_new (SECRET);
  PbPop3MachineConfig config = { PB_SECURITY_TLS, "li.na\r\nDELE 1", secret, FALSE };
  g_autoptr (PbPop3Machine) machine = pb_pop3_machine_new (&config);
  PbPop3Event event;
  gsize size;

  memcpy (pb_pop3_machine_get_space (machine, &size), "+OK\r\n", 5);
  pb_pop3_machine_received (machine, 5);
  g_assert_cmpint (pb_pop3_machine_next (machine, &event), ==, PB_POP3_EVENT_NEED_IO);
  g_assert_nonnull (pb_pop3_machine_peek_output (machine, &size));
  pb_pop3_machine_sent (machine, size);
  memcpy (pb_pop3_machine_get_space (machine, &size), "-ERR\r\n", 6);
  pb_pop3_machine_received (machine, 6);
  g_assert_cmpint (pb_pop3_machine_next (machine, &event), ==, PB_POP3_EVENT_FAILED);
  g_assert_error (event.error, PB_ERROR, PB_ERROR_INVALID);
  g_assert_null (pb_pop3_machine_peek_output (machine, &size));
}

static void
test_trace (void) {
  Dialogue dialogue = { "", PB_SECURITY_TLS, FALSE, "LIST RETR:1:0", { SIGN_IN_OLD }, FALSE, NULL };
  Replay replay;

  sign_in (&replay, &dialogue);
  feed (&replay, "+OK rows\r\n1 5\r\n.\r\n", 18);
  feed (&replay, "+OK body\x07\r\nab\r\n.\r\n", 18);
  g_assert_cmpstr (replay.traced->str, ==,
                   "< +OK ready\n> CAPA\n< -ERR what?\n> USER li.na\n< +OK\n> PASS ****\n< +OK\n"
                   "> LIST\n< +OK rows\n< (1 lines)\n> RETR 1\n< +OK body \n< (3 bytes)\n");
  replay_clear (&replay);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (dialogues); i++) {
    g_autofree char *path =
      g_strconcat ("/protocol/pop3-machine/dialogue/", dialogues[i].name, NULL);
    g_test_add_data_func (path, &dialogues[i], check_dialogue);
  }
  g_test_add_func ("/protocol/pop3-machine/window/count", test_window_by_count);
  g_test_add_func ("/protocol/pop3-machine/window/octets", test_window_by_octets);
  g_test_add_func ("/protocol/pop3-machine/window/heads", test_window_for_heads);
  g_test_add_func ("/protocol/pop3-machine/express", test_express);
  g_test_add_func ("/protocol/pop3-machine/reply-before-command", test_reply_before_command);
  g_test_add_func ("/protocol/pop3-machine/bytes-before-handshake", test_bytes_before_handshake);
  g_test_add_func ("/protocol/pop3-machine/floods", test_floods);
  g_test_add_func ("/protocol/pop3-machine/endless-capabilities", test_endless_capabilities);
  g_test_add_func ("/protocol/pop3-machine/endless-line", test_endless_line);
  g_test_add_func ("/protocol/pop3-machine/unsendable-user", test_unsendable_user);
  g_test_add_func ("/protocol/pop3-machine/trace", test_trace);
  return g_test_run ();
}
