/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The accounts, and the few things that can be chosen. */

#pragma once

#include <adwaita.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_PREFERENCES (pb_preferences_get_type ())
G_DECLARE_FINAL_TYPE (PbPreferences, pb_preferences, PB, PREFERENCES, AdwPreferencesWindow)

/* @settings may be NULL: then only the accounts are there. */
PbPreferences *pb_preferences_new (GtkWindow *parent, PbProfile *profile, GSettings *settings);

G_END_DECLS
