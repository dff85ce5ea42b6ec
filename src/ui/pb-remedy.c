/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Most of it is an action of the application. */

#include "pb-remedy.h"

#include <gio/gdesktopappinfo.h>

#include "pb-provider-table.h"

static const PbProvider *
find_provider (PbAccount *account) {
  const PbProviderTable *table = pb_provider_table_get_default ();
  const PbEndpoint *endpoint = pb_account_get_endpoint (account);
  const PbProvider *provider =
    pb_provider_table_find_domain (table, pb_account_get_address (account));

  if (!provider && endpoint)
    provider = pb_provider_table_find_server (table, endpoint->host);
  return provider && *provider->url ? provider : NULL;
}

PbRemedy
pb_remedy_choose (const PbProblem *problem, PbAccount *account) {
  if (problem->remedy == PB_REMEDY_PROVIDER && !find_provider (account))
    return PB_REMEDY_SIGN_IN;
  return problem->remedy;
}

/* FALSE where no such program is here. */
static gboolean
launch (GtkWindow *parent, const char *desktop_id) {
  g_autoptr (GDesktopAppInfo) program = g_desktop_app_info_new (desktop_id);
  g_autoptr (GdkAppLaunchContext) context =
    gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (parent)));

  return program &&
         g_app_info_launch (G_APP_INFO (program), NULL, G_APP_LAUNCH_CONTEXT (context), NULL);
}

static void
show_folder (GtkWindow *parent) {
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "postbag", NULL);
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  if (uri)
    gtk_show_uri (parent, uri, GDK_CURRENT_TIME);
}

void
pb_remedy_apply (GtkWindow *parent, PbAccount *account, PbRemedy remedy) {
  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (PB_IS_ACCOUNT (account));

  GtkWidget *widget = GTK_WIDGET (parent);
  const char *id = pb_account_get_id (account);
  switch (remedy) {
  case PB_REMEDY_SIGN_IN:
    gtk_widget_activate_action (widget, "app.enter-password", "s", id);
    break;
  case PB_REMEDY_CERTIFICATE:
  case PB_REMEDY_ACCOUNT:
    gtk_widget_activate_action (widget, "app.edit-account", "s", id);
    break;
  case PB_REMEDY_PROVIDER:
    if (find_provider (account))
      gtk_show_uri (parent, find_provider (account)->url, GDK_CURRENT_TIME);
    break;
  case PB_REMEDY_NETWORK:
    if (!launch (parent, "gnome-network-panel.desktop"))
      gtk_widget_activate_action (widget, "app.check-account", "s", id);
    break;
  case PB_REMEDY_SPACE:
    if (!launch (parent, "org.gnome.baobab.desktop"))
      show_folder (parent);
    break;
  case PB_REMEDY_FOLDER:
    show_folder (parent);
    break;
  case PB_REMEDY_LOG:
    gtk_widget_activate_action (widget, "app.session-log", "s", id);
    break;
  case PB_REMEDY_TRY:
  case PB_REMEDY_NONE:
  default:
    gtk_widget_activate_action (widget, "app.check-account", "s", id);
  }
}
