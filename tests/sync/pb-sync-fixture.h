/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A store in a folder of its own, servers with a few messages, accounts for them: what the tests
 * of this layer share. */

#pragma once

#include "pb-account.h"
#include "pb-demo-server.h"
#include "pb-mail-store.h"
#include "pb-secrets.h"
#include "pb-test.h"

G_BEGIN_DECLS

#define PB_FIXTURE_PASSWORD "correct-horse-battery"

typedef struct {
  char *dir;
  PbMailStore *store;
  PbSecrets *secrets;
  GTlsCertificate *certificate;
} PbSyncFixture;

PbSyncFixture *pb_sync_fixture_new (void);
void pb_sync_fixture_free (PbSyncFixture *self);

/* A started server with @count messages, pb_sync_fixture_message (0) and so on. */
PbDemoServer *
pb_sync_fixture_start_server (PbSyncFixture *self, PbDemoSecurity security, guint count);

/* Line ends LF; no two are the same. */
GBytes *pb_sync_fixture_message (guint index);

/* The account @id on @server; its password is known, its timeout a second. */
PbAccount *pb_sync_fixture_make_account (PbSyncFixture *self,
                                         const char *id,
                                         PbDemoServer *server,
                                         PbDemoSecurity security,
                                         const char *on_server);

/* How many of the first @count messages are in the inbox of @id; fails when one is there twice,
 * or anything else is. */
guint pb_sync_fixture_count_stored (PbSyncFixture *self, const char *id, guint count);

/* The same where messages may be there more than once: @copies counts them all. */
guint
pb_sync_fixture_count_different (PbSyncFixture *self, const char *id, guint count, guint *copies);

/* How many commands of this name @server has seen. */
guint pb_sync_fixture_count_commands (PbDemoServer *server, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbSyncFixture, pb_sync_fixture_free)

G_END_DECLS
