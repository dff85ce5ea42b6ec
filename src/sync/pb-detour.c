/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Suspicions, the cheapest first. A network that fails looks like a server that hangs up, so
 * nothing is held against a server for ever. */

#include "pb-detour.h"

#include "pb-error.h"

#define DAY_SECONDS (24 * 60 * 60)

static gboolean
is (const GError *error, PbError code) {
  return g_error_matches (error, PB_ERROR, (int) code);
}

static gboolean
is_loss (const GError *error) {
  return is (error, PB_ERROR_CONNECT) || is (error, PB_ERROR_TIMEOUT) ||
         is (error, PB_ERROR_PROTOCOL);
}

/* A server that throws away what comes before it has answered falls silent at the second command;
 * silence at the first one says nothing about that. */
static gboolean
suspects_pipelining (const PbPop3Facts *facts, const GError *error) {
  return facts->pipelining && (!is (error, PB_ERROR_TIMEOUT) || facts->stuck_behind);
}

gboolean
pb_detour_find (PbDetour *self, PbPop3Session *session, const GError *error, gboolean at_top) {
  const PbPop3Facts *facts = pb_pop3_session_get_facts (session);

  if (!is_loss (error))
    return FALSE;
  if (!self->lock_step_tried && !facts->pipelining_works && suspects_pipelining (facts, error)) {
    self->lock_step = self->lock_step_tried = TRUE;
    return TRUE;
  }
  /* It was not that. */
  self->lock_step = FALSE;
  if (!self->no_uidl && facts->uidl_unanswered && !is (error, PB_ERROR_PROTOCOL))
    return self->no_uidl = TRUE;
  if (!self->no_top && at_top)
    return self->no_top = TRUE;
  return FALSE;
}

void
pb_detour_slow_down (PbDetour *self, PbPop3Session *session, const GError *error) {
  /* A connection that breaks in the middle of much mail is the network's doing. */
  if (!is (error, PB_ERROR_CONNECT) &&
      suspects_pipelining (pb_pop3_session_get_facts (session), error))
    self->lock_step = self->lock_step_tried = TRUE;
}

void
pb_detour_note (const PbDetour *self, PbServerNotes *notes, PbAccount *account, gint64 now) {
  if (self->lock_step)
    pb_server_notes_set (notes, account, PB_NOTE_NO_PIPELINING, now + 7 * DAY_SECONDS);
  if (self->no_uidl)
    pb_server_notes_set (notes, account, PB_NOTE_NO_UIDL, now + DAY_SECONDS);
  if (self->no_top)
    pb_server_notes_set (notes, account, PB_NOTE_TOP_LIES, now + DAY_SECONDS);
}
