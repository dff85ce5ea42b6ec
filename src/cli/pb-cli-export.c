/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli export: mail as files that any program can read. */

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pb-cli-commands.h"
#include "pb-cli-disk.h"
#include "pb-cli-folders.h"
#include "pb-cli-mbox.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-error.h"
#include "pb-format.h"

typedef enum {
  FORMAT_EML,
  FORMAT_MBOX,
  FORMAT_MAILDIR,
} Format;

typedef struct {
  Format format;
  const char *target;
  char *place; /* folder on disk for the messages of the folder that is being exported */
  FILE *mbox;
  guint count;
} Export;

/* ---- One message ---- */

static char *
eml_path (const Export *export, const PbMessageRow *row) {
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (row->received);
  g_autofree char *date = time ? g_date_time_format (time, "%Y%m%d-%H%M%S") : g_strdup ("undated");
  g_autofree char *name = g_strdup_printf ("%s-%" G_GINT64_FORMAT ".eml", date, row->id);

  return g_build_filename (export->place, name, NULL);
}

static char *
maildir_path (const Export *export, const PbMessageRow *row) {
  static const struct {
    PbFlags flag;
    char letter;
  } letters[] = {
    { PB_FLAG_DRAFT, 'D' },    { PB_FLAG_STARRED, 'F' }, { PB_FLAG_FORWARDED, 'P' },
    { PB_FLAG_ANSWERED, 'R' }, { PB_FLAG_READ, 'S' },
  };
  g_autoptr (GString) name = g_string_new (NULL);

  g_string_printf (name, "%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".postbag:2,", row->received,
                   row->id);
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++) {
    if (row->flags & letters[i].flag)
      g_string_append_c (name, letters[i].letter);
  }
  return g_build_filename (export->place, "cur", name->str, NULL);
}

static gboolean
export_cb (PbCli *self, PbFolder *folder, PbMessageRow *row, gpointer user_data, GError **error) {
  Export *export = user_data;
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = pb_cli_load_message (self, row->id, NULL, error);

  if (!bytes)
    return FALSE;
  export->count++;
  if (export->format == FORMAT_MBOX) {
    pb_cli_mbox_append (export->mbox, row->summary->from_address, row->received, bytes);
    return !ferror (export->mbox) || pb_cli_disk_error (error, export->target);
  }
  path = export->format == FORMAT_EML ? eml_path (export, row) : maildir_path (export, row);
  return pb_cli_write_file (path, bytes, error);
}

/* ---- One folder ---- */

/* A folder's name as one that can lead nowhere else. */
static char *
safe_folder_name (PbFolder *folder) {
  char *name = g_strdelimit (g_strdup (pb_cli_folder_name (folder)), "/\\", '.');

  for (char *p = name; *p == '.' || *p == '-'; p++)
    *p = '_';
  return name;
}

static char *
place_of (const Export *export, PbFolder *folder) {
  g_autofree char *name = safe_folder_name (folder);
  g_autofree char *dotted = g_strconcat (".", name, NULL);
  const char *account = pb_folder_get_account_id (folder);

  if (export->format != FORMAT_MAILDIR)
    return g_build_filename (export->target, account, name, NULL);
  /* Maildir++: the inbox is the folder itself. */
  if (pb_folder_get_role (folder) == PB_FOLDER_INBOX)
    return g_build_filename (export->target, account, NULL);
  return g_build_filename (export->target, account, dotted, NULL);
}

static gboolean
make_place (const Export *export, GError **error) {
  static const char *const parts[] = { "cur", "new", "tmp" };

  if (!pb_cli_make_dirs (export->place, error))
    return FALSE;
  for (guint i = 0; export->format == FORMAT_MAILDIR && i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_build_filename (export->place, parts[i], NULL);
    if (!pb_cli_make_dirs (path, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
export_folder (PbCli *self, Export *export, PbFolder *folder, GError **error) {
  if (export->format != FORMAT_MBOX) {
    g_free (export->place);
    export->place = place_of (export, folder);
    if (!make_place (export, error))
      return FALSE;
  }
  return pb_cli_walk (self, folder, PB_ORDER_OLDEST_FIRST, G_MAXUINT, export_cb, export, error);
}

static gboolean
export_folders (PbCli *self, Export *export, GPtrArray *folders, GError **error) {
  for (guint i = 0; i < folders->len; i++) {
    if (!export_folder (self, export, g_ptr_array_index (folders, i), error))
      return FALSE;
  }
  return TRUE;
}

/* ---- Everything ---- */

/* A file under its name is a whole one. */
static gboolean
export_mbox (PbCli *self, Export *export, GPtrArray *folders, GError **error) {
  g_autofree char *part = g_strconcat (export->target, ".part", NULL);

  export->mbox = pb_cli_create (part, error);
  if (!export->mbox)
    return FALSE;
  gboolean written = export_folders (self, export, folders, error);
  if (!pb_cli_close (export->mbox, TRUE, part, written ? error : NULL))
    written = FALSE;
  if (written && pb_cli_rename (part, export->target, error))
    return TRUE;
  g_unlink (part);
  return FALSE;
}

static gboolean
export_tree (PbCli *self, Export *export, GPtrArray *folders, GError **error) {
  return pb_cli_make_dirs (export->target, error) &&
         export_folders (self, export, folders, error) && pb_cli_sync (export->target, error);
}

static gboolean
choose_format (const char *text, const char *target, Format *format) {
  *format = g_str_has_suffix (target, ".mbox") ? FORMAT_MBOX : FORMAT_EML;
  if (!text)
    return TRUE;
  if (strcmp (text, "mbox") == 0)
    *format = FORMAT_MBOX;
  else if (strcmp (text, "maildir") == 0)
    *format = FORMAT_MAILDIR;
  else if (strcmp (text, "eml") == 0)
    *format = FORMAT_EML;
  else
    return FALSE;
  return TRUE;
}

static int
run_export (PbCli *self, Export *export, const char *id) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) folders = NULL;

  if (!pb_cli_open_store (self, &error))
    return pb_cli_fail (error, NULL);
  folders = pb_cli_find_folders (self, id, NULL, &error);
  if (!folders)
    return pb_cli_fail (error, id);
  gboolean done = export->format == FORMAT_MBOX ? export_mbox (self, export, folders, &error)
                                                : export_tree (self, export, folders, &error);
  if (!done)
    return pb_cli_fail (error, export->target);
  g_autofree char *count = pb_format_count (export->count);
  pb_cli_print_line (ngettext ("%s message in %s", "%s messages in %s", export->count), count,
                     export->target);
  return PB_EXIT_DONE;
}

int
pb_cli_export (PbCli *self, GStrv args) {
  g_autofree char *format = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format,
      N_ ("One file per message, one mbox file, or a Maildir that other programs open"),
      "eml|mbox|maildir" },
    { NULL },
  };
  const PbCliSyntax syntax = { N_ ("FOLDER|FILE.mbox [ID]"),
                               _ ("Copies all mail, or that of one account, out of Postbag: into a "
                                  "new or empty folder, or into "
                                  "a new file in mbox format (mboxrd). Nothing is changed here."),
                               entries, 1, 2 };
  Export export = { 0 };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!choose_format (format, rest[0], &export.format))
    return pb_cli_usage_error (args[0], "%s", _ ("--format is eml, mbox or maildir"));
  if (!pb_cli_is_free (rest[0]) ||
      (export.format == FORMAT_MBOX && g_file_test (rest[0], G_FILE_TEST_EXISTS)))
    return pb_cli_usage_error (args[0], _ ("“%s” is there already; nothing is overwritten"),
                               rest[0]);
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  if (rest[1] && !pb_cli_find_account (self, rest[1], &error))
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[1]);
  export.target = rest[0];
  status = run_export (self, &export, rest[1]);
  g_free (export.place);
  return status;
}
