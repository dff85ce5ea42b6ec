/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* As much of the Secret Service as libsecret needs to store and look up. */

#include "mock-keyring.h"

#include <string.h>

#define ROOT "/org/freedesktop/secrets"
#define ITEM ROOT "/collection/login/1"

static const char interfaces[] =
  "<node>"
  "<interface name='org.freedesktop.Secret.Service'>"
  "<method name='OpenSession'><arg type='s' direction='in'/><arg type='v' direction='in'/>"
  "<arg type='v' direction='out'/><arg type='o' direction='out'/></method>"
  "<method name='SearchItems'><arg type='a{ss}' direction='in'/><arg type='ao' direction='out'/>"
  "<arg type='ao' direction='out'/></method>"
  "<method name='Unlock'><arg type='ao' direction='in'/><arg type='ao' direction='out'/>"
  "<arg type='o' direction='out'/></method>"
  "<method name='GetSecrets'><arg type='ao' direction='in'/><arg type='o' direction='in'/>"
  "<arg type='a{o(oayays)}' direction='out'/></method>"
  "<method name='ReadAlias'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "<property name='Collections' type='ao' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Collection'>"
  "<method name='CreateItem'><arg type='a{sv}' direction='in'/><arg type='(oayays)' "
  "direction='in'/><arg type='b' direction='in'/><arg type='o' direction='out'/><arg type='o' "
  "direction='out'/></method>"
  "<property name='Locked' type='b' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Item'>"
  "<property name='Locked' type='b' access='read'/>"
  "<property name='Attributes' type='a{ss}' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Prompt'>"
  "<method name='Prompt'><arg type='s' direction='in'/></method>"
  "<signal name='Completed'><arg type='b'/><arg type='v'/></signal>"
  "</interface>"
  "</node>";

static void
open_session (GVariant *arguments, GDBusMethodInvocation *call) {
  const char *algorithm;

  g_variant_get_child (arguments, 0, "&s", &algorithm);
  if (strcmp (algorithm, "plain") == 0)
    g_dbus_method_invocation_return_value (
      call, g_variant_new ("(vo)", g_variant_new_string (""), ROOT "/session/1"));
  else
    g_dbus_method_invocation_return_error_literal (call, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
                                                   "only plain");
}

static void
search_items (MockKeyring *self, GDBusMethodInvocation *call) {
  gboolean locked = self->mood == MOCK_KEYRING_LOCKED;
  const char *items[] = { self->stored ? ITEM : NULL, NULL };
  const char *none[] = { NULL };

  g_dbus_method_invocation_return_value (
    call, g_variant_new ("(^ao^ao)", locked ? none : items, locked ? items : none));
}

static void
unlock (MockKeyring *self, GVariant *arguments, GDBusMethodInvocation *call) {
  const char *none[] = { NULL };
  g_autoptr (GVariant) paths = g_variant_get_child_value (arguments, 0);

  if (self->mood == MOCK_KEYRING_LOCKED)
    g_dbus_method_invocation_return_value (call, g_variant_new ("(^aoo)", none, ROOT "/prompt/1"));
  else
    g_dbus_method_invocation_return_value (call, g_variant_new ("(@aoo)", paths, "/"));
}

static GVariant *
pack (const char *text) {
  GVariant *bytes =
    g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, text ? strlen (text) : 0, 1);

  return g_variant_new ("(o@ay@ays)", ROOT "/session/1",
                        g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1), bytes,
                        "text/plain");
}

static void
get_secrets (MockKeyring *self, GDBusMethodInvocation *call) {
  GVariantBuilder secrets;

  g_variant_builder_init (&secrets, G_VARIANT_TYPE ("a{o(oayays)}"));
  if (self->stored && self->mood != MOCK_KEYRING_LOCKED)
    g_variant_builder_add (&secrets, "{o@(oayays)}", ITEM, pack (self->stored));
  g_dbus_method_invocation_return_value (call, g_variant_new ("(a{o(oayays)})", &secrets));
}

static void
create_item (MockKeyring *self, GVariant *arguments, GDBusMethodInvocation *call) {
  g_autoptr (GVariant) value = NULL;
  gsize length;

  if (self->mood != MOCK_KEYRING_OPEN) {
    g_dbus_method_invocation_return_dbus_error (call,
                                                self->mood == MOCK_KEYRING_LOCKED
                                                  ? "org.freedesktop.Secret.Error.IsLocked"
                                                  : "org.freedesktop.DBus.Error.AccessDenied",
                                                "not now");
    return;
  }
  g_variant_get_child (arguments, 1, "(oay@ays)", NULL, NULL, &value, NULL);
  const char *bytes = g_variant_get_fixed_array (value, &length, 1);
  g_free (self->stored);
  self->stored = g_strndup (bytes, length);
  g_dbus_method_invocation_return_value (call, g_variant_new ("(oo)", ITEM, "/"));
}

static void
prompt (MockKeyring *self, GDBusMethodInvocation *call) {
  self->questions++;
  g_dbus_method_invocation_return_value (call, NULL);
  g_dbus_connection_emit_signal (self->connection, NULL, ROOT "/prompt/1",
                                 "org.freedesktop.Secret.Prompt", "Completed",
                                 g_variant_new_parsed ("(true, <@ao []>)"), NULL);
}

static void
call_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *arguments,
         GDBusMethodInvocation *call,
         gpointer data) {
  MockKeyring *self = data;

  if (strcmp (method, "OpenSession") == 0)
    open_session (arguments, call);
  else if (strcmp (method, "SearchItems") == 0)
    search_items (self, call);
  else if (strcmp (method, "Unlock") == 0)
    unlock (self, arguments, call);
  else if (strcmp (method, "GetSecrets") == 0)
    get_secrets (self, call);
  else if (strcmp (method, "CreateItem") == 0)
    create_item (self, arguments, call);
  else if (strcmp (method, "Prompt") == 0)
    prompt (self, call);
  else
    g_dbus_method_invocation_return_value (call, g_variant_new ("(o)", ROOT "/collection/login"));
}

static GVariant *
get_property_cb (GDBusConnection *connection,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *name,
                 GError **error,
                 gpointer data) {
  MockKeyring *self = data;

  if (strcmp (name, "Locked") == 0)
    return g_variant_new_boolean (self->mood == MOCK_KEYRING_LOCKED);
  if (strcmp (name, "Attributes") == 0)
    return g_variant_new_parsed ("@a{ss} {}");
  return g_variant_new_parsed ("[objectpath %o]", ROOT "/collection/login");
}

static void
add_object (MockKeyring *self, GDBusNodeInfo *node, const char *path, const char *interface) {
  static const GDBusInterfaceVTable table = { call_cb, get_property_cb, NULL };
  g_autoptr (GError) error = NULL;

  g_dbus_connection_register_object (self->connection, path,
                                     g_dbus_node_info_lookup_interface (node, interface), &table,
                                     self, NULL, &error);
  g_assert_no_error (error);
}

MockKeyring *
mock_keyring_new (GDBusConnection *connection) {
  MockKeyring *self = g_new0 (MockKeyring, 1);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interfaces, NULL);
  g_autoptr (GError) error = NULL;

  self->connection = connection;
  add_object (self, node, ROOT, "org.freedesktop.Secret.Service");
  add_object (self, node, ROOT "/collection/login", "org.freedesktop.Secret.Collection");
  add_object (self, node, ROOT "/aliases/default", "org.freedesktop.Secret.Collection");
  add_object (self, node, ITEM, "org.freedesktop.Secret.Item");
  add_object (self, node, ROOT "/prompt/1", "org.freedesktop.Secret.Prompt");
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "RequestName", g_variant_new ("(su)", "org.freedesktop.secrets", 0u), NULL,
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return self;
}

void
mock_keyring_free (MockKeyring *self) {
  g_object_unref (self->connection);
  g_free (self->stored);
  g_free (self);
}
