/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes from the server → message (in a worker) → plain text. */

#include "config.h"

#include "pb-server-preview.h"

#include <glib/gi18n.h>

#include "pb-error.h"
#include "pb-format.h"
#include "pb-html-filter.h"
#include "pb-message.h"
#include "pb-server-text.h"

#define MAX_TEXT ((gsize) 64 * 1024)
/* Whoever runs through a list with the arrow keys does not want each of them. */
#define DELAY_MS 150

struct _PbServerPreview {
  GtkWidget parent;

  GtkWidget *content;
  GtkLabel *subject;
  GtkLabel *details;
  GtkTextView *text;

  PbServerMailbox *mailbox;
  PbServerRow *row;
  GCancellable *cancellable;
  guint delay;
};

G_DEFINE_FINAL_TYPE (PbServerPreview, pb_server_preview, GTK_TYPE_WIDGET)

static void
set_text (PbServerPreview *self, const char *text) {
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text, -1);
}

static char *
make_text (PbMessage *message) {
  const char *text = pb_message_get_text (message);
  const char *html = text ? NULL : pb_message_get_html (message);

  if (html)
    return pb_html_to_text (html, MAX_TEXT);
  return text ? g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), (glong) MAX_TEXT))
              : g_strdup ("");
}

/* Takes the reference that a callback has; TRUE when nobody waits any more. */
static gboolean
is_over (PbServerPreview *self, const GError *error) {
  return !self->content || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
parsed (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerPreview) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PbMessage) message = pb_message_load_finish (result, &error);

  if (is_over (self, error))
    return;
  g_autofree char *text = message ? make_text (message) : g_strdup ("");
  set_text (self, *g_strstrip (text) ? text : _ ("There is no text at its beginning."));
}

static void
came (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbServerPreview) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    pb_server_mailbox_preview_finish (PB_SERVER_MAILBOX (source), result, &error);

  if (is_over (self, error))
    return;
  if (bytes)
    pb_message_load_async (bytes, NULL, self->cancellable, parsed, g_object_ref (self));
  else if (g_error_matches (error, PB_ERROR, PB_ERROR_UNSUPPORTED))
    set_text (self, _ ("This server cannot send the beginning of a message."));
  else
    set_text (self, _ ("The server did not send the beginning of this message."));
}

static gboolean
ask_cb (gpointer data) {
  PbServerPreview *self = data;

  self->delay = 0;
  pb_server_mailbox_preview_async (self->mailbox, self->row, PB_SERVER_PREVIEW_LINES,
                                   self->cancellable, came, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
forget (PbServerPreview *self) {
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->delay, g_source_remove);
}

static void
pb_server_preview_dispose (GObject *object) {
  PbServerPreview *self = PB_SERVER_PREVIEW (object);

  forget (self);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->mailbox);
  g_clear_object (&self->row);
  G_OBJECT_CLASS (pb_server_preview_parent_class)->dispose (object);
}

static void
pb_server_preview_class_init (PbServerPreviewClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_server_preview_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-server-preview.ui");
  gtk_widget_class_bind_template_child (widget_class, PbServerPreview, content);
  gtk_widget_class_bind_template_child (widget_class, PbServerPreview, subject);
  gtk_widget_class_bind_template_child (widget_class, PbServerPreview, details);
  gtk_widget_class_bind_template_child (widget_class, PbServerPreview, text);
}

static void
pb_server_preview_init (PbServerPreview *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pb_server_preview_show (PbServerPreview *self, PbServerMailbox *mailbox, PbServerRow *row) {
  g_return_if_fail (PB_IS_SERVER_PREVIEW (self));

  if (self->row == row && self->mailbox == mailbox)
    return;
  forget (self);
  g_set_object (&self->mailbox, mailbox);
  g_set_object (&self->row, row);
  gtk_widget_set_visible (GTK_WIDGET (self), row != NULL);
  if (!row)
    return;
  g_autofree char *subject = pb_server_text_subject (row);
  g_autofree char *sender = pb_server_text_sender (row);
  g_autofree char *date = pb_format_date_long (pb_server_text_time (row));
  g_autofree char *who = pb_format_isolate (sender);
  g_autofree char *details = g_strdup_printf ("%s · %s", who, date);
  gtk_label_set_text (self->subject, subject);
  gtk_label_set_text (self->details, pb_server_row_get_head (row) ? details : "");
  set_text (self, "");
  self->cancellable = g_cancellable_new ();
  self->delay = g_timeout_add (DELAY_MS, ask_cb, self);
}
