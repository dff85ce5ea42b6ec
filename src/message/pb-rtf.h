/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Rich text as it comes in winmail.dat: unpacked, and its words. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text of a compressed stream (MS-OXRTFCP), at most 4 MiB; NULL for what is none. Untrusted. */
char *pb_rtf_unpack (const guint8 *data, gsize length);

/* The words of @rtf as UTF-8, without any form. Pure. */
char *pb_rtf_to_text (const char *rtf);

G_END_DECLS
