/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Delivery reports and receipts. GMime reads the groups of fields; what a status code means is
 * said by its class and the few codes that people can do something about. */

#include "config.h"

#include "pb-card.h"

#include <glib/gi18n.h>
#include <gmime/gmime.h>
#include <string.h>

#include "pb-gmime.h"
#include "pb-header-fields.h"
#include "pb-header-text.h"

#define REPORT_LIMIT (256 * 1024)
#define RECIPIENTS_LIMIT 20

void
pb_card_append_row (GString *html, const char *title, const char *value) {
  if (!value || !*value)
    return;
  g_autofree char *row =
    g_markup_printf_escaped ("<tr><th>%s</th><td dir=\"auto\">%s</td></tr>\n", title, value);
  g_string_append (html, row);
}

/* "rfc822; ann@example.org" without the first half. */
static char *
dup_typed (GMimeHeaderList *fields, const char *name) {
  g_autofree char *value = pb_header_fields_dup_text (fields, name);
  const char *semicolon = strchr (value, ';');

  return g_strstrip (g_strdup (semicolon ? semicolon + 1 : value));
}

static const char *
explain_status (const char *status) {
  static const struct {
    const char *code;
    const char *words;
  } known[] = {
    { "5.1.1", N_ ("There is no such mailbox at that place. Check the address.") },
    { "5.1.2", N_ ("There is no such mail domain. Check what stands behind the @.") },
    { "5.1.10", N_ ("That domain does not take mail.") },
    { "5.2.1", N_ ("The mailbox has been switched off.") },
    { "5.2.2", N_ ("The mailbox is full. Try again later, or in another way.") },
    { "5.2.3", N_ ("The message is too large for that mailbox.") },
    { "5.3.4", N_ ("The message is too large for that server.") },
    { "5.4.1", N_ ("Nobody takes mail for that address.") },
    { "5.4.4", N_ ("No way to that server is known. Check what stands behind the @.") },
    { "5.7.1", N_ ("The receiving server refuses this message.") },
    { "4.2.2", N_ ("The mailbox is full. The server goes on trying for a while.") },
    { "4.4.1", N_ ("The receiving server does not answer. The sending one goes on trying.") },
    { "4.4.7", N_ ("It was tried for too long without success.") },
    { "5.4.7", N_ ("It was tried for too long without success.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (strcmp (known[i].code, status) == 0)
      return _ (known[i].words);
  }
  return *status == '5'   ? _ ("Sending it once more as it is will not help.")
         : *status == '4' ? _ ("The cause may pass; usually the server goes on trying.")
                          : NULL;
}

static const char *
name_action (const char *action) {
  static const char *const names[][2] = {
    { "failed", N_ ("Could not be delivered") },
    { "delayed", N_ ("Not delivered yet") },
    { "delivered", N_ ("Was delivered") },
    { "relayed", N_ ("Was passed on to a server that sends no reports") },
    { "expanded", N_ ("Was passed on to several addresses") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_ascii_strcasecmp (names[i][0], action) == 0)
      return _ (names[i][1]);
  }
  return _ ("Report on a message");
}

static void
append_title (GString *html, const char *title) {
  g_autofree char *text = g_markup_printf_escaped ("<h2>%s</h2>\n", title);

  g_string_append (html, text);
}

static void
append_recipient (GString *html, GMimeHeaderList *fields, const char *server) {
  g_autofree char *final = dup_typed (fields, "Final-Recipient");
  g_autofree char *original = dup_typed (fields, "Original-Recipient");
  g_autofree char *action = pb_header_fields_dup_text (fields, "Action");
  g_autofree char *status = pb_header_fields_dup_text (fields, "Status");
  g_autofree char *said = dup_typed (fields, "Diagnostic-Code");
  g_autofree char *remote = dup_typed (fields, "Remote-MTA");

  status[strspn (status, "0123456789.")] = '\0';
  append_title (html, name_action (action));
  g_string_append (html, "<table>");
  pb_card_append_row (html, _ ("To"), *final ? final : original);
  pb_card_append_row (html, _ ("Why"), explain_status (status));
  pb_card_append_row (html, _ ("The server said"), *said ? said : status);
  pb_card_append_row (html, _ ("Server"), *remote ? remote : server);
  g_string_append (html, "</table>\n");
}

static void
append_receipt (GString *html, GMimeHeaderList *fields) {
  g_autofree char *recipient = dup_typed (fields, "Final-Recipient");
  g_autofree char *disposition = pb_header_fields_dup_text (fields, "Disposition");
  gboolean deleted = strstr (disposition, "deleted") != NULL;

  append_title (html, deleted ? _ ("Was deleted, perhaps without having been read")
                              : _ ("Was shown to its recipient"));
  g_string_append (html, "<table>");
  pb_card_append_row (html, _ ("By"), recipient);
  g_string_append (html, "</table>\n");
}

/* The fields of one group; groups are parted by blank lines. */
static GMimeObject *
parse_group (const char *text, gsize length) {
  g_autofree char *header = g_strdup_printf ("%.*s\n\n", (int) length, text);
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (header, strlen (header));
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);

  return g_mime_parser_construct_part (parser, pb_gmime_get_options ());
}

static const char *
end_of_group (const char *p) {
  for (; *p; p++) {
    if (*p == '\n' && (p[1] == '\n' || (p[1] == '\r' && p[2] == '\n') || !p[1]))
      return p + 1;
  }
  return p;
}

void
pb_card_append_report (GString *html, const char *fields, gsize length, gboolean is_receipt) {
  g_autofree char *text = g_strndup (fields, MIN (length, REPORT_LIMIT));
  g_autoptr (GString) body = g_string_new (NULL);
  g_autofree char *server = NULL;
  guint shown = 0;

  for (const char *p = text; *p && shown < RECIPIENTS_LIMIT;) {
    p += strspn (p, "\r\n");
    const char *end = end_of_group (p);
    g_autoptr (GMimeObject) group = end > p ? parse_group (p, (gsize) (end - p)) : NULL;
    GMimeHeaderList *list = group ? g_mime_object_get_header_list (group) : NULL;

    p = end;
    if (!list)
      continue;
    if (!server)
      server = dup_typed (list, "Reporting-MTA");
    if (is_receipt && pb_header_fields_find (list, "Disposition")) {
      append_receipt (body, list);
      shown++;
    } else if (!is_receipt && (pb_header_fields_find (list, "Final-Recipient") ||
                               pb_header_fields_find (list, "Action"))) {
      append_recipient (body, list, server);
      shown++;
    }
  }
  if (shown > 0)
    g_string_append_printf (html, "<section class=\"pb-card\">%s</section>\n", body->str);
}
