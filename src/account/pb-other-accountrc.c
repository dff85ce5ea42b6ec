/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The files look like key files, but their values are taken as they are; so they are read line by
 * line. */

#include "pb-other-accountrc.h"

#include <stdlib.h>
#include <string.h>

#define ACCOUNTRC_MAX_BYTES (1024 * 1024)
#define UIDL_MAX_BYTES (32 * 1024 * 1024)
#define ACCOUNTS_MAX 200
#define PROTOCOL_POP3 "0"
#define TIME_NOT_FETCHED 2 /* a filter had it left on the server */

static const char *
get (GHashTable *values, const char *key) {
  const char *value = g_hash_table_lookup (values, key);

  return value ? value : "";
}

static guint
get_number (GHashTable *values, const char *key, guint otherwise) {
  guint64 number;

  return g_ascii_string_to_unsigned (get (values, key), 10, 0, G_MAXINT, &number, NULL)
           ? (guint) number
           : otherwise;
}

static void
read_policy (PbOtherAccount *account, GHashTable *values) {
  guint days = get_number (values, "message_leave_time", 0);
  guint hours = get_number (values, "message_leave_hour", 0);

  if (strcmp (get (values, "remove_mail"), "1") != 0)
    return;
  account->on_server = days + hours > 0 ? PB_ON_SERVER_DELETE_AFTER : PB_ON_SERVER_DELETE;
  account->delete_after_days = days + (hours > 0);
}

static void
read_server (PbOtherAccount *account, GHashTable *values) {
  guint kind = get_number (values, "ssl_pop", 0);
  PbSecurity security = kind == 1   ? PB_SECURITY_TLS
                        : kind == 2 ? PB_SECURITY_STARTTLS
                                    : PB_SECURITY_NONE;
  guint port = get_number (values, "set_popport", 0) ? get_number (values, "pop_port", 0) : 0;

  pb_other_account_set_server (account, get (values, "receive_server"), port, security);
}

/* "UIDL", "UIDL time", "UIDL time partial" with tabs between. */
static void
read_uidl_line (PbOtherAccount *account, const char *line) {
  g_auto (GStrv) fields = g_strsplit (line, "\t", 4);
  guint count = g_strv_length (fields);

  if (count >= 2 && strtol (fields[1], NULL, 10) == TIME_NOT_FETCHED)
    return;
  if (count >= 3 && strcmp (g_strchomp (fields[2]), "0") != 0)
    return;
  if (count >= 1)
    pb_other_account_add_seen (account, fields[0], strlen (fields[0]));
}

static gboolean
read_uidl_file (PbOtherAccount *account, const char *folder, const char *server, const char *user) {
  g_autofree char *name = g_strconcat (server, "-", user, NULL);
  g_autofree char *path = g_build_filename (folder, "uidl", name, NULL);
  gsize length;
  g_autofree char *text =
    strchr (name, '/') ? NULL : pb_other_read_file (path, UIDL_MAX_BYTES, &length);

  if (!text)
    return FALSE;
  for (char *line = text, *end; *line; line = end) {
    end = line + strcspn (line, "\r\n");
    gboolean last = *end == '\0';
    *end = '\0';
    read_uidl_line (account, line);
    end += !last;
  }
  return TRUE;
}

/* The two programs write what may not stand in a file name in different ways. */
static void
read_seen (PbOtherAccount *account, const char *folder, GHashTable *values) {
  const char *server = get (values, "receive_server");
  g_autofree char *plain = g_strdelimit (g_strdup (account->user), "\t\r\n\\/*", '_');
  g_autofree char *escaped = g_uri_escape_string (account->user, NULL, FALSE);

  if (!read_uidl_file (account, folder, server, plain))
    read_uidl_file (account, folder, server, escaped);
}

static void
take_account (GHashTable *values, const char *program, const char *folder, GPtrArray *accounts) {
  g_autoptr (PbOtherAccount) account = pb_other_account_new (program);

  if (strcmp (get (values, "protocol"), PROTOCOL_POP3) != 0 || accounts->len >= ACCOUNTS_MAX)
    return;
  account->label = g_strdup (get (values, "account_name"));
  account->name = g_strdup (get (values, "name"));
  account->address = g_strdup (get (values, "address"));
  account->user = g_strdup (get (values, "user_id"));
  read_server (account, values);
  read_policy (account, values);
  if (!pb_other_account_is_usable (account))
    return;
  read_seen (account, folder, values);
  g_ptr_array_add (accounts, g_steal_pointer (&account));
}

static void
find_in_folder (const char *folder, const char *program, GPtrArray *accounts) {
  g_autofree char *path = g_build_filename (folder, "accountrc", NULL);
  gsize length;
  g_autofree char *text = pb_other_read_file (path, ACCOUNTRC_MAX_BYTES, &length);
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = text ? g_strsplit (text, "\n", -1) : NULL;
  gboolean within = FALSE;

  for (guint i = 0; lines && lines[i]; i++) {
    char *line = g_strchomp (lines[i]);
    char *equals = strchr (line, '=');
    if (*line == '[') {
      if (within)
        take_account (values, program, folder, accounts);
      g_hash_table_remove_all (values);
      within = g_str_has_prefix (line, "[Account: ");
    } else if (within && equals && !g_str_has_prefix (line, "password") &&
               g_utf8_validate (line, -1, NULL))
      g_hash_table_replace (values, g_strndup (line, (gsize) (equals - line)),
                            g_strdup (equals + 1));
  }
  if (within)
    take_account (values, program, folder, accounts);
}

void
pb_other_claws_find (const PbOtherPlaces *places, GPtrArray *accounts) {
  g_autofree char *folder = g_build_filename (places->home, ".claws-mail", NULL);

  find_in_folder (folder, "claws-mail", accounts);
}

void
pb_other_sylpheed_find (const PbOtherPlaces *places, GPtrArray *accounts) {
  g_autofree char *folder = g_build_filename (places->home, ".sylpheed-2.0", NULL);

  find_in_folder (folder, "sylpheed", accounts);
}
