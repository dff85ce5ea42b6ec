/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where Postbag keeps things. Made once at the start and passed down; nobody else reads XDG
 * variables. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *data;   /* mail, index, ledger */
  char *config; /* accounts.conf */
  char *cache;  /* what may be thrown away */
} PbPaths;

/* "postbag" below the user's XDG folders. Nothing is created. */
PbPaths *pb_paths_new_default (void);

/* Folders below a new one in the temporary folder, mode 0700, for a profile that is thrown away
 * (pb_paths_remove ()). NULL and a GFileError when it cannot be made. Touches the disk. */
PbPaths *pb_paths_new_temporary (GError **error);

/* Deletes a temporary profile with everything in it; does nothing for the default one. */
void pb_paths_remove (const PbPaths *self);

/* Deletes a folder with everything in it, as far as permissions allow; symbolic links are not
 * followed. Nothing happens where there is none. Touches the disk. */
void pb_paths_remove_tree (const char *path);

void pb_paths_free (PbPaths *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbPaths, pb_paths_free)

G_END_DECLS
