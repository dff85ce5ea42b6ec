/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of the preferences on when mail is received and who is told. */

#pragma once

#include <adwaita.h>

#include "pb-background.h"
#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_RECEIVING_PAGE (pb_receiving_page_get_type ())
G_DECLARE_FINAL_TYPE (PbReceivingPage, pb_receiving_page, PB, RECEIVING_PAGE, AdwPreferencesPage)

/* @background says what the desktop allows. */
GtkWidget *
pb_receiving_page_new (PbProfile *profile, GSettings *settings, PbBackground *background);

G_END_DECLS
