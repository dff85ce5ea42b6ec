/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A password or token: shared by reference, never printed, wiped when the last reference goes. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PbSecret PbSecret;

/* Copies @text; the caller wipes its own copy (pb_secret_wipe ()). */
PbSecret *pb_secret_new (const char *text) G_GNUC_WARN_UNUSED_RESULT;
PbSecret *pb_secret_ref (PbSecret *self);
void pb_secret_unref (PbSecret *self);

/* NUL-terminated; belongs to @self. To be used where it is sent or stored, and nowhere else. */
const char *pb_secret_peek (const PbSecret *self);

/* TRUE when the secret can be sent in a command line: no CR, LF, NUL (RFC 1939, section 3). */
gboolean pb_secret_is_sendable (const PbSecret *self);

/* Overwrites @text up to its end, in a way the compiler may not leave out. NULL is fine. */
void pb_secret_wipe (char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbSecret, pb_secret_unref)

G_END_DECLS
