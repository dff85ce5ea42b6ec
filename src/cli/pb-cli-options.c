/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GOption with our own help option, so that nothing here ends the process. */

#include "config.h"

#include "pb-cli-options.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "pb-cli.h"

static GOptionContext *
context_for (const char *command, const PbCliSyntax *syntax, gboolean *help) {
  const GOptionEntry help_entries[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, help, N_ ("Show this help"), NULL },
    { NULL },
  };
  g_autofree char *name = g_strconcat ("postbag-cli ", command, NULL);
  GOptionContext *context = g_option_context_new (syntax->synopsis);

  g_set_prgname (name);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, syntax->description);
  if (syntax->entries)
    g_option_context_add_main_entries (context, syntax->entries, GETTEXT_PACKAGE);
  if (syntax->more_entries)
    g_option_context_add_main_entries (context, syntax->more_entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, help_entries, GETTEXT_PACKAGE);
  return context;
}

GStrv
pb_cli_parse (GStrv args, const PbCliSyntax *syntax, int *status) {
  gboolean help = FALSE;
  g_autoptr (GOptionContext) context = context_for (args[0], syntax, &help);
  g_auto (GStrv) rest = g_strdupv (args);
  g_autoptr (GError) error = NULL;

  *status = PB_EXIT_DONE;
  if (!g_option_context_parse_strv (context, &rest, &error)) {
    *status = pb_cli_usage_error (args[0], "%s", error->message);
    return NULL;
  }
  if (help) {
    g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);
    fputs (text, stdout);
    return NULL;
  }

  /* "--" stays among the arguments when one after it begins with a dash. */
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  guint count = 0;
  for (guint i = 1; rest[i]; i++) {
    if (i == 1 && g_str_equal (rest[i], "--"))
      continue;
    g_strv_builder_add (arguments, rest[i]);
    count++;
  }
  if (count < syntax->min_arguments)
    *status = pb_cli_usage_error (args[0], "%s", _ ("something is missing"));
  else if (count > syntax->max_arguments)
    *status = pb_cli_usage_error (args[0], _ ("too much: “%s”"), rest[1 + syntax->max_arguments]);
  return *status == PB_EXIT_DONE ? g_strv_builder_end (arguments) : NULL;
}

int
pb_cli_usage_error (const char *command, const char *format, ...) {
  va_list list;
  g_autofree char *text = NULL;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  fprintf (stderr, "postbag-cli %s: %s. ", command, text);
  fprintf (stderr, _ ("Try “postbag-cli %s --help”."), command);
  fputc ('\n', stderr);
  return PB_EXIT_USAGE;
}
