/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of PbServerMailbox share, and what the service needs of it: both use one session
 * queue. */

#pragma once

#include "pb-server-apply.h"
#include "pb-server-heads.h"
#include "pb-server-job.h"
#include "pb-server-mailbox.h"
#include "pb-server-notes.h"
#include "pb-sync-service.h"

G_BEGIN_DECLS

struct _PbServerMailbox {
  GObject parent_instance;

  PbSyncService *service; /* borrowed */
  PbAccount *account;
  PbSecrets *secrets;
  PbMailStore *store;
  PbServerNotes *notes;

  PbServerRows *rows;
  PbServerHeads *heads;
  gboolean all_heads;

  PbServerSessionState state;
  PbServerVisit *visit;
  GCancellable *cancellable; /* of the visit */
  PbSyncService *held;       /* the service, while there is a visit */
  GError *error;             /* of the last visit */
  gboolean busy;             /* the session has something to do */
  gboolean yielding;         /* a check waits for the mailbox */
  gboolean leaving;          /* as soon as it is not busy any more */
  gboolean stopped;

  GQueue jobs;      /* of PbServerJob */
  PbServerJob *job; /* under way */
  PbOperation *operation;
  GPtrArray *applying; /* of PbServerRow */

  guint idle_limit; /* ms */
  guint undo_limit;
  guint idle_timer;
  guint undo_timer;
  gint64 last_use; /* µs, monotonic */
  gint64 started;  /* µs since 1970 */
};

/* ---- pb-server-mailbox.c ---- */

/* @service is borrowed, but kept alive while there is a session. */
PbServerMailbox *_pb_server_mailbox_new (PbSyncService *service,
                                         PbAccount *account,
                                         PbSecrets *secrets,
                                         PbMailStore *store,
                                         PbServerNotes *notes) G_GNUC_WARN_UNUSED_RESULT;

/* A check wants the mailbox: TRUE where it must wait. The session then ends as soon as it can, and
 * the service is told. */
gboolean _pb_server_mailbox_yield (PbServerMailbox *self);

/* A check has ended. */
void _pb_server_mailbox_check_ended (PbServerMailbox *self);

gboolean _pb_server_mailbox_has_session (PbServerMailbox *self);

/* Ends everything: what is under way is stopped, what was applied becomes true. */
void _pb_server_mailbox_stop (PbServerMailbox *self);

/* When the session began, µs since 1970. */
gint64 _pb_server_mailbox_get_started (PbServerMailbox *self);

/* The dialogue of the session that is ending, for "left"; NULL when there was none. */
char *_pb_server_mailbox_dup_transcript (PbServerMailbox *self);

void _pb_server_mailbox_state_changed (PbServerMailbox *self);
void _pb_server_mailbox_marks_changed (PbServerMailbox *self);
void _pb_server_mailbox_emit_left (PbServerMailbox *self, guint deleted, const GError *error);

/* ---- pb-server-work.c ---- */

/* Decides what happens next. Something that was asked for was noted before. */
void _pb_server_mailbox_advance (PbServerMailbox *self);

/* Begins a session, after a check that is under way. There is none. */
void _pb_server_mailbox_open (PbServerMailbox *self);

void _pb_server_mailbox_set_state (PbServerMailbox *self, PbServerSessionState state);

/* Whether a job waits for a session. */
gboolean _pb_server_mailbox_wants_session (PbServerMailbox *self);

G_END_DECLS
