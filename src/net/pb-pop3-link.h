/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The connection of a POP3 session: connector, pump, machine and transcript put together, from
 * connecting over STLS to the end, and connecting anew where the server is silent about something
 * that can be left out. It hands on the machine's events; what they mean to whom is the
 * session's business. Ends once, for one reason, and then stays ended. */

#pragma once

#include "pb-pop3-machine.h"
#include "pb-pop3-session.h"

G_BEGIN_DECLS

typedef struct _PbPop3Link PbPop3Link;

/* All are called with the owner, which is kept alive meanwhile. */
typedef struct {
  /* READY, data, DONE and CLOSED. May end the link, or pause it. */
  void (*event) (gpointer owner, const PbPop3Event *event);
  /* The link has ended; nothing follows but turned (). */
  void (*ended) (gpointer owner, const GError *error);
  /* A turn of the main loop is over; here, other than in event (), anything may be done. */
  void (*turned) (gpointer owner);
} PbPop3LinkHandlers;

/* @owner is borrowed and frees the link before it goes. */
PbPop3Link *pb_pop3_link_new (const PbPop3SessionConfig *config,
                              const PbPop3LinkHandlers *handlers,
                              GObject *owner);
void pb_pop3_link_free (PbPop3Link *self);

/* Connects and signs in, once: the READY event or ended () tells. */
void pb_pop3_link_open (PbPop3Link *self);

/* Drops everything at once; @error is the reason. Does nothing when ended. */
void pb_pop3_link_end (PbPop3Link *self, const GError *error);

/* Why it ended, NULL while it has not. */
const GError *pb_pop3_link_get_end (PbPop3Link *self);

/* For enqueueing, followed by wake (). Owned by the link. */
PbPop3Machine *pb_pop3_link_get_machine (PbPop3Link *self);
void pb_pop3_link_wake (PbPop3Link *self);

/* What encrypts the connection, in words; NULL while nothing does. Owned by the link. */
const char *pb_pop3_link_get_tls (PbPop3Link *self);

void pb_pop3_link_set_paused (PbPop3Link *self, gboolean paused);

/* Owned by the link. */
PbTranscript *pb_pop3_link_get_transcript (PbPop3Link *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbPop3Link, pb_pop3_link_free)

G_END_DECLS
