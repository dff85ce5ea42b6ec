/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The insides of the POP3 machine, shared by its four parts: pb-pop3-machine.c (life, bytes,
 * window), pb-pop3-reply.c (what the server says), pb-pop3-sign-in.c (the dialogue from greeting to
 * READY) and pb-pop3-authenticate.c (user, password and the like in it). */

#pragma once

#include "pb-dot-codec.h"
#include "pb-input-buffer.h"
#include "pb-pop3-machine.h"
#include "pb-pop3-queue.h"
#include "pb-pop3-raw.h"
#include "pb-pop3-response.h"
#include "pb-sasl.h"

G_BEGIN_DECLS

/* Bytes of a line that are kept for people. */
#define PB_POP3_TRACE_LINE_MAX 512

typedef enum {
  PB_POP3_STATE_GREETING,
  PB_POP3_STATE_SIGNING_IN,
  PB_POP3_STATE_STARTING_TLS,
  PB_POP3_STATE_READY,
  PB_POP3_STATE_CLOSED,
  PB_POP3_STATE_FAILED,
} PbPop3State;

/* What of a reply comes next. */
typedef enum {
  PB_POP3_REPLY_STATUS,
  PB_POP3_REPLY_ROWS,
  PB_POP3_REPLY_BODY,
  PB_POP3_REPLY_ENDED,
} PbPop3Reply;

typedef enum {
  PB_POP3_STEP_CAPA,
  PB_POP3_STEP_STLS,
  PB_POP3_STEP_CAPA_IN_TLS,
  PB_POP3_STEP_LANG,
  PB_POP3_STEP_UTF8,
  PB_POP3_STEP_USER,
  PB_POP3_STEP_PASS,
  PB_POP3_STEP_APOP,
  PB_POP3_STEP_AUTH,
  PB_POP3_STEP_CANCEL,
  PB_POP3_STEP_CAPA_SIGNED_IN,
} PbPop3SignInStep;

struct _PbPop3Machine {
  PbSecurity security;
  char *user;
  PbSecret *secret; /* until READY, or NULL */
  gboolean allow_clear_secret;
  PbAuth auth;
  gboolean secret_is_token;
  char *host;
  guint16 port;
  gboolean allow_utf8;
  char *language;
  gboolean skip_capa;
  gboolean skip_capa_signed_in;
  gboolean skip_utf8;
  gboolean skip_lang;
  gboolean skip_pipelining;

  PbAuth mechanism; /* being tried, or that did it; AUTO before */
  gboolean stepped_down;
  char *stamp; /* of APOP */
  PbSasl *sasl;
  char *first_response; /* of a client that begins */
  gboolean first_response_sent;
  gboolean first_response_repeated;
  GError *cancelled;        /* why "*" was sent */
  GError *stepped_down_for; /* until the server says something to what was tried instead */
  gboolean secret_sent;

  gboolean has_capa;
  gboolean capa_silent;
  gboolean utf8_refused;
  gboolean lang_refused;
  char *implementation;
  int expire_days;
  guint login_delay;

  PbPop3State state;
  PbPop3SignInStep step;
  gboolean encrypted;
  gboolean announce_ready;

  PbInputBuffer *input;
  gboolean input_ended;
  GByteArray *output;
  gsize output_sent;       /* of what is in output */
  guint64 output_position; /* bytes ever put into output */

  PbPop3Queue in_flight;
  PbPop3Queue express;
  PbPop3Queue waiting;
  PbPop3Raw raw; /* of the raw command that waits or is in flight */
  GError *raw_refused;

  PbPop3Reply reply;
  PbDotDecoder decoder;
  gsize lent; /* bytes at the front of input that the last event points to */
  guint rows;
  guint64 rows_octets;
  guint64 body_length; /* as handed out */
  guint64 body_octets; /* as it came, the dot that ends it included */
  gboolean probing;    /* whether that was the end of the body */

  GPtrArray *capability_lines;
  char **capabilities;
  gboolean pipelining;
  gboolean pipelining_works;

  GError *error;
  GError *refused;

  PbPop3TraceFunc trace;
  gpointer trace_data;
};

/* Ends the session. Takes @error. */
void _pb_pop3_machine_fail (PbPop3Machine *self, GError *error);

/* The same with PB_ERROR_PROTOCOL. @line (untrusted, may be NULL) goes into the details. */
void
_pb_pop3_machine_fail_protocol (PbPop3Machine *self, const char *message, const PbPop3Span *line);

/* Sends a command of the dialogue at once; nothing else is in flight then. */
void _pb_pop3_machine_send (PbPop3Machine *self, PbPop3Verb verb, const char *argument);

/* Sends a NOOP behind everything else, to see whether the server goes on with a reply. */
void _pb_pop3_machine_probe (PbPop3Machine *self);

/* Sends a further line of the AUTH in flight, which is answered anew. @printable is what may be
 * shown of it. */
void _pb_pop3_machine_send_line (PbPop3Machine *self, const char *line, const char *printable);

/* Back to before the greeting, with the same settings. */
void _pb_pop3_machine_restart (PbPop3Machine *self);

/* What one step of reading led to. */
typedef enum {
  PB_POP3_PROGRESS_AGAIN,
  PB_POP3_PROGRESS_EVENT,   /* the event is filled in */
  PB_POP3_PROGRESS_STARVED, /* more bytes are needed */
} PbPop3Progress;

PbPop3Progress _pb_pop3_reply_read (PbPop3Machine *self, PbPop3Event *event);

/* The dialogue. Each decides what comes next and sends it. */
void _pb_pop3_sign_in_greeted (PbPop3Machine *self, const PbPop3Status *status);
void _pb_pop3_sign_in_answered (PbPop3Machine *self, PbPop3Verb verb, const PbPop3Status *status);
void _pb_pop3_sign_in_tls_started (PbPop3Machine *self);

/* A CAPA reply is complete; @capabilities NULL when it was refused. Takes @capabilities. */
void _pb_pop3_sign_in_capable (PbPop3Machine *self, char **capabilities);

/* The server knows who we are. */
void _pb_pop3_sign_in_authenticated (PbPop3Machine *self);

/* The part of the dialogue in which the secret is used. APOP must be prepared when the greeting is
 * there; FALSE when that failed the session. */
gboolean _pb_pop3_authenticate_prepare (PbPop3Machine *self, const PbPop3Status *greeting);
void _pb_pop3_authenticate_begin (PbPop3Machine *self);
void
_pb_pop3_authenticate_answered (PbPop3Machine *self, PbPop3Verb verb, const PbPop3Status *status);
void _pb_pop3_authenticate_challenged (PbPop3Machine *self, const PbPop3Span *challenge);

/* Forgets everything of the exchange. */
void _pb_pop3_authenticate_clear (PbPop3Machine *self);

G_END_DECLS
