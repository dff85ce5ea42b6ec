/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Cuts the handlers of a row off its text while both are alive. */

#include "pb-password-row.h"

static void
unrealize_cb (GtkWidget *row) {
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (row));

  if (text)
    g_signal_handlers_disconnect_by_data (text, row);
}

void
pb_password_row_guard (GtkWidget *row) {
  g_return_if_fail (GTK_IS_EDITABLE (row));
  g_signal_connect (row, "unrealize", G_CALLBACK (unrealize_cb), NULL);
}
