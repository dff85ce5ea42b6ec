/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person needs to know about a mail provider before typing the secret: what it is called,
 * how to get it, what has to be switched on first, or why there is no POP3. Hidden while there is
 * nothing to say. */

#pragma once

#include <gtk/gtk.h>

#include "pb-provider.h"

G_BEGIN_DECLS

#define PB_TYPE_PROVIDER_HINT (pb_provider_hint_get_type ())
G_DECLARE_FINAL_TYPE (PbProviderHint, pb_provider_hint, PB, PROVIDER_HINT, GtkBox)

/* NULL for a provider that nobody knows. Borrowed, and used again: one of the table. */
void pb_provider_hint_set_provider (PbProviderHint *self, const PbProvider *provider);

G_END_DECLS
