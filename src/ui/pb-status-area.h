/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The foot of the sidebar: what is being received, how far, with Stop; which account has trouble;
 * that passwords are not kept. Empty when all is well. */

#pragma once

#include <gtk/gtk.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_STATUS_AREA (pb_status_area_get_type ())
G_DECLARE_FINAL_TYPE (PbStatusArea, pb_status_area, PB, STATUS_AREA, GtkWidget)

/* Once. */
void pb_status_area_set_profile (PbStatusArea *self, PbProfile *profile);

G_END_DECLS
