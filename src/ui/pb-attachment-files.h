/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments as files: several into one folder, or one for another program to open. In worker
 * threads; no widget. */

#pragma once

#include "pb-attachment.h"

G_BEGIN_DECLS

/* Writes every PbAttachment of @attachments into @folder under its safe name; where that is
 * taken, "name (2).ext" and so on: nothing is ever replaced. Finishes with how many were written,
 * -1 on the first failure; those before it stay. */
void pb_attachment_files_save_all_async (GPtrArray *attachments,
                                         GFile *folder,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gssize pb_attachment_files_save_all_finish (GAsyncResult *result, GError **error);

/* Writes a read-only copy, for nobody else's eyes, in a new folder below @cache_dir. */
void pb_attachment_files_prepare_async (PbAttachment *attachment,
                                        const char *cache_dir,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
GFile *pb_attachment_files_prepare_finish (GAsyncResult *result,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Deletes the copies that were made for other programs. Blocking. */
void pb_attachment_files_forget (const char *cache_dir);

G_END_DECLS
