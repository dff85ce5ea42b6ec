/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fuzz target: the whole dialogue of a POP3 session with a server that says the input. The first
 * byte chooses the security and whether the session leaves early, the second how the rest is cut:
 * '0' line by line, otherwise in pieces. Holds what the machine promises: no secret in the clear or
 * in the trace, as many ends as commands, nothing after the end. */

#include <string.h>

#include "pb-error.h"
#include "pb-pop3-machine.h"

#define SECRET "s3cr3t-w0rd"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

typedef struct {
  PbPop3Machine *machine;
  gboolean may_send_secret;
  guint asked;
  guint ended;
  guint64 sum;     /* makes sure that what events point to is read */
  gboolean leaves; /* with the first piece of a message */
  gboolean over;
} Session;

static void
trace_cb (PbPop3TraceKind kind, const char *text, gpointer data) {
  g_assert (g_utf8_validate (text, -1, NULL));
  g_assert (!strpbrk (text, "\r\n"));
  if (kind == PB_POP3_TRACE_SENT)
    g_assert (!strstr (text, SECRET));
}

static void
ask (Session *session) {
  static const PbPop3Verb verbs[] = { PB_POP3_STAT, PB_POP3_LIST, PB_POP3_UIDL, PB_POP3_NOOP,
                                      PB_POP3_RSET };

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    pb_pop3_machine_enqueue (session->machine, verbs[i], 0, session->asked++);
  for (guint i = 1; i <= 4; i++)
    pb_pop3_machine_enqueue_retrieve (session->machine, i, i % 2 ? -1 : 3, i * 1000,
                                      session->asked++);
  pb_pop3_machine_enqueue (session->machine, PB_POP3_DELE, 1, session->asked++);
  pb_pop3_machine_enqueue (session->machine, PB_POP3_QUIT, 0, session->asked++);
}

static void
look_at (Session *session, const PbPop3Event *event) {
  for (gsize i = 0; i < event->length; i++)
    session->sum += event->data[i];
  switch (event->type) {
  case PB_POP3_EVENT_START_TLS:
    session->may_send_secret = TRUE;
    pb_pop3_machine_tls_started (session->machine);
    break;
  case PB_POP3_EVENT_READY:
    g_assert (session->asked == 0);
    ask (session);
    break;
  case PB_POP3_EVENT_LIST_ROW:
  case PB_POP3_EVENT_UIDL_ROW:
    g_assert (event->number >= 1 && event->number <= G_MAXINT);
    break;
  case PB_POP3_EVENT_BODY:
    g_assert (event->length > 0);
    g_assert (event->verb == PB_POP3_RETR || event->verb == PB_POP3_TOP);
    /* What is not sent is dropped: fewer will end than were asked for, but for one more QUIT. */
    if (session->leaves)
      session->asked += pb_pop3_machine_leave (session->machine);
    session->leaves = FALSE;
    break;
  case PB_POP3_EVENT_DONE:
    g_assert (event->tag < session->asked);
    g_assert (++session->ended <= session->asked);
    g_assert (!event->error || g_error_matches (event->error, PB_ERROR, PB_ERROR_REFUSED));
    break;
  default:
    break;
  }
}

static void
take_events (Session *session) {
  PbPop3Event event;
  PbPop3EventType type;

  while ((type = pb_pop3_machine_next (session->machine, &event)) != PB_POP3_EVENT_NEED_IO) {
    session->over = type == PB_POP3_EVENT_CLOSED || type == PB_POP3_EVENT_FAILED;
    if (session->over) {
      g_assert ((event.error != NULL) == (type == PB_POP3_EVENT_FAILED));
      g_assert (pb_pop3_machine_next (session->machine, &event) == type);
      return;
    }
    look_at (session, &event);
  }
}

static void
take_output (Session *session) {
  gsize length;
  const guint8 *bytes;

  while ((bytes = pb_pop3_machine_peek_output (session->machine, &length))) {
    g_assert (!session->over || length == 0);
    if (!session->may_send_secret)
      g_assert (!memmem (bytes, length, SECRET, strlen (SECRET)));
    pb_pop3_machine_sent (session->machine, length);
  }
}

static gsize
next_piece (guint8 how, const guint8 *data, gsize size) {
  const guint8 *lf = memchr (data, '\n', size);

  if (how != '0')
    return MIN (size, how % 64 + 1u);
  return lf ? (gsize) (lf - data) + 1 : size;
}

static void
feed (Session *session, const guint8 *data, gsize size) {
  while (size > 0 && !session->over) {
    gsize space_size;
    guint8 *space = pb_pop3_machine_get_space (session->machine, &space_size);
    gsize part = MIN (size, space_size);

    g_assert (space_size > 0);
    memcpy (space, data, part);
    pb_pop3_machine_received (session->machine, part);
    data += part;
    size -= part;
    take_events (session);
    take_output (session);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size) {
  g_autoptr (PbSecret) secret = pb_secret_new (SECRET);
  PbPop3MachineConfig config = { .user = "li.na", .secret = secret };
  Session session = { 0 };

  if (size < 2)
    return 0;
  config.security = data[0] % 3;
  config.allow_clear_secret = (data[0] / 3) % 2;
  session.leaves = (data[0] / 6) % 2;
  session.may_send_secret = config.security == PB_SECURITY_TLS ||
                            (config.security == PB_SECURITY_NONE && config.allow_clear_secret);
  session.machine = pb_pop3_machine_new (&config);
  pb_pop3_machine_set_trace (session.machine, trace_cb, NULL);

  for (gsize at = 2; at < size && !session.over;) {
    gsize piece = next_piece (data[1], data + at, size - at);
    feed (&session, data + at, piece);
    at += piece;
  }
  if (!session.over) {
    pb_pop3_machine_closed (session.machine);
    take_events (&session);
    g_assert (session.over);
  }
  pb_pop3_machine_free (session.machine);
  return 0;
}
