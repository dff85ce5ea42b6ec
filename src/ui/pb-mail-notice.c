/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Words and buttons; finding messages again is in pb-mail-notice-target.c. */

#include "config.h"

#include "pb-mail-notice.h"

#include <glib/gi18n.h>

#include "pb-format.h"

#define LISTED_MOST 3

/* Some desktops read markup in notifications. */
static char *
plain (const char *text) {
  g_autofree char *clean = pb_format_clean (text);
  GString *out = g_string_new (clean);

  g_string_replace (out, "<", "‹", 0);
  g_string_replace (out, ">", "›", 0);
  return g_string_free (out, FALSE);
}

static char *
sender_of (const PbMessageRow *row) {
  g_autofree char *person = pb_format_person (row->summary->from_name, row->summary->from_address);

  return plain (person);
}

static char *
subject_of (const PbMessageRow *row) {
  g_autofree char *subject = plain (row->summary->subject);

  return *subject ? g_steal_pointer (&subject) : g_strdup (_ ("(no subject)"));
}

static GVariant *
make_target (GPtrArray *rows) {
  const PbMessageRow *first = rows->pdata[0];
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(xsx)"));
  for (guint i = 0; i < MIN (rows->len, PB_MAIL_NOTICE_MOST); i++) {
    const PbMessageRow *row = rows->pdata[i];
    g_autofree char *message_id = g_utf8_make_valid (row->summary->message_id, -1);
    g_variant_builder_add (&builder, "(xsx)", row->id, message_id, row->received);
  }
  return g_variant_ref_sink (
    g_variant_new ("(s@a(xsx))", first->account_id, g_variant_builder_end (&builder)));
}

static void
describe_one (PbMailNotice *self, const PbMessageRow *row) {
  g_autofree char *subject = subject_of (row);
  g_autofree char *preview = plain (row->summary->preview);

  self->title = sender_of (row);
  self->body = *preview ? g_strdup_printf ("%s\n%s", subject, preview) : g_strdup (subject);
}

static void
describe_some (PbMailNotice *self, GPtrArray *rows, const char *label) {
  GString *body = g_string_new (NULL);
  g_autofree char *clean = plain (label);
  g_autofree char *count = pb_format_count (rows->len);

  /* Translators: %s is a number, the second %s an account. */
  self->title = g_strdup_printf (
    ngettext ("%s new message in %s", "%s new messages in %s", rows->len), count, clean);
  for (guint i = 0; i < MIN (rows->len, LISTED_MOST); i++) {
    g_autofree char *sender = sender_of (rows->pdata[i]);
    g_autofree char *subject = subject_of (rows->pdata[i]);
    /* Translators: a sender and the subject of the message. */
    g_string_append_printf (body, _ ("%s: %s"), sender, subject);
    g_string_append_c (body, '\n');
  }
  if (rows->len > LISTED_MOST)
    g_string_append (body, "…");
  self->body = g_strchomp (g_string_free (body, FALSE));
}

PbMailNotice *
pb_mail_notice_new (GPtrArray *rows, const char *label) {
  g_return_val_if_fail (rows != NULL && rows->len > 0, NULL);
  g_return_val_if_fail (label != NULL, NULL);

  PbMailNotice *self = g_new0 (PbMailNotice, 1);
  self->count = rows->len;
  self->target = make_target (rows);
  if (rows->len == 1)
    describe_one (self, rows->pdata[0]);
  else
    describe_some (self, rows, label);
  return self;
}

void
pb_mail_notice_free (PbMailNotice *self) {
  if (!self)
    return;
  g_free (self->title);
  g_free (self->body);
  g_variant_unref (self->target);
  g_free (self);
}

GNotification *
pb_mail_notice_to_notification (const PbMailNotice *self) {
  g_return_val_if_fail (self != NULL, NULL);

  GNotification *notification = g_notification_new (self->title);

  g_notification_set_body (notification, self->body);
  g_notification_set_category (notification, "email.arrived");
  g_notification_set_default_action_and_target_value (notification, "app.open-new-mail",
                                                      self->target);
  g_notification_add_button_with_target_value (notification, _ ("Mark as Read"),
                                               "app.mark-new-mail", self->target);
  if (self->count == 1)
    g_notification_add_button_with_target_value (notification, _ ("Delete"), "app.trash-new-mail",
                                                 self->target);
  return notification;
}
