/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The options of "account add" and "account set" on what is fetched and what stays on the
 * server. */

#pragma once

#include <json-glib/json-glib.h>

#include "pb-account.h"

G_BEGIN_DECLS

/* What was typed. */
typedef struct {
  gboolean headers_only;
  gboolean no_headers_only;
  gboolean delete_with_local;
  gboolean no_delete_with_local;
  gint64 max_size; /* -1 where it was not */
  gint64 keep_messages;
  gint64 keep_bytes;
} PbCliLimits;

/* Enough for the options and their end. */
#define PB_CLI_LIMITS_N_ENTRIES 8

void pb_cli_limits_init (PbCliLimits *self, GOptionEntry entries[PB_CLI_LIMITS_N_ENTRIES]);

/* PB_ERROR_INVALID for what contradicts itself or cannot be. */
gboolean pb_cli_limits_apply (const PbCliLimits *self, PbAccount *account, GError **error);

void pb_cli_limits_print (PbAccount *account);
void pb_cli_limits_add_json (JsonBuilder *builder, PbAccount *account);

G_END_DECLS
