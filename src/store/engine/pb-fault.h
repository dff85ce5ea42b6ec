/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Points at which a test stops the process as a power failure would, to see what is found
 * afterwards. Without PB_FAULT_POINTS they are nothing at all. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ends the process with exit code 77, flushing nothing, when the variable PB_FAULT is "@name", or
 * "@name:N" and this is the Nth time. */
#ifdef PB_FAULT_POINTS
void pb_fault_point (const char *name);
#else
#define pb_fault_point(name) ((void) (name))
#endif

G_END_DECLS
