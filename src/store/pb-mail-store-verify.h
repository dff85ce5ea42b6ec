/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Files, ledger and index of a mail store against each other, with the content of every message
 * read. Works in slices between other jobs, so that mail can be read and fetched meanwhile. */

#pragma once

#include "pb-mail-store.h"

G_BEGIN_DECLS

typedef enum {
  PB_FINDING_UNREADABLE,    /* a message file cannot be read */
  PB_FINDING_CHANGED,       /* its content is not what was stored */
  PB_FINDING_TWICE,         /* another file holds the same message of the server */
  PB_FINDING_NOT_IN_LEDGER, /* it would be fetched again */
  PB_FINDING_NOT_IN_INDEX,  /* it is not shown */
  PB_FINDING_NO_FILE,       /* the index shows what is not here */
  PB_FINDING_OTHER_FLAGS,   /* the index shows other marks than the file has */
  PB_FINDING_COUNTERS,      /* those of a folder are wrong */
  PB_FINDING_TEMPORARY,     /* left behind by a process that was stopped */
  PB_FINDING_INDEX,         /* the file is damaged */
  PB_FINDING_LEDGER,        /* the file is damaged */
  /* The ledger says it was stored, and nobody deleted it here: another program did, or it is lost.
   * No damage by itself. */
  PB_FINDING_GONE,
} PbFindingKind;

typedef struct {
  PbFindingKind kind;
  char *account; /* NULL for index and ledger */
  char *path;    /* of the file, or of the folder, below the folder "mail"; NULL for none */
  guint count;   /* GONE: how many; else 1 */
  gboolean repaired;
} PbFinding;

typedef struct {
  guint folders;
  guint messages;
  guint64 bytes;
  GPtrArray *findings; /* of PbFinding */
} PbVerifyReport;

void pb_verify_report_free (PbVerifyReport *self);

/* @done of @total messages; main context. */
typedef void (*PbVerifyProgress) (guint done, guint total, gpointer user_data);

/* With @repair, what can be set right without losing anything is: rows, counters, the ledger, files
 * of a damaged database, temporaries. Message files are never changed or removed. @progress may be
 * NULL; it is called until the operation completes. */
void pb_mail_store_verify_async (PbMailStore *self,
                                 gboolean repair,
                                 PbVerifyProgress progress,
                                 gpointer progress_data,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
PbVerifyReport *
pb_mail_store_verify_finish (PbMailStore *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbVerifyReport, pb_verify_report_free)

G_END_DECLS
