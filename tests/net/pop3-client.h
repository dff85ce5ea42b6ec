/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions as tests use them: made for a peer, and with calls that wait. */

#pragma once

#include "pb-pop3-session.h"
#include "pop3-peer.h"

G_BEGIN_DECLS

#define CLIENT_SECRET "hunter2"

/* What is not the same in all tests. */
typedef struct {
  PbSecurity security;
  const char *user;   /* NULL for "li.na" */
  const char *secret; /* NULL for CLIENT_SECRET */
  const char *trusted_certificate;
  const char *ca_file;
  gboolean trust_localhost; /* the peer's usual certificate */
  gboolean forbid_clear_secret;
  guint connect_timeout;
  guint reply_timeout;
  PbAuth auth;
  const char *client_certificate;
  gboolean allow_utf8;
  const char *language;
  gboolean skip_capa;
} ClientOptions;

PbPop3Session *client_new (guint16 port, const ClientOptions *options);

/* Each waits for the end of the call. */
gboolean client_open (PbPop3Session *session, GError **error);
PbListing *client_list (PbPop3Session *session, GError **error);
gboolean client_noop (PbPop3Session *session, GError **error);
gboolean client_quit (PbPop3Session *session, GError **error);
gboolean client_stat (PbPop3Session *session, guint *count, guint64 *octets, GError **error);
gboolean client_reset (PbPop3Session *session, GError **error);

/* Each waits for a call that was begun with pb_test_done (). */
gboolean client_open_finish (PbPop3Session *session, GAsyncResult **done, GError **error);
gboolean client_noop_finish (PbPop3Session *session, GAsyncResult **done, GError **error);
gboolean client_quit_finish (PbPop3Session *session, GAsyncResult **done, GError **error);
gboolean client_retrieve_finish (PbPop3Session *session, GAsyncResult **done, GError **error);
GArray *client_remove_finish (PbPop3Session *session, GAsyncResult **done, GError **error);
GArray *client_remove (PbPop3Session *session, guint first, guint last, GError **error);

/* What a sink was told: for each end "[NUMBER BYTES]", or "[NUMBER refused CODE]". */
typedef struct {
  GString *text;
  GString *bytes;
  guint64 total;
  gboolean count_only; /* do not keep bytes */
  guint ends;
} Collected;

void collected_init (Collected *collected);
void collected_clear (Collected *collected);
extern const PbPop3Sink collecting_sink;

/* Messages @first to @last. */
gboolean client_retrieve (PbPop3Session *session,
                          guint first,
                          guint last,
                          int lines,
                          Collected *collected,
                          GError **error);
void client_retrieve_async (PbPop3Session *session,
                            guint first,
                            guint last,
                            Collected *collected,
                            GCancellable *cancellable,
                            GAsyncResult **done);

/* Opens and expects that to work. */
PbPop3Session *client_new_open (Peer *peer);

/* Drops the reference, which must be the last. */
void client_free (PbPop3Session *session);

G_END_DECLS
