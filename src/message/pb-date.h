/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates of header fields. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds since 1970 of a Date value, untrusted, as it came; G_MININT64 when it cannot be read.
 * Pure. */
gint64 pb_date_parse (const char *raw, gsize length);

G_END_DECLS
