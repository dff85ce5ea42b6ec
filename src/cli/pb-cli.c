/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Start, end, signals, waiting, and the table of commands. What a command does is in its own
 * file. */

#include "config.h"

#include "pb-cli.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-error.h"

typedef struct {
  const char *name; /* one or two words */
  int (*run) (PbCli *self, GStrv args);
  const char *summary;
} Command;

static const Command commands[] = {
  { "account add", pb_cli_account_add, N_ ("Set up an account") },
  { "account set", pb_cli_account_set, N_ ("Change an account") },
  { "account list", pb_cli_account_list, N_ ("List the accounts") },
  { "account show", pb_cli_account_show, N_ ("Show the settings of an account") },
  { "account remove", pb_cli_account_remove, N_ ("Forget an account") },
  { "account detach", pb_cli_account_detach, N_ ("Give up a server, keep its mail") },
  { "account discover", pb_cli_account_discover, N_ ("Find the server of an address") },
  { "account import-from", pb_cli_account_import, N_ ("Take over accounts of other programs") },
  { "password", pb_cli_password, N_ ("Keep the password of an account in the keyring") },
  { "fetch", pb_cli_fetch, N_ ("Fetch new mail") },
  { "list", pb_cli_list, N_ ("List messages that are here") },
  { "show", pb_cli_show, N_ ("Show a message") },
  { "search", pb_cli_search, N_ ("Find messages by their words") },
  { "export", pb_cli_export, N_ ("Copy mail to files") },
  { "import", pb_cli_import, N_ ("Copy mail from files of other programs") },
  { "verify", pb_cli_verify, N_ ("Check files, ledger and index against each other") },
  { "server", pb_cli_server, N_ ("Look into the mailbox on the server, and clean it") },
  { "console", pb_cli_console, N_ ("Type POP3 commands to the server") },
};

/* ---- Waiting ---- */

void
pb_cli_done (GObject *source, GAsyncResult *result, gpointer data) {
  PbCli *self = data;

  g_assert (self->result == NULL);
  self->result = g_object_ref (result);
  g_main_loop_quit (self->loop);
}

GAsyncResult *
pb_cli_await (PbCli *self) {
  while (!self->result)
    g_main_loop_run (self->loop);
  return g_steal_pointer (&self->result);
}

gboolean
pb_cli_load_accounts (PbCli *self, GError **error) {
  if (self->accounts)
    return TRUE;

  g_autoptr (PbAccountList) accounts = pb_account_list_new (self->paths->config);
  pb_account_list_load_async (accounts, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  if (!pb_account_list_load_finish (accounts, result, error))
    return FALSE;
  self->accounts = g_steal_pointer (&accounts);
  return TRUE;
}

static gboolean
add_accounts_to_store (PbCli *self, GError **error) {
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));

  for (guint i = 0; i < count; i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
    pb_mail_store_add_account_async (self->store, pb_account_get_id (account), self->cancellable,
                                     pb_cli_done, self);
    g_autoptr (GAsyncResult) result = pb_cli_await (self);
    if (!pb_mail_store_add_account_finish (self->store, result, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pb_cli_open_store (PbCli *self, GError **error) {
  if (self->store)
    return TRUE;
  if (!pb_cli_load_accounts (self, error))
    return FALSE;

  g_autoptr (PbMailStore) store = pb_mail_store_new (self->paths->data);
  pb_mail_store_open_async (store, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  if (!pb_mail_store_open_finish (store, result, error))
    return FALSE;
  self->store = g_steal_pointer (&store);
  return add_accounts_to_store (self, error);
}

PbAccount *
pb_cli_find_account (PbCli *self, const char *id, GError **error) {
  PbAccount *account = pb_account_list_find (self->accounts, id);

  if (!account)
    g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no account “%s”", id);
  return account;
}

/* ---- Commands ---- */

static void
print_help (FILE *stream) {
  fputs (_ ("Postbag fetches mail over POP3 and keeps it in files that stay readable.\n"), stream);
  fputc ('\n', stream);
  fputs (_ ("Usage:\n  postbag-cli COMMAND …\n"), stream);
  fputc ('\n', stream);
  fputs (_ ("Commands:\n"), stream);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stream, "  %-20s %s\n", commands[i].name, _ (commands[i].summary));
  fprintf (stream, "  %-20s %s\n", "help [COMMAND]", _ ("Show this text, or that of a command"));
  fputc ('\n', stream);
  fputs (_ ("“postbag-cli COMMAND --help” explains a command; “postbag-cli --version” tells the "
            "version.\n"),
         stream);
  fputc ('\n', stream);
  fputs (
    _ ("Exit codes:\n"
       "  0  done\n"
       "  1  some messages could not be fetched, or something else went wrong\n"
       "  2  the command line makes no sense\n"
       "  3  the server refused user or password, or no password is known\n"
       "  4  no connection, or it was lost\n"
       "  5  the certificate of the server is not trusted\n"
       "  6  files could not be written or read, or no keyring answered\n"
       "  7  the server asks to come back later\n"
       "With several accounts it is the one that needs a person most: 2, 6, 5, 3, 4, 7, 1, 0.\n"),
    stream);
}

static gboolean
words_match (const char *name, int argc, char *argv[], int *words) {
  g_auto (GStrv) parts = g_strsplit (name, " ", -1);
  int count = (int) g_strv_length (parts);

  *words = count;
  if (argc < count)
    return FALSE;
  for (int i = 0; i < count; i++) {
    if (strcmp (parts[i], argv[i]) != 0)
      return FALSE;
  }
  return TRUE;
}

static const Command *
find_command (int argc, char *argv[], int *words) {
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (words_match (commands[i].name, argc, argv, words))
      return &commands[i];
  }
  return NULL;
}

static int
run_command (PbCli *self, const Command *command, int argc, char *argv[]) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, command->name);
  for (int i = 0; i < argc; i++)
    g_strv_builder_add (builder, argv[i]);
  g_auto (GStrv) args = g_strv_builder_end (builder);
  return command->run (self, args);
}

static int
unknown_command (int argc, char *argv[]) {
  if (argc == 0)
    fprintf (stderr, "postbag-cli: %s\n",
             _ ("What shall be done? “postbag-cli help” lists the commands."));
  else if (strcmp (argv[0], "account") == 0)
    fprintf (stderr, "postbag-cli account: %s\n",
             _ ("One of add, set, list, show, remove, detach, discover, import-from must follow. "
                "“postbag-cli help” explains."));
  else {
    g_autofree char *name = pb_cli_neutralise (argv[0], strlen (argv[0]));
    fprintf (stderr, "postbag-cli: ");
    fprintf (stderr, _ ("There is no command “%s”. “postbag-cli help” lists the commands."), name);
    fputc ('\n', stderr);
  }
  return PB_EXIT_USAGE;
}

static int
dispatch (PbCli *self, int argc, char *argv[]) {
  char *help[] = { (char *) "--help", NULL };
  const Command *command;
  int words = 0;

  if (argc > 0 && (strcmp (argv[0], "--version") == 0)) {
    puts ("postbag-cli " PB_VERSION);
    return PB_EXIT_DONE;
  }
  if (argc == 1 && (strcmp (argv[0], "help") == 0 || strcmp (argv[0], "--help") == 0 ||
                    strcmp (argv[0], "-h") == 0)) {
    print_help (stdout);
    return PB_EXIT_DONE;
  }
  if (argc > 1 && strcmp (argv[0], "help") == 0) {
    command = find_command (argc - 1, argv + 1, &words);
    return command ? run_command (self, command, 1, help) : unknown_command (argc - 1, argv + 1);
  }
  command = find_command (argc, argv, &words);
  return command ? run_command (self, command, argc - words, argv + words)
                 : unknown_command (argc, argv);
}

/* ---- Start and end ---- */

/* A second signal of the same kind ends the process at once; what is durable stays so. */
static gboolean
interrupted (PbCli *self, guint which) {
  self->signals[which] = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
interrupted_cb (gpointer data) {
  return interrupted (data, 0);
}

static gboolean
terminated_cb (gpointer data) {
  return interrupted (data, 1);
}

static void
close_store (PbCli *self) {
  pb_mail_store_close_async (self->store, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  pb_mail_store_close_finish (self->store, result, NULL);
}

static void
clear (PbCli *self) {
  if (self->store)
    close_store (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->signals); i++)
    g_clear_handle_id (&self->signals[i], g_source_remove);
  g_clear_object (&self->store);
  g_clear_object (&self->accounts);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->paths, pb_paths_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

int
pb_cli_main (int argc, char *argv[]) {
  PbCli self = { 0 };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PB_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* A reader that goes away must not end a fetch half-way. */
  signal (SIGPIPE, SIG_IGN);

  self.loop = g_main_loop_new (NULL, FALSE);
  self.cancellable = g_cancellable_new ();
  self.paths = pb_paths_new_default ();
  self.signals[0] = g_unix_signal_add (SIGINT, interrupted_cb, &self);
  self.signals[1] = g_unix_signal_add (SIGTERM, terminated_cb, &self);
  int status = dispatch (&self, argc - 1, argv + 1);
  clear (&self);
  if (!pb_cli_flush (&error))
    status = pb_cli_worse (status, pb_cli_fail (error, NULL));
  return status;
}
