/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* prefs.js is a program that only ever calls user_pref (name, value): read as such lines, never
 * run. */

#include "pb-other-thunderbird.h"

#include <stdlib.h>
#include <string.h>

#define PROFILES_MAX_BYTES (256 * 1024)
#define PREFS_MAX_BYTES (16 * 1024 * 1024)
#define STATE_MAX_BYTES (32 * 1024 * 1024)
#define PROFILES_MAX 20
#define ACCOUNTS_MAX 200
#define PREF_START "user_pref(\""
#define PROFILE_MARK "[ProfD]"

/* One profile. */
typedef struct {
  char *folder;
  GHashTable *prefs; /* name to value, strings without quotes */
} Profile;

/* A string of the language from behind its opening quote, up to the closing one; *@end is behind
 * that. NULL where there is none. */
static char *
read_string (const char *text, const char **end) {
  GString *out = g_string_new (NULL);
  const char *p = text;

  for (; *p && *p != '"' && *p != '\n'; p++) {
    if (*p == '\\' && p[1] == 'u' && strspn (p + 2, "0123456789abcdefABCDEF") >= 4) {
      char digits[5] = { p[2], p[3], p[4], p[5], '\0' };
      gunichar c = (gunichar) strtoul (digits, NULL, 16);
      g_string_append_unichar (out, g_unichar_validate (c) && c != 0 ? c : 0xfffd);
      p += 5;
    } else if (*p == '\\' && p[1] && p[1] != '\n') {
      p++;
      g_string_append_c (out, *p == 'n' ? '\n' : *p == 'r' ? '\r' : *p);
    } else
      g_string_append_c (out, *p);
  }
  *end = *p == '"' ? p + 1 : p;
  return g_string_free (out, *p != '"');
}

static void
read_pref (GHashTable *prefs, const char *line) {
  const char *end;
  g_autofree char *name = read_string (line + strlen (PREF_START), &end);
  g_autofree char *value = NULL;

  end += strspn (end, ", \t");
  if (*end == '"')
    value = read_string (end + 1, &end);
  else
    value = g_strndup (end, strcspn (end, ");\r\n"));
  if (name && value && g_str_has_prefix (name, "mail.") && g_utf8_validate (value, -1, NULL))
    g_hash_table_replace (prefs, g_steal_pointer (&name), g_steal_pointer (&value));
}

static GHashTable *
read_prefs (const char *folder) {
  g_autofree char *path = g_build_filename (folder, "prefs.js", NULL);
  gsize length;
  g_autofree char *text = pb_other_read_file (path, PREFS_MAX_BYTES, &length);
  GHashTable *prefs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (const char *line = text; line && *line;) {
    gsize end = strcspn (line, "\n");
    if (g_str_has_prefix (line, PREF_START))
      read_pref (prefs, line);
    line += end + (line[end] == '\n');
  }
  return prefs;
}

/* "mail.server.server1.hostname" by @group "server", @key "server1", @name "hostname"; "" for
 * none. */
static const char *
get (const Profile *profile, const char *group, const char *key, const char *name) {
  g_autofree char *pref = g_strdup_printf ("mail.%s.%s.%s", group, key, name);
  const char *value = g_hash_table_lookup (profile->prefs, pref);

  return value ? value : "";
}

static guint
get_number (const Profile *profile, const char *server, const char *name) {
  guint64 number = 0;

  g_ascii_string_to_unsigned (get (profile, "server", server, name), 10, 0, G_MAXINT, &number,
                              NULL);
  return (guint) number;
}

/* The newer of two names for one thing, where it is there. */
static const char *
get_either (const Profile *profile, const char *server, const char *first, const char *second) {
  const char *value = get (profile, "server", server, first);

  return *value ? value : get (profile, "server", server, second);
}

static void
read_server (PbOtherAccount *account, const Profile *profile, const char *server) {
  guint socket = get_number (profile, server, "socketType");
  PbSecurity security = socket == 3                  ? PB_SECURITY_TLS
                        : socket == 2 || socket == 1 ? PB_SECURITY_STARTTLS
                                                     : PB_SECURITY_NONE;

  pb_other_account_set_server (account, get_either (profile, server, "realhostname", "hostname"),
                               get_number (profile, server, "port"), security);
}

static void
read_policy (PbOtherAccount *account, const Profile *profile, const char *server) {
  const char *leave = get (profile, "server", server, "leave_on_server");
  const char *by_age = get (profile, "server", server, "delete_by_age_from_server");
  guint days = get_number (profile, server, "num_days_to_leave_on_server");

  if (strcmp (leave, "false") == 0)
    account->on_server = PB_ON_SERVER_DELETE;
  else if (strcmp (by_age, "true") == 0 && days > 0) {
    account->on_server = PB_ON_SERVER_DELETE_AFTER;
    account->delete_after_days = days;
  }
}

/* "k UIDL time": kept there; "d": to be deleted there. Others have not come in full. */
static void
read_state_line (PbOtherAccount *account, const char *line, gsize length) {
  if (length < 3 || line[1] != ' ' || (line[0] != 'k' && line[0] != 'd'))
    return;
  g_autofree char *uid = g_strndup (line + 2, length - 2);
  char *blank = strrchr (uid, ' ');
  if (blank && strspn (blank + 1, "0123456789") == strlen (blank + 1))
    *blank = '\0';
  pb_other_account_add_seen (account, uid, strlen (uid));
}

/* "*host user" begins the list of a mailbox. */
static gboolean
is_own_list (const char *line, gsize length, const char *const *hosts, const char *user) {
  g_autofree char *text = g_strndup (line + 1, length - 1);
  char *blank = strchr (text, ' ');

  if (!blank || strcmp (blank + 1, user) != 0)
    return FALSE;
  *blank = '\0';
  return g_ascii_strcasecmp (text, hosts[0]) == 0 || g_ascii_strcasecmp (text, hosts[1]) == 0;
}

static void
read_seen (PbOtherAccount *account, const Profile *profile, const char *server) {
  const char *hosts[] = { get (profile, "server", server, "hostname"),
                          get (profile, "server", server, "realhostname") };
  const char *relative = get (profile, "server", server, "directory-rel");
  g_autofree char *folder =
    g_str_has_prefix (relative, PROFILE_MARK)
      ? g_build_filename (profile->folder, relative + strlen (PROFILE_MARK), NULL)
      : g_strdup (get (profile, "server", server, "directory"));
  g_autofree char *path = g_build_filename (folder, "popstate.dat", NULL);
  gsize size;
  g_autofree char *text = *folder ? pb_other_read_file (path, STATE_MAX_BYTES, &size) : NULL;
  gboolean own = FALSE;

  for (const char *line = text; line && *line;) {
    gsize length = strcspn (line, "\r\n");
    if (*line == '*')
      own = is_own_list (line, length, hosts, account->user);
    else if (own)
      read_state_line (account, line, length);
    line += length + (line[length] != '\0');
  }
}

static void
read_identity (PbOtherAccount *account, const Profile *profile, const char *owner) {
  g_auto (GStrv) identities = g_strsplit (get (profile, "account", owner, "identities"), ",", 2);
  const char *first = identities[0] ? identities[0] : "";

  account->address = g_strdup (get (profile, "identity", first, "useremail"));
  account->name = g_strdup (get (profile, "identity", first, "fullName"));
}

static void
read_account (const Profile *profile, const char *owner, GPtrArray *accounts) {
  const char *server = get (profile, "account", owner, "server");
  g_autoptr (PbOtherAccount) account = pb_other_account_new ("thunderbird");

  if (strcmp (get (profile, "server", server, "type"), "pop3") != 0)
    return;
  account->label = g_strdup (get (profile, "server", server, "name"));
  account->user = g_strdup (get_either (profile, server, "realuserName", "userName"));
  read_identity (account, profile, owner);
  read_server (account, profile, server);
  read_policy (account, profile, server);
  if (!pb_other_account_is_usable (account))
    return;
  read_seen (account, profile, server);
  g_ptr_array_add (accounts, g_steal_pointer (&account));
}

static void
read_profile (const char *folder, GPtrArray *accounts) {
  g_autoptr (GHashTable) prefs = read_prefs (folder);
  const Profile profile = { (char *) folder, prefs };
  const char *list = g_hash_table_lookup (prefs, "mail.accountmanager.accounts");
  g_auto (GStrv) owners = g_strsplit (list ? list : "", ",", ACCOUNTS_MAX);

  for (guint i = 0; owners[i]; i++)
    read_account (&profile, g_strstrip (owners[i]), accounts);
}

static void
read_profiles (const char *root, GPtrArray *accounts) {
  g_autofree char *path = g_build_filename (root, "profiles.ini", NULL);
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  gsize length;
  g_autofree char *text = pb_other_read_file (path, PROFILES_MAX_BYTES, &length);

  if (!text || length == 0 ||
      !g_key_file_load_from_data (keys, text, length, G_KEY_FILE_NONE, NULL))
    return;
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);
  guint count = 0;
  for (guint i = 0; groups[i] && count < PROFILES_MAX; i++) {
    g_autofree char *folder = g_key_file_get_string (keys, groups[i], "Path", NULL);
    if (!folder || !g_str_has_prefix (groups[i], "Profile"))
      continue;
    g_autofree char *whole =
      g_path_is_absolute (folder) ? g_strdup (folder) : g_build_filename (root, folder, NULL);
    read_profile (whole, accounts);
    count++;
  }
}

void
pb_other_thunderbird_find (const PbOtherPlaces *places, GPtrArray *accounts) {
  static const char *const roots[] = {
    ".thunderbird",
    ".var/app/org.mozilla.Thunderbird/.thunderbird",
    "snap/thunderbird/common/.thunderbird",
  };

  for (guint i = 0; i < G_N_ELEMENTS (roots); i++) {
    g_autofree char *root = g_build_filename (places->home, roots[i], NULL);
    read_profiles (root, accounts);
  }
}
