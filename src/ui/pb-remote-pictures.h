/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetches the pictures a person asked for: without cookies, without saying where they are shown,
 * and into a folder, so that each is fetched once. */

#pragma once

#include "pb-document.h"

G_BEGIN_DECLS

#define PB_REMOTE_PICTURE_LIMIT (5 * 1024 * 1024)

/* TRUE for an address of the web that leads out of this machine and its network. */
gboolean pb_remote_pictures_is_fetchable (const char *address);

/* Fetches @addresses (GPtrArray of char *) into @folder, 200 at most. What is larger than
 * PB_REMOTE_PICTURE_LIMIT, no picture, or cannot be had within 20 s, is left out. Finishes with how
 * many came; -1 with G_IO_ERROR_CANCELLED. */
void pb_remote_pictures_fetch_async (GPtrArray *addresses,
                                     const char *folder,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gssize pb_remote_pictures_fetch_finish (GAsyncResult *result, GError **error);

G_END_DECLS
