/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Making and changing of PbFolder, which only the store does. */

#pragma once

#include "pb-folder.h"
#include "pb-notice.h"

G_BEGIN_DECLS

PbFolder *pb_folder_new (const PbFolderNews *news) G_GNUC_WARN_UNUSED_RESULT;
void pb_folder_update (PbFolder *self, const PbFolderNews *news);

/* A GCompareDataFunc: account, role, name. */
int pb_folder_compare (gconstpointer a, gconstpointer b, gpointer unused);

G_END_DECLS
