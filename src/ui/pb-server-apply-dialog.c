/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sentences made of a summary. */

#include "config.h"

#include "pb-server-apply-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-format.h"
#include "pb-server-text.h"

/* Nobody reads more names than that. */
#define MOST_NAMES 200

typedef struct {
  void (*apply) (gpointer owner);
  GObject *owner;
} Answer;

static void
answer_free (gpointer data, GClosure *closure) {
  Answer *answer = data;

  g_object_unref (answer->owner);
  g_free (answer);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Answer *answer) {
  if (g_strcmp0 (response, "apply") == 0)
    answer->apply (answer->owner);
}

static char *
make_body (const PbServerSummary *summary) {
  g_autofree char *fetch_size = pb_format_size (summary->fetch_bytes);
  g_autofree char *remove_size = pb_format_size (summary->remove_bytes);
  GString *text = g_string_new (NULL);

  if (summary->fetch)
    g_string_append_printf (text,
                            ngettext ("%u message (%s) will be fetched.",
                                      "%u messages (%s) will be fetched.", summary->fetch),
                            summary->fetch, fetch_size);
  if (summary->fetch && summary->remove)
    g_string_append_c (text, '\n');
  if (summary->remove)
    g_string_append_printf (text,
                            ngettext ("%u message (%s) will be deleted on the server.",
                                      "%u messages (%s) will be deleted on the server.",
                                      summary->remove),
                            summary->remove, remove_size);
  if (summary->without_copy->len)
    g_string_append_printf (text,
                            ngettext ("\n\n%u of them has no complete copy here and will be lost:",
                                      "\n\n%u of them have no complete copy here and will be lost:",
                                      summary->without_copy->len),
                            summary->without_copy->len);
  return g_string_free (text, FALSE);
}

static GtkWidget *
make_names (const GPtrArray *rows) {
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *label = gtk_label_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (rows->len, MOST_NAMES); i++) {
    g_autofree char *sender = pb_server_text_sender (rows->pdata[i]);
    g_autofree char *subject = pb_server_text_subject (rows->pdata[i]);
    g_autofree char *one = pb_format_isolate (sender);
    g_autofree char *other = pb_format_isolate (subject);
    g_string_append_printf (text, "%s%s: %s", i ? "\n" : "", one, other);
  }
  if (rows->len > MOST_NAMES)
    g_string_append_printf (text, _ ("\nand %u more"), rows->len - MOST_NAMES);
  gtk_label_set_text (GTK_LABEL (label), text->str);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 180);
  return scroller;
}

void
pb_server_apply_dialog_present (GtkWindow *parent,
                                PbServerMailbox *mailbox,
                                void (*apply) (gpointer owner),
                                gpointer owner) {
  g_return_if_fail (PB_IS_SERVER_MAILBOX (mailbox));
  g_return_if_fail (apply != NULL);

  g_autoptr (PbServerSummary) summary = pb_server_mailbox_summarise (mailbox);
  g_autofree char *body = make_body (summary);
  GtkWidget *widget = adw_message_dialog_new (parent, _ ("Apply to the Server?"), body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);
  Answer *answer = g_new (Answer, 1);
  *answer = (Answer){ apply, g_object_ref (owner) };
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "apply", _ ("_Apply"), NULL);
  adw_message_dialog_set_default_response (dialog, summary->without_copy->len ? "cancel" : "apply");
  adw_message_dialog_set_response_appearance (
    dialog, "apply", summary->remove ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  if (summary->without_copy->len)
    adw_message_dialog_set_extra_child (dialog, make_names (summary->without_copy));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), answer, answer_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
