/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What goes to standard output and standard error: text that cannot drive a terminal, JSON
 * lines, errors as sentences. */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @text without terminal control: C0 and C1 controls but LF and tab, and what is not UTF-8,
 * become U+FFFD; controls that reorder text are left out, and so is CR before LF. */
char *pb_cli_neutralise (const char *text, gsize length);

/* Writes bytes of a message as they are; neutralised where standard output is a terminal. */
void pb_cli_write (const char *text, gsize length);

/* A line whose parts may come from mail: always neutralised, and without line ends in it. */
void pb_cli_print_line (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* One object on one line. Takes @builder's root; the builder is reset. */
void pb_cli_print_json (JsonBuilder *builder);

void
pb_cli_json_string (JsonBuilder *builder, const char *name, const char *value); /* NULL: null */
void pb_cli_json_int (JsonBuilder *builder, const char *name, gint64 value);
void pb_cli_json_boolean (JsonBuilder *builder, const char *name, gboolean value);
void pb_cli_json_time (JsonBuilder *builder,
                       const char *name,
                       gint64 when); /* ISO 8601 in UTC; G_MININT64: null */

/* SHA-256 in hex of the certificate that @error is about; NULL when it is about none. */
char *pb_cli_dup_fingerprint (const GError *error);

/* Code and sentence of @error, and the fingerprint of a certificate; null without an error. */
void
pb_cli_json_error (JsonBuilder *builder, const char *name, const GError *error, const char *where);

/* Says @error in one line on standard error; returns its exit code. */
int pb_cli_fail (const GError *error, const char *where);

/* The name of an error code in JSON: "sign-in", "certificate", …, "cancelled", "other". */
const char *pb_cli_error_name (const GError *error);

/* The worse of two exit codes: usage, then storage, certificate, sign-in, connection, busy,
 * incomplete, done. */
int pb_cli_worse (int a, int b);

/* Flushes standard output; FALSE when something could not be written there. */
gboolean pb_cli_flush (GError **error);

G_END_DECLS
