/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels filled from a row first and from the message then. */

#include "config.h"

#include "pb-message-header.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "pb-format.h"

/* Longer lists are counted, not shown: a message may name thousands. */
#define MOST_NAMED 50

struct _PbMessageHeader {
  GtkWidget parent;

  GtkWidget *content;
  GtkLabel *subject;
  AdwAvatar *avatar;
  GtkLabel *sender;
  GtkLabel *address;
  GtkLabel *date;
  GtkToggleButton *more;
  GtkLabel *recipients;
  GtkGrid *details;
};

G_DEFINE_FINAL_TYPE (PbMessageHeader, pb_message_header, GTK_TYPE_WIDGET)

static void
set_isolated (GtkLabel *label, const char *text) {
  g_autofree char *isolated = pb_format_isolate (text);

  gtk_label_set_label (label, isolated);
}

static void
set_subject (PbMessageHeader *self, const char *subject) {
  set_isolated (self->subject, *subject ? subject : _ ("(no subject)"));
  if (*subject)
    gtk_widget_remove_css_class (GTK_WIDGET (self->subject), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->subject), "dim-label");
}

static void
set_sender (PbMessageHeader *self, const char *name, const char *address) {
  g_autofree char *person = pb_format_person (name, address);
  gboolean both = name && *name && address && *address;

  set_isolated (self->sender, person);
  adw_avatar_set_text (self->avatar, person);
  set_isolated (self->address, both ? address : "");
  gtk_widget_set_visible (GTK_WIDGET (self->address), both);
}

static void
set_date (PbMessageHeader *self, gint64 when) {
  g_autofree char *brief = pb_format_date_short (when, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *full = pb_format_date_long (when);

  gtk_label_set_label (self->date, brief);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->date), full);
}

/* ---- Details ---- */

static void
clear_details (PbMessageHeader *self) {
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->details))))
    gtk_grid_remove (self->details, child);
}

static void
add_detail (PbMessageHeader *self, int *row, const char *title, const char *text) {
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *value = gtk_label_new (text);

  gtk_widget_add_css_class (name, "dim-label");
  gtk_widget_set_valign (name, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (name), 1);
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_wrap (GTK_LABEL (value), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (value), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_grid_attach (self->details, name, 0, *row, 1, 1);
  gtk_grid_attach (self->details, value, 1, *row, 1, 1);
  (*row)++;
}

static char *
list_addresses (GPtrArray *addresses) {
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (addresses->len, MOST_NAMED); i++) {
    const PbAddress *address = addresses->pdata[i];
    g_autofree char *name =
      address->name && *address->name ? pb_format_isolate (address->name) : NULL;
    g_autofree char *mailbox = pb_format_isolate (address->address ? address->address : "");

    if (i)
      g_string_append_c (text, '\n');
    if (name)
      g_string_append_printf (text, "%s <%s>", name, mailbox);
    else
      g_string_append (text, mailbox);
  }
  if (addresses->len > MOST_NAMED) {
    guint others = addresses->len - MOST_NAMED;
    g_string_append_c (text, '\n');
    g_string_append_printf (
      text, g_dngettext (GETTEXT_PACKAGE, "and %u other", "and %u others", others), others);
  }
  return g_string_free (text, FALSE);
}

static void
add_people (PbMessageHeader *self, int *row, const char *title, GPtrArray *addresses) {
  g_autofree char *text = list_addresses (addresses);

  if (addresses->len)
    add_detail (self, row, title, text);
}

static gboolean
same_first (GPtrArray *a, GPtrArray *b) {
  const PbAddress *x = a->len ? a->pdata[0] : NULL, *y = b->len ? b->pdata[0] : NULL;

  return x && y && a->len == 1 && b->len == 1 && g_strcmp0 (x->address, y->address) == 0;
}

static void
fill_details (PbMessageHeader *self, PbMessage *message, gint64 when) {
  g_autofree char *date = pb_format_date_long (when);
  int row = 0;

  clear_details (self);
  add_people (self, &row, _ ("From"), pb_message_get_from (message));
  if (!same_first (pb_message_get_from (message), pb_message_get_reply_to (message)))
    add_people (self, &row, _ ("Answers to"), pb_message_get_reply_to (message));
  add_people (self, &row, _ ("To"), pb_message_get_to (message));
  add_people (self, &row, _ ("Copy to"), pb_message_get_cc (message));
  if (*date)
    add_detail (self, &row, _ ("Date"), date);
}

static void
pb_message_header_dispose (GObject *object) {
  g_clear_pointer (&PB_MESSAGE_HEADER (object)->content, gtk_widget_unparent);
  G_OBJECT_CLASS (pb_message_header_parent_class)->dispose (object);
}

static void
pb_message_header_class_init (PbMessageHeaderClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_message_header_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-message-header.ui");
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, content);
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, subject);
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, avatar);
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, sender);
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, address);
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, date);
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, more);
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, recipients);
  gtk_widget_class_bind_template_child (widget_class, PbMessageHeader, details);
}

static void
pb_message_header_init (PbMessageHeader *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pb_message_header_set_row (PbMessageHeader *self, const PbMessageRow *row) {
  g_return_if_fail (PB_IS_MESSAGE_HEADER (self));
  g_return_if_fail (row != NULL);

  const PbSummary *summary = row->summary;

  set_subject (self, summary->subject);
  set_sender (self, summary->from_name, summary->from_address);
  set_date (self, summary->date == G_MININT64 ? row->received : summary->date);
  set_isolated (self->recipients, summary->to);
  gtk_widget_set_visible (GTK_WIDGET (self->more), *summary->to != '\0');
  clear_details (self);
}

void
pb_message_header_set_message (PbMessageHeader *self,
                               PbMessage *message,
                               gint64 received,
                               const char *own_address) {
  g_return_if_fail (PB_IS_MESSAGE_HEADER (self));
  g_return_if_fail (PB_IS_MESSAGE (message));

  GPtrArray *from = pb_message_get_from (message);
  const PbAddress *sender = from->len ? from->pdata[0] : NULL;
  gint64 date = pb_message_get_date (message);
  gint64 when = date == G_MININT64 ? received : date;
  g_autofree char *to =
    pb_message_header_describe_recipients (pb_message_get_to (message), own_address);

  set_subject (self, pb_message_get_subject (message));
  set_sender (self, sender ? sender->name : NULL, sender ? sender->address : NULL);
  set_date (self, when);
  gtk_label_set_label (self->recipients, to ? to : _ ("Details"));
  gtk_widget_set_visible (GTK_WIDGET (self->more), TRUE);
  fill_details (self, message, when);
}

void
pb_message_header_unselect (PbMessageHeader *self) {
  g_return_if_fail (PB_IS_MESSAGE_HEADER (self));
  gtk_label_select_region (self->subject, 0, 0);
}

/* ---- To whom ---- */

static char *
name_recipient (const PbAddress *address, const char *own_address) {
  if (own_address && address->address && g_ascii_strcasecmp (address->address, own_address) == 0)
    return g_strdup (_ ("me"));
  g_autofree char *person = pb_format_person (address->name, address->address);
  return pb_format_isolate (person);
}

char *
pb_message_header_describe_recipients (GPtrArray *addresses, const char *own_address) {
  if (addresses->len == 0)
    return NULL;
  g_autofree char *first = name_recipient (addresses->pdata[0], own_address);
  if (addresses->len == 1)
    return g_strdup_printf (_ ("to %s"), first);

  g_autofree char *second = name_recipient (addresses->pdata[1], own_address);
  if (addresses->len == 2)
    return g_strdup_printf (_ ("to %s and %s"), first, second);

  guint others = addresses->len - 2;
  return g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "to %s, %s and %u other", "to %s, %s and %u others", others),
    first, second, others);
}
