/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Properties to fields, and what the server says of itself. */

#include "pb-account-policy.h"

#include <string.h>

static gboolean
has_no_top (PbPop3Session *session) {
  const char *const *names = pb_pop3_session_get_capabilities (session);

  /* Where it does not say what it can, it is tried. */
  for (guint i = 0; names && names[i]; i++) {
    if (strcmp (names[i], "TOP") == 0)
      return FALSE;
  }
  return names && names[0];
}

PbFetchPolicy
pb_account_policy (PbAccount *account, PbPop3Session *session) {
  return (PbFetchPolicy){
    .on_server = pb_account_get_on_server (account),
    .delete_after_days = pb_account_get_delete_after_days (account),
    .headers_only = pb_account_get_headers_only (account),
    .max_size = pb_account_get_max_size (account),
    .delete_with_local = pb_account_get_delete_with_local (account),
    .keep_messages = pb_account_get_keep_messages (account),
    .keep_bytes = pb_account_get_keep_bytes (account),
    .no_top = has_no_top (session),
  };
}

PbAccount *
pb_account_policy_apply (PbAccount *account, gboolean metered) {
  guint64 limit = pb_account_get_max_size (account);

  if (!metered || (limit > 0 && limit <= PB_METERED_BYTES))
    return g_object_ref (account);
  PbAccount *careful = pb_account_copy (account);
  g_object_set (careful, "max-size", (guint64) PB_METERED_BYTES, NULL);
  return careful;
}
