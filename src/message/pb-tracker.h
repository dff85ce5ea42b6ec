/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Remote pictures that are there to tell the sender, not to be looked at. Within this layer. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @is_tiny: the markup gives the picture no more than a dot, or hides it. Pure. */
gboolean pb_tracker_is (const char *url, gboolean is_tiny);

G_END_DECLS
