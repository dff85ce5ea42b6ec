/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A small POP3 server on GIO for "postbag --demo" and for tests: real sockets, real TLS, mail from
 * memory. It can be made to misbehave by a hook, which is how the scripted server of the tests is
 * built. Listens on 127.0.0.1 only. Several sessions may have the mailbox at once; each sees the
 * messages that were there when it signed in. Everything runs in the thread-default main context of
 * pb_demo_server_start (). */

#pragma once

#include <gio/gio.h>

#include "pb-demo-certificate.h"

G_BEGIN_DECLS

#define PB_TYPE_DEMO_SERVER (pb_demo_server_get_type ())
G_DECLARE_FINAL_TYPE (PbDemoServer, pb_demo_server, PB, DEMO_SERVER, GObject)

typedef enum {
  PB_DEMO_TLS,      /* implicit */
  PB_DEMO_STARTTLS, /* STLS is offered */
  PB_DEMO_PLAIN,
} PbDemoSecurity;

/* @certificate may be NULL with PB_DEMO_PLAIN. */
PbDemoServer *pb_demo_server_new (PbDemoSecurity security, GTlsCertificate *certificate);

/* The one user. Without this call nobody can sign in. */
void pb_demo_server_set_account (PbDemoServer *self, const char *user, const char *password);

/* One message with line ends LF or CRLF; @uid NULL for one made from the content. Kept by
 * reference. */
void pb_demo_server_add_message (PbDemoServer *self, GBytes *message, const char *uid);

/* Forgets all messages; those that come again get the ids that they had. */
void pb_demo_server_clear (PbDemoServer *self);
guint pb_demo_server_count (PbDemoServer *self);
gboolean pb_demo_server_has_message (PbDemoServer *self, const char *uid);

/* Starts listening in the thread-default main context; the port is chosen by the system. */
gboolean pb_demo_server_start (PbDemoServer *self, GError **error);
guint16 pb_demo_server_get_port (PbDemoServer *self);
void pb_demo_server_stop (PbDemoServer *self);

/* Capabilities to offer, NULL-terminated; NULL makes CAPA an unknown command. Default: TOP UIDL
 * USER PIPELINING RESP-CODES. */
void pb_demo_server_set_capabilities (PbDemoServer *self, const char *const *capabilities);

/* What a hook tells the server to do with a command instead of answering it. */
typedef enum {
  PB_DEMO_ANSWER, /* as usual */
  PB_DEMO_SILENT, /* nothing any more to this client; the line stays open */
  PB_DEMO_CLOSE,  /* close the connection as a crash would: without the farewell of TLS */
  PB_DEMO_REPLY,  /* send the bytes in @reply as they are, then go on */
  PB_DEMO_REPLY_AND_CLOSE,
  PB_DEMO_REPLY_AND_SILENT,
} PbDemoVerdict;

/* Called before each command of each connection is answered, with the line as it came ("RETR 3"; ""
 * for the greeting).
 * @reply: set to bytes to send (taken over), for the REPLY verdicts. With any verdict but
 *   PB_DEMO_ANSWER the command is not carried out: a PASS answered by the hook signs nobody in. */
typedef PbDemoVerdict (*PbDemoHook) (PbDemoServer *self,
                                     const char *command,
                                     GBytes **reply,
                                     gpointer user_data);
void pb_demo_server_set_hook (PbDemoServer *self, PbDemoHook hook, gpointer user_data);

/* Commands received so far in all connections, in order ("PASS" without its argument), for tests.
 * NULL-terminated array, owned by the server. */
const char *const *pb_demo_server_get_log (PbDemoServer *self);

/* Adds the sample mail of Postbag, dated relative to now. */
void pb_demo_server_add_sample_mail (PbDemoServer *self);

G_END_DECLS
