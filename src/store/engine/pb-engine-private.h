/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the engine share. */

#pragma once

#include "pb-engine.h"
#include "pb-index.h"
#include "pb-ledger.h"
#include "pb-maildir.h"

G_BEGIN_DECLS

struct _PbEngine {
  char *mail_dir;
  char *index_path;
  char *ledger_path;
  char *backup_path;
  gint64 backup_time; /* monotonic */
  char *marker_path;
  PbNotice *notice;
  PbIndex *index; /* NULL while closed, or when it could not be made anew */
  PbLedger *ledger;
  gboolean is_open;
  gboolean fill_ledger; /* from all file names, not only from those that the index lacks */
  gint64 index_number;  /* see pb_index_open (); -1 before the first */
  gint64 index_version; /* of the last look at what other processes did */
  GPtrArray *accounts;  /* interned, as added */
  GHashTable *folders;  /* id → PbIndexFolder; its stamp is what is expected now, 0 for unknown */
  GHashTable *locks;    /* account → file descriptor */
  GQueue *newcomers;    /* files that wait for their row; see pb-rescan.h */
  GPtrArray *deliveries;          /* PbDeliveryWriter, not owned */
  struct _PbUnprinted *unprinted; /* see pb-engine-fingerprints.c; NULL when nothing was begun */
  gboolean printed;               /* nothing is left to do there */
  struct _PbWatch *watch;         /* see pb-watch.h; NULL until somebody wants it */
  struct _PbTextWork *text_work;  /* see pb-engine-search.c; NULL when nothing was begun */
  gboolean text_is_off;           /* it does not work; not again before the next start */
  gboolean text_was_damaged;
};

/* ---- pb-engine-folders.c ---- */

/* @dir of an account as a path; "" for the inbox. */
char *pb_engine_folder_path (PbEngine *self, const char *account_id, const char *dir);
char *pb_engine_path_of (PbEngine *self, const PbIndexFolder *folder);

/* NULL with PB_ERROR_NOT_FOUND. */
PbIndexFolder *pb_engine_find_folder (PbEngine *self, gint64 id, GError **error);
PbIndexFolder *pb_engine_find_inbox (PbEngine *self, const char *account_id, GError **error);

/* Folders of @account_id, or all (NULL): GPtrArray of PbIndexFolder, not owned. */
GPtrArray *pb_engine_list_folders (PbEngine *self, const char *account_id);

/* Reads the folders again when they changed (or @always) and tells the main context. */
gboolean pb_engine_refresh (PbEngine *self, gboolean always, GError **error);

/* Around changes of ours in a folder: @known is what begin gave. What others did meanwhile stays
 * noticeable. */
gboolean pb_engine_touch_begin (PbEngine *self, const PbIndexFolder *folder);
void pb_engine_touch_end (PbEngine *self, PbIndexFolder *folder, gboolean known);

/* Index and disk agree on which folders @account_id has. */
gboolean pb_engine_sync_folders (PbEngine *self, const char *account_id, GError **error);

/* ---- pb-engine-accounts.c ---- */

gboolean pb_engine_account_is_valid (const char *account_id);

/* Takes care of what a process which is no more left in the Maildir of @account_id. */
void pb_engine_clear_up (PbEngine *self, const char *account_id);

/* How many temporaries that are. */
guint pb_engine_count_left (PbEngine *self, const char *account_id);

/* ---- pb-engine-salvage.c ---- */

/* Makes mail of what arrived in full in the inbox of @account_id, and removes other temporaries. */
void pb_engine_salvage (PbEngine *self, const char *account_id);

/* ---- pb-engine-fingerprints.c ---- */

/* One slice of giving fingerprints to entries that have none. FALSE when nothing is left. */
gboolean pb_engine_fill_fingerprints (PbEngine *self);

/* What was begun is forgotten, and begins anew. */
void pb_engine_reset_fingerprints (PbEngine *self);

/* ---- pb-engine-search.c ---- */

/* What was begun is kept; it opens again when it is needed. */
void pb_engine_close_search (PbEngine *self);

/* ---- pb-engine-files.c ---- */

/* Complete messages in all folders of @account_id: sorted GArray of PbDigest. */
GArray *pb_engine_collect_present (PbEngine *self, const char *account_id, GError **error);

/* An open Maildir folder for a job. */
typedef struct {
  PbIndexFolder *folder;
  char *path; /* of the Maildir */
  int cur_fd;
  PbMaildirKeywords keywords;
  char partial;   /* the letter of $Partial, 0 for none */
  gboolean known; /* see pb_engine_touch_begin () */
} PbOpenFolder;

PbOpenFolder *pb_engine_open_folder (PbEngine *self, gint64 id, GError **error);
void pb_engine_close_folder (PbEngine *self, PbOpenFolder *open);

/* The name of a file that is not where the index says but still in the same folder; the letters in
 * @file are corrected. NULL when it is gone. */
char *pb_engine_find_again (PbOpenFolder *open, PbIndexFile *file);

/* Turns what failed at a file into an error unless the file is merely gone. */
gboolean pb_engine_check_code (int code, const char *what, const char *path, GError **error);

/* ---- pb-engine-wishes.c ---- */

/* Completes @rows, which belong to @listing, with what the ledger holds beside the facts. */
gboolean pb_engine_add_remarks (PbEngine *self,
                                const char *account_id,
                                gint64 account,
                                const PbListing *listing,
                                GArray *rows,
                                GError **error);

G_END_DECLS
