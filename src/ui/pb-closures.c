/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Counts and texts for .ui files. No widget is touched here. */

#include "config.h"

#include "pb-closures.h"

#include <glib/gi18n.h>

#include "pb-format.h"

gboolean
pb_closure_has_text (gpointer self, const char *text) {
  return text != NULL && *text != '\0';
}

char *
pb_closure_count (gpointer self, guint count) {
  return count ? pb_format_count (count) : g_strdup ("");
}

gboolean
pb_closure_some (gpointer self, guint count) {
  return count > 0;
}

char *
pb_closure_messages (gpointer self, guint count) {
  g_autofree char *number = pb_format_count (count);

  /* Translators: the number of messages in a folder, already written with the separators of the
   * language. */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s message", "%s messages", count),
                          number);
}
