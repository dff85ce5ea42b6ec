/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialogue from the greeting to READY:
 *
 *   greeting → CAPA → [STLS → handshake → CAPA] → authentication → [CAPA] → READY
 *
 * A server without CAPA is a plain old one and is asked nothing more than USER and PASS. What it
 * said before the handshake is forgotten, since anybody could have said it. Authentication is a
 * sequence of steps (authenticate ()), the only place to change for another mechanism. */

#include "pb-error.h"
#include "pb-pop3-machine-private.h"
#include "pb-pop3-refusal.h"

static void
ask_capabilities (PbPop3Machine *self, PbPop3SignInStep step) {
  self->step = step;
  _pb_pop3_machine_send (self, PB_POP3_CAPA, NULL);
}

static void
set_capabilities (PbPop3Machine *self, char **capabilities) {
  g_strfreev (self->capabilities);
  self->capabilities = capabilities;
  self->pipelining =
    pb_pop3_capabilities_find ((const char *const *) capabilities, "PIPELINING", NULL);
}

static void
become_ready (PbPop3Machine *self) {
  self->state = PB_POP3_STATE_READY;
  self->announce_ready = TRUE;
}

static void
signed_in (PbPop3Machine *self) {
  g_clear_pointer (&self->secret, pb_secret_unref);
  if (self->capabilities)
    ask_capabilities (self, PB_POP3_STEP_CAPA_SIGNED_IN);
  else
    become_ready (self);
}

static guint
login_delay (PbPop3Machine *self) {
  const char *argument;
  guint64 seconds = 0;

  if (!pb_pop3_capabilities_find ((const char *const *) self->capabilities, "LOGIN-DELAY",
                                  &argument))
    return 0;
  seconds = g_ascii_strtoull (argument, NULL, 10);
  return (guint) MIN (seconds, 24 * 60 * 60);
}

static void
begin_authentication (PbPop3Machine *self) {
  if (!self->encrypted && !self->allow_clear_secret) {
    _pb_pop3_machine_fail (
      self, g_error_new (PB_ERROR, PB_ERROR_INSECURE,
                         "the connection is not encrypted, and the password is not sent"));
    return;
  }
  self->step = PB_POP3_STEP_USER;
  _pb_pop3_machine_send (self, PB_POP3_USER, self->user);
}

static void
authenticate (PbPop3Machine *self, PbPop3Verb verb, const PbPop3Status *status) {
  if (!status->ok) {
    _pb_pop3_machine_fail (self,
                           pb_pop3_refusal_new_sign_in (status, pb_pop3_verb_get_info (verb)->name,
                                                        self->encrypted, login_delay (self)));
  } else if (self->step == PB_POP3_STEP_USER) {
    self->step = PB_POP3_STEP_PASS;
    _pb_pop3_machine_send (self, PB_POP3_PASS, pb_secret_peek (self->secret));
  } else {
    signed_in (self);
  }
}

/* Nothing may stand behind the reply to STLS: it could not have been protected, yet would be
 * taken for what comes after the handshake. */
static void
tls_answered (PbPop3Machine *self, const PbPop3Status *status) {
  gsize held;

  if (!status->ok) {
    _pb_pop3_machine_fail (self, pb_pop3_refusal_new (PB_ERROR_INSECURE, status, "STLS"));
    return;
  }
  pb_input_buffer_peek (self->input, &held);
  if (held > 0) {
    _pb_pop3_machine_fail_protocol (self, "bytes came before the TLS handshake", NULL);
    return;
  }
  self->state = PB_POP3_STATE_STARTING_TLS;
}

void
_pb_pop3_sign_in_greeted (PbPop3Machine *self, const PbPop3Status *status) {
  if (!status->ok) {
    _pb_pop3_machine_fail (self, pb_pop3_refusal_new (PB_ERROR_BUSY, status, "the connection"));
    return;
  }
  self->state = PB_POP3_STATE_SIGNING_IN;
  ask_capabilities (self, PB_POP3_STEP_CAPA);
}

void
_pb_pop3_sign_in_tls_started (PbPop3Machine *self) {
  self->state = PB_POP3_STATE_SIGNING_IN;
  self->encrypted = TRUE;
  set_capabilities (self, NULL);
  ask_capabilities (self, PB_POP3_STEP_CAPA_IN_TLS);
}

void
_pb_pop3_sign_in_capable (PbPop3Machine *self, char **capabilities) {
  gboolean must_encrypt = self->security == PB_SECURITY_STARTTLS && !self->encrypted;

  /* A server that answers CAPA only before the log-in has not lost what it said then. */
  if (self->step == PB_POP3_STEP_CAPA_SIGNED_IN) {
    if (capabilities)
      set_capabilities (self, capabilities);
    become_ready (self);
    return;
  }

  set_capabilities (self, capabilities);
  if (!must_encrypt) {
    begin_authentication (self);
  } else if (capabilities &&
             !pb_pop3_capabilities_find ((const char *const *) capabilities, "STLS", NULL)) {
    _pb_pop3_machine_fail (self, g_error_new (PB_ERROR, PB_ERROR_INSECURE,
                                              "the server does not offer to encrypt (no STLS)"));
  } else {
    self->step = PB_POP3_STEP_STLS;
    _pb_pop3_machine_send (self, PB_POP3_STLS, NULL);
  }
}

void
_pb_pop3_sign_in_answered (PbPop3Machine *self, PbPop3Verb verb, const PbPop3Status *status) {
  switch (self->step) {
  case PB_POP3_STEP_CAPA:
  case PB_POP3_STEP_CAPA_IN_TLS:
  case PB_POP3_STEP_CAPA_SIGNED_IN:
    _pb_pop3_sign_in_capable (self, NULL);
    break;
  case PB_POP3_STEP_STLS:
    tls_answered (self, status);
    break;
  case PB_POP3_STEP_USER:
  case PB_POP3_STEP_PASS:
    authenticate (self, verb, status);
    break;
  }
}
