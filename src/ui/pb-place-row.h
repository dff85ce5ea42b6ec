/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One row of the sidebar: picture, name, unread messages of a place. */

#pragma once

#include <gtk/gtk.h>

#include "pb-place.h"

G_BEGIN_DECLS

#define PB_TYPE_PLACE_ROW (pb_place_row_get_type ())
G_DECLARE_FINAL_TYPE (PbPlaceRow, pb_place_row, PB, PLACE_ROW, GtkListBoxRow)

GtkWidget *pb_place_row_new (PbPlace *place);
PbPlace *pb_place_row_get_place (PbPlaceRow *self);

G_END_DECLS
