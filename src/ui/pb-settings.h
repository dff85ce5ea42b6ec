/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The program's own preferences. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The schema of Postbag; NULL where it is not installed: the program then runs with what is usual
 * and remembers nothing. */
GSettings *pb_settings_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* What belongs to one account on this computer: how often it is checked, whether it notifies. NULL
 * likewise. */
GSettings *pb_settings_new_for_account (const char *account_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
