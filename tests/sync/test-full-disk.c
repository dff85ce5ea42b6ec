/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The disk is full while an account that deletes on the server is checked: one error, no message
 * lost on either side, and the next check finishes by itself. */

#include <errno.h>

#include "pb-error.h"
#include "pb-false-disk.h"
#include "pb-sync-fixture.h"
#include "pb-sync-service.h"

#define COUNT 100

typedef struct {
  PbSyncFixture *fixture;
  PbDemoServer *server;
  PbAccount *account;
  PbSyncService *service;
} Scene;

static GError *
check (Scene *scene) {
  GAsyncResult *done = NULL;
  PbFetchResult fetched;
  GError *error = NULL;

  pb_sync_service_check_async (scene->service, scene->account, NULL, pb_test_done, &done);
  g_autoptr (GAsyncResult) result = pb_test_wait (&done);
  pb_sync_service_check_finish (scene->service, result, &fetched, &error);
  return error;
}

static guint
count_temporaries (Scene *scene) {
  g_autofree char *path = g_build_filename (scene->fixture->dir, "mail", "work", "tmp", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (dir && g_dir_read_name (dir))
    count++;
  return count;
}

/* @trouble begins, @after a check that fails in it nothing is lost. */
static void
run (gint64 room, int call, const char *part, guint first, int code, int expected) {
  PbSyncFixture *fixture = pb_sync_fixture_new ();
  Scene scene = { .fixture = fixture };
  g_autoptr (GError) problem = NULL;

  scene.server = pb_sync_fixture_start_server (fixture, PB_DEMO_PLAIN, COUNT);
  scene.account =
    pb_sync_fixture_make_account (fixture, "work", scene.server, PB_DEMO_PLAIN, "delete");
  g_autoptr (PbAccountList) accounts = pb_account_list_new (fixture->dir);
  pb_account_list_add (accounts, scene.account, &problem);
  g_assert_no_error (problem);
  scene.service = pb_sync_service_new (accounts, fixture->secrets, fixture->store);
  pb_false_disk_watch (fixture->dir);
  pb_false_disk_set_room (room);
  pb_false_disk_fail (call, part, first, code);
  g_autoptr (GError) error = check (&scene);
  g_assert_error (error, PB_ERROR, expected);
  g_assert_cmpuint (count_temporaries (&scene), ==, 0);
  guint kept = pb_sync_fixture_count_stored (fixture, "work", COUNT);
  g_assert_cmpuint (kept + pb_demo_server_count (scene.server), >=, COUNT);
  g_autoptr (GPtrArray) events = pb_false_disk_stop ();
  g_autoptr (GError) later = check (&scene);
  g_assert_no_error (later);
  g_assert_cmpuint (pb_sync_fixture_count_stored (fixture, "work", COUNT), ==, COUNT);
  g_assert_cmpuint (pb_demo_server_count (scene.server), ==, 0);
  g_assert_cmpuint (count_temporaries (&scene), ==, 0);
  g_assert_finalize_object (scene.service);
  g_object_unref (scene.account);
  g_object_unref (scene.server);
  g_clear_object (&accounts);
  pb_sync_fixture_free (fixture);
}

/* Nothing is deleted for which there is no room here. */
static void
test_full (void) {
  for (gint64 room = 100; room < 60000; room += 6100)
    run (room, -1, NULL, 0, 0, PB_ERROR_STORAGE_FULL);
}

static void
test_read_only (void) {
  run (-1, PB_DISK_CREATE, "/tmp/", 0, EROFS, PB_ERROR_STORAGE_READ_ONLY);
}

static void
test_broken (void) {
  run (-1, PB_DISK_WRITE, "/tmp/", 50, EIO, PB_ERROR_STORAGE);
  run (-1, PB_DISK_WRITE, "ledger.sqlite", 2, EIO, PB_ERROR_STORAGE);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/full-disk/full", test_full);
  g_test_add_func ("/full-disk/read-only", test_read_only);
  g_test_add_func ("/full-disk/broken", test_broken);
  return g_test_run ();
}
