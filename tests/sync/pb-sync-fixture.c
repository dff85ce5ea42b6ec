/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Making and looking; the tests judge. */

#include "pb-sync-fixture.h"

#include <string.h>

PbSyncFixture *
pb_sync_fixture_new (void) {
  PbSyncFixture *self = g_new0 (PbSyncFixture, 1);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  self->dir = pb_test_make_dir ();
  self->store = pb_mail_store_new (self->dir);
  self->secrets = pb_secrets_new_in_memory ();
  self->certificate = pb_demo_certificate_new (&error);
  g_assert_no_error (error);
  pb_mail_store_open_async (self->store, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_open_finish (self->store, result, &error);
  g_assert_no_error (error);
  return self;
}

void
pb_sync_fixture_free (PbSyncFixture *self) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_close_async (self->store, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_mail_store_close_finish (self->store, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  g_assert_finalize_object (self->store);
  g_object_unref (self->secrets);
  g_object_unref (self->certificate);
  pb_test_remove_dir (self->dir);
  g_free (self);
}

GBytes *
pb_sync_fixture_message (guint index) {
  char *text = g_strdup_printf ("From: sender%u@example.org\n"
                                "Subject: message %u\n"
                                "\n"
                                "body of message %u\n"
                                ".\n"
                                "..two dots\n",
                                index, index, index);

  return g_bytes_new_take (text, strlen (text));
}

PbDemoServer *
pb_sync_fixture_start_server (PbSyncFixture *self, PbDemoSecurity security, guint count) {
  PbDemoServer *server =
    pb_demo_server_new (security, security == PB_DEMO_PLAIN ? NULL : self->certificate);
  g_autoptr (GError) error = NULL;

  pb_demo_server_set_account (server, "reader", PB_FIXTURE_PASSWORD);
  for (guint i = 0; i < count; i++) {
    g_autoptr (GBytes) message = pb_sync_fixture_message (i);
    pb_demo_server_add_message (server, message, NULL);
  }
  pb_demo_server_start (server, &error);
  g_assert_no_error (error);
  return server;
}

PbAccount *
pb_sync_fixture_make_account (PbSyncFixture *self,
                              const char *id,
                              PbDemoServer *server,
                              PbDemoSecurity security,
                              const char *on_server) {
  static const PbSecurity kinds[] = {
    [PB_DEMO_TLS] = PB_SECURITY_TLS,
    [PB_DEMO_STARTTLS] = PB_SECURITY_STARTTLS,
    [PB_DEMO_PLAIN] = PB_SECURITY_NONE,
  };
  PbAccount *account = pb_account_new (id);
  g_autofree char *fingerprint = pb_demo_certificate_fingerprint (self->certificate);
  g_autoptr (PbEndpoint) endpoint =
    pb_endpoint_new ("127.0.0.1", pb_demo_server_get_port (server), kinds[security]);
  g_autoptr (PbSecret) secret = pb_secret_new (PB_FIXTURE_PASSWORD);

  g_object_set (account, "address", "reader@example.org", "user", "reader", "endpoint", endpoint,
                "allow-clear-secret", security == PB_DEMO_PLAIN, "trusted-certificate", fingerprint,
                "timeout", 1, NULL);
  g_assert_true (pb_account_set_on_server_text (account, on_server));
  pb_secrets_remember (self->secrets, account, secret);
  return account;
}

static GArray *
query_inbox (PbSyncFixture *self, const char *id) {
  PbFolder *folder = pb_mail_store_find_folder (self->store, id, PB_FOLDER_INBOX);
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  if (!folder)
    return g_array_new (FALSE, FALSE, sizeof (gint64));
  const PbQuery query = { .folder_id = pb_folder_get_id (folder) };
  pb_mail_store_query_async (self->store, &query, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GArray *ids = pb_mail_store_query_finish (self->store, result, &error);
  g_assert_no_error (error);
  return ids;
}

static guint
index_of (GBytes *message, guint count) {
  for (guint i = 0; i < count; i++) {
    g_autoptr (GBytes) wanted = pb_sync_fixture_message (i);
    if (g_bytes_equal (message, wanted))
      return i;
  }
  g_assert_not_reached ();
}

static GBytes *
load (PbSyncFixture *self, gint64 id) {
  g_autoptr (GError) error = NULL;
  GAsyncResult *done = NULL;

  pb_mail_store_load_message_async (self->store, id, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  GBytes *message = pb_mail_store_load_message_finish (self->store, result, NULL, &error);
  g_assert_no_error (error);
  return message;
}

guint
pb_sync_fixture_count_different (PbSyncFixture *self, const char *id, guint count, guint *copies) {
  g_autoptr (GArray) ids = query_inbox (self, id);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (GBytes) message = load (self, g_array_index (ids, gint64, i));
    g_hash_table_add (seen, GUINT_TO_POINTER (index_of (message, count)));
  }
  *copies = ids->len;
  return g_hash_table_size (seen);
}

guint
pb_sync_fixture_count_stored (PbSyncFixture *self, const char *id, guint count) {
  guint copies;
  guint different = pb_sync_fixture_count_different (self, id, count, &copies);

  g_assert_cmpuint (copies, ==, different);
  return different;
}

guint
pb_sync_fixture_count_commands (PbDemoServer *server, const char *name) {
  const char *const *log = pb_demo_server_get_log (server);
  guint count = 0;

  for (guint i = 0; log[i]; i++)
    count += g_str_has_prefix (log[i], name);
  return count;
}
