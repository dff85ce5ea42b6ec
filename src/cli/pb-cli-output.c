/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Printing. Message text is untrusted: on a terminal it may say anything but do nothing. */

#include "config.h"

#include "pb-cli-output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pb-cli.h"
#include "pb-error.h"
#include "pb-problem.h"

#define REPLACEMENT "\357\277\275"

static gboolean
is_direction_control (gunichar c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_control (gunichar c) {
  return c != '\n' && c != '\t' && (c < 0x20 || (c >= 0x7f && c <= 0x9f));
}

char *
pb_cli_neutralise (const char *text, gsize length) {
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);
  GString *out = g_string_sized_new (length);

  for (const char *p = valid; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (is_direction_control (c) || (c == '\r' && p[1] == '\n'))
      continue;
    if (is_control (c))
      g_string_append (out, REPLACEMENT);
    else
      g_string_append_unichar (out, c);
  }
  return g_string_free (out, FALSE);
}

void
pb_cli_write (const char *text, gsize length) {
  if (!isatty (STDOUT_FILENO)) {
    fwrite (text, 1, length, stdout);
    return;
  }
  g_autofree char *safe = pb_cli_neutralise (text, length);
  fputs (safe, stdout);
}

void
pb_cli_print_line (const char *format, ...) {
  va_list list;
  g_autofree char *text = NULL;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  g_autofree char *safe = pb_cli_neutralise (text, strlen (text));
  g_strdelimit (safe, "\n\t", ' ');
  fputs (safe, stdout);
  fputc ('\n', stdout);
}

void
pb_cli_print_json (JsonBuilder *builder) {
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);

  fputs (text, stdout);
  fputc ('\n', stdout);
  /* Whoever reads along sees each object when it is there. */
  fflush (stdout);
  json_builder_reset (builder);
}

void
pb_cli_json_string (JsonBuilder *builder, const char *name, const char *value) {
  json_builder_set_member_name (builder, name);
  if (value)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
pb_cli_json_int (JsonBuilder *builder, const char *name, gint64 value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
pb_cli_json_boolean (JsonBuilder *builder, const char *name, gboolean value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
pb_cli_json_time (JsonBuilder *builder, const char *name, gint64 when) {
  g_autoptr (GDateTime) time = when == G_MININT64 ? NULL : g_date_time_new_from_unix_utc (when);
  g_autofree char *text = time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  pb_cli_json_string (builder, name, text);
}

char *
pb_cli_dup_fingerprint (const GError *error) {
  GTlsCertificate *certificate = pb_error_get_certificate (error);
  g_autoptr (GByteArray) der = NULL;

  if (!certificate)
    return NULL;
  g_object_get (certificate, "certificate", &der, NULL);
  return der ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : NULL;
}

void
pb_cli_json_error (JsonBuilder *builder, const char *name, const GError *error, const char *where) {
  json_builder_set_member_name (builder, name);
  if (!error) {
    json_builder_add_null_value (builder);
    return;
  }
  g_autoptr (PbProblem) problem = pb_problem_new (error, where);
  g_autofree char *line = pb_problem_to_line (problem);
  g_autofree char *safe = pb_cli_neutralise (line, strlen (line));
  g_autofree char *fingerprint = pb_cli_dup_fingerprint (error);
  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "code", pb_cli_error_name (error));
  pb_cli_json_string (builder, "message", safe);
  if (fingerprint)
    pb_cli_json_string (builder, "certificate_sha256", fingerprint);
  json_builder_end_object (builder);
}

int
pb_cli_fail (const GError *error, const char *where) {
  g_autoptr (PbProblem) problem = pb_problem_new (error, where);
  g_autofree char *line = pb_problem_to_line (problem);
  g_autofree char *safe = pb_cli_neutralise (line, strlen (line));

  g_strdelimit (safe, "\n\t", ' ');
  fprintf (stderr, "postbag-cli: %s\n", safe);
  return pb_problem_exit_code (error);
}

const char *
pb_cli_error_name (const GError *error) {
  static const char *const names[] = {
    [PB_ERROR_SIGN_IN] = "sign-in",
    [PB_ERROR_NO_SECRET] = "no-secret",
    [PB_ERROR_CONNECT] = "connect",
    [PB_ERROR_TIMEOUT] = "timeout",
    [PB_ERROR_CERTIFICATE] = "certificate",
    [PB_ERROR_INSECURE] = "insecure",
    [PB_ERROR_BUSY] = "busy",
    [PB_ERROR_PROTOCOL] = "protocol",
    [PB_ERROR_REFUSED] = "refused",
    [PB_ERROR_UNSUPPORTED] = "unsupported",
    [PB_ERROR_STORAGE] = "storage",
    [PB_ERROR_STORAGE_FULL] = "storage-full",
    [PB_ERROR_STORAGE_READ_ONLY] = "storage-read-only",
    [PB_ERROR_LOCKED] = "locked",
    [PB_ERROR_NOT_FOUND] = "not-found",
    [PB_ERROR_INVALID] = "invalid",
    [PB_ERROR_TOO_LARGE] = "too-large",
  };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  if (error->domain == PB_ERROR && error->code >= 0 && error->code < (int) G_N_ELEMENTS (names))
    return names[error->code];
  return "other";
}

int
pb_cli_worse (int a, int b) {
  static const int order[] = {
    PB_EXIT_DONE,    PB_EXIT_INCOMPLETE,  PB_EXIT_BUSY,    PB_EXIT_CONNECTION,
    PB_EXIT_SIGN_IN, PB_EXIT_CERTIFICATE, PB_EXIT_STORAGE, PB_EXIT_USAGE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    if (order[i] == a)
      return b;
    if (order[i] == b)
      return a;
  }
  return a;
}

gboolean
pb_cli_flush (GError **error) {
  errno = 0;
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  int code = errno;
  /* A reader that went away ("| head") is nobody's trouble. */
  if (code == EPIPE)
    return TRUE;
  g_set_error (error, PB_ERROR, code == ENOSPC ? PB_ERROR_STORAGE_FULL : PB_ERROR_STORAGE,
               "standard output: %s", g_strerror (code));
  return FALSE;
}
