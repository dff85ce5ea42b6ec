/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person can do with the message that is shown: pictures, colours, links. */

#include "config.h"

#include <glib/gi18n.h>

#include "pb-format.h"
#include "pb-message-view-private.h"
#include "pb-reading-rules.h"
#include "pb-remote-pictures.h"

static const char *
get_sender (PbMessage *message) {
  GPtrArray *from = message ? pb_message_get_from (message) : NULL;

  return from && from->len > 0 ? ((PbAddress *) from->pdata[0])->address : NULL;
}

/* ---- Pictures ---- */

static void
pictures_fetched (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMessageView) self = data;
  g_autoptr (GError) error = NULL;

  /* Another message has come meanwhile. */
  if (pb_remote_pictures_fetch_finish (result, &error) >= 0 && self->with_pictures)
    _pb_message_view_remake (self);
}

static void
fetch_pictures (PbMessageView *self) {
  g_autofree char *folder = _pb_message_view_dup_pictures_dir (self);

  if (!folder || self->remote_addresses->len == 0)
    return;
  g_autoptr (GPtrArray) addresses = g_steal_pointer (&self->remote_addresses);
  self->remote_addresses = g_ptr_array_new_with_free_func (g_free);
  pb_remote_pictures_fetch_async (addresses, folder, self->cancellable, pictures_fetched,
                                  g_object_ref (self));
}

static void
show_pictures_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbMessageView *self = PB_MESSAGE_VIEW (widget);
  const char *for_whom = g_variant_get_string (parameter, NULL);

  if (!self->message)
    return;
  if (strcmp (for_whom, "once") != 0)
    pb_reading_rules_set (self->settings, PB_RULE_PICTURES, get_sender (self->message),
                          strcmp (for_whom, "domain") == 0, TRUE);
  self->with_pictures = TRUE;
  /* What was fetched before is there at once; the document tells what is missing. */
  _pb_message_view_remake (self);
}

static char *
describe_remote (const PbDocument *document) {
  guint count = document->remote_images;
  g_autofree char *left_out =
    g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u picture of the web was left out",
                                  "%u pictures of the web were left out", count),
                     count);

  if (document->trackers == 0)
    return g_strdup_printf (_ ("%s, so that the sender does not learn when you read this."),
                            left_out);
  if (document->trackers >= count)
    return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "A tracker was left out; it only tells that you read this.",
                   "%u trackers were left out; they only tell that you read this.",
                   document->trackers),
      document->trackers);
  return g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%s; %u looks like a tracker and stays out.",
                 "%s; %u look like trackers and stay out.", document->trackers),
    left_out, document->trackers);
}

static void
update_remote (PbMessageView *self, const PbDocument *document) {
  g_autofree char *text = describe_remote (document);
  gboolean wanted = document->remote_images > 0 && !self->with_pictures;

  g_ptr_array_set_size (self->remote_addresses, 0);
  for (guint i = 0; i < document->remote->len; i++) {
    const PbRemotePicture *picture = document->remote->pdata[i];

    if (!picture->is_tracker && pb_remote_pictures_is_fetchable (picture->address))
      g_ptr_array_add (self->remote_addresses, g_strdup (picture->address));
  }
  gtk_label_set_label (self->remote_text, text);
  gtk_widget_set_visible (self->remote_button, self->remote_addresses->len > 0);
  gtk_revealer_set_reveal_child (self->remote, wanted);
  gtk_widget_set_visible (GTK_WIDGET (self->remote), wanted);
}

/* ---- Colours ---- */

static void
original_colors_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbMessageView *self = PB_MESSAGE_VIEW (widget);

  self->original_colors = !self->original_colors;
  pb_reading_rules_set (self->settings, PB_RULE_COLORS, get_sender (self->message), FALSE,
                        self->original_colors);
  _pb_message_view_remake (self);
}

/* ---- Answers that go elsewhere ---- */

static gboolean
is_among (GPtrArray *people, const char *address) {
  for (guint i = 0; i < people->len; i++) {
    const PbAddress *person = people->pdata[i];
    if (person->address && g_ascii_strcasecmp (person->address, address) == 0)
      return TRUE;
  }
  return FALSE;
}

/* A list that answers to itself is addressed by the letter as well. */
static void
update_warning (PbMessageView *self) {
  GPtrArray *answers = pb_message_get_reply_to (self->message);
  const char *sender = get_sender (self->message);
  const char *other = answers->len > 0 ? ((PbAddress *) answers->pdata[0])->address : NULL;
  g_autofree char *sender_domain = pb_reading_rules_dup_domain (sender);
  g_autofree char *other_domain = pb_reading_rules_dup_domain (other);
  gboolean differs = sender_domain && other_domain && strcmp (sender_domain, other_domain) != 0 &&
                     !is_among (pb_message_get_to (self->message), other) &&
                     !is_among (pb_message_get_cc (self->message), other);

  if (differs) {
    g_autofree char *from = pb_format_isolate (sender);
    g_autofree char *to = pb_format_isolate (other);
    g_autofree char *text =
      g_strdup_printf (_ ("Answers would go to %s, not to the sender %s."), to, from);
    gtk_label_set_label (self->warning_text, text);
  }
  gtk_revealer_set_reveal_child (self->warning, differs);
  gtk_widget_set_visible (GTK_WIDGET (self->warning), differs);
}

/* ---- Links ---- */

static void
link_shown (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMessageView) self = data;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    _pb_message_view_failed (self, error);
}

static void
show_uri (PbMessageView *self, const char *uri) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root)
    gtk_show_uri_full (GTK_WINDOW (root), uri, GDK_CURRENT_TIME, NULL, link_shown,
                       g_object_ref (self));
}

static void
link_response_cb (AdwMessageDialog *dialog, const char *response, PbMessageView *self) {
  if (g_strcmp0 (response, "open") == 0)
    show_uri (self, g_object_get_data (G_OBJECT (dialog), "uri"));
}

void
_pb_message_view_open_link (PbMessageView *self, const char *uri, const char *odd) {
  /* The document holds no other kinds; a second look costs nothing. */
  static const char *const kinds[] = { "https", "http", "mailto", "ftp", NULL };
  g_autofree char *scheme = g_uri_parse_scheme (uri);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (!scheme || !root || !g_strv_contains (kinds, scheme))
    return;
  if (!odd) {
    show_uri (self, uri);
    return;
  }
  g_autofree char *address = pb_format_isolate (uri);
  g_autofree char *body = g_strdup_printf ("%s\n\n%s", odd, address);
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (root), _ ("This Link Is Not What It Seems"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "open",
                                    _ ("_Open Anyway"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "open",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "uri", g_strdup (uri), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (link_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- For the view ---- */

void
_pb_message_view_apply_rules (PbMessageView *self, PbMessage *message) {
  const char *sender = get_sender (message);

  self->with_pictures = pb_reading_rules_has (self->settings, PB_RULE_PICTURES, sender);
  self->original_colors = pb_reading_rules_has (self->settings, PB_RULE_COLORS, sender);
}

void
_pb_message_view_show_findings (PbMessageView *self, const PbDocument *document) {
  update_remote (self, document);
  update_warning (self);
  gtk_widget_set_visible (self->colors, document->is_recolored);
  gtk_button_set_label (GTK_BUTTON (self->colors),
                        self->original_colors ? _ ("Dark Colors") : _ ("Original Colors"));
  if (self->with_pictures)
    fetch_pictures (self);
}

void
_pb_message_view_install_actions (GtkWidgetClass *klass) {
  gtk_widget_class_install_action (klass, "message.show-pictures", "s", show_pictures_action);
  gtk_widget_class_install_action (klass, "message.original-colors", NULL, original_colors_action);
}
