/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A button that shows the name of a file and lets another one be chosen, or none. Reads nothing. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PB_TYPE_FILE_BUTTON (pb_file_button_get_type ())
G_DECLARE_FINAL_TYPE (PbFileButton, pb_file_button, PB, FILE_BUTTON, GtkBox)

/* NULL for none. */
const char *pb_file_button_get_path (PbFileButton *self);
void pb_file_button_set_path (PbFileButton *self, const char *path);

G_END_DECLS
