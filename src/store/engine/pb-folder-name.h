/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Folder names on disk (".Lists.M&APw-nchen", Maildir++ with the modified UTF-7 of RFC 3501) and as
 * people see them ("Lists/München"). Pure functions; names on disk are untrusted. */

#pragma once

#include "pb-folder.h"

G_BEGIN_DECLS

/* @name in UTF-8 with '/' between levels; "" is the inbox, whose directory is "". */
char *pb_folder_name_to_dir (const char *name);

/* Always valid UTF-8 without control characters. A name that is not well encoded is shown as it
 * is. */
char *pb_folder_name_from_dir (const char *dir);

/* What a folder of that name is for, by the names that mail programs commonly use. */
PbFolderRole pb_folder_name_get_role (const char *name);

G_END_DECLS
