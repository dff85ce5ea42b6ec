/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli verify: has the store look at itself, and says what came of it. */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-format.h"
#include "pb-mail-store-verify.h"

static const struct {
  const char *name; /* in JSON */
  const char *text;
} kinds[] = {
  [PB_FINDING_UNREADABLE] = { "unreadable", N_ ("this message cannot be read") },
  [PB_FINDING_CHANGED] = { "changed",
                           N_ ("this message is not what was stored: another program changed it, "
                               "or the disk is failing") },
  [PB_FINDING_TWICE] = { "twice", N_ ("this message is here twice") },
  [PB_FINDING_NOT_IN_LEDGER] = { "not-in-ledger",
                                 N_ ("the ledger did not know this message; it would have been "
                                     "fetched again") },
  [PB_FINDING_NOT_IN_INDEX] = { "not-in-index",
                                N_ ("this message was missing in the index, and was not shown") },
  [PB_FINDING_NO_FILE] = { "no-file", N_ ("the index showed this message, which is not here") },
  [PB_FINDING_OTHER_FLAGS] = { "other-flags",
                               N_ ("the index showed other marks than this message has") },
  [PB_FINDING_COUNTERS] = { "counters", N_ ("the numbers shown for this folder were wrong") },
  [PB_FINDING_TEMPORARY] = { "temporary", N_ ("files were left behind by an earlier run") },
  [PB_FINDING_INDEX] = { "index", N_ ("the index is damaged; it can be made from the messages") },
  [PB_FINDING_LEDGER] = { "ledger",
                          N_ ("the ledger is damaged; it can be made from the messages and its "
                              "copy") },
  [PB_FINDING_GONE] = { "gone",
                        N_ ("messages were stored and are not here any more, though nobody deleted "
                            "them in Postbag") },
};

static void
print_json (const PbVerifyReport *report, guint left) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  for (guint i = 0; i < report->findings->len; i++) {
    const PbFinding *finding = report->findings->pdata[i];
    json_builder_begin_object (builder);
    pb_cli_json_string (builder, "finding", kinds[finding->kind].name);
    pb_cli_json_string (builder, "account", finding->account);
    pb_cli_json_string (builder, "path", finding->path);
    pb_cli_json_int (builder, "count", finding->count);
    pb_cli_json_boolean (builder, "repaired", finding->repaired);
    json_builder_end_object (builder);
    pb_cli_print_json (builder);
  }
  json_builder_begin_object (builder);
  pb_cli_json_int (builder, "folders", report->folders);
  pb_cli_json_int (builder, "messages", report->messages);
  pb_cli_json_int (builder, "bytes", (gint64) report->bytes);
  pb_cli_json_int (builder, "problems_left", left);
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

static void
print_finding (const PbFinding *finding) {
  const char *where = finding->path      ? finding->path
                      : finding->account ? finding->account
                                         : kinds[finding->kind].name;
  const char *text = _ (kinds[finding->kind].text);
  g_autofree char *count = finding->count > 1 ? g_strdup_printf (" (%u)", finding->count) : NULL;

  if (finding->repaired)
    /* Translators: a file or folder; what was wrong with it; how often, or nothing. */
    pb_cli_print_line (_ ("%s: %s%s. Set right."), where, text, count ? count : "");
  else
    /* Translators: a file or folder; what is wrong with it; how often, or nothing. */
    pb_cli_print_line (_ ("%s: %s%s."), where, text, count ? count : "");
}

static void
print_text (const PbVerifyReport *report, guint left) {
  g_autofree char *size = pb_format_size (report->bytes);
  guint n = report->messages;

  for (guint i = 0; i < report->findings->len; i++)
    print_finding (report->findings->pdata[i]);
  pb_cli_print_line (ngettext ("%u message looked at (%s)", "%u messages looked at (%s)", n), n,
                     size);
  if (left > 0)
    pb_cli_print_line (ngettext ("%u problem is left", "%u problems are left", left), left);
  else
    pb_cli_print_line ("%s", _ ("Files, ledger and index agree."));
}

/* What is gone may well have been deleted elsewhere: that is told, and no problem. */
static guint
count_left (const PbVerifyReport *report) {
  guint left = 0;

  for (guint i = 0; i < report->findings->len; i++) {
    const PbFinding *finding = report->findings->pdata[i];
    left += !finding->repaired && finding->kind != PB_FINDING_GONE;
  }
  return left;
}

static void
show_progress (guint done, guint total, gpointer unused) {
  fprintf (stderr, "\r\033[K");
  fprintf (stderr, _ ("%u of %u messages"), done, total);
  if (done == total)
    fprintf (stderr, "\r\033[K");
  fflush (stderr);
}

int
pb_cli_verify (PbCli *self, GStrv args) {
  gboolean repair = FALSE, json = FALSE;
  const GOptionEntry entries[] = {
    { "repair", 'r', 0, G_OPTION_ARG_NONE, &repair, N_ ("Set right what can be"), NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json,
      N_ ("One JSON object per line: what was found, then a summary"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    "",
    _ ("Reads all mail that is here and checks message files, ledger and index against each other. "
       "Messages themselves are never changed. The exit code is 6 when problems are left."),
    entries, 0, 0
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!pb_cli_open_store (self, &error))
    return pb_cli_fail (error, NULL);
  gboolean shows = !json && isatty (STDERR_FILENO);
  pb_mail_store_verify_async (self->store, repair, shows ? show_progress : NULL, NULL,
                              self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  g_autoptr (PbVerifyReport) report = pb_mail_store_verify_finish (self->store, result, &error);
  if (!report)
    return pb_cli_fail (error, NULL);
  guint left = count_left (report);
  if (json)
    print_json (report, left);
  else
    print_text (report, left);
  return left > 0 ? PB_EXIT_STORAGE : PB_EXIT_DONE;
}
