/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The dialogue from the greeting to READY:
 *
 *   greeting → [CAPA] → [STLS → handshake → [CAPA]] → [LANG] → [UTF8] → authentication → [CAPA]
 *     → READY
 *
 * A server without CAPA is a plain old one and is asked nothing more than USER and PASS. What it
 * said before the handshake is forgotten, since anybody could have said it. The authentication is
 * in pb-pop3-authenticate.c. What is only good to have is left out as soon as a server is silent
 * about it: the machine then starts anew without. */

#include <string.h>

#include "pb-error.h"
#include "pb-pop3-machine-private.h"
#include "pb-pop3-refusal.h"

/* Seconds. All of them one after the other must not keep anybody waiting for more than 15. */
#define PATIENCE_CAPA 2
#define PATIENCE_CAPA_SIGNED_IN 3
#define PATIENCE_EXTENSION 5

#define LANGUAGE_MAX 35

static void
ask_capabilities (PbPop3Machine *self, PbPop3SignInStep step) {
  self->step = step;
  _pb_pop3_machine_send (self, PB_POP3_CAPA, NULL);
}

/* What a later reply does not repeat stays as it was: some servers say less after the log-in. */
static void
note_capabilities (PbPop3Machine *self) {
  const char *const *capabilities = (const char *const *) self->capabilities;
  const char *implementation;

  self->has_capa = TRUE;
  pb_pop3_capabilities_get_expire (capabilities, &self->expire_days);
  pb_pop3_capabilities_get_login_delay (capabilities, &self->login_delay);
  if (pb_pop3_capabilities_find (capabilities, "IMPLEMENTATION", &implementation)) {
    g_free (self->implementation);
    self->implementation = g_strdup (implementation);
  }
}

static void
forget_capabilities (PbPop3Machine *self) {
  g_clear_pointer (&self->capabilities, g_strfreev);
  g_clear_pointer (&self->implementation, g_free);
  self->pipelining = FALSE;
  self->expire_days = -1;
  self->login_delay = 0;
}

/* Takes @capabilities, which may be NULL. */
static void
set_capabilities (PbPop3Machine *self, char **capabilities) {
  g_strfreev (self->capabilities);
  self->capabilities = capabilities;
  self->pipelining =
    !self->skip_pipelining &&
    pb_pop3_capabilities_find ((const char *const *) capabilities, "PIPELINING", NULL);
  if (capabilities)
    note_capabilities (self);
}

static gboolean
has_capability (PbPop3Machine *self, const char *name) {
  return pb_pop3_capabilities_find ((const char *const *) self->capabilities, name, NULL);
}

static void
become_ready (PbPop3Machine *self) {
  g_clear_pointer (&self->secret, pb_secret_unref);
  self->state = PB_POP3_STATE_READY;
  self->announce_ready = TRUE;
}

void
_pb_pop3_sign_in_authenticated (PbPop3Machine *self) {
  if (self->capabilities && !self->skip_capa_signed_in)
    ask_capabilities (self, PB_POP3_STEP_CAPA_SIGNED_IN);
  else
    become_ready (self);
}

/* Extensions that must be asked for before the log-in (RFC 6856) */

static gboolean
wants_language (PbPop3Machine *self) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  const char *tag = self->language ? self->language : "";
  gsize length = strspn (tag, letters);

  return length > 0 && length <= LANGUAGE_MAX && tag[length] == '\0' && !self->skip_lang &&
         has_capability (self, "LANG");
}

static gboolean
wants_utf8 (PbPop3Machine *self) {
  return self->allow_utf8 && !self->skip_utf8 && has_capability (self, "UTF8");
}

static void
ask_utf8 (PbPop3Machine *self) {
  if (!wants_utf8 (self)) {
    _pb_pop3_authenticate_begin (self);
    return;
  }
  self->step = PB_POP3_STEP_UTF8;
  _pb_pop3_machine_send (self, PB_POP3_UTF8, NULL);
}

static void
ask_language (PbPop3Machine *self) {
  if (!wants_language (self)) {
    ask_utf8 (self);
    return;
  }
  self->step = PB_POP3_STEP_LANG;
  _pb_pop3_machine_send (self, PB_POP3_LANG, self->language);
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
  if (!_pb_pop3_authenticate_prepare (self, status))
    return;
  self->state = PB_POP3_STATE_SIGNING_IN;
  self->step = PB_POP3_STEP_CAPA;
  if (self->skip_capa)
    _pb_pop3_sign_in_capable (self, NULL);
  else
    ask_capabilities (self, PB_POP3_STEP_CAPA);
}

void
_pb_pop3_sign_in_tls_started (PbPop3Machine *self) {
  self->state = PB_POP3_STATE_SIGNING_IN;
  self->encrypted = TRUE;
  forget_capabilities (self);
  if (self->skip_capa)
    _pb_pop3_authenticate_begin (self);
  else
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
    ask_language (self);
  } else if (capabilities && !has_capability (self, "STLS")) {
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
  case PB_POP3_STEP_LANG:
    self->lang_refused = !status->ok;
    ask_utf8 (self);
    break;
  case PB_POP3_STEP_UTF8:
    self->utf8_refused = !status->ok;
    _pb_pop3_authenticate_begin (self);
    break;
  case PB_POP3_STEP_USER:
  case PB_POP3_STEP_PASS:
  case PB_POP3_STEP_APOP:
  case PB_POP3_STEP_AUTH:
  case PB_POP3_STEP_CANCEL:
    _pb_pop3_authenticate_answered (self, verb, status);
    break;
  }
}

/* Silence */

guint
pb_pop3_machine_get_patience (PbPop3Machine *self) {
  if (self->state != PB_POP3_STATE_SIGNING_IN)
    return 0;
  switch (self->step) {
  case PB_POP3_STEP_CAPA:
  case PB_POP3_STEP_CAPA_IN_TLS:
    return PATIENCE_CAPA;
  case PB_POP3_STEP_CAPA_SIGNED_IN:
    return PATIENCE_CAPA_SIGNED_IN;
  case PB_POP3_STEP_LANG:
  case PB_POP3_STEP_UTF8:
    return PATIENCE_EXTENSION;
  default:
    return 0;
  }
}

gboolean
pb_pop3_machine_step_down (PbPop3Machine *self, const char **what) {
  if (pb_pop3_machine_get_patience (self) == 0)
    return FALSE;
  switch (self->step) {
  case PB_POP3_STEP_CAPA_SIGNED_IN:
    self->skip_capa_signed_in = TRUE;
    break;
  case PB_POP3_STEP_LANG:
    self->skip_lang = self->lang_refused = TRUE;
    break;
  case PB_POP3_STEP_UTF8:
    self->skip_utf8 = self->utf8_refused = TRUE;
    break;
  default:
    self->skip_capa = self->capa_silent = TRUE;
  }
  if (what)
    *what = pb_pop3_verb_get_info (pb_pop3_queue_peek (&self->in_flight)->verb)->name;
  _pb_pop3_machine_restart (self);
  return TRUE;
}
