/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sources of the kind "pop", one key file each. */

#include "pb-other-evolution.h"

#include <string.h>

#define SOURCE_MAX_BYTES (64 * 1024)
#define CACHE_MAX_BYTES (32 * 1024 * 1024)
#define FILES_MAX 2000
#define SUFFIX ".source"

static GKeyFile *
read_source (const char *folder, const char *file) {
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  gsize length;
  g_autofree char *text = pb_other_read_file (path, SOURCE_MAX_BYTES, &length);

  return text && length > 0 && g_key_file_load_from_data (keys, text, length, G_KEY_FILE_NONE, NULL)
           ? g_steal_pointer (&keys)
           : NULL;
}

static char *
get (GKeyFile *keys, const char *group, const char *key) {
  char *value = keys ? g_key_file_get_string (keys, group, key, NULL) : NULL;

  return value ? value : g_strdup ("");
}

static void
read_identity (PbOtherAccount *account, GKeyFile *keys, const char *folder) {
  g_autofree char *uid = get (keys, "Mail Account", "IdentityUid");
  g_autofree char *file = g_strconcat (uid, SUFFIX, NULL);
  g_autoptr (GKeyFile) identity = *uid && !strchr (uid, '/') ? read_source (folder, file) : NULL;

  account->address = get (identity, "Mail Identity", "Address");
  account->name = get (identity, "Mail Identity", "Name");
}

static void
read_server (PbOtherAccount *account, GKeyFile *keys) {
  g_autofree char *host = get (keys, "Authentication", "Host");
  g_autofree char *method = get (keys, "Security", "Method");
  int port = g_key_file_get_integer (keys, "Authentication", "Port", NULL);
  PbSecurity security = strcmp (method, "ssl-on-alternate-port") == 0       ? PB_SECURITY_TLS
                        : strcmp (method, "starttls-on-standard-port") == 0 ? PB_SECURITY_STARTTLS
                                                                            : PB_SECURITY_NONE;

  pb_other_account_set_server (account, host, (guint) MAX (port, 0), security);
}

static void
read_policy (PbOtherAccount *account, GKeyFile *keys) {
  g_autofree char *keep = get (keys, "Pop Backend", "KeepOnServer");
  int days = g_key_file_get_integer (keys, "Pop Backend", "DeleteAfterDays", NULL);

  if (strcmp (keep, "false") == 0)
    account->on_server = PB_ON_SERVER_DELETE;
  else if (days > 0) {
    account->on_server = PB_ON_SERVER_DELETE_AFTER;
    account->delete_after_days = (guint) days;
  }
}

/* One UIDL a line. */
static void
read_seen (PbOtherAccount *account, const PbOtherPlaces *places, const char *uid) {
  g_autofree char *path =
    g_build_filename (places->data, "evolution", "mail", uid, "uid-cache", NULL);
  gsize length;
  g_autofree char *text = pb_other_read_file (path, CACHE_MAX_BYTES, &length);

  for (const char *line = text; line && *line;) {
    gsize end = strcspn (line, "\r\n");
    pb_other_account_add_seen (account, line, end);
    line += end + (line[end] != '\0');
  }
}

static PbOtherAccount *
read_account (const PbOtherPlaces *places, const char *folder, const char *file) {
  g_autoptr (GKeyFile) keys = read_source (folder, file);
  g_autofree char *backend = get (keys, "Mail Account", "BackendName");
  g_autofree char *uid = g_strndup (file, strlen (file) - strlen (SUFFIX));

  if (strcmp (backend, "pop") != 0)
    return NULL;
  g_autoptr (PbOtherAccount) account = pb_other_account_new ("evolution");
  account->label = get (keys, "Data Source", "DisplayName");
  account->user = get (keys, "Authentication", "User");
  read_identity (account, keys, folder);
  read_server (account, keys);
  read_policy (account, keys);
  if (!pb_other_account_is_usable (account))
    return NULL;
  read_seen (account, places, uid);
  return g_steal_pointer (&account);
}

void
pb_other_evolution_find (const PbOtherPlaces *places, GPtrArray *accounts) {
  g_autofree char *folder = g_build_filename (places->config, "evolution", "sources", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;

  for (guint i = 0; dir && i < FILES_MAX && (file = g_dir_read_name (dir)); i++) {
    PbOtherAccount *account =
      g_str_has_suffix (file, SUFFIX) ? read_account (places, folder, file) : NULL;
    if (account)
      g_ptr_array_add (accounts, account);
  }
}
