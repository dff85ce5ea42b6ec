/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The frame of postbag-cli: one run, its profile, its main loop, and how a command waits.
 * Commands are straight-line code: start an asynchronous call with pb_cli_done () as its
 * callback, then pb_cli_await () its result. The loop runs only in there, never within itself. */

#pragma once

#include <gio/gio.h>

#include "pb-account-list.h"
#include "pb-mail-store.h"
#include "pb-paths.h"
#include "pb-secret.h"

G_BEGIN_DECLS

/* Exit codes, as the manual lists them. */
enum {
  PB_EXIT_DONE = 0,
  PB_EXIT_INCOMPLETE = 1,
  PB_EXIT_USAGE = 2,
  PB_EXIT_SIGN_IN = 3,
  PB_EXIT_CONNECTION = 4,
  PB_EXIT_CERTIFICATE = 5,
  PB_EXIT_STORAGE = 6,
  PB_EXIT_BUSY = 7,
};

typedef struct {
  GMainLoop *loop;
  GCancellable *cancellable; /* cancelled by SIGINT and SIGTERM */
  PbPaths *paths;
  PbAccountList *accounts; /* loaded by pb_cli_load_accounts () */
  PbMailStore *store;      /* opened by pb_cli_open_store () */
  GAsyncResult *result;
  guint signals[2];
} PbCli;

int pb_cli_main (int argc, char *argv[]);

/* @data is the PbCli. */
void pb_cli_done (GObject *source, GAsyncResult *result, gpointer data);
GAsyncResult *pb_cli_await (PbCli *self) G_GNUC_WARN_UNUSED_RESULT;

/* Both do nothing the second time. Opening the store loads the accounts first and makes their
 * folders. */
gboolean pb_cli_load_accounts (PbCli *self, GError **error);
gboolean pb_cli_open_store (PbCli *self, GError **error);

gboolean pb_cli_save_accounts (PbCli *self, GError **error);

/* Borrowed. PB_ERROR_NOT_FOUND. The accounts are loaded. */
PbAccount *pb_cli_find_account (PbCli *self, const char *id, GError **error);

/* Reads one line from standard input, without echo and after @prompt (on standard error) where
 * that is a terminal. NULL without @error at the end of input. PB_ERROR_INVALID for what no
 * server could be sent. */
PbSecret *pb_cli_read_secret (PbCli *self, const char *prompt, GError **error);

G_END_DECLS
