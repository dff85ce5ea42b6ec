/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Leave to go on while no window is open, and to start when the person logs in. In a sandbox the
 * Background portal (org.freedesktop.portal.Background) gives or refuses it; elsewhere nobody needs
 * leave, and an autostart file does the rest. Main context. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  PB_BACKGROUND_OFF,
  PB_BACKGROUND_ASKING,
  PB_BACKGROUND_ON,
  PB_BACKGROUND_NO_AUTOSTART, /* it may go on, but is not started at log-in */
  PB_BACKGROUND_REFUSED,      /* the desktop, or the person, said no */
  PB_BACKGROUND_UNAVAILABLE,  /* there is nobody to ask, or the file cannot be written */
} PbBackgroundState;

#define PB_TYPE_BACKGROUND (pb_background_get_type ())
G_DECLARE_FINAL_TYPE (PbBackground, pb_background, PB, BACKGROUND, GObject)

/* Property "state" (int, PbBackgroundState), which notifies. */

/* As this program runs: in a sandbox or not. */
PbBackground *pb_background_new (void);

/* For tests. @portal: where the portal is, or NULL for an autostart file in @autostart_dir. */
PbBackground *pb_background_new_for (GDBusConnection *portal, const char *autostart_dir);

PbBackgroundState pb_background_get_state (PbBackground *self);

/* Asks for it, or gives it back. The state tells, later; the last call counts. */
void pb_background_request (PbBackground *self, gboolean on);

/* TRUE while Postbag may go on without a window. */
gboolean pb_background_may_run (PbBackground *self);

G_END_DECLS
