/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The POP3 client without its connection (RFC 1939, 2449, 2595, 3206, 5034, 6856): bytes are put
 * in, bytes to send and events are taken out. It signs in by itself, keeps commands in flight
 * within a bounded window, and holds replies to the commands that they belong to. It knows no
 * socket and no clock, and never holds a whole message.
 *
 * The one who moves the bytes does this, in any order, until CLOSED or FAILED:
 *   - read into get_space () and tell by received (), or closed () at the end of the stream;
 *   - take events by next () until it says NEED_IO, before more is read;
 *   - write what peek_output () shows and tell by sent ().
 *
 * Limits: a line of the server has at most 64 KiB, CAPA 256 lines, LIST and UIDL 1,000,000 lines
 * of 128 MiB together; beyond them, and for a reply that no command asked for or that is neither
 * +OK nor -ERR, the session fails with PB_ERROR_PROTOCOL. */

#pragma once

#include <gio/gio.h>

#include "pb-auth.h"
#include "pb-endpoint.h"
#include "pb-pop3-command.h"
#include "pb-secret.h"

G_BEGIN_DECLS

typedef struct _PbPop3Machine PbPop3Machine;

/* Copied by pb_pop3_machine_new (). What is zero is as usual. */
typedef struct {
  PbSecurity security; /* with PB_SECURITY_TLS the bytes are those within TLS */
  const char *user;
  PbSecret *secret;            /* NULL where pb_auth_needs_secret () is FALSE */
  gboolean allow_clear_secret; /* otherwise the password is never sent over an unencrypted line */
  PbAuth auth;
  gboolean secret_is_token; /* an access token; what is not AUTO says that itself */
  const char *host;         /* of the server, and its port, where the mechanism tells it them */
  guint16 port;
  gboolean allow_utf8;  /* UTF8 is asked for where it is offered */
  const char *language; /* a tag as in RFC 5646 that LANG asks for where it is offered, or NULL */
  /* Not to be used, because this server is known to have trouble with it. */
  gboolean skip_capa;
  gboolean skip_utf8;
  gboolean skip_lang;
  gboolean skip_pipelining;
} PbPop3MachineConfig;

typedef enum {
  PB_POP3_EVENT_NEED_IO,   /* nothing more without bytes from the server */
  PB_POP3_EVENT_START_TLS, /* do the handshake now, then call tls_started (); read nothing before */
  PB_POP3_EVENT_READY,     /* signed in */
  PB_POP3_EVENT_STAT,      /* @count, @octets */
  PB_POP3_EVENT_LIST_ROW,  /* @number, @has_octets, @octets */
  PB_POP3_EVENT_UIDL_ROW,  /* @number, @data and @length: the id, empty for none */
  PB_POP3_EVENT_BODY,   /* @data and @length: a piece of message @number, unstuffed, CRLF as LF */
  PB_POP3_EVENT_LINE,   /* @data and @length: a line of a raw command's reply, status first */
  PB_POP3_EVENT_DONE,   /* a command ended; @error is PB_ERROR_REFUSED when the server would not */
  PB_POP3_EVENT_CLOSED, /* QUIT was confirmed; nothing follows */
  PB_POP3_EVENT_FAILED, /* @error; the session is over and nothing follows */
} PbPop3EventType;

/* Pointers are valid until the next call on the machine. @verb, @tag and (but for rows) @number
 * are those of the command that is being answered. */
typedef struct {
  PbPop3EventType type;
  PbPop3Verb verb;
  guint tag;
  guint number;
  guint count;
  gboolean has_octets;
  guint64 octets;
  const guint8 *data;
  gsize length;
  const GError *error;
} PbPop3Event;

PbPop3Machine *pb_pop3_machine_new (const PbPop3MachineConfig *config);
void pb_pop3_machine_free (PbPop3Machine *self);

typedef enum {
  PB_POP3_TRACE_SENT,
  PB_POP3_TRACE_RECEIVED,
} PbPop3TraceKind;

/* What was said, for people: @text is one line of UTF-8, secrets masked, bodies as byte counts. */
typedef void (*PbPop3TraceFunc) (PbPop3TraceKind kind, const char *text, gpointer user_data);
void pb_pop3_machine_set_trace (PbPop3Machine *self, PbPop3TraceFunc func, gpointer user_data);

/* Bytes from the server. After next () said NEED_IO there is always space. */
guint8 *pb_pop3_machine_get_space (PbPop3Machine *self, gsize *size);
void pb_pop3_machine_received (PbPop3Machine *self, gsize length);

/* The server sends no more. */
void pb_pop3_machine_closed (PbPop3Machine *self);

/* Bytes for the server; NULL and 0 when there are none. Sends as many waiting commands as the
 * window allows, in one piece. Bytes that were shown stay the same until they are sent, though
 * more may come behind them. */
const guint8 *pb_pop3_machine_peek_output (PbPop3Machine *self, gsize *length);
void pb_pop3_machine_sent (PbPop3Machine *self, gsize length);

PbPop3EventType pb_pop3_machine_next (PbPop3Machine *self, PbPop3Event *event);

/* The handshake that START_TLS asked for is done. */
void pb_pop3_machine_tls_started (PbPop3Machine *self);

/* Asks for STAT, LIST, UIDL, DELE, RSET, NOOP or QUIT (@number 0 but for DELE). DELE goes ahead
 * of retrievals that are not yet sent; everything else waits its turn. Commands wait until the
 * machine is READY. */
void pb_pop3_machine_enqueue (PbPop3Machine *self, PbPop3Verb verb, guint number, guint tag);

/* RETR, or TOP when @lines is not negative. @expected octets as listed, 0 for unknown, bounds what
 * is in flight. It decides nothing else but this: a message that ends before it is DONE only when
 * what follows it is a reply, which is asked for by a NOOP where nothing else is in flight; text
 * that follows means that a line with a dot alone was not stuffed, and fails the session. */
void pb_pop3_machine_enqueue_retrieve (PbPop3Machine *self,
                                       guint number,
                                       int lines,
                                       guint64 expected,
                                       guint tag);

/* A command as a person typed it, checked as pb_pop3_raw_parse () says; fails as that does, having
 * done nothing. One at a time, nothing else with it. Its reply comes as LINEs and, for RETR and
 * TOP, as BODY. */
gboolean pb_pop3_machine_enqueue_raw (PbPop3Machine *self,
                                      const char *line,
                                      gsize length,
                                      guint tag,
                                      GError **error);

/* Drops what was not sent yet, and says QUIT behind what is in flight; bodies that still come are
 * of no interest any more. FALSE, and nothing changed, before READY, and where more than a megabyte
 * would have to be read before the answer. */
gboolean pb_pop3_machine_leave (PbPop3Machine *self);

/* For how many seconds the server may be silent now, 0 for as long as usual. Some servers never
 * answer a command that they do not know. */
guint pb_pop3_machine_get_patience (PbPop3Machine *self);

/* The server was silent for that long, or hung up meanwhile. TRUE when the machine has dropped for
 * good what it asked for, and has gone back to before the greeting, to be used with a new
 * connection; FALSE when that happened at something that cannot be left out. @what (may be NULL) is
 * set to the command. */
gboolean pb_pop3_machine_step_down (PbPop3Machine *self, const char **what);

/* What came out about the server, for the next time. Texts belong to the machine and are valid
 * until the next event. */
typedef struct {
  gboolean has_capa;
  gboolean pipelining;       /* is used */
  gboolean pipelining_works; /* a command that was sent behind another one was answered */
  gboolean stuck_behind;     /* what should come next is the reply to such a command */
  gboolean uidl_unanswered;  /* what should come next is the first byte of the reply to UIDL */
  gboolean capa_silent;      /* CAPA was not answered */
  gboolean utf8_refused;     /* or not answered */
  gboolean lang_refused;     /* or not answered */
  PbAuth mechanism;          /* that was used last, AUTO for none */
  const char *implementation;
  int expire_days; /* how long mail is kept there, PB_POP3_EXPIRE_NEVER, -1 where it was not said */
  guint login_delay; /* seconds between log-ins, 0 where it was not said */
} PbPop3MachineFacts;
void pb_pop3_machine_get_facts (PbPop3Machine *self, PbPop3MachineFacts *facts);

/* From the last CAPA reply (see pb_pop3_capabilities_find ()), NULL for none; valid until the
 * next event. */
const char *const *pb_pop3_machine_get_capabilities (PbPop3Machine *self);

/* TRUE while the server owes us bytes or we owe it some. */
gboolean pb_pop3_machine_is_busy (PbPop3Machine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbPop3Machine, pb_pop3_machine_free)

G_END_DECLS
