/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The other end of a session in tests: a POP3 server in a thread, written as plain blocking
 * code, so that every test says step by step what its server does. One connection at a time. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _Peer Peer;

/* Runs in the peer's thread for each connection; the connection is closed when it returns. */
typedef void (*PeerScript) (Peer *peer, gpointer data);

typedef enum {
  PEER_PLAIN,
  PEER_TLS,
  PEER_TLS_ASKING, /* for a client certificate, and content with any or none */
} PeerStart;

/* Listens on a free port of 127.0.0.1. @certificate is a name in tests/net/certificates, NULL
 * for "localhost". */
Peer *peer_new (PeerStart start, const char *certificate, PeerScript script, gpointer data);

/* Waits for the script to return, so the client must be gone. */
void peer_free (Peer *self);

guint16 peer_get_port (Peer *self);
guint peer_count_connections (Peer *self);

/* All lines that came, one per line; read it when the script is over or blocked. */
char *peer_dup_log (Peer *self);

/* SHA-256 of a certificate in tests/net/certificates, and the path to it. */
char *peer_dup_fingerprint (const char *certificate);
char *peer_dup_certificate_path (const char *certificate);

/* SHA-256 of the certificate that the client showed last, NULL for none. */
char *peer_dup_client_fingerprint (Peer *self);

/* For scripts. */

void peer_say (Peer *self, const char *text);
void peer_say_bytes (Peer *self, const void *bytes, gsize length);

/* The next line without its end, NULL when the client is gone. Owned by the caller. */
char *peer_hear (Peer *self);

/* Hears a line, which must be @line; FALSE when the client is gone. */
gboolean peer_expect (Peer *self, const char *line);

/* Says nothing more until the client is gone. */
void peer_wait_for_end (Peer *self);

/* Goes on with TLS; FALSE when the handshake failed. */
gboolean peer_start_tls (Peer *self);

/* A well-behaved server with three messages, but for what @fault says. */
typedef enum {
  FAULT_NONE,
  FAULT_REFUSE,
  FAULT_STALL,
  FAULT_CLOSE,
  FAULT_NONSENSE,
  FAULT_CUT, /* says half of the reply, then closes */
} FaultKind;

typedef struct {
  const char *at; /* "" for the greeting, else a command line or the beginning of one */
  FaultKind kind;
  const char *refusal;      /* NULL for "-ERR no" */
  const char *capabilities; /* lines, each with CRLF; NULL makes CAPA an unknown command */
} PeerFault;

#define PEER_CAPABILITIES "TOP\r\nUIDL\r\nUSER\r\nPIPELINING\r\n"
#define PEER_MESSAGE_1 "Subject: one\n\nfirst\n"
#define PEER_MESSAGE_2 "Subject: two\n\n.dotted\n..\nlast\n"
#define PEER_MESSAGE_3 "Subject: three\n\n"

/* A PeerScript; @data is a PeerFault. */
void peer_serve (Peer *peer, gpointer data);

G_END_DECLS
