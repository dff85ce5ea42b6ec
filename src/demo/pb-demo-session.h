/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One client of the demo server: moves bytes between its connection and a dialogue. This layer
 * only. */

#pragma once

#include "pb-demo-server-private.h"

G_BEGIN_DECLS

#define PB_TYPE_DEMO_SESSION (pb_demo_session_get_type ())
G_DECLARE_FINAL_TYPE (PbDemoSession, pb_demo_session, PB, DEMO_SESSION, GObject)

/* Signal "closed" (): it is over; once, never from within pb_demo_session_start () or _stop (). */
PbDemoSession *pb_demo_session_new (PbDemoServer *server, GSocketConnection *connection);

void pb_demo_session_start (PbDemoSession *self);

/* Ends it at once, without the signal. @server is not touched any more. */
void pb_demo_session_stop (PbDemoSession *self);

G_END_DECLS
