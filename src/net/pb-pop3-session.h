/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One POP3 session (RFC 1939) as asynchronous calls: connect, protect, sign in, list, retrieve,
 * remove, quit. It moves bytes between a GIO stream and the protocol machine; it decides nothing.
 *
 * Life: new → open → any of list, retrieve, remove … → quit (or close). One call at a time, but
 * remove () may be called while a retrieve runs: the DELEs are sent behind the RETRs in flight.
 * Every call takes a cancellable and completes, never from within the call itself, in the main
 * context that was the thread's default when it was called. After any error but PB_ERROR_REFUSED
 * the session is closed and every further call fails with PB_ERROR_CONNECT. Cancelling a call that
 * has begun ends the session: by QUIT where what is in flight is soon read, which takes at most two
 * seconds in the background (quit () tells how it ended) and makes the marks of remove () hold;
 * otherwise, and where a person types, by closing it.
 *
 * Errors: PB_ERROR_CONNECT, _TIMEOUT, _CERTIFICATE (nothing was sent), _INSECURE (nothing secret
 * was sent), _INVALID (something in the settings), _UNSUPPORTED (the way to sign in, here or
 * there), _SIGN_IN, _BUSY, _PROTOCOL, G_IO_ERROR_CANCELLED; what the server said is in the
 * details. */

#pragma once

#include <gio/gio.h>

#include "pb-auth.h"
#include "pb-endpoint.h"
#include "pb-listing.h"
#include "pb-secret.h"
#include "pb-transcript.h"

G_BEGIN_DECLS

#define PB_TYPE_POP3_SESSION (pb_pop3_session_get_type ())
G_DECLARE_FINAL_TYPE (PbPop3Session, pb_pop3_session, PB, POP3_SESSION, GObject)

/* What a session needs to know; copied by pb_pop3_session_new (). What is zero is as usual. */
typedef struct {
  const PbEndpoint *endpoint;
  const char *user;
  PbSecret *secret; /* NULL where pb_auth_needs_secret () is FALSE */
  /* SHA-256 of the DER form in lower-case hex, of a certificate that a person accepted although
   * it is not trusted by itself; NULL for none. It stands for that certificate only. */
  const char *trusted_certificate;
  const char *ca_file;         /* PEM with further issuers to trust, or NULL */
  gboolean allow_clear_secret; /* may send the password on an unencrypted line */
  guint connect_timeout;       /* seconds, 0 for 20: TCP and TLS together */
  guint reply_timeout;         /* seconds without a byte while one is expected, 0 for 60 */
  PbAuth auth;
  gboolean secret_is_token;       /* an access token; what is not AUTO says that itself */
  const char *client_certificate; /* PEM with certificate and key, which TLS may show, or NULL */
  gboolean allow_utf8;            /* ask for UTF8 (RFC 6856) where it is offered */
  const char *language;           /* what the server should speak, where it can, or NULL */
  /* What this server is known to have trouble with (see PbPop3Facts), and is not asked for. */
  gboolean skip_capa;
  gboolean skip_utf8;
  gboolean skip_lang;
  gboolean skip_pipelining;
  gboolean skip_uidl; /* list () gives no ids */
} PbPop3SessionConfig;

PbPop3Session *pb_pop3_session_new (const PbPop3SessionConfig *config);

/* Owned by the session. */
PbTranscript *pb_pop3_session_get_transcript (PbPop3Session *self);

/* Never deletes by itself. */
#define PB_POP3_KEEPS_FOR_EVER G_MAXINT

/* What came out about the server, to be remembered until next time. */
typedef struct {
  gboolean signed_in;
  gboolean has_capa;
  gboolean pipelining;        /* was used */
  gboolean pipelining_works;  /* a command that was sent behind another one was answered */
  gboolean stuck_behind;      /* what did not come is the reply to such a command */
  gboolean uidl_unanswered;   /* what did not come is the first byte of the reply to UIDL */
  gboolean capa_silent;       /* CAPA was not answered: next time skip_capa */
  gboolean utf8_refused;      /* or not answered: next time skip_utf8 */
  gboolean lang_refused;      /* or not answered: next time skip_lang */
  PbAuth mechanism;           /* that was used last, AUTO for none */
  const char *tls;            /* "TLS 1.3, TLS_AES_256_GCM_SHA384", NULL without encryption */
  const char *implementation; /* what the server calls itself, untrusted; NULL where it does not */
  int expire_days;   /* how long it keeps mail, PB_POP3_KEEPS_FOR_EVER, -1 where it does not say */
  guint login_delay; /* seconds between log-ins, 0 where it does not say */
} PbPop3Facts;

/* Owned by the session, valid until the next call on it; never NULL. */
const PbPop3Facts *pb_pop3_session_get_facts (PbPop3Session *self);

/* Names as in the last CAPA answer, upper case with their arguments; NULL before or where the
 * server has no CAPA. Owned by the session, valid until the next call. */
const char *const *pb_pop3_session_get_capabilities (PbPop3Session *self);

/* Connects and signs in. A server that does not answer CAPA, LANG or UTF8 is asked again on a new
 * connection without, so that there may be up to five. */
void pb_pop3_session_open_async (PbPop3Session *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_pop3_session_open_finish (PbPop3Session *self, GAsyncResult *result, GError **error);

/* STAT alone: how many messages of how many octets. */
void pb_pop3_session_stat_async (PbPop3Session *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_pop3_session_stat_finish (PbPop3Session *self,
                                      GAsyncResult *result,
                                      guint *count,
                                      guint64 *octets,
                                      GError **error);

/* LIST and UIDL in one flight. A server that refuses UIDL gives a listing without ids; one that
 * refuses LIST gives one without sizes. At most 1,000,000 messages, else PB_ERROR_PROTOCOL. */
void pb_pop3_session_list_async (PbPop3Session *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
PbListing *pb_pop3_session_list_finish (PbPop3Session *self, GAsyncResult *result, GError **error);

/* Where retrieved messages go. Called in the main context of the retrieve call, in the order in
 * which the messages were asked for; between two messages' bytes there is always an end. The
 * calls must not start or close anything on the session but may pause it. */
typedef struct {
  /* Bytes of message @number with dots unstuffed and CRLF as LF; only valid during the call. */
  void (*data) (guint number, const guint8 *data, gsize length, gpointer user_data);
  /* The message is complete (@refused NULL), or the server would not give it (PB_ERROR_REFUSED; no
   * data () came before). Not called for messages that were cut off when the session failed. */
  void (*end) (guint number, const GError *refused, gpointer user_data);
} PbPop3Sink;

/* Retrieves @count messages into @sink, pipelined where the server can. @lines is -1 for whole
 * messages (RETR), otherwise TOP with that many lines of the body. Arrays are copied; @sizes
 * (expected octets, or NULL) only bounds what is in flight. Succeeds when every message ended,
 * some perhaps with PB_ERROR_REFUSED. */
void pb_pop3_session_retrieve_async (PbPop3Session *self,
                                     const guint *numbers,
                                     const guint64 *sizes,
                                     guint count,
                                     int lines,
                                     const PbPop3Sink *sink,
                                     gpointer sink_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
pb_pop3_session_retrieve_finish (PbPop3Session *self, GAsyncResult *result, GError **error);

/* While paused the session reads nothing from the server (and its deadline stands still): for a
 * sink that must wait for the disk. */
void pb_pop3_session_set_paused (PbPop3Session *self, gboolean paused);

/* Marks messages as deleted (DELE). The server forgets the marks unless quit () succeeds. Only
 * sync/pb-removal.c calls this: it is where the promise is kept. Finishes with the numbers that the
 * server accepted (a GArray of guint); refused ones are left out. */
void pb_pop3_session_remove_async (PbPop3Session *self,
                                   const guint *numbers,
                                   guint count,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GArray *pb_pop3_session_remove_finish (PbPop3Session *self, GAsyncResult *result, GError **error);

/* Where the reply to a command that a person typed goes; all bytes are untrusted and only valid
 * during the call. The calls must not start or close anything on the session. */
typedef struct {
  /* One line without its end; the first is the status. */
  void (*line) (const guint8 *data, gsize length, gpointer user_data);
  /* A piece of a message, with dots unstuffed and CRLF as LF. */
  void (*body) (const guint8 *data, gsize length, gpointer user_data);
} PbPop3RawSink;

/* Sends @line as a person typed it: STAT, LIST, UIDL, RETR, TOP, DELE, RSET, NOOP, QUIT, CAPA or
 * LANG with the arguments that they take. PB_ERROR_UNSUPPORTED for other commands and
 * PB_ERROR_INVALID for other arguments (nothing was sent, the session goes on), PB_ERROR_REFUSED
 * when the server answered -ERR. Only sync/pb-console.c calls this: it is where a person is asked
 * before DELE. */
void pb_pop3_session_raw_async (PbPop3Session *self,
                                const char *line,
                                const PbPop3RawSink *sink,
                                gpointer sink_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean pb_pop3_session_raw_finish (PbPop3Session *self, GAsyncResult *result, GError **error);

/* RSET: takes all deletion marks back. */
void pb_pop3_session_reset_async (PbPop3Session *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pb_pop3_session_reset_finish (PbPop3Session *self, GAsyncResult *result, GError **error);

/* NOOP: keeps an idle session alive. */
void pb_pop3_session_noop_async (PbPop3Session *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_pop3_session_noop_finish (PbPop3Session *self, GAsyncResult *result, GError **error);

/* QUIT; TRUE only when the server confirmed it, and so the deletions. The session is closed
 * either way. */
void pb_pop3_session_quit_async (PbPop3Session *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_pop3_session_quit_finish (PbPop3Session *self, GAsyncResult *result, GError **error);

/* TRUE while a session whose call was cancelled says QUIT by itself, and holds itself for that. */
gboolean pb_pop3_session_is_leaving (PbPop3Session *self);

/* Drops the connection at once without QUIT; a call under way fails with PB_ERROR_CONNECT. */
void pb_pop3_session_close (PbPop3Session *self);

G_END_DECLS
