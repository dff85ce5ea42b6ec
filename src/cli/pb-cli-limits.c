/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From options to properties, and from properties to what "account show" says. */

#include "config.h"

#include "pb-cli-limits.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-cli-output.h"
#include "pb-error.h"

void
pb_cli_limits_init (PbCliLimits *self, GOptionEntry entries[PB_CLI_LIMITS_N_ENTRIES]) {
  const GOptionEntry ours[PB_CLI_LIMITS_N_ENTRIES] = {
    { "headers-only", 0, 0, G_OPTION_ARG_NONE, &self->headers_only,
      N_ ("Fetch only the heads of messages, until “fetch --rest” asks for more"), NULL },
    { "no-headers-only", 0, 0, G_OPTION_ARG_NONE, &self->no_headers_only,
      N_ ("Fetch whole messages (the usual)"), NULL },
    { "max-size", 0, 0, G_OPTION_ARG_INT64, &self->max_size,
      N_ ("Of larger messages fetch only the beginning (0: no limit)"), N_ ("BYTES") },
    { "delete-with-local", 0, 0, G_OPTION_ARG_NONE, &self->delete_with_local,
      N_ ("What is deleted here for good is deleted on the server too"), NULL },
    { "no-delete-with-local", 0, 0, G_OPTION_ARG_NONE, &self->no_delete_with_local,
      N_ ("It stays there (the usual)"), NULL },
    { "keep-messages", 0, 0, G_OPTION_ARG_INT64, &self->keep_messages,
      N_ ("Leave no more on the server, of what is safely here (0: no limit)"), N_ ("NUMBER") },
    { "keep-bytes", 0, 0, G_OPTION_ARG_INT64, &self->keep_bytes, N_ ("The same, by size"),
      N_ ("BYTES") },
    { NULL },
  };

  *self = (PbCliLimits){ .max_size = -1, .keep_messages = -1, .keep_bytes = -1 };
  memcpy (entries, ours, sizeof ours);
}

static gboolean
apply_switch (PbAccount *account, const char *property, gboolean on, gboolean off) {
  if (on != off)
    g_object_set (account, property, on, NULL);
  return !(on && off);
}

static gboolean
apply_number (PbAccount *account, const char *property, gint64 number) {
  if (number >= 0)
    g_object_set (account, property, (guint64) number, NULL);
  return number >= -1;
}

gboolean
pb_cli_limits_apply (const PbCliLimits *self, PbAccount *account, GError **error) {
  if (!apply_switch (account, "headers-only", self->headers_only, self->no_headers_only) ||
      !apply_switch (account, "delete-with-local", self->delete_with_local,
                     self->no_delete_with_local)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, _ ("an option and its opposite were given"));
    return FALSE;
  }
  if (!apply_number (account, "max-size", self->max_size) ||
      !apply_number (account, "keep-messages", self->keep_messages) ||
      !apply_number (account, "keep-bytes", self->keep_bytes)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID,
                 _ ("--max-size, --keep-messages and --keep-bytes cannot be negative"));
    return FALSE;
  }
  return TRUE;
}

void
pb_cli_limits_print (PbAccount *account) {
  if (pb_account_get_headers_only (account))
    pb_cli_print_line ("headers-only:      yes");
  if (pb_account_get_max_size (account))
    pb_cli_print_line ("max-size:          %" G_GUINT64_FORMAT, pb_account_get_max_size (account));
  if (pb_account_get_delete_with_local (account))
    pb_cli_print_line ("delete-with-local: yes");
  if (pb_account_get_keep_messages (account))
    pb_cli_print_line ("keep-messages:     %u", pb_account_get_keep_messages (account));
  if (pb_account_get_keep_bytes (account))
    pb_cli_print_line ("keep-bytes:        %" G_GUINT64_FORMAT,
                       pb_account_get_keep_bytes (account));
}

void
pb_cli_limits_add_json (JsonBuilder *builder, PbAccount *account) {
  pb_cli_json_boolean (builder, "headers_only", pb_account_get_headers_only (account));
  pb_cli_json_int (builder, "max_size", (gint64) pb_account_get_max_size (account));
  pb_cli_json_boolean (builder, "delete_with_local", pb_account_get_delete_with_local (account));
  pb_cli_json_int (builder, "keep_messages", pb_account_get_keep_messages (account));
  pb_cli_json_int (builder, "keep_bytes", (gint64) pb_account_get_keep_bytes (account));
}
