/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Saying who we are: USER and PASS, APOP, or AUTH with what SASL has (RFC 5034). What is said is
 * decided once, from what the line and the server are like (pb-pop3-mechanism.c); a server that
 * will not have it, other than that it will not have the password, is tried once more with
 * something else that is as safe. */

#include <string.h>

#include "pb-apop.h"
#include "pb-error.h"
#include "pb-pop3-machine-private.h"
#include "pb-pop3-mask.h"
#include "pb-pop3-mechanism.h"
#include "pb-pop3-refusal.h"

/* Of a command with its line end (RFC 2449, section 4); longer first responses wait for the "+". */
#define COMMAND_MAX 255

static PbPop3Offer
offer_of (PbPop3Machine *self) {
  return (PbPop3Offer){
    .capabilities = (const char *const *) self->capabilities,
    .encrypted = self->encrypted,
    .allow_clear_secret = self->allow_clear_secret,
    .secret_is_token = self->secret_is_token,
  };
}

static void
clear_exchange (PbPop3Machine *self) {
  g_clear_pointer (&self->sasl, pb_sasl_free);
  g_clear_pointer (&self->first_response, pb_sasl_response_free);
  self->first_response_sent = FALSE;
  self->first_response_repeated = FALSE;
  g_clear_error (&self->cancelled);
}

void
_pb_pop3_authenticate_clear (PbPop3Machine *self) {
  clear_exchange (self);
  g_clear_error (&self->stepped_down_for);
  self->stepped_down = FALSE;
  g_clear_pointer (&self->stamp, g_free);
}

gboolean
_pb_pop3_authenticate_prepare (PbPop3Machine *self, const PbPop3Status *greeting) {
  GError *error = NULL;

  if (self->auth != PB_AUTH_APOP)
    return TRUE;
  self->stamp = pb_apop_find_stamp (&greeting->text, &error);
  if (!self->stamp)
    _pb_pop3_machine_fail (self, error);
  return self->stamp != NULL;
}

static void
send_apop (PbPop3Machine *self) {
  g_autofree char *digest = pb_apop_digest (self->stamp, self->secret);
  g_autofree char *argument = g_strconcat (self->user, " ", digest, NULL);

  self->step = PB_POP3_STEP_APOP;
  _pb_pop3_machine_send (self, PB_POP3_APOP, argument);
}

static void try_next (PbPop3Machine *self, GError *reason);

/* "AUTH NAME", with the first response where there is one and the line stays short. An empty one
 * is written "=". */
static void
send_auth_line (PbPop3Machine *self, const char *name) {
  const char *first = self->first_response && !*self->first_response ? "=" : self->first_response;
  gsize length = strlen ("AUTH ") + strlen (name) + strlen ("\r\n");

  if (first && length + 1 + strlen (first) <= COMMAND_MAX) {
    char *argument = g_strconcat (name, " ", first, NULL);
    _pb_pop3_machine_send (self, PB_POP3_AUTH, argument);
    pb_sasl_response_free (argument);
    self->first_response_sent = TRUE;
  } else {
    _pb_pop3_machine_send (self, PB_POP3_AUTH, name);
  }
}

static void
send_auth (PbPop3Machine *self) {
  const PbSaslConfig config = {
    .mechanism = self->mechanism,
    .user = self->user,
    .secret = self->secret,
    .host = self->host,
    .port = self->port,
    .encrypted = self->encrypted,
  };
  GError *error = NULL;

  clear_exchange (self);
  self->sasl = pb_sasl_new (&config, &error);
  if (self->sasl && pb_sasl_speaks_first (self->sasl))
    self->first_response = pb_sasl_step (self->sasl, NULL, 0, &error);
  if (error) {
    try_next (self, error);
    return;
  }
  self->step = PB_POP3_STEP_AUTH;
  send_auth_line (self, pb_sasl_get_name (self->mechanism));
}

static void
send_mechanism (PbPop3Machine *self) {
  switch (self->mechanism) {
  case PB_AUTH_USER_PASS:
    self->step = PB_POP3_STEP_USER;
    _pb_pop3_machine_send (self, PB_POP3_USER, self->user);
    break;
  case PB_AUTH_APOP:
    send_apop (self);
    break;
  default:
    send_auth (self);
  }
}

/* The mechanism did not come to an end for @reason, which is taken; another one may. */
static void
try_next (PbPop3Machine *self, GError *reason) {
  PbPop3Offer offer = offer_of (self);
  PbAuth next = PB_AUTH_AUTO;

  if (self->auth == PB_AUTH_AUTO && !self->stepped_down)
    next = pb_pop3_mechanism_step_down (&offer, self->mechanism);
  if (next == PB_AUTH_AUTO) {
    _pb_pop3_machine_fail (self, reason);
    return;
  }
  self->stepped_down_for = reason;
  self->stepped_down = TRUE;
  self->mechanism = next;
  send_mechanism (self);
}

void
_pb_pop3_authenticate_begin (PbPop3Machine *self) {
  PbPop3Offer offer = offer_of (self);
  PbAuth auth = self->auth;

  if (auth == PB_AUTH_AUTO)
    auth = pb_pop3_mechanism_choose (&offer);
  if (auth == PB_AUTH_AUTO || !pb_pop3_mechanism_is_safe (&offer, auth)) {
    _pb_pop3_machine_fail (
      self, g_error_new (PB_ERROR, PB_ERROR_INSECURE,
                         "the connection is not encrypted, and the password is not sent"));
    return;
  }
  self->mechanism = auth;
  send_mechanism (self);
}

/* Challenges */

/* The server must be told (RFC 5034, section 4); its reply ends it. Takes @error. */
static void
cancel (PbPop3Machine *self, GError *error) {
  self->cancelled = error;
  self->step = PB_POP3_STEP_CANCEL;
  _pb_pop3_machine_send_line (self, "*", "*");
}

static gboolean
wants_first_response (PbPop3Machine *self, const PbPop3Span *challenge) {
  if (!self->first_response)
    return FALSE;
  if (!self->first_response_sent)
    return TRUE;
  /* Old servers do not know of responses within the command, and ask for them. */
  return challenge->length == 0 && !self->first_response_repeated;
}

static void
send_first_response (PbPop3Machine *self) {
  self->first_response_repeated = self->first_response_sent;
  self->first_response_sent = TRUE;
  _pb_pop3_machine_send_line (self, self->first_response, "****");
}

void
_pb_pop3_authenticate_challenged (PbPop3Machine *self, const PbPop3Span *challenge) {
  GError *error = NULL;

  g_clear_error (&self->stepped_down_for);
  if (self->step == PB_POP3_STEP_CANCEL) {
    _pb_pop3_machine_fail (self, g_steal_pointer (&self->cancelled));
    return;
  }
  if (wants_first_response (self, challenge)) {
    send_first_response (self);
    return;
  }
  char *response = pb_sasl_step (self->sasl, challenge->data, challenge->length, &error);
  if (!response) {
    cancel (self, error);
    return;
  }
  g_clear_pointer (&self->first_response, pb_sasl_response_free);
  _pb_pop3_machine_send_line (self, response, "****");
  pb_sasl_response_free (response);
}

/* Replies */

/* What the server said of a token tells more than its -ERR. */
static void
add_failure (PbPop3Machine *self, GError *error) {
  const char *failure = pb_sasl_get_failure (self->sasl);
  PbPop3Span span = { (const guint8 *) failure, failure ? strlen (failure) : 0 };

  if (span.length > 0 && !pb_pop3_mask_is_needed (self->secret, &span))
    pb_error_set_server_text (error, failure);
}

/* The command alone was sent, with nothing that says who we are. */
static gboolean
is_before_response (PbPop3Machine *self) {
  return self->first_response ? !self->first_response_sent : !pb_sasl_has_responded (self->sasl);
}

/* What was refused is the mechanism when the server says so, and when it had nothing yet by which
 * it could have judged user or password. The latter is what servers do with SCRAM that keep
 * passwords in a form that it cannot be computed from; they even say [AUTH]. */
static void
auth_refused (PbPop3Machine *self, const PbPop3Status *status) {
  GError *error = pb_pop3_refusal_new_sign_in (status, "AUTH", self->encrypted, self->login_delay);
  gboolean before = is_before_response (self);
  gboolean proven = !before && pb_sasl_has_proven (self->sasl);
  gboolean of_mechanism =
    pb_pop3_refusal_is_of_mechanism (status) || (before && status->code.length == 0);

  add_failure (self, error);
  if (error->code != PB_ERROR_SIGN_IN || (proven && !of_mechanism)) {
    _pb_pop3_machine_fail (self, error);
    return;
  }
  if (of_mechanism)
    error->code = PB_ERROR_UNSUPPORTED;
  try_next (self, error);
}

static void
auth_accepted (PbPop3Machine *self) {
  if (!pb_sasl_is_done (self->sasl) || is_before_response (self)) {
    _pb_pop3_machine_fail_protocol (self, "the server ended the authentication too early", NULL);
    return;
  }
  clear_exchange (self);
  _pb_pop3_sign_in_authenticated (self);
}

/* The server knows that it is over. What went wrong was its fault, unless the mechanism alone is
 * to blame. */
static void
cancel_answered (PbPop3Machine *self) {
  GError *error = g_steal_pointer (&self->cancelled);

  if (error->code == PB_ERROR_UNSUPPORTED)
    try_next (self, error);
  else
    _pb_pop3_machine_fail (self, error);
}

static void
refused_plainly (PbPop3Machine *self, PbPop3Verb verb, const PbPop3Status *status) {
  GError *error = pb_pop3_refusal_new_sign_in (status, pb_pop3_verb_get_info (verb)->name,
                                               self->encrypted, self->login_delay);

  if (verb == PB_POP3_APOP && error->code == PB_ERROR_SIGN_IN &&
      pb_pop3_refusal_is_of_mechanism (status))
    error->code = PB_ERROR_UNSUPPORTED;
  _pb_pop3_machine_fail (self, error);
}

static void
answered_plainly (PbPop3Machine *self, PbPop3Verb verb, const PbPop3Status *status) {
  if (!status->ok) {
    refused_plainly (self, verb, status);
  } else if (self->step == PB_POP3_STEP_USER) {
    self->step = PB_POP3_STEP_PASS;
    _pb_pop3_machine_send (self, PB_POP3_PASS, pb_secret_peek (self->secret));
  } else {
    _pb_pop3_sign_in_authenticated (self);
  }
}

void
_pb_pop3_authenticate_answered (PbPop3Machine *self, PbPop3Verb verb, const PbPop3Status *status) {
  g_clear_error (&self->stepped_down_for);
  if (self->step == PB_POP3_STEP_CANCEL)
    cancel_answered (self);
  else if (self->step != PB_POP3_STEP_AUTH)
    answered_plainly (self, verb, status);
  else if (status->ok)
    auth_accepted (self);
  else
    auth_refused (self, status);
}
