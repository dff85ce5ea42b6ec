/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* index.sqlite: folders and what lists show of their messages. A cache of the Maildirs and nothing
 * more. Changes happen between begin and commit; counters of folders follow by themselves. Store
 * thread only. */

#pragma once

#include "pb-database.h"
#include "pb-mail-store.h"

G_BEGIN_DECLS

typedef struct _PbIndex PbIndex;

typedef struct {
  gint64 id;
  const char *account; /* interned */
  char *dir;
  char *name;
  PbFolderRole role;
  guint total;
  guint unread;
  gint64 generation;
  gint64 stamp;
} PbIndexFolder;

/* Where a message is. */
typedef struct {
  gint64 id;
  gint64 folder;
  PbFlags flags;
  char *base;
  char *letters;
} PbIndexFile;

/* @number: as in the ledger's meta table; the ids of the messages of a new file begin above @number
 * << 32. */
PbIndex *pb_index_open (const char *path,
                        gboolean check,
                        gint64 number,
                        PbDatabaseState *state,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pb_index_close (PbIndex *self);
gboolean pb_index_is_damaged (PbIndex *self);

gboolean pb_index_begin (PbIndex *self, GError **error);
gboolean pb_index_commit (PbIndex *self, GError **error);
void pb_index_rollback (PbIndex *self);

/* Changes with every commit, of this process or another. */
gint64 pb_index_get_version (PbIndex *self);

/* ---- Folders ---- */

/* GPtrArray of PbIndexFolder. */
GPtrArray *pb_index_load_folders (PbIndex *self, GError **error);
void pb_index_folder_free (PbIndexFolder *folder);

/* Unless it is there. @id: what it had in an earlier index, 0 for a new one. */
gboolean pb_index_add_folder (PbIndex *self,
                              gint64 id,
                              const char *account,
                              const char *dir,
                              GError **error);

/* With its messages. */
gboolean pb_index_remove_folder (PbIndex *self, gint64 id, GError **error);
/* Bytes of all its messages; -1 on error. */
gint64 pb_index_measure_folder (PbIndex *self, gint64 id, GError **error);

gboolean pb_index_set_stamp (PbIndex *self, gint64 id, gint64 stamp, GError **error);

/* Its counters from its messages, in a transaction of its own. */
gboolean pb_index_count_again (PbIndex *self, gint64 id, GError **error);

/* For the other files that hold SQL over the index. */
PbDatabase *pb_index_get_database (PbIndex *self);

/* ---- Messages ---- */

/* @row: id and account are not read. *@id is set, to 0 when the file is known already. */
gboolean pb_index_add_message (PbIndex *self,
                               const PbMessageRow *row,
                               const char *base,
                               const char *letters,
                               gint64 *id,
                               GError **error);

/* @file has the old place and flags; the message gets new ones. */
gboolean pb_index_move_message (PbIndex *self,
                                const PbIndexFile *file,
                                gint64 folder,
                                const char *letters,
                                PbFlags flags,
                                GError **error);
gboolean pb_index_remove_message (PbIndex *self, const PbIndexFile *file, GError **error);

/* The complete message @row takes the place, the id and the marks of the incomplete one in
 * @file. */
gboolean pb_index_complete_message (PbIndex *self,
                                    const PbIndexFile *file,
                                    const PbMessageRow *row,
                                    const char *base,
                                    const char *letters,
                                    GError **error);

/* NULL without error when it is gone. */
PbIndexFile *pb_index_find_file (PbIndex *self, gint64 id, GError **error);
void pb_index_file_free (PbIndexFile *file);

/* GPtrArray of PbIndexFile: all of the folder, or only the incomplete ones. */
GPtrArray *
pb_index_list_files (PbIndex *self, gint64 folder, gboolean partial_only, GError **error);

/* ---- Reading ---- */

GArray *pb_index_query (PbIndex *self, const PbQuery *query, GError **error);

/* NULL without error when it is gone. */
PbMessageRow *pb_index_load_row (PbIndex *self, gint64 id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbIndexFile, pb_index_file_free)

G_END_DECLS
