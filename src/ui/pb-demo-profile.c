/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Only the set-up is special: the mail comes through the same engine as everybody's. */

#include "config.h"

#include "pb-demo-profile.h"

#include <glib/gi18n.h>

#include "pb-demo-server.h"

#define USER "sample"
#define PASSWORD "sample-password"

struct _PbDemoProfile {
  GObject parent;

  PbDemoServer *server;
  PbProfile *profile;
  PbPaths *paths; /* until the profile takes them */
  GTlsCertificate *certificate;
};

G_DEFINE_FINAL_TYPE (PbDemoProfile, pb_demo_profile, G_TYPE_OBJECT)

static void
pb_demo_profile_finalize (GObject *object) {
  PbDemoProfile *self = PB_DEMO_PROFILE (object);

  if (self->server)
    pb_demo_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->paths, pb_paths_free);
  g_clear_object (&self->certificate);
  G_OBJECT_CLASS (pb_demo_profile_parent_class)->finalize (object);
}

static void
pb_demo_profile_class_init (PbDemoProfileClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_demo_profile_finalize;
}

static void
pb_demo_profile_init (PbDemoProfile *self) {}

PbDemoProfile *
pb_demo_profile_new (void) {
  return g_object_new (PB_TYPE_DEMO_PROFILE, NULL);
}

/* ---- Opening: certificate and folder in a thread; server; profile; account ---- */

static PbAccount *
make_account (PbDemoProfile *self) {
  PbAccount *account = pb_account_new ("sample");
  g_autoptr (PbEndpoint) endpoint =
    pb_endpoint_new ("localhost", pb_demo_server_get_port (self->server), PB_SECURITY_TLS);
  g_autofree char *fingerprint = pb_demo_certificate_fingerprint (self->certificate);

  g_object_set (account, "name", _ ("Robin Sample"), "address", "robin@example.org", "label",
                _ ("Sample mail"), "endpoint", endpoint, "user", USER, "trusted-certificate",
                fingerprint, NULL);
  return account;
}

static void
account_saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (pb_profile_save_account_finish (PB_PROFILE (source), result, &error))
    g_task_return_pointer (task, g_object_ref (source), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
profile_opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbDemoProfile *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!pb_profile_open_finish (PB_PROFILE (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_autoptr (PbAccount) account = make_account (self);
  g_autoptr (PbSecret) secret = pb_secret_new (PASSWORD);
  GCancellable *cancellable = g_task_get_cancellable (task);
  pb_profile_save_account_async (self->profile, account, secret, cancellable, account_saved,
                                 g_steal_pointer (&task));
}

static gboolean
start_server (PbDemoProfile *self, GError **error) {
  self->server = pb_demo_server_new (PB_DEMO_TLS, self->certificate);
  pb_demo_server_set_account (self->server, USER, PASSWORD);
  pb_demo_server_add_sample_mail (self->server);
  return pb_demo_server_start (self->server, error);
}

static void
prepared (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  PbDemoProfile *self = PB_DEMO_PROFILE (source);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error) || !start_server (self, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_autoptr (PbSecrets) secrets = pb_secrets_new_in_memory ();
  self->profile = pb_profile_new (g_steal_pointer (&self->paths), secrets);
  pb_profile_open_async (self->profile, cancellable, profile_opened, g_steal_pointer (&task));
}

static void
prepare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  PbDemoProfile *self = source;
  g_autoptr (GError) error = NULL;

  self->certificate = pb_demo_certificate_new (&error);
  if (self->certificate)
    self->paths = pb_paths_new_temporary (&error);
  if (self->paths)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
pb_demo_profile_open_async (PbDemoProfile *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data) {
  g_return_if_fail (PB_IS_DEMO_PROFILE (self));
  g_return_if_fail (self->profile == NULL);

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) preparing = g_task_new (self, cancellable, prepared, task);

  g_task_set_source_tag (task, pb_demo_profile_open_async);
  g_task_set_source_tag (preparing, prepare_in_thread);
  g_task_run_in_thread (preparing, prepare_in_thread);
}

PbProfile *
pb_demo_profile_open_finish (PbDemoProfile *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
