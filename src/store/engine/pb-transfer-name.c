/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a file name cannot hold is written as "%" and two digits. */

#include "pb-transfer-name.h"

#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 32
#define MAX_LEVEL 120 /* bytes of a level; longer ones are cut */
#define INBOX "Inbox"

static int
compare_names (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
pb_transfer_name_list (const char *path) {
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    if (*name != '.')
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_names);
  return names;
}

static guint64
measure (const char *path, guint depth) {
  g_autoptr (GDir) dir = NULL;
  struct stat info;
  const char *name;
  guint64 size = 0;

  if (lstat (path, &info) != 0 || depth > MAX_DEPTH)
    return 0;
  if (S_ISREG (info.st_mode))
    return (guint64) info.st_size;
  if (!S_ISDIR (info.st_mode))
    return 0;
  dir = g_dir_open (path, 0, NULL);
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    size += measure (child, depth + 1);
  }
  return size;
}

guint64
pb_transfer_name_measure (const char *path) {
  struct stat info;

  /* The path itself may be a link. */
  if (stat (path, &info) == 0 && S_ISREG (info.st_mode))
    return (guint64) info.st_size;
  g_autofree char *inside = g_build_filename (path, ".", NULL);
  return measure (inside, 0);
}

char *
pb_transfer_name_join (const char *folder, const char *name) {
  if (*name == '\0' || (*folder == '\0' && g_ascii_strcasecmp (name, INBOX) == 0))
    return g_strdup (folder);
  return *folder ? g_strjoin ("/", folder, name, NULL) : g_strdup (name);
}

gboolean
pb_transfer_name_has_ending (const char *name, const char *ending) {
  gsize length = strlen (name), end = strlen (ending);

  return length > end && g_ascii_strcasecmp (name + length - end, ending) == 0;
}

/* Whether a byte of a level is to be escaped; only these are read back. */
static gboolean
is_special (guchar c, gboolean at_end) {
  return c < 0x20 || c == 0x7f || strchr ("/\\:*?\"<>|%", c) ||
         (at_end && (c == '.' || c == ' ' || c == '-' || c == '~'));
}

static char *
read_level (const char *name, gsize length) {
  g_autoptr (GString) out = g_string_new (NULL);

  for (gsize i = 0; i < length; i++) {
    int high = i + 2 < length ? g_ascii_xdigit_value (name[i + 1]) : -1;
    int low = high >= 0 ? g_ascii_xdigit_value (name[i + 2]) : -1;
    if (name[i] == '%' && low >= 0 && high * 16 + low != 0 &&
        is_special ((guchar) (high * 16 + low), TRUE)) {
      g_string_append_c (out, (char) (high * 16 + low));
      i += 2;
    } else {
      g_string_append_c (out, name[i]);
    }
  }
  /* A level has no levels. */
  g_strdelimit (out->str, "/", '_');
  g_autofree char *valid = g_utf8_make_valid (out->str, -1);
  if (strlen (valid) > MAX_LEVEL)
    *g_utf8_find_prev_char (valid, valid + MAX_LEVEL + 1) = '\0';
  return g_strdup (g_strstrip (valid));
}

char *
pb_transfer_name_of_mbox (const char *name) {
  static const char *const endings[] = { ".mbox", ".mbx", ".mboxrd" };

  /* Apple's "Name.mbox/mbox". */
  if (g_str_equal (name, "mbox"))
    return g_strdup ("");
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    if (pb_transfer_name_has_ending (name, endings[i]))
      return read_level (name, strlen (name) - strlen (endings[i]));
  }
  return read_level (name, strlen (name));
}

/* Thunderbird keeps the folders below "Name" in "Name.sbd". */
char *
pb_transfer_name_of_dir (const char *name) {
  gsize length = strlen (name);

  if (pb_transfer_name_has_ending (name, ".sbd"))
    length -= strlen (".sbd");
  else if (pb_transfer_name_has_ending (name, ".mbox"))
    length -= strlen (".mbox");
  return read_level (name, length);
}

static void
append_level (GString *path, const char *level, gsize length) {
  for (gsize i = 0; i < length; i++) {
    gboolean at_end = i == 0 || i + 1 == length;
    if (is_special ((guchar) level[i], at_end))
      g_string_append_printf (path, "%%%02X", (guchar) level[i]);
    else
      g_string_append_c (path, level[i]);
  }
  if (length == 0)
    g_string_append_c (path, '_');
}

char *
pb_transfer_name_to_path (const char *name) {
  g_autoptr (GString) path = g_string_new (NULL);
  g_auto (GStrv) levels = g_strsplit (*name ? name : INBOX, "/", -1);

  for (guint i = 0; levels[i]; i++) {
    if (i > 0)
      g_string_append_c (path, '/');
    append_level (path, levels[i], strlen (levels[i]));
  }
  return g_string_free (g_steal_pointer (&path), FALSE);
}
