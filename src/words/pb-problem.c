/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the cause of an error in the table and fills it in. */

#include "config.h"

#include "pb-problem.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-format.h"
#include "pb-problem-cause.h"
#include "pb-text-decoder.h"

static int
kind_of_io_error (int code) {
  switch (code) {
  case G_IO_ERROR_CANCELLED:
    return PB_KIND_STOPPED;
  case G_IO_ERROR_TIMED_OUT:
    return PB_ERROR_TIMEOUT;
  case G_IO_ERROR_HOST_NOT_FOUND:
    return PB_KIND_NAME;
  case G_IO_ERROR_NETWORK_UNREACHABLE:
  case G_IO_ERROR_HOST_UNREACHABLE:
    return PB_KIND_OFFLINE;
  case G_IO_ERROR_CONNECTION_REFUSED:
    return PB_KIND_REFUSED;
  case G_IO_ERROR_CONNECTION_CLOSED: /* the same number as BROKEN_PIPE */
  case G_IO_ERROR_NOT_CONNECTED:
    return PB_ERROR_CONNECT;
  case G_IO_ERROR_PROXY_FAILED:
  case G_IO_ERROR_PROXY_AUTH_FAILED:
  case G_IO_ERROR_PROXY_NEED_AUTH:
  case G_IO_ERROR_PROXY_NOT_ALLOWED:
    return PB_KIND_PROXY;
  case G_IO_ERROR_NO_SPACE:
    return PB_ERROR_STORAGE_FULL;
  case G_IO_ERROR_PERMISSION_DENIED:
  case G_IO_ERROR_READ_ONLY:
    return PB_ERROR_STORAGE_READ_ONLY;
  case G_IO_ERROR_NOT_FOUND:
    return PB_ERROR_NOT_FOUND;
  case G_IO_ERROR_NOT_SUPPORTED:
    return PB_ERROR_UNSUPPORTED;
  case G_IO_ERROR_INVALID_ARGUMENT:
  case G_IO_ERROR_INVALID_FILENAME:
    return PB_ERROR_INVALID;
  case G_IO_ERROR_EXISTS:
  case G_IO_ERROR_IS_DIRECTORY:
  case G_IO_ERROR_NOT_DIRECTORY:
  case G_IO_ERROR_TOO_MANY_OPEN_FILES:
    return PB_ERROR_STORAGE;
  default:
    return PB_KIND_UNKNOWN;
  }
}

static int
kind_of_file_error (int code) {
  switch (code) {
  case G_FILE_ERROR_NOSPC:
    return PB_ERROR_STORAGE_FULL;
  case G_FILE_ERROR_ROFS:
  case G_FILE_ERROR_ACCES:
  case G_FILE_ERROR_PERM:
    return PB_ERROR_STORAGE_READ_ONLY;
  case G_FILE_ERROR_NOENT:
    return PB_ERROR_NOT_FOUND;
  default:
    return PB_ERROR_STORAGE;
  }
}

static int
kind_of_tls_error (int code) {
  switch (code) {
  case G_TLS_ERROR_BAD_CERTIFICATE:
    return PB_ERROR_CERTIFICATE;
  case G_TLS_ERROR_NOT_TLS:
    return PB_KIND_NOT_TLS;
  case G_TLS_ERROR_HANDSHAKE:
    return PB_KIND_HANDSHAKE;
  default:
    return PB_ERROR_CONNECT;
  }
}

static int
kind_of (const GError *error) {
  if (error->domain == PB_ERROR)
    return error->code;
  if (error->domain == G_IO_ERROR)
    return kind_of_io_error (error->code);
  if (error->domain == G_FILE_ERROR)
    return kind_of_file_error (error->code);
  if (error->domain == G_TLS_ERROR)
    return kind_of_tls_error (error->code);
  if (error->domain == G_RESOLVER_ERROR)
    return error->code == G_RESOLVER_ERROR_NOT_FOUND ? PB_KIND_NAME : PB_KIND_NAME_SERVICE;
  if (error->domain == G_OPTION_ERROR || error->domain == G_KEY_FILE_ERROR)
    return PB_ERROR_INVALID;
  return PB_KIND_UNKNOWN;
}

/* "IN-USE" also stands for a code with more behind it. */
static gboolean
has_code (const PbProblemCause *cause, const GError *error) {
  const char *code = pb_error_get_response_code (error);

  return !cause->response_code || (code && g_str_has_prefix (code, cause->response_code));
}

static gboolean
has_phrase (const PbProblemCause *cause, const char *said) {
  if (!cause->phrases)
    return TRUE;
  g_auto (GStrv) phrases = g_strsplit (cause->phrases, "|", -1);
  for (char **phrase = phrases; said && *phrase; phrase++) {
    if (strstr (said, *phrase))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_flags (const PbProblemCause *cause, const GError *error) {
  return cause->flags == 0 || (pb_error_get_certificate_flags (error) & cause->flags);
}

/* What the server said, in whatever character set, or NULL. */
static char *
dup_server_words (const GError *error) {
  const char *bytes = pb_error_get_server_bytes (error);
  g_autofree char *decoded = bytes ? pb_text_decode (bytes, strlen (bytes), NULL) : NULL;
  const char *text = decoded ? decoded : pb_error_get_server_text (error);

  return text ? pb_format_clean (text) : NULL;
}

static const PbProblemCause *
find_cause (const GError *error) {
  int kind = kind_of (error);
  g_autofree char *words = dup_server_words (error);
  g_autofree char *said = words ? g_utf8_strdown (words, -1) : NULL;
  const PbProblemCause *cause = pb_problem_causes;

  for (; cause->id; cause++) {
    if (cause->kind == kind && has_code (cause, error) && has_phrase (cause, said) &&
        has_flags (cause, error))
      return cause;
  }
  /* The table ends with what fits everything. */
  return cause - 1;
}

static char *
format_title (const char *title_where, const char *where) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  /* One of the table's, each with one %s, in the translation too (msgfmt checks it). */
  return g_strdup_printf (title_where, where);
#pragma GCC diagnostic pop
}

/* The server's wish, where it has one, is better advice than ours. */
static char *
make_advice (const PbProblemCause *chosen, const GError *error) {
  guint seconds = pb_error_get_retry_after (error);
  guint minutes = (seconds + 59) / 60;

  if (seconds == 0)
    return g_strdup (_ (chosen->advice));
  return g_strdup_printf (ngettext ("Try again in %u minute.", "Try again in %u minutes.", minutes),
                          minutes);
}

PbProblem *
pb_problem_new (const GError *error, const char *where) {
  g_return_val_if_fail (error != NULL, NULL);

  const PbProblemCause *chosen = find_cause (error);
  PbProblem *self = g_new0 (PbProblem, 1);
  self->id = chosen->id;
  self->remedy = chosen->remedy;
  self->network = chosen->network;
  self->title =
    where && *where ? format_title (_ (chosen->title_where), where) : g_strdup (_ (chosen->title));
  self->effect = g_strdup (_ (chosen->effect));
  self->advice = make_advice (chosen, error);
  self->server = dup_server_words (error);
  return self;
}

void
pb_problem_free (PbProblem *self) {
  if (!self)
    return;
  g_free (self->title);
  g_free (self->effect);
  g_free (self->advice);
  g_free (self->server);
  g_free (self);
}

char *
pb_problem_to_line (const PbProblem *self) {
  g_return_val_if_fail (self != NULL, NULL);

  if (!self->server)
    /* Translators: what happened, what it means, what to do; the last two are sentences. */
    return g_strdup_printf (_ ("%s. %s %s"), self->title, self->effect, self->advice);
  /* Translators: what happened, the words of the server, what it means, what to do. */
  return g_strdup_printf (_ ("%s (the server says: “%s”). %s %s"), self->title, self->server,
                          self->effect, self->advice);
}

int
pb_problem_exit_code (const GError *error) {
  g_return_val_if_fail (error != NULL, PB_EXIT_OTHER);

  return find_cause (error)->exit_code;
}

const char *
pb_remedy_label (PbRemedy remedy) {
  switch (remedy) {
  case PB_REMEDY_TRY:
    return _ ("_Try Now");
  case PB_REMEDY_SIGN_IN:
    return _ ("_Sign In Again");
  case PB_REMEDY_CERTIFICATE:
    return _ ("Show _Certificate");
  case PB_REMEDY_ACCOUNT:
    return _ ("_Account Settings");
  case PB_REMEDY_PROVIDER:
    return _ ("Open the _Provider’s Page");
  case PB_REMEDY_NETWORK:
    return _ ("_Network Settings");
  case PB_REMEDY_FOLDER:
    return _ ("Show the _Folder");
  case PB_REMEDY_SPACE:
    return _ ("_Free Some Space");
  case PB_REMEDY_LOG:
    return _ ("Session _Log");
  case PB_REMEDY_NONE:
  default:
    return NULL;
  }
}
