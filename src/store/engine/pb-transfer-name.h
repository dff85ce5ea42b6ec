/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of folders of mail beside names of files, for import and export. Names on disk are
 * untrusted. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The names in a folder in their order, hidden ones left out: GPtrArray of char *; empty where it
 * cannot be read. */
GPtrArray *pb_transfer_name_list (const char *path);

/* The size of the file, or of all files below the folder; links are not followed. */
guint64 pb_transfer_name_measure (const char *path);

/* @name as a level below @folder, both as of PbFolder. "" and "Inbox" at the top change nothing. */
char *pb_transfer_name_join (const char *folder, const char *name);

gboolean pb_transfer_name_has_ending (const char *name, const char *ending);

/* What a folder is called whose mail is in the file or folder @name on disk. */
char *pb_transfer_name_of_mbox (const char *name);
char *pb_transfer_name_of_dir (const char *name);

/* The name of a folder of mail (as of PbFolder, with '/' between levels) as a path that leads
 * nowhere else and that every file system takes; the two above read it back. "Inbox" for "". */
char *pb_transfer_name_to_path (const char *name);

G_END_DECLS
