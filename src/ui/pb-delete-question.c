/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Only words; who asks does the rest. */

#include "config.h"

#include "pb-delete-question.h"

#include <adwaita.h>
#include <glib/gi18n.h>

GtkWidget *
pb_delete_question_new (GtkWindow *parent, GArray *ids) {
  g_autofree char *text =
    g_strdup_printf (ngettext ("The message will be gone from this computer.",
                               "The %u messages will be gone from this computer.", ids->len),
                     ids->len);
  GtkWidget *dialog = adw_message_dialog_new (parent, _ ("Delete for Good?"), NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), text);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete",
                                    _ ("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "ids", g_array_ref (ids),
                          (GDestroyNotify) g_array_unref);
  return dialog;
}
