/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli show: one message of the store, or of a file. */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pb-cli-commands.h"
#include "pb-cli-folders.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-error.h"
#include "pb-format.h"
#include "pb-html-filter.h"
#include "pb-message.h"

#define HTML_TEXT_MAX (4 * 1024 * 1024)
#define NO_ATTACHMENT G_MININT

typedef struct {
  gboolean json;
  gboolean raw;
  gboolean text;
  gboolean html;
  gboolean headers;
  int attachment; /* from 1; NO_ATTACHMENT when none is wanted */
  char *output;
  char *charset;
} Choice;

/* ---- Where the message is ---- */

static GBytes *
load_file (const char *path, GError **error) {
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  return file ? g_mapped_file_get_bytes (file) : NULL;
}

/* A number is a message of the store; everything else, also "./12", is a file. */
static GBytes *
load (PbCli *self, const char *what, char **path, GError **error) {
  gint64 id;

  if (!g_ascii_string_to_signed (what, 10, 1, G_MAXINT64, &id, NULL)) {
    *path = g_strdup (what);
    return load_file (what, error);
  }
  return pb_cli_open_store (self, error) ? pb_cli_load_message (self, id, path, error) : NULL;
}

/* ---- JSON ---- */

static void
add_addresses (JsonBuilder *builder, const char *name, GPtrArray *addresses) {
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < addresses->len; i++) {
    const PbAddress *address = g_ptr_array_index (addresses, i);
    json_builder_begin_object (builder);
    pb_cli_json_string (builder, "name", address->name);
    pb_cli_json_string (builder, "addr", address->address);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_attachments (JsonBuilder *builder, GPtrArray *attachments) {
  json_builder_set_member_name (builder, "attachments");
  json_builder_begin_array (builder);
  for (guint i = 0; i < attachments->len; i++) {
    PbAttachment *attachment = g_ptr_array_index (attachments, i);
    json_builder_begin_object (builder);
    pb_cli_json_string (builder, "name", pb_attachment_get_name (attachment));
    pb_cli_json_string (builder, "type", pb_attachment_get_content_type (attachment));
    pb_cli_json_int (builder, "size", (gint64) pb_attachment_get_size (attachment));
    pb_cli_json_boolean (builder, "inline", pb_attachment_is_inline (attachment));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
show_json (PbMessage *message, const char *path) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *file = g_filename_display_name (path);

  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "file", file);
  pb_cli_json_string (builder, "message_id", pb_message_get_message_id (message));
  pb_cli_json_string (builder, "subject", pb_message_get_subject (message));
  add_addresses (builder, "from", pb_message_get_from (message));
  add_addresses (builder, "to", pb_message_get_to (message));
  add_addresses (builder, "cc", pb_message_get_cc (message));
  pb_cli_json_time (builder, "date", pb_message_get_date (message));
  pb_cli_json_string (builder, "text", pb_message_get_text (message));
  pb_cli_json_boolean (builder, "has_html", pb_message_has_html (message));
  add_attachments (builder, pb_message_get_attachments (message));
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

/* ---- For people ---- */

static void
print_header (const char *label, const char *value) {
  if (*value)
    pb_cli_print_line ("%s %s", label, value);
}

static void
print_addresses (const char *label, GPtrArray *addresses) {
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++) {
    const PbAddress *address = g_ptr_array_index (addresses, i);
    g_string_append (line, i ? ", " : "");
    if (address->name && *address->name)
      g_string_append_printf (line, "%s <%s>", address->name,
                              address->address ? address->address : "");
    else
      g_string_append (line, address->address ? address->address : "");
  }
  print_header (label, line->str);
}

static void
write_text (const char *text) {
  gsize length = strlen (text);

  pb_cli_write (text, length);
  if (length > 0 && text[length - 1] != '\n')
    fputc ('\n', stdout);
}

static char *
dup_readable_text (PbMessage *message) {
  const char *text = pb_message_get_text (message);
  const char *html = pb_message_get_html (message);

  return text ? g_strdup (text) : html ? pb_html_to_text (html, HTML_TEXT_MAX) : g_strdup ("");
}

static void
show_for_people (PbMessage *message) {
  gint64 when = pb_message_get_date (message);
  g_autofree char *date = when == G_MININT64 ? g_strdup ("") : pb_format_date_long (when);
  g_autofree char *text = dup_readable_text (message);
  GPtrArray *attachments = pb_message_get_attachments (message);

  print_addresses (_ ("From:"), pb_message_get_from (message));
  print_addresses (_ ("To:"), pb_message_get_to (message));
  print_addresses (_ ("Cc:"), pb_message_get_cc (message));
  print_header (_ ("Date:"), date);
  print_header (_ ("Subject:"), pb_message_get_subject (message));
  fputc ('\n', stdout);
  write_text (text);
  for (guint i = 0; i < attachments->len; i++) {
    PbAttachment *attachment = g_ptr_array_index (attachments, i);
    g_autofree char *size = pb_format_size (pb_attachment_get_size (attachment));
    if (i == 0)
      fputc ('\n', stdout);
    pb_cli_print_line (_ ("[attachment %u] %s (%s, %s)"), i + 1,
                       pb_attachment_get_safe_name (attachment),
                       pb_attachment_get_content_type (attachment), size);
  }
}

/* ---- An attachment ---- */

static gboolean
save_attachment (PbCli *self, PbAttachment *attachment, const char *output, GError **error) {
  g_autofree char *path =
    g_file_test (output, G_FILE_TEST_IS_DIR)
      ? g_build_filename (output, pb_attachment_get_safe_name (attachment), NULL)
      : g_strdup (output);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  pb_attachment_save_async (attachment, file, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  return pb_attachment_save_finish (attachment, result, error);
}

static int
show_attachment (PbCli *self, PbMessage *message, const Choice *choice, const char *command) {
  GPtrArray *attachments = pb_message_get_attachments (message);
  g_autoptr (GError) error = NULL;

  if (choice->attachment < 1 || choice->attachment > (int) attachments->len)
    return pb_cli_usage_error (command, _ ("the message has no attachment %d; it has %u"),
                               choice->attachment, attachments->len);
  PbAttachment *attachment = g_ptr_array_index (attachments, choice->attachment - 1);
  if (choice->output && strcmp (choice->output, "-") != 0)
    return save_attachment (self, attachment, choice->output, &error)
             ? PB_EXIT_DONE
             : pb_cli_fail (error, choice->output);
  if (isatty (STDOUT_FILENO) &&
      !g_str_has_prefix (pb_attachment_get_content_type (attachment), "text/"))
    return pb_cli_usage_error (command, "%s",
                               _ ("this is not for a terminal: give a file with -o"));
  g_autoptr (GBytes) bytes = pb_attachment_dup_bytes (attachment);
  pb_cli_write (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return PB_EXIT_DONE;
}

/* ---- The command ---- */

static int
show_parsed (PbCli *self,
             GBytes *bytes,
             const char *path,
             const Choice *choice,
             const char *command) {
  g_autoptr (GError) error = NULL;

  pb_message_load_async (bytes, choice->charset, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  g_autoptr (PbMessage) message = pb_message_load_finish (result, &error);
  if (!message)
    return pb_cli_fail (error, path);
  if (choice->attachment != NO_ATTACHMENT)
    return show_attachment (self, message, choice, command);
  if (choice->json)
    show_json (message, path);
  else if (choice->headers) {
    g_autofree char *headers = pb_message_dup_headers (message);
    write_text (headers);
  } else if (choice->text) {
    g_autofree char *text = dup_readable_text (message);
    write_text (text);
  } else if (choice->html)
    write_text (pb_message_has_html (message) ? pb_message_get_html (message) : "");
  else
    show_for_people (message);
  return PB_EXIT_DONE;
}

static int
show (PbCli *self, const char *what, const Choice *choice, const char *command) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = load (self, what, &path, &error);

  if (!bytes)
    return pb_cli_fail (error, what);
  if (!choice->raw)
    return show_parsed (self, bytes, path, choice, command);
  pb_cli_write (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return PB_EXIT_DONE;
}

int
pb_cli_show (PbCli *self, GStrv args) {
  Choice choice = { .attachment = NO_ATTACHMENT };
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &choice.json, N_ ("One JSON object"), NULL },
    { "raw", 0, 0, G_OPTION_ARG_NONE, &choice.raw, N_ ("The message as it is stored"), NULL },
    { "text", 0, 0, G_OPTION_ARG_NONE, &choice.text, N_ ("Only its text"), NULL },
    { "html", 0, 0, G_OPTION_ARG_NONE, &choice.html,
      N_ ("Only its HTML as it was sent (not made safe)"), NULL },
    { "headers", 0, 0, G_OPTION_ARG_NONE, &choice.headers, N_ ("Only its headers"), NULL },
    { "attachment", 0, 0, G_OPTION_ARG_INT, &choice.attachment,
      N_ ("The content of its Nth attachment"), "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &choice.output,
      N_ ("File or folder for the attachment"), N_ ("FILE") },
    { "charset", 0, 0, G_OPTION_ARG_STRING, &choice.charset,
      N_ ("Read subject, names, text and file names in this character set, whatever they say"),
      N_ ("NAME") },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("NUMBER|FILE.eml"),
    _ ("Shows a message: one that is here, by the number that “postbag-cli list” prints, or one in "
       "a file. On a terminal nothing in it can do more than be read."),
    entries, 1, 1
  };
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);
  g_autofree char *output = choice.output;
  g_autofree char *charset = choice.charset;

  if (!rest)
    return status;
  if (choice.json + choice.raw + choice.text + choice.html + choice.headers +
        (choice.attachment != NO_ATTACHMENT) >
      1)
    return pb_cli_usage_error (
      args[0], "%s", _ ("only one of --json, --raw, --text, --html, --headers, --attachment"));
  if (charset && !pb_message_knows_charset (charset))
    return pb_cli_usage_error (args[0], _ ("there is no character set “%s”"), charset);
  if (output && choice.attachment == NO_ATTACHMENT)
    return pb_cli_usage_error (args[0], "%s", _ ("-o goes with --attachment"));
  return show (self, rest[0], &choice, args[0]);
}
