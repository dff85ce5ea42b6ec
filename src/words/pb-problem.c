/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Words for every code. A sentence promises only what the engine keeps: in particular, that nothing
 * is deleted on a server which is not safely here. */

#include "config.h"

#include "pb-problem.h"

#include <glib/gi18n.h>

#include "pb-error.h"
#include "pb-format.h"

/* Exit codes of postbag-cli. */
enum {
  EXIT_OTHER = 1,
  EXIT_USAGE = 2,
  EXIT_SIGN_IN = 3,
  EXIT_CONNECTION = 4,
  EXIT_CERTIFICATE = 5,
  EXIT_STORAGE = 6,
  EXIT_BUSY = 7,
};

/* What can be said about one kind of error. */
typedef struct {
  int exit_code;
  const char *title;       /* without knowing where */
  const char *title_where; /* with one %s */
  const char *effect;
  const char *advice;
} Words;

static const Words words[] = {
  [PB_ERROR_SIGN_IN] = {
    EXIT_SIGN_IN,
    N_ ("The server did not accept the user name or password"),
    N_ ("%s: the server did not accept the user name or password"),
    N_ ("No mail was fetched; it waits on the server."),
    N_ ("Check the user name and enter the password again; some providers want a password made for "
        "mail programs only."),
  },
  [PB_ERROR_NO_SECRET] = {
    EXIT_SIGN_IN,
    N_ ("The password is not known"),
    N_ ("The password for %s is not known"),
    N_ ("No mail was fetched; it waits on the server."),
    N_ ("Enter the password."),
  },
  [PB_ERROR_CONNECT] = {
    EXIT_CONNECTION,
    N_ ("The connection to the server failed"),
    N_ ("The connection to %s failed"),
    N_ ("What arrived before is kept; the rest waits on the server."),
    N_ ("Check the network, and the server name and port in the account, then try again."),
  },
  [PB_ERROR_TIMEOUT] = {
    EXIT_CONNECTION,
    N_ ("The server does not answer"),
    N_ ("%s does not answer"),
    N_ ("What arrived before is kept; the rest waits on the server."),
    N_ ("Try again later; if it happens every time, check the server name and port in the "
        "account."),
  },
  [PB_ERROR_CERTIFICATE] = {
    EXIT_CERTIFICATE,
    N_ ("The certificate of the server is not trusted"),
    N_ ("The certificate of %s is not trusted"),
    N_ ("Your password was not sent, and no mail was fetched."),
    N_ ("Check that the server name is right; trust the certificate only if you know that it "
        "belongs to this server."),
  },
  [PB_ERROR_INSECURE] = {
    EXIT_CONNECTION,
    N_ ("The connection to the server cannot be made secure"),
    N_ ("The connection to %s cannot be made secure"),
    N_ ("Your password was not sent, and no mail was fetched."),
    N_ ("Change the security setting of the account to TLS, or ask your provider which one to "
        "use."),
  },
  [PB_ERROR_BUSY] = {
    EXIT_BUSY,
    N_ ("The server cannot give out mail at the moment"),
    N_ ("%s: the server cannot give out mail at the moment"),
    N_ ("No mail was lost; it waits on the server."),
    N_ ("Try again in a few minutes."),
  },
  [PB_ERROR_PROTOCOL] = {
    EXIT_CONNECTION,
    N_ ("The server sent a reply that Postbag does not understand"),
    N_ ("%s: the server sent a reply that Postbag does not understand"),
    N_ ("What arrived before is kept; the rest waits on the server."),
    N_ ("Check that the server and port in the account are those for POP3, then try again."),
  },
  [PB_ERROR_REFUSED] = {
    EXIT_OTHER,
    N_ ("The server refused a request"),
    N_ ("%s: the server refused a request"),
    N_ ("No mail was lost; what was refused is still on the server."),
    N_ ("Try again later, or ask your provider if it happens every time."),
  },
  [PB_ERROR_UNSUPPORTED] = {
    EXIT_OTHER,
    N_ ("This is not possible here"),
    N_ ("This is not possible with %s"),
    N_ ("Nothing was changed."),
    N_ ("Check the settings of the account."),
  },
  [PB_ERROR_STORAGE] = {
    EXIT_STORAGE,
    N_ ("The mail on this computer could not be read or written"),
    N_ ("%s could not be read or written"),
    N_ ("Nothing was deleted on the server."),
    N_ ("Check the disk; “postbag-cli verify” looks for damage."),
  },
  [PB_ERROR_STORAGE_FULL] = {
    EXIT_STORAGE,
    N_ ("There is no room left to store mail"),
    N_ ("There is no room left for %s"),
    N_ ("Nothing was deleted on the server; what does not fit waits there."),
    N_ ("Free some space on the disk, then try again."),
  },
  [PB_ERROR_STORAGE_READ_ONLY] = {
    EXIT_STORAGE,
    N_ ("Postbag may not write where it keeps its files"),
    N_ ("Postbag may not write %s"),
    N_ ("Nothing was deleted on the server."),
    N_ ("Check the permissions of the folder, and whether the disk is read-only."),
  },
  [PB_ERROR_LOCKED] = {
    EXIT_BUSY,
    N_ ("Another Postbag is working on this mailbox"),
    N_ ("Another Postbag is working on %s"),
    N_ ("Nothing was changed."),
    N_ ("Wait until it is done, then try again."),
  },
  [PB_ERROR_NOT_FOUND] = {
    EXIT_USAGE,
    N_ ("That does not exist"),
    N_ ("%s does not exist"),
    N_ ("Nothing was changed."),
    N_ ("Check the name; it may have been moved or deleted."),
  },
  [PB_ERROR_INVALID] = {
    EXIT_USAGE,
    N_ ("A value cannot be used"),
    N_ ("%s cannot be used"),
    N_ ("Nothing was changed."),
    N_ ("Check what was entered, then try again."),
  },
  [PB_ERROR_TOO_LARGE] = {
    EXIT_OTHER,
    N_ ("This is larger than Postbag can handle"),
    N_ ("%s is larger than Postbag can handle"),
    N_ ("A part was left out; the original is unchanged."),
    N_ ("Save it to a file and open it in another program."),
  },
};

static const Words cancelled_words = {
  EXIT_OTHER,
  N_ ("Stopped"),
  N_ ("%s: stopped"),
  N_ ("What arrived before is kept; the rest waits on the server."),
  N_ ("Try again whenever you like."),
};

static const Words name_words = {
  EXIT_CONNECTION,
  N_ ("The server was not found"),
  N_ ("The server of %s was not found"),
  N_ ("No mail was fetched; it waits on the server."),
  N_ ("Check the network and the spelling of the server name."),
};

static const Words offline_words = {
  EXIT_CONNECTION,
  N_ ("The network cannot be reached"),
  N_ ("%s: the network cannot be reached"),
  N_ ("No mail was lost; it waits on the server."),
  N_ ("Connect to a network, then try again."),
};

static const Words unknown_words = {
  EXIT_OTHER,
  N_ ("Something unexpected went wrong"),
  N_ ("%s: something unexpected went wrong"),
  N_ ("Nothing was deleted on the server that is not safely here."),
  N_ ("Try again; if it happens every time, please report it."),
};

/* Some replies of servers deserve better words than their code alone. */
static const struct {
  const char *response_code;
  Words words;
} response_words[] = {
  { "IN-USE",
    { EXIT_BUSY, N_ ("The mailbox is in use by another program"),
      N_ ("%s is in use by another program"), N_ ("No mail was lost; it waits on the server."),
      N_ ("Close other mail programs that use this mailbox, or try again in a few minutes.") } },
  { "LOGIN-DELAY",
    { EXIT_BUSY, N_ ("The server wants more time between two checks"),
      N_ ("%s: the server wants more time between two checks"),
      N_ ("No mail was lost; it waits on the server."), N_ ("Check for mail less often.") } },
  { "SYS/PERM",
    { EXIT_BUSY, N_ ("The server has a lasting problem with this mailbox"),
      N_ ("The server has a lasting problem with %s"),
      N_ ("The mail there is out of reach for now."),
      N_ ("Tell your provider; it has to be mended there.") } },
};

static const Words *
words_for_io_error (int code) {
  switch (code) {
  case G_IO_ERROR_CANCELLED:
    return &cancelled_words;
  case G_IO_ERROR_TIMED_OUT:
    return &words[PB_ERROR_TIMEOUT];
  case G_IO_ERROR_HOST_NOT_FOUND:
    return &name_words;
  case G_IO_ERROR_NETWORK_UNREACHABLE:
  case G_IO_ERROR_HOST_UNREACHABLE:
    return &offline_words;
  case G_IO_ERROR_CONNECTION_REFUSED:
  case G_IO_ERROR_CONNECTION_CLOSED: /* the same number as BROKEN_PIPE */
  case G_IO_ERROR_NOT_CONNECTED:
  case G_IO_ERROR_PROXY_FAILED:
  case G_IO_ERROR_PROXY_AUTH_FAILED:
  case G_IO_ERROR_PROXY_NEED_AUTH:
  case G_IO_ERROR_PROXY_NOT_ALLOWED:
    return &words[PB_ERROR_CONNECT];
  case G_IO_ERROR_NO_SPACE:
    return &words[PB_ERROR_STORAGE_FULL];
  case G_IO_ERROR_PERMISSION_DENIED:
  case G_IO_ERROR_READ_ONLY:
    return &words[PB_ERROR_STORAGE_READ_ONLY];
  case G_IO_ERROR_NOT_FOUND:
    return &words[PB_ERROR_NOT_FOUND];
  case G_IO_ERROR_NOT_SUPPORTED:
    return &words[PB_ERROR_UNSUPPORTED];
  case G_IO_ERROR_INVALID_ARGUMENT:
  case G_IO_ERROR_INVALID_FILENAME:
    return &words[PB_ERROR_INVALID];
  case G_IO_ERROR_EXISTS:
  case G_IO_ERROR_IS_DIRECTORY:
  case G_IO_ERROR_NOT_DIRECTORY:
  case G_IO_ERROR_TOO_MANY_OPEN_FILES:
    return &words[PB_ERROR_STORAGE];
  default:
    return &unknown_words;
  }
}

static const Words *
words_for_file_error (int code) {
  switch (code) {
  case G_FILE_ERROR_NOSPC:
    return &words[PB_ERROR_STORAGE_FULL];
  case G_FILE_ERROR_ROFS:
  case G_FILE_ERROR_ACCES:
  case G_FILE_ERROR_PERM:
    return &words[PB_ERROR_STORAGE_READ_ONLY];
  case G_FILE_ERROR_NOENT:
    return &words[PB_ERROR_NOT_FOUND];
  default:
    return &words[PB_ERROR_STORAGE];
  }
}

static const Words *
words_for_own_error (const GError *error) {
  const char *response_code = pb_error_get_response_code (error);

  for (guint i = 0; response_code && i < G_N_ELEMENTS (response_words); i++) {
    if (g_str_equal (response_code, response_words[i].response_code))
      return &response_words[i].words;
  }
  return error->code >= 0 && error->code < (int) G_N_ELEMENTS (words) ? &words[error->code]
                                                                      : &unknown_words;
}

static const Words *
words_for (const GError *error) {
  if (error->domain == PB_ERROR)
    return words_for_own_error (error);
  if (error->domain == G_IO_ERROR)
    return words_for_io_error (error->code);
  if (error->domain == G_FILE_ERROR)
    return words_for_file_error (error->code);
  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_BAD_CERTIFICATE ? &words[PB_ERROR_CERTIFICATE]
                                                      : &words[PB_ERROR_CONNECT];
  if (error->domain == G_RESOLVER_ERROR)
    return error->code == G_RESOLVER_ERROR_NOT_FOUND ? &name_words : &offline_words;
  if (error->domain == G_OPTION_ERROR || error->domain == G_KEY_FILE_ERROR)
    return &words[PB_ERROR_INVALID];
  return &unknown_words;
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
make_advice (const Words *chosen, const GError *error) {
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

  const Words *chosen = words_for (error);
  PbProblem *self = g_new0 (PbProblem, 1);
  self->title =
    where && *where ? format_title (_ (chosen->title_where), where) : g_strdup (_ (chosen->title));
  self->effect = g_strdup (_ (chosen->effect));
  self->advice = make_advice (chosen, error);
  const char *server = pb_error_get_server_text (error);
  self->server = server ? pb_format_clean (server) : NULL;
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
  g_return_val_if_fail (error != NULL, EXIT_OTHER);

  return words_for (error)->exit_code;
}
