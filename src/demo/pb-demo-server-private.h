/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What sessions and dialogues of the demo server ask of it. This layer only. */

#pragma once

#include "pb-demo-message.h"
#include "pb-demo-server.h"

G_BEGIN_DECLS

PbDemoSecurity _pb_demo_server_get_security (PbDemoServer *self);
GTlsCertificate *_pb_demo_server_get_certificate (PbDemoServer *self);

/* NULL where CAPA is unknown. */
const char *const *_pb_demo_server_get_capabilities (PbDemoServer *self);

gboolean _pb_demo_server_check (PbDemoServer *self, const char *user, const char *password);

/* The messages as they are now: a new array of PbDemoMessage. */
GPtrArray *_pb_demo_server_dup_messages (PbDemoServer *self);

/* Takes the messages that are keys of @gone out of the mailbox; others may be gone already. */
void _pb_demo_server_remove (PbDemoServer *self, GHashTable *gone);

/* Logs @line, without its secret, and asks the hook. */
PbDemoVerdict _pb_demo_server_receive (PbDemoServer *self, const char *line, GBytes **reply);

G_END_DECLS
