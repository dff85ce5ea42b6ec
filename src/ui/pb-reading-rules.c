/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists of strings in lower case; compared as a whole, so that "example.org" does not stand for
 * "bad-example.org". */

#include "pb-reading-rules.h"

#include <string.h>

#define LIST_LIMIT 5000

char *
pb_reading_rules_dup_domain (const char *address) {
  const char *at = address ? strrchr (address, '@') : NULL;

  return at && at[1] ? g_utf8_strdown (at, -1) : NULL;
}

static gboolean
contains (GSettings *settings, const char *rule, const char *entry) {
  g_auto (GStrv) list = g_settings_get_strv (settings, rule);

  return g_strv_contains ((const char *const *) list, entry);
}

gboolean
pb_reading_rules_has (GSettings *settings, const char *rule, const char *address) {
  g_autofree char *domain = pb_reading_rules_dup_domain (address);

  if (!settings || !domain)
    return FALSE;
  g_autofree char *entry = g_utf8_strdown (address, -1);
  return contains (settings, rule, entry) || contains (settings, rule, domain);
}

void
pb_reading_rules_set (GSettings *settings,
                      const char *rule,
                      const char *address,
                      gboolean whole_domain,
                      gboolean on) {
  g_autofree char *domain = pb_reading_rules_dup_domain (address);

  if (!settings || !domain)
    return;
  g_autofree char *entry = whole_domain ? g_steal_pointer (&domain) : g_utf8_strdown (address, -1);
  g_auto (GStrv) list = g_settings_get_strv (settings, rule);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 0; list[i]; i++) {
    if (strcmp (list[i], entry) != 0 && i < LIST_LIMIT)
      g_strv_builder_add (builder, list[i]);
  }
  if (on)
    g_strv_builder_add (builder, entry);
  g_auto (GStrv) changed = g_strv_builder_end (builder);
  g_settings_set_strv (settings, rule, (const char *const *) changed);
}
