/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The providers that Postbag knows without asking anybody: data/providers.ini, part of the program.
 * Looking something up never touches the network. */

#pragma once

#include "pb-provider.h"

G_BEGIN_DECLS

typedef struct _PbProviderTable PbProviderTable;

/* The table of the program, read at the first call, kept for good; the main context only. */
const PbProviderTable *pb_provider_table_get_default (void);

/* From the text of a key file. PB_ERROR_INVALID where it is none, a group is no provider, or two
 * providers claim one domain. */
PbProviderTable *
pb_provider_table_new (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pb_provider_table_free (PbProviderTable *self);

/* All of them, in the order of the file. Borrowed. */
guint pb_provider_table_get_length (const PbProviderTable *self);
const PbProvider *pb_provider_table_get (const PbProviderTable *self, guint index);

/* NULL where the table does not know it. @domain: as in an address, any case, IDN as Unicode or
 * ASCII; or a whole address. */
const PbProvider *pb_provider_table_find_domain (const PbProviderTable *self, const char *domain);

/* Whose mail exchanger @host is: the provider with the longest ending that fits; NULL for none. */
const PbProvider *pb_provider_table_find_mx (const PbProviderTable *self, const char *host);

/* By its key. */
const PbProvider *pb_provider_table_find (const PbProviderTable *self, const char *id);

/* Whose server @host is ("pop.qq.com"): for hints about an account that was set up by hand. NULL
 * for none. */
const PbProvider *pb_provider_table_find_server (const PbProviderTable *self, const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbProviderTable, pb_provider_table_free)

G_END_DECLS
