/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What an -ERR means: a server's refusal as an error that says what can be done next. */

#pragma once

#include <gio/gio.h>

#include "pb-error.h"
#include "pb-pop3-response.h"

G_BEGIN_DECLS

/* How long to wait where a server speaks of a limit, such as of log-ins or of what may be
 * downloaded, but not of its length. */
#define PB_POP3_LIMIT_SECONDS (15 * 60)

/* @what names, for the log, what was refused ("RETR"). The server's text and code go into the
 * details; so does, for PB_ERROR_BUSY and PB_ERROR_REFUSED, when to come back after a limit. */
GError *pb_pop3_refusal_new (PbError code, const PbPop3Status *status, const char *what);

/* A refused sign-in command. PB_ERROR_BUSY for [IN-USE], [LOGIN-DELAY], [SYS/…] and what servers
 * without codes say in such cases; PB_ERROR_INSECURE where an unencrypted line (@encrypted
 * FALSE) is said to be the reason; otherwise PB_ERROR_SIGN_IN. @login_delay is the LOGIN-DELAY
 * capability in seconds, 0 for none. */
GError *pb_pop3_refusal_new_sign_in (const PbPop3Status *status,
                                     const char *what,
                                     gboolean encrypted,
                                     guint login_delay);

/* TRUE when the words of a refused AUTH say that the mechanism is not known or not wanted, rather
 * than the user or the password. */
gboolean pb_pop3_refusal_is_of_mechanism (const PbPop3Status *status);

G_END_DECLS
