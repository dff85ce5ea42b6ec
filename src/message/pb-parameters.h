/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Parameters of Content-Type and Content-Disposition: GMime's, but for encoded words (RFC 2047),
 * which are not allowed there and are everywhere. Within this layer only. */

#pragma once

#include <gmime/gmime.h>

G_BEGIN_DECLS

/* The parameter as one decoded line; NULL without one. Values are read up to 64 KiB. */
char *pb_parameters_dup_of_type (GMimeObject *object, const char *name);
char *pb_parameters_dup_of_disposition (GMimeObject *object, const char *name);

G_END_DECLS
