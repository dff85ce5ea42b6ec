/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows, and one sign-in at a time: whatever is changed stops it, and forgets what it brought. */

#include "config.h"

#include "pb-oauth-group.h"

#include <glib/gi18n.h>

#include "pb-oauth-source.h"
#include "pb-password-row.h"
#include "pb-problem.h"

/* As in the list of the template: before them a password, after them another service. */
static const char *const services[] = { "google", "microsoft", "yahoo", "aol", "fastmail" };
#define OTHER (G_N_ELEMENTS (services) + 1)

struct _PbOauthGroup {
  AdwPreferencesGroup parent;

  AdwComboRow *service;
  GtkEditable *client_id;
  GtkEditable *client_secret;
  GtkEditable *auth_url;
  GtkEditable *token_url;
  GtkEditable *scope;
  AdwActionRow *way;
  GtkButton *sign_in;

  char *user;
  char *ca_file;
  PbOauthOpenFunc open;
  gpointer open_data;
  PbSecret *kept;
  PbSecret *access;
  GCancellable *away; /* while the browser is asked */
};

G_DEFINE_FINAL_TYPE (PbOauthGroup, pb_oauth_group, ADW_TYPE_PREFERENCES_GROUP)

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
forget (PbOauthGroup *self) {
  if (self->away)
    g_cancellable_cancel (self->away);
  g_clear_object (&self->away);
  g_clear_pointer (&self->kept, pb_secret_unref);
  g_clear_pointer (&self->access, pb_secret_unref);
}

static PbOauthClient
read_client (PbOauthGroup *self) {
  guint chosen = adw_combo_row_get_selected (self->service);
  PbOauthClient client = {
    .auth_url = gtk_editable_get_text (self->auth_url),
    .token_url = gtk_editable_get_text (self->token_url),
    .scope = gtk_editable_get_text (self->scope),
    .client_id = gtk_editable_get_text (self->client_id),
    .client_secret = gtk_editable_get_text (self->client_secret),
    .ca_file = self->ca_file,
  };

  if (chosen > 0 && chosen < OTHER)
    pb_oauth_client_set_service (&client, services[chosen - 1]);
  if (!*client.client_secret)
    client.client_secret = NULL;
  return client;
}

static void
update (PbOauthGroup *self) {
  guint chosen = adw_combo_row_get_selected (self->service);
  const PbOauthClient client = read_client (self);

  gtk_widget_set_visible (GTK_WIDGET (self->client_id), chosen > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->client_secret), chosen > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->auth_url), chosen == OTHER);
  gtk_widget_set_visible (GTK_WIDGET (self->token_url), chosen == OTHER);
  gtk_widget_set_visible (GTK_WIDGET (self->scope), chosen == OTHER);
  gtk_widget_set_visible (GTK_WIDGET (self->way), chosen > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->sign_in), !self->away && *client.client_id &&
                                                          *client.auth_url && *client.token_url &&
                                                          *client.scope);
  adw_action_row_set_subtitle (self->way, self->away   ? _ ("Waiting for the browser…")
                                          : self->kept ? _ ("Signed in")
                                                       : _ ("Opens a page of your provider."));
}

static void
changed_cb (PbOauthGroup *self) {
  forget (self);
  update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- The way ---- */

static void
open_browser (const char *url, gpointer data) {
  GtkRoot *root = gtk_widget_get_root (data);

  gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, url, GDK_CURRENT_TIME);
}

typedef struct {
  PbOauthGroup *group;
  GCancellable *away;
} Visit;

static void
visit_free (Visit *visit) {
  g_object_unref (visit->group);
  g_object_unref (visit->away);
  g_free (visit);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visit, visit_free)

static void
take (PbOauthGroup *self, const PbOauthTokens *tokens) {
  if (!tokens->refresh) {
    adw_action_row_set_subtitle (self->way,
                                 _ ("The service gave no lasting permission; it would ask you "
                                    "each time."));
    return;
  }
  self->kept =
    pb_oauth_source_make_kept (tokens->refresh, gtk_editable_get_text (self->client_secret));
  self->access = pb_secret_ref (tokens->access);
  update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
came_back (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Visit) visit = data;
  PbOauthGroup *self = visit->group;
  g_autoptr (GError) error = NULL;
  g_autoptr (PbOauthTokens) tokens = pb_oauth_finish (result, &error);

  if (self->away != visit->away)
    return;
  g_clear_object (&self->away);
  update (self);
  if (tokens) {
    take (self, tokens);
  } else {
    g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);
    adw_action_row_set_subtitle (self->way, problem->title);
  }
}

static void
sign_in_cb (PbOauthGroup *self) {
  const PbOauthClient client = read_client (self);
  Visit *visit = g_new0 (Visit, 1);

  forget (self);
  self->away = g_cancellable_new ();
  visit->group = g_object_ref (self);
  visit->away = g_object_ref (self->away);
  update (self);
  pb_oauth_sign_in_async (&client, self->user && *self->user ? self->user : NULL,
                          _ ("You can close this page and go back to Postbag."),
                          self->open ? self->open : open_browser,
                          self->open ? self->open_data : self, self->away, came_back, visit);
}

/* ---- Object ---- */

static void
pb_oauth_group_dispose (GObject *object) {
  PbOauthGroup *self = PB_OAUTH_GROUP (object);

  forget (self);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  G_OBJECT_CLASS (pb_oauth_group_parent_class)->dispose (object);
}

static void
pb_oauth_group_class_init (PbOauthGroupClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_oauth_group_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-oauth-group.ui");
  gtk_widget_class_bind_template_child (widget_class, PbOauthGroup, service);
  gtk_widget_class_bind_template_child (widget_class, PbOauthGroup, client_id);
  gtk_widget_class_bind_template_child (widget_class, PbOauthGroup, client_secret);
  gtk_widget_class_bind_template_child (widget_class, PbOauthGroup, auth_url);
  gtk_widget_class_bind_template_child (widget_class, PbOauthGroup, token_url);
  gtk_widget_class_bind_template_child (widget_class, PbOauthGroup, scope);
  gtk_widget_class_bind_template_child (widget_class, PbOauthGroup, way);
  gtk_widget_class_bind_template_child (widget_class, PbOauthGroup, sign_in);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
}

static void
pb_oauth_group_init (PbOauthGroup *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  pb_password_row_guard (GTK_WIDGET (self->client_secret));
  update (self);
}

void
pb_oauth_group_load (PbOauthGroup *self, PbAccount *account) {
  g_return_if_fail (PB_IS_OAUTH_GROUP (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  g_autoptr (PbOauthSource) source = pb_oauth_source_new (account, NULL);
  const char *service = source ? g_hash_table_lookup (source->fields, "service") : NULL;

  pb_oauth_group_set_ca_file (self, pb_account_get_ca_file (account));
  pb_oauth_group_set_user (self, pb_account_get_user (account));
  pb_oauth_group_set_service (self, service);
  if (!source)
    return;
  gtk_editable_set_text (self->client_id, source->client.client_id);
  if (service)
    return;
  adw_combo_row_set_selected (self->service, OTHER);
  gtk_editable_set_text (self->auth_url, source->client.auth_url);
  gtk_editable_set_text (self->token_url, source->client.token_url);
  gtk_editable_set_text (self->scope, source->client.scope);
}

void
pb_oauth_group_store (PbOauthGroup *self, PbAccount *account) {
  g_return_if_fail (PB_IS_OAUTH_GROUP (self));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  guint chosen = adw_combo_row_get_selected (self->service);
  const PbOauthClient client = read_client (self);
  g_autofree char *before = pb_account_dup_oauth (account);
  g_autofree char *text =
    chosen == 0 ? NULL
                : pb_oauth_source_make_text (chosen < OTHER ? services[chosen - 1] : NULL, &client);

  /* What the browser brings is always a token; what was one without it stays one. */
  if (text || before)
    g_object_set (account, "oauth", text, "secret-is-token", text != NULL, NULL);
}

void
pb_oauth_group_set_service (PbOauthGroup *self, const char *service) {
  g_return_if_fail (PB_IS_OAUTH_GROUP (self));

  guint chosen = 0;
  for (guint i = 0; i < G_N_ELEMENTS (services); i++) {
    if (g_strcmp0 (services[i], service) == 0)
      chosen = i + 1;
  }
  adw_combo_row_set_selected (self->service, chosen);
}

void
pb_oauth_group_set_user (PbOauthGroup *self, const char *user) {
  g_return_if_fail (PB_IS_OAUTH_GROUP (self));

  g_free (self->user);
  self->user = g_strdup (user);
}

void
pb_oauth_group_set_ca_file (PbOauthGroup *self, const char *ca_file) {
  g_return_if_fail (PB_IS_OAUTH_GROUP (self));

  g_free (self->ca_file);
  self->ca_file = g_strdup (ca_file);
}

gboolean
pb_oauth_group_is_active (PbOauthGroup *self) {
  g_return_val_if_fail (PB_IS_OAUTH_GROUP (self), FALSE);
  return adw_combo_row_get_selected (self->service) > 0;
}

PbSecret *
pb_oauth_group_get_kept (PbOauthGroup *self) {
  g_return_val_if_fail (PB_IS_OAUTH_GROUP (self), NULL);
  return self->kept;
}

PbSecret *
pb_oauth_group_get_access (PbOauthGroup *self) {
  g_return_val_if_fail (PB_IS_OAUTH_GROUP (self), NULL);
  return self->access;
}

void
pb_oauth_group_set_browser (PbOauthGroup *self, PbOauthOpenFunc open, gpointer data) {
  g_return_if_fail (PB_IS_OAUTH_GROUP (self));

  self->open = open;
  self->open_data = data;
}
