/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Puts the shown parts of a message together to one page. The cleaning is done in pb-html-filter.c
 * and pb-plain-text.c; the policy written here is the second wall, not the first. */

#include "config.h"

#include "pb-document.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-card.h"
#include "pb-document-style.h"
#include "pb-html-filter.h"
#include "pb-link-check.h"
#include "pb-message-private.h"
#include "pb-plain-text.h"
#include "pb-tracker.h"

#define POLICY                                                                           \
  "default-src 'none'; img-src cid: data:; style-src 'unsafe-inline'; base-uri 'none'; " \
  "form-action 'none'; frame-src 'none'; object-src 'none'; script-src 'none'"

#define REMOTE_ID "postbag-remote-"
#define REMOTE_LIMIT 500
#define CARD_LIMIT (256 * 1024)

typedef struct {
  const PbDocumentOptions *options;
  PbDocument *document;
  GString *body;
  GString *style; /* of the message */
  char *prefix;   /* of ids of parts: "" or that of a message within */
  PbMessage *message;
  const PbShownPart *part; /* the one being cleaned */
  GHashTable *seen;        /* addresses in the document's list */
} Composer;

static void append_message (Composer *self, PbMessage *message);

/* ---- Pictures ---- */

static char *
dup_picture_id (const char *address) {
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, address, -1);

  return g_strconcat (REMOTE_ID, digest, NULL);
}

char *
pb_document_picture_path (const char *pictures_dir, const char *address) {
  g_autofree char *id = dup_picture_id (address);

  return g_build_filename (pictures_dir, id, NULL);
}

char *
pb_document_picture_path_of_id (const char *pictures_dir, const char *id) {
  gsize length = strlen (REMOTE_ID);

  if (!g_str_has_prefix (id, REMOTE_ID) ||
      strspn (id + length, "0123456789abcdef") != strlen (id + length))
    return NULL;
  return g_build_filename (pictures_dir, id, NULL);
}

const char *
pb_document_picture_type (const guint8 *data, gsize length) {
  static const struct {
    const char *start;
    gsize length;
    const char *type;
  } kinds[] = {
    { "\211PNG\r\n\032\n", 8, "image/png" },
    { "\377\330\377", 3, "image/jpeg" },
    { "GIF87a", 6, "image/gif" },
    { "GIF89a", 6, "image/gif" },
    { "BM", 2, "image/bmp" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (length >= kinds[i].length && memcmp (data, kinds[i].start, kinds[i].length) == 0)
      return kinds[i].type;
  }
  return length >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0
           ? "image/webp"
           : NULL;
}

static char *
to_cid (const Composer *self, const char *id) {
  g_autofree char *encoded = g_uri_escape_string (id, "@/", FALSE);

  return g_strconcat ("cid:", self->prefix, encoded, NULL);
}

static void
remember_remote (Composer *self, const char *address, gboolean tracker) {
  PbRemotePicture *picture;

  if (self->document->remote->len == REMOTE_LIMIT ||
      !g_hash_table_add (self->seen, g_strdup (address)))
    return;
  picture = g_new0 (PbRemotePicture, 1);
  picture->address = g_strdup (address);
  picture->is_tracker = tracker;
  g_ptr_array_add (self->document->remote, picture);
  self->document->trackers += tracker;
}

/* A picture of the web that was fetched before, where it may be shown. */
static char *
find_fetched (Composer *self, const char *address, gboolean tiny) {
  g_autofree char *absolute =
    g_str_has_prefix (address, "//") ? g_strconcat ("https:", address, NULL) : g_strdup (address);
  gboolean tracker = pb_tracker_is (absolute, tiny);
  g_autofree char *path = self->options->pictures_dir && !tracker
                            ? pb_document_picture_path (self->options->pictures_dir, absolute)
                            : NULL;

  if (path && g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    g_autofree char *id = dup_picture_id (absolute);
    return g_strconcat ("cid:", id, NULL);
  }
  if (g_ascii_strncasecmp (absolute, "http", 4) == 0)
    remember_remote (self, absolute, tracker);
  return NULL;
}

static char *
picture_cb (const char *address, gboolean is_remote, gboolean is_tiny, gpointer data) {
  Composer *self = data;

  if (g_ascii_strncasecmp (address, "data:", 5) == 0)
    return NULL;
  if (g_ascii_strncasecmp (address, "cid:", 4) == 0) {
    g_autofree char *id = *self->prefix ? g_uri_unescape_string (address + 4, NULL) : NULL;
    return id ? to_cid (self, id) : NULL;
  }
  g_autofree char *id =
    pb_message_dup_inline_id_of_location (self->message, address, self->part->location);
  if (id)
    return to_cid (self, id);
  return is_remote ? find_fetched (self, address, is_tiny) : NULL;
}

static void
link_cb (const char *target, const char *text, gpointer data) {
  Composer *self = data;
  g_autofree char *odd = pb_link_check (target, text);

  if (odd && g_hash_table_size (self->document->odd_links) < REMOTE_LIMIT)
    g_hash_table_insert (self->document->odd_links, g_strdup (target), g_steal_pointer (&odd));
}

/* ---- Text ---- */

static void
append_plain (Composer *self, const PbShownPart *part) {
  g_autofree char *flat = part->flowed ? pb_plain_text_unflow (part->text, part->delsp) : NULL;
  g_autofree char *html = pb_plain_text_to_html (flat ? flat : part->text);

  g_string_append (self->body, html);
}

/* Markup with colours was made for a light page; in a dark window they are turned, or it gets white
 * paper. */
static void
append_html (Composer *self, const PbShownPart *part) {
  const PbHtmlHooks hooks = { picture_cb, link_cb, self, _ ("Quoted text") };

  self->part = part;
  g_autoptr (PbFilteredHtml) filtered = pb_html_filter_with (part->text, &hooks);
  gboolean colored = self->options->dark && filtered->sets_colors;

  g_string_append (self->body, !colored ? "<div class=\"pb-message\">"
                               : self->options->original_colors
                                 ? "<div class=\"pb-message pb-paper\">"
                                 : "<div class=\"pb-message pb-turned\">");
  g_string_append_len (self->body, filtered->markup->str, (gssize) filtered->markup->len);
  g_string_append (self->body, "</div>\n");
  g_string_append_len (self->style, filtered->style->str, (gssize) filtered->style->len);
  self->document->remote_images += filtered->remote_images;
  self->document->is_recolored |= colored;
}

static void
append_blocks (Composer *self, PbMessage *message) {
  GPtrArray *blocks = pb_message_get_blocks (message);

  for (guint i = 0; i < blocks->len; i++) {
    const PbShownBlock *block = g_ptr_array_index (blocks, i);
    gboolean plain = block->rich->len == 0 || (self->options->prefer_text && block->plain->len > 0);
    GPtrArray *parts = plain ? block->plain : block->rich;

    for (guint k = 0; k < parts->len; k++) {
      const PbShownPart *part = g_ptr_array_index (parts, k);

      if (part->is_html)
        append_html (self, part);
      else
        append_plain (self, part);
    }
  }
}

/* ---- What comes with it ---- */

static gboolean
can_be_shown (const char *type) {
  static const char *const types[] = { "image/png",  "image/jpeg", "image/jpg", "image/gif",
                                       "image/webp", "image/bmp",  NULL };

  return g_strv_contains (types, type);
}

/* Pictures that are to be shown in place, but that no markup names, come after the text. */
static void
append_pictures (Composer *self, PbMessage *message) {
  GPtrArray *attachments = pb_message_get_attachments (message);

  for (guint i = 0; i < attachments->len; i++) {
    PbAttachment *attachment = g_ptr_array_index (attachments, i);
    g_autofree char *id = pb_message_dup_inline_id (message, i);
    g_autofree char *address = to_cid (self, id);
    g_autofree char *plain = g_markup_printf_escaped ("cid:%s%s\"", self->prefix, id);
    g_autofree char *encoded = g_uri_escape_string (id, NULL, FALSE);
    g_autofree char *escaped = g_strdup_printf ("cid:%s%s\"", self->prefix, encoded);
    g_autofree char *own = g_strconcat (address, "\"", NULL);

    if (!pb_attachment_is_inline (attachment) ||
        !can_be_shown (pb_attachment_get_content_type (attachment)) ||
        strstr (self->body->str, plain) || strstr (self->body->str, escaped) ||
        strstr (self->body->str, own))
      continue;
    g_autofree char *picture =
      g_markup_printf_escaped ("<p class=\"pb-picture\"><img src=\"%s\" alt=\"%s\"></p>\n", address,
                               pb_attachment_get_safe_name (attachment));
    g_string_append (self->body, picture);
  }
}

/* What machines wrote, in words above the text. One card for a calendar that is there twice, as
 * alternative and as file. */
static void
append_cards (Composer *self, PbMessage *message) {
  GPtrArray *attachments = pb_message_get_attachments (message);
  gboolean has_calendar = FALSE;

  for (guint i = 0; i < attachments->len; i++) {
    PbAttachment *attachment = attachments->pdata[i];
    const char *type = pb_attachment_get_content_type (attachment);
    gboolean calendar =
      strcmp (type, "text/calendar") == 0 || strcmp (type, "application/ics") == 0;
    gboolean report = strcmp (type, "message/delivery-status") == 0 ||
                      strcmp (type, "message/global-delivery-status") == 0;
    gboolean receipt = strcmp (type, "message/disposition-notification") == 0;

    if ((!calendar && !report && !receipt) || (calendar && has_calendar) ||
        pb_attachment_get_size (attachment) > CARD_LIMIT)
      continue;
    g_autoptr (GBytes) bytes = pb_attachment_dup_bytes (attachment);
    gsize length;
    const char *data = g_bytes_get_data (bytes, &length);
    if (calendar)
      pb_card_append_calendar (self->body, data, length);
    else
      pb_card_append_report (self->body, data, length, receipt);
    has_calendar |= calendar;
  }
}

static char *
dup_people (GPtrArray *people) {
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < MIN (people->len, 10); i++) {
    const PbAddress *person = people->pdata[i];
    const char *address = person->address ? person->address : "";

    g_string_append (names, i ? ", " : "");
    if (person->name)
      g_string_append_printf (names, "%s <%s>", person->name, address);
    else
      g_string_append (names, address);
  }
  return g_string_free (names, FALSE);
}

static void
append_nested_header (Composer *self, PbMessage *message) {
  g_autofree char *from = dup_people (pb_message_get_from (message));
  g_autofree char *to = dup_people (pb_message_get_to (message));
  gint64 when = pb_message_get_date (message);
  g_autoptr (GDateTime) time = when == G_MININT64 ? NULL : g_date_time_new_from_unix_local (when);
  /* Translators: when a forwarded message was written. */
  g_autofree char *date = time ? g_date_time_format (time, _ ("%-e %B %Y, %H:%M")) : NULL;
  const char *subject = pb_message_get_subject (message);
  g_autofree char *title = g_markup_printf_escaped ("<summary dir=\"auto\">%s</summary>\n<table>",
                                                    *subject ? subject : _ ("(no subject)"));

  g_string_append (self->body, title);
  pb_card_append_row (self->body, _ ("From"), from);
  pb_card_append_row (self->body, _ ("To"), to);
  pb_card_append_row (self->body, _ ("Date"), date);
  g_string_append (self->body, "</table>\n");
}

/* Messages within the message, one below the other. */
static void
append_nested (Composer *self, PbMessage *message) {
  guint count = pb_message_get_attachments (message)->len;
  const PbShownPart *part = self->part;

  for (guint i = 0; i < count; i++) {
    PbMessage *nested = pb_message_get_nested (message, i);
    g_autofree char *own = pb_message_dup_nested_prefix (i);
    char *prefix = self->prefix;

    if (!nested)
      continue;
    g_string_append (self->body, "<details class=\"pb-nested\" open>");
    append_nested_header (self, nested);
    self->prefix = g_strconcat (prefix, own, NULL);
    append_message (self, nested);
    g_free (self->prefix);
    self->prefix = prefix;
    self->message = message;
    g_string_append (self->body, "</details>\n");
  }
  self->part = part;
}

static void
append_problems (Composer *self, PbMessage *message) {
  const char *const *problems = pb_message_get_problems (message);

  for (guint i = 0; problems[i]; i++) {
    g_autofree char *line =
      g_markup_printf_escaped ("<p class=\"pb-problem\">%s</p>\n", problems[i]);
    g_string_append (self->body, line);
  }
}

static void
append_message (Composer *self, PbMessage *message) {
  self->message = message;
  append_cards (self, message);
  append_blocks (self, message);
  append_pictures (self, message);
  append_nested (self, message);
  append_problems (self, message);
}

/* TRUE when something in the body can be seen. */
static gboolean
shows_something (const char *body) {
  gboolean in_tag = FALSE;

  if (strstr (body, "<img") || strstr (body, "<hr"))
    return TRUE;
  for (const char *p = body; *p; p++) {
    in_tag = *p == '<' || (in_tag && *p != '>');
    if (!in_tag && *p != '>' && !g_ascii_isspace (*p))
      return TRUE;
  }
  return FALSE;
}

static void
append_empty (Composer *self, PbMessage *message) {
  gboolean attachments = pb_message_get_attachments (message)->len > 0;
  g_autofree char *sentence = g_markup_printf_escaped (
    "<p class=\"pb-empty\">%s</p>\n",
    attachments ? _ ("This message has no text, only attachments.") : _ ("This message is empty."));

  g_string_append (self->body, sentence);
}

static char *
compose_page (const Composer *self) {
  return g_strconcat ("<!DOCTYPE html>\n<html", self->options->dark ? " class=\"pb-dark\"" : "",
                      "><head><meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n"
                      "<meta name=\"referrer\" content=\"no-referrer\">\n"
                      "<title></title>\n<style>\n",
                      pb_document_style_get (), "</style>\n<style>\n", self->style->str,
                      "</style></head>\n<body>\n", self->body->str, "</body></html>\n", NULL);
}

static void
remote_picture_free (gpointer data) {
  g_free (((PbRemotePicture *) data)->address);
  g_free (data);
}

PbDocument *
pb_document_new (PbMessage *message, const PbDocumentOptions *options) {
  g_return_val_if_fail (PB_IS_MESSAGE (message), NULL);
  g_return_val_if_fail (options != NULL, NULL);

  PbDocument *document = g_new0 (PbDocument, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *prefix = g_strdup ("");
  Composer self = {
    .options = options,
    .document = document,
    .body = g_string_new (NULL),
    .style = g_string_new (NULL),
    .prefix = prefix,
    .seen = seen,
  };

  document->remote = g_ptr_array_new_with_free_func (remote_picture_free);
  document->odd_links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  append_message (&self, message);
  if (!shows_something (self.body->str))
    append_empty (&self, message);
  document->html = compose_page (&self);
  g_string_free (self.body, TRUE);
  g_string_free (self.style, TRUE);
  return document;
}

void
pb_document_free (PbDocument *self) {
  if (!self)
    return;
  g_free (self->html);
  g_ptr_array_unref (self->remote);
  g_hash_table_unref (self->odd_links);
  g_free (self);
}

typedef struct {
  PbMessage *message;
  PbDocumentOptions options;
} Load;

static void
load_free (gpointer data) {
  g_object_unref (((Load *) data)->message);
  g_free ((char *) ((Load *) data)->options.pictures_dir);
  g_free (data);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Load *load = data;

  g_task_return_pointer (task, pb_document_new (load->message, &load->options),
                         (GDestroyNotify) pb_document_free);
}

void
pb_document_load_async (PbMessage *message,
                        const PbDocumentOptions *options,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  g_return_if_fail (PB_IS_MESSAGE (message));
  g_return_if_fail (options != NULL);

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);
  load->message = g_object_ref (message);
  load->options = *options;
  load->options.pictures_dir = g_strdup (options->pictures_dir);
  g_task_set_source_tag (task, pb_document_load_async);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_in_thread);
}

PbDocument *
pb_document_load_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_async_result_is_tagged (result, pb_document_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
