/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fuzz target: signing in, with a server that says the input. The first byte chooses the way to
 * sign in, the second the line (encrypted or not, allowed or not) and the kind of secret; then come
 * the server's lines. The same input goes as challenges to the SASL exchange alone. Holds what is
 * promised: no secret on a line where it may not be, none in what is shown, and no server that is
 * believed without having proven that it knows the password. */

#include <string.h>

#include "pb-error.h"
#include "pb-pop3-machine.h"
#include "pb-pop3-mask.h"
#include "pb-sasl.h"

#define SECRET "s3cr3t-w0rd"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

typedef struct {
  PbPop3Machine *machine;
  PbSecret *secret;
  PbAuth auth;
  gboolean may_at_once; /* before any STLS */
  gboolean may_show_secret;
  gboolean over;
} Session;

static gboolean
is_scram (PbAuth auth) {
  return auth == PB_AUTH_SCRAM_SHA_1 || auth == PB_AUTH_SCRAM_SHA_256;
}

static void
check_hidden (Session *session, const void *bytes, gsize length) {
  PbPop3Span span = { bytes, length };

  g_assert (!pb_pop3_mask_is_needed (session->secret, &span));
}

static void
trace_cb (PbPop3TraceKind kind, const char *text, gpointer data) {
  g_assert (g_utf8_validate (text, -1, NULL));
  g_assert (!strpbrk (text, "\r\n"));
  if (kind == PB_POP3_TRACE_SENT)
    check_hidden (data, text, strlen (text));
}

static void
look_at_end (Session *session, const PbPop3Event *event) {
  PbPop3MachineFacts facts;

  session->over = TRUE;
  if (event->type == PB_POP3_EVENT_FAILED) {
    g_assert (event->error && event->error->domain == PB_ERROR);
    return;
  }
  g_assert (event->type == PB_POP3_EVENT_READY);
  pb_pop3_machine_get_facts (session->machine, &facts);
  g_assert (facts.mechanism != PB_AUTH_AUTO && !is_scram (facts.mechanism));
  g_assert (session->auth == PB_AUTH_AUTO || facts.mechanism == session->auth);
  g_assert (session->may_show_secret || !pb_auth_reveals_secret (facts.mechanism));
}

static void
take_events (Session *session) {
  PbPop3Event event;
  PbPop3EventType type;

  while (!session->over &&
         (type = pb_pop3_machine_next (session->machine, &event)) != PB_POP3_EVENT_NEED_IO) {
    if (type == PB_POP3_EVENT_START_TLS) {
      session->may_show_secret = TRUE;
      pb_pop3_machine_tls_started (session->machine);
    } else {
      look_at_end (session, &event);
    }
  }
}

static void
take_output (Session *session) {
  gsize length;
  const guint8 *bytes;

  while ((bytes = pb_pop3_machine_peek_output (session->machine, &length))) {
    if (!session->may_show_secret)
      check_hidden (session, bytes, length);
    pb_pop3_machine_sent (session->machine, length);
  }
}

static gsize
line_length (const guint8 *data, gsize size) {
  const guint8 *lf = memchr (data, '\n', size);

  return lf ? (gsize) (lf - data) + 1 : size;
}

static void
feed (Session *session, const guint8 *data, gsize size) {
  while (size > 0 && !session->over) {
    gsize space_size;
    guint8 *space = pb_pop3_machine_get_space (session->machine, &space_size);
    gsize part = MIN (line_length (data, size), space_size);

    memcpy (space, data, part);
    pb_pop3_machine_received (session->machine, part);
    data += part;
    size -= part;
    take_events (session);
    take_output (session);
    /* As if the server had fallen silent there. */
    if (part == 1 && pb_pop3_machine_step_down (session->machine, NULL))
      session->may_show_secret = session->may_at_once;
  }
}

static void
run_machine (Session *session, guint8 how, const guint8 *data, gsize size) {
  const PbPop3MachineConfig config = {
    .security = how % 3,
    .user = "li.na",
    .secret = pb_auth_needs_secret (session->auth) ? session->secret : NULL,
    .allow_clear_secret = how / 3 % 2,
    .auth = session->auth,
    .secret_is_token = how / 6 % 2,
    .host = "pop.example.org",
    .port = 995,
    .allow_utf8 = TRUE,
    .language = "de",
  };

  session->may_at_once = config.security == PB_SECURITY_TLS ||
                         (config.security == PB_SECURITY_NONE && config.allow_clear_secret);
  session->may_show_secret = session->may_at_once;
  session->machine = pb_pop3_machine_new (&config);
  pb_pop3_machine_set_trace (session->machine, trace_cb, session);
  feed (session, data, size);
  if (!session->over) {
    pb_pop3_machine_closed (session->machine);
    take_events (session);
    g_assert (session->over);
  }
  pb_pop3_machine_free (session->machine);
}

/* Each line of the input is a challenge. */
static void
run_exchange (Session *session, gboolean encrypted, const guint8 *data, gsize size) {
  const PbSaslConfig config = { .mechanism = session->auth,
                                .user = "li.na",
                                .secret = session->secret,
                                .host = "pop.example.org",
                                .encrypted = encrypted };
  g_autoptr (PbSasl) sasl = pb_sasl_new (&config, NULL);
  char *response = sasl && pb_sasl_speaks_first (sasl) ? pb_sasl_step (sasl, NULL, 0, NULL) : NULL;

  g_assert (sasl);
  while (size > 0) {
    gsize length = line_length (data, size);
    gsize skip = length >= 2 && memcmp (data, "+ ", 2) == 0 ? 2 : 0;
    gsize end = length;
    g_autoptr (GError) error = NULL;
    while (end > skip && (data[end - 1] == '\n' || data[end - 1] == '\r'))
      end--;
    g_clear_pointer (&response, pb_sasl_response_free);
    response = pb_sasl_step (sasl, data + skip, end - skip, &error);
    g_assert ((response == NULL) == (error != NULL));
    if (!response)
      break;
    g_assert (strlen (response) <= PB_SASL_RESPONSE_MAX && !strpbrk (response, "\r\n"));
    data += length;
    size -= length;
  }
  g_assert (!is_scram (session->auth) || !pb_sasl_is_done (sasl));
  g_clear_pointer (&response, pb_sasl_response_free);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size) {
  g_autoptr (PbSecret) secret = pb_secret_new (SECRET);
  Session session = { .secret = secret };

  if (size < 2)
    return 0;
  session.auth = data[0] % (PB_AUTH_EXTERNAL + 1);
  /* It would ask the system's Kerberos. */
  if (session.auth == PB_AUTH_GSSAPI)
    session.auth = PB_AUTH_AUTO;
  run_machine (&session, data[1], data + 2, size - 2);
  if (pb_sasl_get_name (session.auth))
    run_exchange (&session, data[1] & 1, data + 2, size - 2);
  return 0;
}
