/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The file of the accounts, for pb-account-list.c only: one group "[account:ID]" each. Whatever
 * else is in the file (comments, other groups and keys) stays. Every call does its work in a worker
 * thread. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PbAccountFile PbAccountFile;

PbAccountFile *pb_account_file_new (const char *folder);
void pb_account_file_unref (PbAccountFile *self);

/* Finishes with a new array of PbAccount in the order of the file, empty when there is no file.
 * PB_ERROR_INVALID when it is not a key file of at most 4 MiB, PB_ERROR_STORAGE… when it cannot be
 * read. */
void pb_account_file_read_async (PbAccountFile *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *pb_account_file_read_finish (GAsyncResult *result, GError **error);

/* Writes @accounts as they are at the call and takes out every other group whose id is in
 * @known_ids. Of several writes under way the last call wins. Same errors; the file is then what it
 * was. */
void pb_account_file_write_async (PbAccountFile *self,
                                  GPtrArray *accounts,
                                  GHashTable *known_ids,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pb_account_file_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
