/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fetching one mailbox under two accounts would have each of them guess about what the other does,
 * so the comparison rather errs on the side of "the same". */

#include "pb-mailbox.h"

#include <string.h>

#include "pb-provider-table.h"

static gboolean
is_this_computer (const char *host) {
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return strcmp (host, "localhost") == 0 || (address && g_inet_address_get_is_loopback (address));
}

static char *
make_ascii (const char *host) {
  char *ascii = g_hostname_to_ascii (host);

  return ascii ? ascii : g_strdup (host);
}

static gboolean
is_same_server (const PbEndpoint *a, const PbEndpoint *b) {
  const PbProviderTable *table = pb_provider_table_get_default ();
  g_autofree char *left = make_ascii (a->host);
  g_autofree char *right = make_ascii (b->host);

  /* What listens at the ports of this computer are bridges and tunnels to different places. */
  if (is_this_computer (left) && is_this_computer (right))
    return a->port == b->port;
  if (g_ascii_strcasecmp (left, right) == 0)
    return TRUE;
  const PbProvider *provider = pb_provider_table_find_server (table, left);
  return provider && provider == pb_provider_table_find_server (table, right);
}

/* The user as a whole address where one can be made of it. */
static char *
make_full_user (PbAccount *account) {
  const char *user = pb_account_get_user (account);
  const char *at = strrchr (pb_account_get_address (account), '@');
  g_autofree char *whole =
    strchr (user, '@') || !at ? g_strdup (user) : g_strconcat (user, at, NULL);

  return g_utf8_casefold (whole, -1);
}

gboolean
pb_mailbox_is_same (PbAccount *a, PbAccount *b) {
  g_return_val_if_fail (PB_IS_ACCOUNT (a), FALSE);
  g_return_val_if_fail (PB_IS_ACCOUNT (b), FALSE);

  const PbEndpoint *here = pb_account_get_endpoint (a);
  const PbEndpoint *there = pb_account_get_endpoint (b);
  if (!here || !there || !is_same_server (here, there))
    return FALSE;
  g_autofree char *left = g_utf8_casefold (pb_account_get_user (a), -1);
  g_autofree char *right = g_utf8_casefold (pb_account_get_user (b), -1);
  g_autofree char *full_left = make_full_user (a);
  g_autofree char *full_right = make_full_user (b);
  return strcmp (left, right) == 0 || strcmp (full_left, full_right) == 0;
}
