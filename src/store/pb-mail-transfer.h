/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail from files of other programs into the store, and out of it into files that any program
 * reads. Both work in a thread of their own and take the store's only for as long as a batch of
 * messages needs. What each format keeps: docs/import-export.md. Calls as in pb-mail-store.h. */

#pragma once

#include "pb-mail-store.h"

G_BEGIN_DECLS

typedef enum {
  PB_FORMAT_AUTO, /* import: by what is found, file by file; not for export */
  PB_FORMAT_MBOX, /* any flavour; export writes mboxrd */
  PB_FORMAT_MBOXO,
  PB_FORMAT_MBOXRD,
  PB_FORMAT_MBOXCL,
  PB_FORMAT_MBOXCL2,
  PB_FORMAT_MAILDIR, /* with the folders of Maildir++ */
  PB_FORMAT_MH,
  PB_FORMAT_EML, /* one file per message, in folders */
} PbMailFormat;

typedef struct {
  guint64 messages;   /* done: stored or written */
  guint64 duplicates; /* passed over: their content is in the account already */
  guint64 skipped;    /* deleted in the source, not yet taken out of its file */
  guint64 unreadable; /* files of the source that could not be read */
  guint64 bytes;      /* of the source that are done */
  guint64 total_bytes;
} PbTransferProgress;

/* Called in the main context at most ten times a second. */
typedef void (*PbTransferFunc) (const PbTransferProgress *progress, gpointer user_data);

typedef struct {
  const char *path; /* a file or a folder; it is only read */
  PbMailFormat format;
  const char *account_id; /* there is such an account */
  const char *folder;     /* name as of PbFolder; "" is the inbox. Folders of the source go below */
  gboolean read;          /* what the source does not mark counts as read */
} PbImportOptions;

/* Holds the account's lock for as long as it takes (PB_ERROR_LOCKED). Messages become durable in
 * batches, in the order of the promise; what is durable stays, whatever happens to the rest: then
 * and after cancelling the same call again goes on where this one ended, since a message whose
 * content (SHA-256) is in the account is a duplicate. What was deleted here for good comes back.
 * PB_ERROR_NOT_FOUND: no such path, or no mail in it. PB_ERROR_INVALID: it is not of that format,
 * or is the account's own. */
void pb_mail_store_import_async (PbMailStore *self,
                                 const PbImportOptions *options,
                                 PbTransferFunc func,
                                 gpointer func_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/* @progress, unless NULL, is filled on failure too. */
gboolean pb_mail_store_import_finish (PbMailStore *self,
                                      GAsyncResult *result,
                                      PbTransferProgress *progress,
                                      GError **error);

typedef struct {
  const char *path; /* made; a new or empty folder. "….mbox" with PB_FORMAT_MBOX: one new file */
  PbMailFormat format; /* EML, MBOX or MAILDIR */
  const gint64 *folder_ids;
  guint n_folders;
} PbExportOptions;

/* Writes all messages of these folders, oldest first; a folder of mail becomes
 * PATH/<account>/<folder>. Nothing that is there is overwritten: PB_ERROR_INVALID. After a failure
 * or cancelling whole messages stay; a single mbox file is removed. */
void pb_mail_store_export_async (PbMailStore *self,
                                 const PbExportOptions *options,
                                 PbTransferFunc func,
                                 gpointer func_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean pb_mail_store_export_finish (PbMailStore *self,
                                      GAsyncResult *result,
                                      PbTransferProgress *progress,
                                      GError **error);

G_END_DECLS
