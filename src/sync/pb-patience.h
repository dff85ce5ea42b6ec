/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* When a mailbox may be asked again, and when a person has to be asked for another password. Reads
 * and writes notes, has no clock: @now is seconds since 1970. */

#pragma once

#include "pb-server-notes.h"

G_BEGIN_DECLS

/* NULL where a check may begin; otherwise why not, with the time to wait: PB_ERROR_BUSY (the server
 * wants a pause between log-ins, or was busy the last time), or PB_ERROR_SIGN_IN while another
 * password is waited for. @force: a person wants it now, so that a mailbox which was busy is tried
 * again; a pause between log-ins is kept even so. */
GError *pb_patience_ask (PbServerNotes *notes, PbAccount *account, gboolean force, gint64 now)
  G_GNUC_WARN_UNUSED_RESULT;

/* A session ended: well (@error NULL) or not, after the server let us in or not. @login_delay: the
 * pause between log-ins that it announced, seconds, 0 for none. What refuses a log-in because the
 * mailbox is in use or the server in trouble means waiting for 1, 2, 5, then 10 minutes; a refusal
 * for logging in too often doubles the pause, up to 30 minutes. */
void pb_patience_note (PbServerNotes *notes,
                       PbAccount *account,
                       const GError *error,
                       gboolean signed_in,
                       guint login_delay,
                       gint64 now);

/* TRUE after the server said that the password is wrong, or refused it twice without saying why, at
 * least 60 s apart; until it is another one, or the server took it. */
gboolean pb_patience_needs_password (PbServerNotes *notes, PbAccount *account);

/* There is another password. */
void pb_patience_renew (PbServerNotes *notes, PbAccount *account);

G_END_DECLS
