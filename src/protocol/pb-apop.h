/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* APOP (RFC 1939, section 7): the time stamp of the greeting, and the digest over it. */

#pragma once

#include <gio/gio.h>

#include "pb-pop3-response.h"
#include "pb-secret.h"

G_BEGIN_DECLS

/* The stamp with its angle brackets. PB_ERROR_UNSUPPORTED when @greeting has none,
 * PB_ERROR_PROTOCOL when what it has is no message id of ASCII: a false server may use such a stamp
 * to find out the password piece by piece (CVE-2007-1558). */
char *pb_apop_find_stamp (const PbPop3Span *greeting, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* 32 lower-case hexadecimal digits. */
char *pb_apop_digest (const char *stamp, const PbSecret *secret) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
