/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli server: one look into the mailbox as it lies on the server, and one thing done there.
 * Each run is a session of its own. */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-cli-service.h"
#include "pb-error.h"
#include "pb-format.h"

#define DEFAULT_LINES 40
#define MAX_LINES 1000

typedef struct {
  PbCli *cli;
  PbServerMailbox *mailbox;
  const char *label;
  gboolean json;
  gboolean heads;
  gboolean yes;
  gboolean if_here;
  GPtrArray *rows; /* of PbServerRow: what was named, in its order */
  guint lines;
  int status;
} Run;

static const struct {
  const char *name; /* in JSON */
  const char *label;
} states[PB_N_SERVER_STATES] = {
  [PB_SERVER_NOT_HERE] = { "not-here", N_ ("not here") },
  [PB_SERVER_HEAD_HERE] = { "head-here", N_ ("only its head is here") },
  [PB_SERVER_HERE] = { "here", N_ ("here") },
  [PB_SERVER_REMOVED_HERE] = { "removed-here", N_ ("removed here") },
  [PB_SERVER_REFUSED] = { "refused", N_ ("the server cannot deliver it") },
  [PB_SERVER_WAITING] = { "waiting", N_ ("waiting to be deleted") },
  [PB_SERVER_GONE] = { "gone", N_ ("gone") },
  [PB_SERVER_UNKNOWN] = { "unknown", N_ ("unknown") },
};

static void
complain (const char *text) {
  fprintf (stderr, "postbag-cli: %s\n", text);
}

static void
take_error (Run *run, const GError *error) {
  run->status = pb_cli_worse (run->status, pb_cli_fail (error, run->label));
}

/* ---- list ---- */

static char *
dup_identity (PbServerRow *row) {
  GBytes *identity = pb_server_row_get_identity (row);
  gsize length;
  const char *data = identity ? g_bytes_get_data (identity, &length) : NULL;

  return data ? g_utf8_make_valid (data, (gssize) length) : NULL;
}

static void
print_row_json (PbServerRow *row) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *uid = dup_identity (row);
  const PbSummary *head = pb_server_row_get_head (row);

  json_builder_begin_object (builder);
  pb_cli_json_int (builder, "number", pb_server_row_get_number (row));
  pb_cli_json_int (builder, "size", (gint64) pb_server_row_get_size (row));
  pb_cli_json_string (builder, "uid", uid);
  pb_cli_json_string (builder, "state", states[pb_server_row_get_here (row)].name);
  pb_cli_json_boolean (builder, "keep", pb_server_row_get_keep (row));
  pb_cli_json_string (builder, "reason", pb_server_row_get_reason (row));
  if (head) {
    pb_cli_json_string (builder, "from_name", head->from_name);
    pb_cli_json_string (builder, "from_address", head->from_address);
    pb_cli_json_string (builder, "subject", head->subject);
    pb_cli_json_time (builder, "date", head->date);
  }
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

/* "3  48 kB  here  2026-03-02  Li Na: Quarterly figures" */
static void
print_row (PbServerRow *row) {
  const PbSummary *head = pb_server_row_get_head (row);
  g_autofree char *size = pb_format_size (pb_server_row_get_size (row));
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_append_printf (line, "%6u  %9s  %s", pb_server_row_get_number (row), size,
                          _ (states[pb_server_row_get_here (row)].label));
  if (pb_server_row_get_keep (row))
    g_string_append_printf (line, ", %s", _ ("kept on the server"));
  if (head) {
    g_autofree char *person = pb_format_person (head->from_name, head->from_address);
    g_autofree char *date = pb_format_date_short (head->date, g_get_real_time () / G_USEC_PER_SEC);
    g_string_append_printf (line, "  %s  %s: %s", date, person, head->subject);
  }
  pb_cli_print_line ("%s", line->str);
}

static gboolean
lacks_heads (Run *run) {
  GListModel *rows = pb_server_mailbox_get_rows (run->mailbox);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (rows, i);
    if (!pb_server_row_get_head (row) && !pb_server_row_is_headless (row))
      return TRUE;
  }
  return FALSE;
}

static void
wait_for_heads (Run *run) {
  pb_server_mailbox_set_all_heads (run->mailbox, TRUE);
  while (lacks_heads (run) && pb_server_mailbox_may_top (run->mailbox) &&
         pb_server_mailbox_get_state (run->mailbox) == PB_SERVER_SESSION_OPEN &&
         !g_cancellable_is_cancelled (run->cli->cancellable))
    g_main_context_iteration (NULL, TRUE);
  if (!pb_server_mailbox_may_top (run->mailbox))
    complain (_ ("The server cannot send the beginnings of messages (TOP)."));
}

static void
do_list (Run *run) {
  if (run->heads)
    wait_for_heads (run);
  GListModel *rows = pb_server_mailbox_get_rows (run->mailbox);
  for (guint i = g_list_model_get_n_items (rows); i > 0; i--) {
    g_autoptr (PbServerRow) row = g_list_model_get_item (rows, i - 1);
    if (run->json)
      print_row_json (row);
    else
      print_row (row);
  }
}

/* ---- top ---- */

static void
print_top (Run *run, PbServerRow *row, GBytes *bytes) {
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (!run->json) {
    pb_cli_write (data, length);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = g_utf8_make_valid (data, (gssize) length);
  json_builder_begin_object (builder);
  pb_cli_json_int (builder, "number", pb_server_row_get_number (row));
  pb_cli_json_string (builder, "top", text);
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

static void
do_top (Run *run) {
  PbServerRow *row = run->rows->pdata[0];
  g_autoptr (GError) error = NULL;

  pb_server_mailbox_preview_async (run->mailbox, row, run->lines, run->cli->cancellable,
                                   pb_cli_done, run->cli);
  g_autoptr (GAsyncResult) result = pb_cli_await (run->cli);
  g_autoptr (GBytes) bytes = pb_server_mailbox_preview_finish (run->mailbox, result, &error);
  if (bytes)
    print_top (run, row, bytes);
  else
    take_error (run, error);
}

/* ---- get, delete ---- */

static void
report (Run *run, const PbServerResult *applied, guint deleted) {
  guint fetched = applied->fetched.stored + applied->fetched.completed;

  if (run->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    pb_cli_json_int (builder, "stored", applied->fetched.stored);
    pb_cli_json_int (builder, "completed", applied->fetched.completed);
    pb_cli_json_int (builder, "duplicates", applied->fetched.duplicates);
    pb_cli_json_int (builder, "refused", applied->fetched.refused + applied->refused);
    pb_cli_json_int (builder, "deleted", deleted);
    json_builder_end_object (builder);
    pb_cli_print_json (builder);
    return;
  }
  if (fetched)
    pb_cli_print_line (ngettext ("%u message fetched", "%u messages fetched", fetched), fetched);
  if (deleted)
    pb_cli_print_line (
      ngettext ("%u message deleted on the server", "%u messages deleted on the server", deleted),
      deleted);
}

/* Deletions are reported only when QUIT was confirmed. */
static void
apply (Run *run) {
  PbServerResult applied;
  guint deleted = 0;
  g_autoptr (GError) error = NULL;

  pb_server_mailbox_apply_async (run->mailbox, pb_cli_done, run->cli);
  g_autoptr (GAsyncResult) result = pb_cli_await (run->cli);
  if (pb_server_mailbox_apply_finish (run->mailbox, result, &applied, &error)) {
    pb_server_mailbox_leave_async (run->mailbox, pb_cli_done, run->cli);
    g_autoptr (GAsyncResult) left = pb_cli_await (run->cli);
    pb_server_mailbox_leave_finish (run->mailbox, left, &deleted, &error);
  }
  report (run, &applied, deleted);
  if (error)
    take_error (run, error);
  else if (applied.refused || applied.fetched.refused) {
    complain (_ ("The server refused some of these messages."));
    run->status = pb_cli_worse (run->status, PB_EXIT_INCOMPLETE);
  }
}

static void
do_get (Run *run) {
  pb_server_mailbox_mark (run->mailbox, run->rows, PB_SERVER_MARK_FETCH);
  apply (run);
}

static void
leave_what_is_only_there (Run *run) {
  for (guint i = run->rows->len; i > 0; i--) {
    PbServerRow *row = run->rows->pdata[i - 1];
    if (pb_server_row_get_here (row) == PB_SERVER_HERE)
      continue;
    fprintf (stderr, _ ("postbag-cli: message %u stays: no complete copy is here\n"),
             pb_server_row_get_number (row));
    g_ptr_array_remove_index (run->rows, i - 1);
    run->status = pb_cli_worse (run->status, PB_EXIT_INCOMPLETE);
  }
}

static gboolean
is_confirmed (Run *run) {
  g_autoptr (PbServerSummary) summary = pb_server_mailbox_summarise (run->mailbox);
  guint only_there = summary->without_copy->len;
  g_autofree char *size = pb_format_size (summary->remove_bytes);
  char answer[8] = "";

  for (guint i = 0; i < only_there; i++) {
    PbServerRow *row = summary->without_copy->pdata[i];
    fprintf (stderr, _ ("postbag-cli: message %u has no complete copy here\n"),
             pb_server_row_get_number (row));
  }
  if (run->yes || !isatty (STDIN_FILENO))
    return TRUE;
  fprintf (stderr,
           ngettext ("Delete %u message (%s) on the server for good? [y/N] ",
                     "Delete %u messages (%s) on the server for good? [y/N] ", summary->remove),
           summary->remove, size);
  return fgets (answer, sizeof answer, stdin) && (*answer == 'y' || *answer == 'Y');
}

static void
do_delete (Run *run) {
  if (run->if_here)
    leave_what_is_only_there (run);
  pb_server_mailbox_mark (run->mailbox, run->rows, PB_SERVER_MARK_DELETE);
  if (is_confirmed (run))
    apply (run);
}

static void
do_reset (Run *run) {
  g_autoptr (GError) error = NULL;

  pb_server_mailbox_undo_async (run->mailbox, pb_cli_done, run->cli);
  g_autoptr (GAsyncResult) result = pb_cli_await (run->cli);
  if (!pb_server_mailbox_undo_finish (run->mailbox, result, &error))
    take_error (run, error);
}

/* ---- One run ---- */

static const struct {
  const char *name;
  void (*run) (Run *run);
  guint min_numbers;
  guint max_numbers;
} verbs[] = {
  { "list", do_list, 0, 0 },       { "top", do_top, 1, 2 },
  { "get", do_get, 1, G_MAXUINT }, { "delete", do_delete, 1, G_MAXUINT },
  { "reset", do_reset, 0, 0 },
};

static gboolean
parse_number (const char *text, guint64 least, guint *number) {
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, least, G_MAXINT, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

/* FALSE when nothing is to be done: then it was said. */
static gboolean
find_rows (Run *run, const GArray *numbers) {
  run->rows = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < numbers->len; i++) {
    guint number = g_array_index (numbers, guint, i);
    PbServerRow *row = pb_server_mailbox_find (run->mailbox, number);
    if (row) {
      g_ptr_array_add (run->rows, g_object_ref (row));
      continue;
    }
    fprintf (stderr, _ ("postbag-cli: there is no message %u on the server\n"), number);
    run->status = PB_EXIT_INCOMPLETE;
  }
  return run->rows->len > 0 || numbers->len == 0;
}

static void
leave (Run *run) {
  guint deleted;

  pb_server_mailbox_leave_async (run->mailbox, pb_cli_done, run->cli);
  g_autoptr (GAsyncResult) result = pb_cli_await (run->cli);
  pb_server_mailbox_leave_finish (run->mailbox, result, &deleted, NULL);
}

static gboolean
open_mailbox (Run *run, GError **error) {
  pb_server_mailbox_open_async (run->mailbox, pb_cli_done, run->cli);
  g_autoptr (GAsyncResult) result = pb_cli_await (run->cli);
  return pb_server_mailbox_open_finish (run->mailbox, result, error);
}

static void
stop (GCancellable *cancellable, gpointer service) {
  pb_sync_service_stop_async (service, NULL, NULL);
}

static void
visit (Run *run, PbAccount *account, PbSecrets *secrets, guint verb, const GArray *numbers) {
  PbCli *cli = run->cli;
  g_autoptr (PbSyncService) service = pb_cli_make_service (cli, secrets);
  g_autoptr (GError) error = NULL;

  run->mailbox = pb_sync_service_get_server_mailbox (service, account);
  gulong handler = g_cancellable_connect (cli->cancellable, G_CALLBACK (stop), service, NULL);
  if (!open_mailbox (run, &error))
    take_error (run, error);
  else if (find_rows (run, numbers))
    verbs[verb].run (run);
  g_cancellable_disconnect (cli->cancellable, handler);
  leave (run);
  pb_cli_stop_service (cli, service);
  g_clear_pointer (&run->rows, g_ptr_array_unref);
}

/* ---- The command line ---- */

static int
find_verb (const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
    if (strcmp (verbs[i].name, name) == 0)
      return (int) i;
  }
  return -1;
}

static gboolean
parse_numbers (Run *run, guint verb, GStrv texts, GArray *numbers) {
  guint count = g_strv_length (texts);

  if (count < verbs[verb].min_numbers || count > verbs[verb].max_numbers)
    return FALSE;
  if (strcmp (verbs[verb].name, "top") == 0 && count == 2 &&
      (!parse_number (texts[--count], 0, &run->lines) || run->lines > MAX_LINES))
    return FALSE;
  for (guint i = 0; i < count; i++) {
    guint number;
    if (!parse_number (texts[i], 1, &number))
      return FALSE;
    g_array_append_val (numbers, number);
  }
  return TRUE;
}

static int
run_verb (Run *run, PbAccount *account, gboolean from_stdin, guint verb, const GArray *numbers) {
  g_autoptr (PbSecrets) secrets = from_stdin ? pb_secrets_new_in_memory () : pb_secrets_new ();
  g_autoptr (GError) error = NULL;

  run->label = pb_account_get_label (account);
  if ((from_stdin && !pb_cli_remember_secret (run->cli, secrets, account, &error)) ||
      !pb_cli_open_store (run->cli, &error))
    return pb_cli_fail (error, NULL);
  visit (run, account, secrets, verb, numbers);
  return run->status;
}

int
pb_cli_server (PbCli *self, GStrv args) {
  gboolean from_stdin = FALSE;
  Run run = { .cli = self, .lines = DEFAULT_LINES };
  const GOptionEntry entries[] = {
    { "password-stdin", 'p', 0, G_OPTION_ARG_NONE, &from_stdin,
      N_ ("Read the password as the first line of standard input, and ask no keyring"), NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &run.json, N_ ("One JSON object per line"), NULL },
    { "heads", 0, 0, G_OPTION_ARG_NONE, &run.heads,
      N_ ("list: also sender, subject and date, where the server can send them"), NULL },
    { "if-here", 0, 0, G_OPTION_ARG_NONE, &run.if_here,
      N_ ("delete: only what has a complete copy here"), NULL },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &run.yes, N_ ("delete: do not ask"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("ID list | top N [LINES] | get N… | delete N… | reset"),
    _ (
      "Looks into the mailbox as it lies on the server: lists what is there and whether it is "
      "here, shows the beginning of a message, fetches some, deletes some there for good, or takes "
      "deletion marks back. Numbers are those of “list”; they may change when mail goes."),
    entries, 2, G_MAXUINT
  };
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  int verb = find_verb (rest[1]);
  if (verb < 0 || !parse_numbers (&run, (guint) verb, rest + 2, numbers))
    return pb_cli_usage_error (args[0], _ ("“%s” is not understood like this"), rest[1]);
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  PbAccount *account = pb_cli_find_account (self, rest[0], &error);
  if (!account)
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[0]);
  return run_verb (&run, account, from_stdin, (guint) verb, numbers);
}
