/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that belongs to one person's mail, made once and passed down: where it is kept,
 * accounts, passwords, store, receiving. Main context. */

#pragma once

#include "pb-paths.h"
#include "pb-sync-service.h"

G_BEGIN_DECLS

#define PB_TYPE_PROFILE (pb_profile_get_type ())
G_DECLARE_FINAL_TYPE (PbProfile, pb_profile, PB, PROFILE, GObject)

/* Takes @paths over. Touches nothing on the disk. */
PbProfile *pb_profile_new (PbPaths *paths, PbSecrets *secrets);

/* Reads the accounts, opens the store, makes what is missing. Must complete before anything but
 * the getters. */
void pb_profile_open_async (PbProfile *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean pb_profile_open_finish (PbProfile *self, GAsyncResult *result, GError **error);

/* Stops receiving, closes the store, throws a temporary profile away. */
void pb_profile_close_async (PbProfile *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean pb_profile_close_finish (PbProfile *self, GAsyncResult *result, GError **error);

/* Owned by the profile. */
const PbPaths *pb_profile_get_paths (PbProfile *self);
PbAccountList *pb_profile_get_accounts (PbProfile *self);
PbSecrets *pb_profile_get_secrets (PbProfile *self);
PbMailStore *pb_profile_get_store (PbProfile *self);
PbSyncService *pb_profile_get_sync (PbProfile *self);

/* Lists @account where it is not listed yet, makes its folders, keeps @secret (NULL leaves the
 * one that is known), and writes the list. When it fails with PB_ERROR_INVALID nothing was done. */
void pb_profile_save_account_async (PbProfile *self,
                                    PbAccount *account,
                                    PbSecret *secret,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean pb_profile_save_account_finish (PbProfile *self, GAsyncResult *result, GError **error);

/* Takes @account off the list and forgets its password. Its mail stays on the disk. */
void pb_profile_remove_account_async (PbProfile *self,
                                      PbAccount *account,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean pb_profile_remove_account_finish (PbProfile *self, GAsyncResult *result, GError **error);

G_END_DECLS
