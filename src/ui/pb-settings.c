/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* GSettings ends the program when a schema is missing, which is no way to treat a person who runs
 * it from a build folder. */

#include "config.h"

#include "pb-settings.h"

static GSettings *
make (const char *id, const char *path) {
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, id, TRUE) : NULL;

  return schema ? g_settings_new_full (schema, NULL, path) : NULL;
}

GSettings *
pb_settings_new (void) {
  return make (PB_APP_ID, NULL);
}

GSettings *
pb_settings_new_for_account (const char *account_id) {
  g_return_val_if_fail (account_id != NULL, NULL);

  g_autofree char *path = g_strdup_printf ("/app/postbag/Postbag/accounts/%s/", account_id);
  return make (PB_APP_ID ".Account", path);
}
