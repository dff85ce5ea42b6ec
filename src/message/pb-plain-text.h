/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain text as it is sent in mail (quotes, signature, flowed, bare links) as safe HTML. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Quoted passages become nested blockquotes, the signature after "-- " is marked, http(s), ftp and
 * mailto links and bare addresses become links. @text is UTF-8 with LF, untrusted. Pure. */
char *pb_plain_text_to_html (const char *text);

/* Undoes format=flowed (RFC 3676). Pure. */
char *pb_plain_text_unflow (const char *text, gboolean delsp);

G_END_DECLS
