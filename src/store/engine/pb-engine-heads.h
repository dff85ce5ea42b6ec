/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The operations of pb-server-store.h as blocking calls. Store thread only. */

#pragma once

#include "pb-engine.h"
#include "pb-server-store.h"

G_BEGIN_DECLS

GPtrArray *
pb_engine_load_heads (PbEngine *self, const char *account_id, PbListing *listing, GError **error);
gboolean pb_engine_keep_heads (PbEngine *self,
                               const char *account_id,
                               GPtrArray *identities,
                               GPtrArray *heads,
                               GError **error);
gboolean pb_engine_set_keep (PbEngine *self,
                             const char *account_id,
                             GPtrArray *identities,
                             gboolean keep,
                             GError **error);
gboolean pb_engine_forget_deleted (PbEngine *self,
                                   const char *account_id,
                                   GPtrArray *identities,
                                   GError **error);

G_END_DECLS
