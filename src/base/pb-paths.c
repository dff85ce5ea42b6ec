/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The folders of a profile, the person's own or a temporary one. */

#include "pb-paths.h"

#include <gio/gio.h>

#define TEMPORARY_PREFIX "postbag-profile-"

PbPaths *
pb_paths_new_default (void) {
  PbPaths *self = g_new0 (PbPaths, 1);

  self->data = g_build_filename (g_get_user_data_dir (), "postbag", NULL);
  self->config = g_build_filename (g_get_user_config_dir (), "postbag", NULL);
  self->cache = g_build_filename (g_get_user_cache_dir (), "postbag", NULL);
  return self;
}

PbPaths *
pb_paths_new_temporary (GError **error) {
  g_autofree char *root = g_dir_make_tmp (TEMPORARY_PREFIX "XXXXXX", error);

  if (!root)
    return NULL;
  PbPaths *self = g_new0 (PbPaths, 1);
  self->data = g_build_filename (root, "data", NULL);
  self->config = g_build_filename (root, "config", NULL);
  self->cache = g_build_filename (root, "cache", NULL);
  return self;
}

static void
remove_tree (GFile *folder) {
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
    folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
    G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFileInfo *info;
  GFile *child;

  while (children && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && info) {
    if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
      remove_tree (child);
    else
      g_file_delete (child, NULL, NULL);
  }
  g_file_delete (folder, NULL, NULL);
}

void
pb_paths_remove (const PbPaths *self) {
  g_autofree char *root = g_path_get_dirname (self->data);
  g_autofree char *name = g_path_get_basename (root);

  if (!g_str_has_prefix (name, TEMPORARY_PREFIX))
    return;
  pb_paths_remove_tree (root);
}

void
pb_paths_remove_tree (const char *path) {
  g_autoptr (GFile) folder = g_file_new_for_path (path);

  remove_tree (folder);
}

void
pb_paths_free (PbPaths *self) {
  if (!self)
    return;
  g_free (self->data);
  g_free (self->config);
  g_free (self->cache);
  g_free (self);
}
