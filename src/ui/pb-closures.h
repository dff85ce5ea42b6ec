/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Pure functions for the expressions of .ui files. The first argument is the widget, which none
 * of them looks at. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* TRUE when @text is neither NULL nor empty. */
gboolean pb_closure_has_text (gpointer self, const char *text);

/* "1,204"; "" for none. */
char *pb_closure_count (gpointer self, guint count);

/* TRUE above 0. */
gboolean pb_closure_some (gpointer self, guint count);

/* "1,204 messages". */
char *pb_closure_messages (gpointer self, guint count);

G_END_DECLS
