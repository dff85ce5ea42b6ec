/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The one question: there is no way back from the trash. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An AdwMessageDialog about the messages @ids (GArray of gint64), with the responses "cancel" and
 * "delete". They are its data "ids". */
GtkWidget *pb_delete_question_new (GtkWindow *parent, GArray *ids);

G_END_DECLS
