/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The one question: there is no way back from the trash. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An AdwMessageDialog about @count messages, with the responses "cancel" and "delete". */
GtkWidget *pb_delete_question_new (GtkWindow *parent, guint count);

G_END_DECLS
