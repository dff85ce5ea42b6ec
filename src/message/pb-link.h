/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses that untrusted markup may carry. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The target of a link a person may follow: http, https, ftp, mailto, tel, or a place in the same
 * message (its name gets PB_CSS_ID_PREFIX). White space and control characters are taken out as a
 * browser would, or encoded. NULL for all else. */
char *pb_link_clean_target (const char *href);

/* The source of a picture that costs no connection: "cid:", or "data:" of a common picture type
 * under 2 MiB; NULL for all else. *@is_remote tells whether it would have been fetched from the
 * network. */
char *pb_link_clean_picture (const char *source, gboolean *is_remote);

/* An address as a browser would look at it: trimmed, without tabs and line ends. */
char *pb_link_normalise (const char *address);

G_END_DECLS
