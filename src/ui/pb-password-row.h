/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A workaround for AdwPasswordEntryRow of libadwaita 1.2, to go when the floor is newer. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The row listens to its text without taking care to stop: where the text lives a moment longer
 * (an assistive technology or an input method may hold it), its last notification is sent to a
 * row that is gone, and the program ends. After this call the row stops to listen when its window
 * closes. */
void pb_password_row_guard (GtkWidget *row);

G_END_DECLS
