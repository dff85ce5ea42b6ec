/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked of whom while the server of an address is looked for, a line each. */

#pragma once

#include <adwaita.h>

#include "pb-discovery.h"

G_BEGIN_DECLS

#define PB_TYPE_DISCOVERY_LIST (pb_discovery_list_get_type ())
G_DECLARE_FINAL_TYPE (PbDiscoveryList, pb_discovery_list, PB, DISCOVERY_LIST, AdwPreferencesGroup)

/* Follows @discovery, or shows nothing for NULL. */
void pb_discovery_list_follow (PbDiscoveryList *self, PbDiscovery *discovery);

G_END_DECLS
