/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli console: commands come line by line from standard input, what the server says goes to
 * standard output, and what Postbag says about it to standard error, or behind a “#”. */

#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-cli-service.h"
#include "pb-console-words.h"
#include "pb-oauth-source.h"

/* The console refuses longer lines; this is only a limit. */
#define LINE_MAX_LENGTH 4096

typedef struct {
  PbCli *cli;
  PbConsole *console;
  gboolean explain;
  gboolean yes;
  GString *typed; /* of a line that is not complete */
  guint input;    /* while a line is waited for */
  gboolean closed;
  int status;
} Console;

static gboolean input_cb (int fd, GIOCondition condition, gpointer data);

/* ---- What is printed ---- */

static void
print_explanation (Console *self, const PbConsoleEvent *event) {
  g_autofree char *text = pb_console_words_explain (event);

  if (text && self->explain)
    pb_cli_print_line ("# %s", text);
}

static void
complain (const char *text) {
  fprintf (stderr, "postbag-cli: %s\n", text);
}

static void
ask (Console *self, const char *question) {
  if (self->yes) {
    pb_console_answer (self->console, TRUE);
    return;
  }
  fprintf (stderr, "%s [y/N] ", question);
  fflush (stderr);
}

static void
take_closed (Console *self, const PbConsoleEvent *event) {
  self->closed = TRUE;
  if (event->error)
    self->status =
      pb_cli_fail (event->error, pb_account_get_label (pb_console_get_account (self->console)));
  g_main_loop_quit (self->cli->loop);
}

static void
event_cb (PbConsole *console, const PbConsoleEvent *event, gpointer data) {
  Console *self = data;
  g_autofree char *line = pb_console_words_line (event);

  switch (event->kind) {
  case PB_CONSOLE_STATUS:
  case PB_CONSOLE_LINE:
  case PB_CONSOLE_FOLDED:
    pb_cli_print_line ("%s", line);
    print_explanation (self, event);
    break;
  case PB_CONSOLE_NOT_SENT: {
    g_autofree char *why = pb_console_words_explain (event);
    complain (why);
    break;
  }
  case PB_CONSOLE_ASK_DELETE:
  case PB_CONSOLE_ASK_QUIT:
    ask (self, line);
    break;
  case PB_CONSOLE_TAKEN_BACK:
  case PB_CONSOLE_IDLE:
    complain (line);
    break;
  case PB_CONSOLE_OPENED:
  case PB_CONSOLE_COMMAND:
  case PB_CONSOLE_CANCELLED:
    print_explanation (self, event);
    break;
  case PB_CONSOLE_CLOSED:
    if (self->explain && !event->error)
      pb_cli_print_line ("# %s", line);
    take_closed (self, event);
    break;
  }
  fflush (stdout);
}

/* ---- What is typed ---- */

static gboolean
is_yes (const char *text) {
  return *text == 'y' || *text == 'Y';
}

static void
take_line (Console *self) {
  g_autofree char *line = g_strdup (self->typed->str);

  g_string_truncate (self->typed, 0);
  if (pb_console_get_state (self->console) == PB_CONSOLE_STATE_ASKING)
    pb_console_answer (self->console, is_yes (line));
  else if (*line)
    pb_console_submit (self->console, line);
}

/* The next line is not read before the last one is answered. */
static void
state_cb (Console *self) {
  PbConsoleState state = pb_console_get_state (self->console);
  gboolean waits = state == PB_CONSOLE_STATE_READY || state == PB_CONSOLE_STATE_ASKING;

  if (!waits)
    g_clear_handle_id (&self->input, g_source_remove);
  else if (!self->input)
    self->input = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_cb, self);
}

/* NUL and CR within a line are left to the console to refuse; NUL would end it early. */
static gboolean
input_cb (int fd, GIOCondition condition, gpointer data) {
  Console *self = data;
  char byte;
  gssize got = read (fd, &byte, 1);

  if (got > 0 && byte == '\n') {
    gsize length = self->typed->len;
    if (length > 0 && self->typed->str[length - 1] == '\r')
      g_string_truncate (self->typed, length - 1);
    take_line (self);
    return self->input != 0;
  }
  if (got > 0) {
    if (self->typed->len < LINE_MAX_LENGTH)
      g_string_append_c (self->typed, byte ? byte : '\r');
    return G_SOURCE_CONTINUE;
  }
  self->input = 0;
  pb_console_close (self->console);
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer data) {
  pb_console_close (data);
  return G_SOURCE_REMOVE;
}

/* ---- One run ---- */

static void
run (Console *self) {
  GSource *cancel = g_cancellable_source_new (self->cli->cancellable);

  g_source_set_callback (cancel, G_SOURCE_FUNC (cancelled_cb), self->console, NULL);
  g_source_attach (cancel, NULL);
  g_signal_connect (self->console, "event", G_CALLBACK (event_cb), self);
  g_signal_connect_swapped (self->console, "notify::state", G_CALLBACK (state_cb), self);
  while (!self->closed)
    g_main_loop_run (self->cli->loop);
  g_signal_handlers_disconnect_by_data (self->console, self);
  g_clear_handle_id (&self->input, g_source_remove);
  g_source_destroy (cancel);
  g_source_unref (cancel);
}

static int
talk (PbCli *cli, PbAccount *account, PbSecrets *secrets, gboolean explain, gboolean yes) {
  Console self = { .cli = cli, .explain = explain, .yes = yes, .status = PB_EXIT_DONE };
  g_autoptr (PbSyncService) service = pb_cli_make_service (cli, secrets);

  self.typed = g_string_new (NULL);
  self.console = pb_sync_service_open_console (service, account);
  run (&self);
  pb_cli_stop_service (cli, service);
  g_object_unref (self.console);
  g_string_free (self.typed, TRUE);
  return self.status;
}

int
pb_cli_console (PbCli *self, GStrv args) {
  gboolean from_stdin = FALSE, explain = FALSE, yes = FALSE;
  const GOptionEntry entries[] = {
    { "password-stdin", 'p', 0, G_OPTION_ARG_NONE, &from_stdin,
      N_ ("Read the password as the first line of standard input, and ask no keyring"), NULL },
    { "explain", 'e', 0, G_OPTION_ARG_NONE, &explain,
      N_ ("Explain each command and each reply, in lines that begin with #"), NULL },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask before DELE and QUIT"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("ID"),
    _ ("Signs in and sends POP3 commands that come from standard input, one in each line: STAT, "
       "LIST, UIDL, TOP, RETR, DELE, RSET, NOOP, QUIT, CAPA, LANG. It asks before a message is "
       "deleted; the end of the input without QUIT takes all deletion marks back."),
    entries, 1, 1
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  PbAccount *account = pb_cli_find_account (self, rest[0], &error);
  if (!account)
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[0]);
  g_autoptr (PbSecrets) secrets = from_stdin ? pb_secrets_new_in_memory () : pb_secrets_new ();
  pb_oauth_source_serve (secrets);
  if ((from_stdin && !pb_cli_remember_secret (self, secrets, account, &error)) ||
      !pb_cli_open_store (self, &error))
    return pb_cli_fail (error, NULL);
  return talk (self, account, secrets, explain, yes);
}
