/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Puts the shown parts of a message together to one page. The cleaning is done in pb-html-filter.c
 * and pb-plain-text.c; the policy written here is the second wall, not the first. */

#include "config.h"

#include "pb-document.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-document-style.h"
#include "pb-html-filter.h"
#include "pb-message-private.h"
#include "pb-plain-text.h"

#define POLICY                                                                           \
  "default-src 'none'; img-src cid: data:; style-src 'unsafe-inline'; base-uri 'none'; " \
  "form-action 'none'; frame-src 'none'; object-src 'none'; script-src 'none'"

typedef struct {
  const PbDocumentOptions *options;
  GString *body;
  GString *style; /* of the message */
  guint remote_images;
} Composer;

static void
append_plain (Composer *self, const PbShownPart *part) {
  g_autofree char *flat = part->flowed ? pb_plain_text_unflow (part->text, part->delsp) : NULL;
  g_autofree char *html = pb_plain_text_to_html (flat ? flat : part->text);

  g_string_append (self->body, html);
}

/* Markup with colours was made for a light page; in a dark window it gets one. */
static void
append_html (Composer *self, const PbShownPart *part) {
  g_autoptr (PbFilteredHtml) filtered = pb_html_filter (part->text);
  gboolean paper = self->options->dark && filtered->sets_colors;

  g_string_append (self->body,
                   paper ? "<div class=\"pb-message pb-paper\">" : "<div class=\"pb-message\">");
  g_string_append_len (self->body, filtered->markup->str, (gssize) filtered->markup->len);
  g_string_append (self->body, "</div>\n");
  g_string_append_len (self->style, filtered->style->str, (gssize) filtered->style->len);
  self->remote_images += filtered->remote_images;
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

static gboolean
can_be_shown (const char *type) {
  static const char *const types[] = { "image/png",  "image/jpeg", "image/jpg", "image/gif",
                                       "image/webp", "image/bmp",  NULL };

  return g_strv_contains (types, type);
}

static gboolean
is_referred_to (const Composer *self, const char *id) {
  g_autofree char *plain = g_markup_printf_escaped ("cid:%s\"", id);
  g_autofree char *encoded = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *escaped = g_strdup_printf ("cid:%s\"", encoded);

  return strstr (self->body->str, plain) || strstr (self->body->str, escaped);
}

/* Pictures that are to be shown in place, but that no markup names, come after the text. */
static void
append_pictures (Composer *self, PbMessage *message) {
  GPtrArray *attachments = pb_message_get_attachments (message);

  for (guint i = 0; i < attachments->len; i++) {
    PbAttachment *attachment = g_ptr_array_index (attachments, i);
    g_autofree char *id = pb_message_dup_inline_id (message, i);

    if (!pb_attachment_is_inline (attachment) ||
        !can_be_shown (pb_attachment_get_content_type (attachment)) || is_referred_to (self, id))
      continue;
    g_autofree char *encoded = g_uri_escape_string (id, "@", FALSE);
    g_autofree char *picture =
      g_markup_printf_escaped ("<p class=\"pb-picture\"><img src=\"cid:%s\" alt=\"%s\"></p>\n",
                               encoded, pb_attachment_get_safe_name (attachment));
    g_string_append (self->body, picture);
  }
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

PbDocument *
pb_document_new (PbMessage *message, const PbDocumentOptions *options) {
  g_return_val_if_fail (PB_IS_MESSAGE (message), NULL);
  g_return_val_if_fail (options != NULL, NULL);

  Composer self = { options, g_string_new (NULL), g_string_new (NULL), 0 };
  PbDocument *document = g_new0 (PbDocument, 1);

  append_blocks (&self, message);
  append_pictures (&self, message);
  if (!shows_something (self.body->str))
    append_empty (&self, message);
  document->html = compose_page (&self);
  document->remote_images = self.remote_images;
  g_string_free (self.body, TRUE);
  g_string_free (self.style, TRUE);
  return document;
}

void
pb_document_free (PbDocument *self) {
  if (!self)
    return;
  g_free (self->html);
  g_free (self);
}

typedef struct {
  PbMessage *message;
  PbDocumentOptions options;
} Load;

static void
load_free (gpointer data) {
  g_object_unref (((Load *) data)->message);
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
  g_task_set_source_tag (task, pb_document_load_async);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_in_thread);
}

PbDocument *
pb_document_load_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_async_result_is_tagged (result, pb_document_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
