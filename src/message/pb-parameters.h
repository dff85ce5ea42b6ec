/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Values of the form "token; name=value; …" (Content-Type, Content-Disposition), with RFC 2231,
 * RFC 2047 where it does not belong, raw 8-bit text and missing quotes. Within this layer only. */

#pragma once

#include "pb-header-block.h"

G_BEGIN_DECLS

/* What stands before the parameters, lower case, without white space; "" without one. */
char *pb_parameters_dup_token (const PbSlice *value);

/* The parameter as one decoded line; NULL without one. @name in lower case. Values are read up to
 * 64 KiB. */
char *pb_parameters_dup (const PbSlice *value, const char *name);

/* The parameter's bytes without decoding, as a boundary is to be compared; NULL without one. */
char *pb_parameters_dup_raw (const PbSlice *value, const char *name);

G_END_DECLS
