/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The header fields of a part, as GMime holds them, found by name: raw or as one decoded line.
 * Within this layer only. */

#pragma once

#include <gmime/gmime.h>

G_BEGIN_DECLS

/* @fields may be NULL everywhere, for no field at all. */

/* The raw value of the first field of that name (any case), with its folds; NULL without one. */
const char *pb_header_fields_find (GMimeHeaderList *fields, const char *name);

/* Every value of that name joined by @separator, raw; NULL without one. */
GString *pb_header_fields_join (GMimeHeaderList *fields, const char *name, const char *separator);

/* The value decoded to one line; "" without one. */
char *pb_header_fields_dup_text (GMimeHeaderList *fields, const char *name);

G_END_DECLS
