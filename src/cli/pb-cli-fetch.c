/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli fetch: starts the checks, shows how far they are, and says what came of each. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-cli-rest.h"
#include "pb-cli-service.h"
#include "pb-error.h"
#include "pb-format.h"
#include "pb-oauth-source.h"

#define PROGRESS_INTERVAL_MS 200

typedef struct {
  PbCli *cli;
  PbSyncService *service;
  gboolean json;
  FILE *transcript;
  guint pending;
  int status;
} Fetch;

/* One account's check. */
typedef struct {
  Fetch *fetch;
  PbAccount *account;
  const GArray *rest; /* of gint64: messages whose rest is wanted; NULL for a plain check */
  gint64 started;
} Job;

/* ---- What came of it ---- */

/* Messages that stay on the server: those with a reason, or those without. */
static void
add_refused (JsonBuilder *builder, const char *name, const GPtrArray *messages, gboolean reasons) {
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; messages && i < messages->len; i++) {
    const PbRefusedMessage *message = g_ptr_array_index (messages, i);
    if (reasons != (message->reason != NULL))
      continue;
    json_builder_begin_object (builder);
    pb_cli_json_int (builder, "number", message->number);
    pb_cli_json_int (builder, "size", (gint64) message->size);
    if (reasons) {
      pb_cli_json_string (builder, "reason", message->reason);
      pb_cli_json_int (builder, "next_try", message->next_try);
    }
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
print_result_json (Job *job, const PbFetchResult *fetched, const GError *error) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  double seconds = (double) (g_get_monotonic_time () - job->started) / G_USEC_PER_SEC;

  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "account", pb_account_get_id (job->account));
  pb_cli_json_int (builder, "stored", fetched->stored);
  pb_cli_json_int (builder, "completed", fetched->completed);
  pb_cli_json_int (builder, "duplicates", fetched->duplicates);
  pb_cli_json_int (builder, "refused", fetched->refused);
  pb_cli_json_int (builder, "skipped", fetched->skipped);
  pb_cli_json_int (builder, "removed", fetched->removed);
  pb_cli_json_int (builder, "on_server", fetched->on_server);
  pb_cli_json_int (builder, "bytes", (gint64) fetched->bytes);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, seconds);
  GPtrArray *messages = pb_sync_service_get_refused (job->fetch->service, job->account);
  add_refused (builder, "refused_messages", messages, TRUE);
  add_refused (builder, "skipped_messages", messages, FALSE);
  pb_cli_json_error (builder, "error", error, pb_account_get_label (job->account));
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

/* Takes @text. */
static void
add_part (GString *line, char *text) {
  g_string_append_printf (line, "%s%s", line->len ? ", " : "", text);
  g_free (text);
}

static void
print_result (Job *job, const PbFetchResult *fetched) {
  g_autoptr (GString) line = g_string_new (NULL);
  guint n = fetched->stored;

  add_part (line, g_strdup_printf (ngettext ("%u new message", "%u new messages", n), n));
  n = fetched->completed;
  if (n)
    add_part (line, g_strdup_printf (ngettext ("%u completed", "%u completed", n), n));
  n = fetched->duplicates;
  if (n)
    add_part (line,
              g_strdup_printf (ngettext ("%u was here already", "%u were here already", n), n));
  n = fetched->refused;
  if (n)
    add_part (line, g_strdup_printf (
                      ngettext ("%u refused by the server", "%u refused by the server", n), n));
  n = fetched->skipped;
  if (n)
    add_part (line, g_strdup_printf (ngettext ("%u too large", "%u too large", n), n));
  n = fetched->removed;
  if (n)
    add_part (line, g_strdup_printf (
                      ngettext ("%u removed from the server", "%u removed from the server", n), n));
  n = fetched->on_server;
  add_part (line, g_strdup_printf (ngettext ("%u on the server", "%u on the server", n), n));
  pb_cli_print_line ("%s: %s", pb_account_get_id (job->account), line->str);
}

static void
clear_progress (Fetch *fetch) {
  if (isatty (STDERR_FILENO))
    fputs ("\r\033[K", stderr);
}

/* How to go on from here, for what can be mended on the command line. */
static void
say_hint (Job *job, const GError *error) {
  g_autofree char *fingerprint = pb_cli_dup_fingerprint (error);
  const char *id = pb_account_get_id (job->account);

  if (fingerprint) {
    fprintf (stderr,
             _ ("Its SHA-256 fingerprint is %s; if the owner of the server confirms it, this "
                "accepts it:"),
             fingerprint);
    fprintf (stderr, " postbag-cli account set %s --trust-certificate %s\n", id, fingerprint);
  } else if (g_error_matches (error, PB_ERROR, PB_ERROR_NO_SECRET)) {
    fprintf (stderr,
             _ ("“postbag-cli password %s” keeps it in the keyring; “fetch --password-stdin” takes "
                "it for once."),
             id);
    fputc ('\n', stderr);
  }
}

static void
report (Job *job, const PbFetchResult *fetched, const GError *error) {
  Fetch *fetch = job->fetch;

  clear_progress (fetch);
  if (fetch->json)
    print_result_json (job, fetched, error);
  else if (!error || fetched->stored || fetched->completed || fetched->removed)
    print_result (job, fetched);
  if (error) {
    fetch->status =
      pb_cli_worse (fetch->status, pb_cli_fail (error, pb_account_get_label (job->account)));
    say_hint (job, error);
  } else if (fetched->refused)
    fetch->status = pb_cli_worse (fetch->status, PB_EXIT_INCOMPLETE);
}

static void
checked (GObject *source, GAsyncResult *result, gpointer data) {
  Job *job = data;
  Fetch *fetch = job->fetch;
  PbFetchResult fetched;
  g_autoptr (GError) error = NULL;

  if (job->rest)
    pb_sync_service_fetch_rest_finish (fetch->service, result, &fetched, &error);
  else
    pb_sync_service_check_finish (fetch->service, result, &fetched, &error);
  report (job, &fetched, error);
  g_object_unref (job->account);
  g_free (job);
  if (--fetch->pending == 0)
    g_main_loop_quit (fetch->cli->loop);
}

/* ---- On the way ---- */

static gboolean
show_progress (gpointer data) {
  Fetch *fetch = data;
  GListModel *operations = pb_sync_service_get_operations (fetch->service);
  guint done = 0, total = 0;
  guint64 bytes = 0;
  double speed = 0;

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++) {
    g_autoptr (PbOperation) operation = g_list_model_get_item (operations, i);
    done += pb_operation_get_done (operation);
    total += pb_operation_get_total (operation);
    bytes += pb_operation_get_bytes_done (operation);
    speed += pb_operation_get_speed (operation);
  }
  g_autofree char *size_text = pb_format_size (bytes);
  g_autofree char *speed_text = pb_format_speed (speed);
  fputs ("\r\033[K", stderr);
  if (total)
    fprintf (stderr, _ ("%u of %u messages, %s, %s"), done, total, size_text, speed_text);
  else
    fputs (_ ("Asking the server …"), stderr);
  fflush (stderr);
  return G_SOURCE_CONTINUE;
}

static void
transcript_cb (PbAccount *account, const char *text, gpointer data) {
  Fetch *fetch = data;

  fprintf (fetch->transcript, "=== %s\n%s\n", pb_account_get_id (account), text);
}

static void
start (Job *job) {
  Fetch *fetch = job->fetch;
  GCancellable *cancellable = fetch->cli->cancellable;

  if (job->rest)
    pb_sync_service_fetch_rest_async (fetch->service, job->account,
                                      (const gint64 *) job->rest->data, job->rest->len, cancellable,
                                      checked, job);
  else
    pb_sync_service_force_check_async (fetch->service, job->account, cancellable, checked, job);
}

/* @rest: for each of @accounts a GArray of gint64; NULL for plain checks. */
static void
run (Fetch *fetch, GPtrArray *accounts, GPtrArray *rest) {
  guint progress = 0;

  fetch->pending = accounts->len;
  for (guint i = 0; i < accounts->len; i++) {
    Job *job = g_new0 (Job, 1);
    job->fetch = fetch;
    job->account = g_object_ref (g_ptr_array_index (accounts, i));
    job->rest = rest ? g_ptr_array_index (rest, i) : NULL;
    job->started = g_get_monotonic_time ();
    start (job);
  }
  if (!fetch->json && isatty (STDERR_FILENO))
    progress = g_timeout_add (PROGRESS_INTERVAL_MS, show_progress, fetch);
  while (fetch->pending > 0)
    g_main_loop_run (fetch->cli->loop);
  g_clear_handle_id (&progress, g_source_remove);
}

/* ---- What was asked for ---- */

static GPtrArray *
chosen_accounts (PbCli *self, GStrv ids, GError **error) {
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func (g_object_unref);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));

  for (guint i = 0; ids[i]; i++) {
    PbAccount *account = pb_cli_find_account (self, ids[i], error);
    if (!account)
      return NULL;
    if (!g_ptr_array_find (accounts, account, NULL))
      g_ptr_array_add (accounts, g_object_ref (account));
  }
  for (guint i = 0; !ids[0] && i < count; i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
    if (pb_account_get_enabled (account))
      g_ptr_array_add (accounts, g_steal_pointer (&account));
  }
  return g_steal_pointer (&accounts);
}

/* One line for each account that needs a password, in their order; those that come too late for
 * the input have none. */
static gboolean
read_passwords (PbCli *self, PbSecrets *secrets, GPtrArray *accounts, GError **error) {
  for (guint i = 0; i < accounts->len; i++) {
    PbAccount *account = g_ptr_array_index (accounts, i);
    if (!pb_cli_remember_secret (self, secrets, account, error))
      return FALSE;
  }
  return TRUE;
}

static FILE *
open_transcript (const char *path, GError **error) {
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  int code = errno;

  if (fd >= 0)
    return fdopen (fd, "w");
  g_set_error (error, PB_ERROR,
               code == EACCES || code == EROFS ? PB_ERROR_STORAGE_READ_ONLY : PB_ERROR_STORAGE,
               "%s: %s", path, g_strerror (code));
  return NULL;
}

static gboolean
close_transcript (FILE *file, const char *path, GError **error) {
  gboolean damaged = ferror (file) != 0;

  if (fclose (file) == 0 && !damaged)
    return TRUE;
  g_set_error (error, PB_ERROR, PB_ERROR_STORAGE, "%s: could not be written", path);
  return FALSE;
}

/* The service hears of the passwords that are given, so it is there before them. */
static int
fetch_accounts (PbCli *self,
                GPtrArray *accounts,
                GPtrArray *rest,
                gboolean from_stdin,
                gboolean json,
                const char *transcript) {
  Fetch fetch = { .cli = self, .json = json };
  g_autoptr (PbSecrets) secrets = from_stdin ? pb_secrets_new_in_memory () : pb_secrets_new ();
  pb_oauth_source_serve (secrets);
  g_autoptr (GError) error = NULL;

  if (transcript && !(fetch.transcript = open_transcript (transcript, &error)))
    return pb_cli_fail (error, transcript);
  g_autoptr (PbSyncService) service = pb_cli_make_service (self, secrets);
  fetch.service = service;
  if (fetch.transcript)
    pb_sync_service_set_transcript_func (service, transcript_cb, &fetch);
  if (from_stdin && !read_passwords (self, secrets, accounts, &error))
    fetch.status = pb_cli_fail (error, NULL);
  else
    run (&fetch, accounts, rest);
  pb_cli_stop_service (self, service);
  if (fetch.transcript && !close_transcript (fetch.transcript, transcript, &error))
    fetch.status = pb_cli_worse (fetch.status, pb_cli_fail (error, transcript));
  return fetch.status;
}

int
pb_cli_fetch (PbCli *self, GStrv args) {
  gboolean from_stdin = FALSE, json = FALSE, wants_rest = FALSE;
  g_autofree char *transcript = NULL;
  const GOptionEntry entries[] = {
    { "password-stdin", 'p', 0, G_OPTION_ARG_NONE, &from_stdin,
      N_ ("Read passwords from standard input, one line for each account, and ask no keyring"),
      NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, N_ ("One JSON object per line and account"), NULL },
    { "rest", 'r', 0, G_OPTION_ARG_NONE, &wants_rest,
      N_ ("Fetch the rest of messages of which only the beginning is here; their numbers follow"),
      NULL },
    { "transcript", 0, 0, G_OPTION_ARG_FILENAME, &transcript,
      N_ ("Write the dialogue with the server to a file, without passwords"), N_ ("FILE") },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("[ID…] | --rest MESSAGE…"),
    _ ("Fetches what is new from the accounts that are named, or from all. Stopping it (Ctrl+C) "
       "keeps what came."),
    entries, 0, G_MAXUINT
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) ids = pb_cli_parse (args, &syntax, &status);

  if (!ids)
    return status;
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GPtrArray) accounts =
    wants_rest ? pb_cli_find_rest (self, ids, &rest, &error) : chosen_accounts (self, ids, &error);
  if (!accounts)
    return pb_cli_usage_error (args[0], "%s", error->message);
  if (accounts->len == 0)
    return pb_cli_usage_error (args[0], "%s",
                               _ ("there is no account yet; “postbag-cli account add” makes one"));

  if (!pb_cli_open_store (self, &error))
    return pb_cli_fail (error, NULL);
  return fetch_accounts (self, accounts, rest, from_stdin, json, transcript);
}
