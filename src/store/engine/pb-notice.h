/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* News from the store thread for the main context: which folders there are now, what changed in
 * them. News that were not yet told are merged, so that one turn of the main loop tells each folder
 * at most once. */

#pragma once

#include <gio/gio.h>

#include "pb-folder.h"

G_BEGIN_DECLS

typedef struct _PbNotice PbNotice;

typedef struct {
  gint64 id;
  const char *account; /* interned */
  guint account_place; /* in the order in which accounts were added */
  char *name;
  PbFolderRole role;
  guint total;
  guint unread;
  gboolean gone;    /* there is no such folder any more */
  gboolean changed; /* messages came, went or changed */
} PbFolderNews;

/* Called in the main context. @folders: GPtrArray of PbFolderNews. @rows: GArray of gint64 ids of
 * messages whose flags changed, may be empty. @missing: as in pb_notice_post_missing (). */
typedef void (*PbNoticeFunc) (GPtrArray *folders, GArray *rows, guint missing, gpointer data);

/* For the thread-default main context of the caller. */
PbNotice *pb_notice_new (PbNoticeFunc func, gpointer data) G_GNUC_WARN_UNUSED_RESULT;
PbNotice *pb_notice_ref (PbNotice *self);
void pb_notice_unref (PbNotice *self);

/* Main context: the function is not called again. */
void pb_notice_stop (PbNotice *self);

/* Any thread. Takes @news. */
void pb_notice_post_folder (PbNotice *self, PbFolderNews *news);
void pb_notice_post_rows (PbNotice *self, const gint64 *ids, guint count);

/* How many messages have no text in the search index; 0 until it is told. */
void pb_notice_post_missing (PbNotice *self, guint missing);

void pb_folder_news_free (PbFolderNews *news);

G_END_DECLS
