/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person allowed or chose for a sender, kept in the settings. Each takes NULL for settings
 * (nothing is remembered) and for addresses (nothing is allowed). */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Keys of the settings: lists of addresses, or of domains as "@example.org". */
#define PB_RULE_PICTURES "picture-senders"
#define PB_RULE_COLORS "original-color-senders"

/* TRUE where @address or its domain is on the list. */
gboolean pb_reading_rules_has (GSettings *settings, const char *rule, const char *address);

/* Puts @address on the list, or takes it off; with @whole_domain all of its domain. */
void pb_reading_rules_set (GSettings *settings,
                           const char *rule,
                           const char *address,
                           gboolean whole_domain,
                           gboolean on);

/* "@example.org" of an address; NULL without a domain. */
char *pb_reading_rules_dup_domain (const char *address);

G_END_DECLS
