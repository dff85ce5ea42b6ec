/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A sentence promises only what the engine keeps: nothing is deleted that is not safely here. */

#include "config.h"

#include "pb-account-words.h"

#include <glib/gi18n.h>

#include "pb-format.h"

static char *
say_on_server (PbAccount *account) {
  guint days = pb_account_get_delete_after_days (account);

  switch (pb_account_get_on_server (account)) {
  case PB_ON_SERVER_DELETE:
    return g_strdup (_ ("Each message is deleted on the server as soon as it is safely here."));
  case PB_ON_SERVER_DELETE_AFTER:
    return g_strdup_printf (
      ngettext ("Each message is deleted on the server %u day after it is safely here.",
                "Each message is deleted on the server %u days after it is safely here.", days),
      days);
  case PB_ON_SERVER_KEEP:
  default:
    return g_strdup (_ ("All of them stay on the server too."));
  }
}

static char *
say_fetching (PbAccount *account) {
  guint64 size = pb_account_get_max_size (account);
  g_autofree char *limit = pb_format_size (size);

  if (pb_account_get_headers_only (account))
    return g_strdup (_ ("Only the heads of messages are fetched, until you ask for more."));
  if (size > 0)
    return g_strdup_printf (
      _ ("Messages are fetched in full up to %s; of larger ones only the beginning."), limit);
  return g_strdup (_ ("All messages are fetched in full."));
}

/* NULL without a limit. */
static char *
say_limit (PbAccount *account) {
  guint messages = pb_account_get_keep_messages (account);
  guint64 octets = pb_account_get_keep_bytes (account);
  g_autofree char *size = pb_format_size (octets);

  if (messages > 0 && octets > 0)
    return g_strdup_printf (
      ngettext ("The oldest that are safely here go when more than %u message or %s lie there.",
                "The oldest that are safely here go when more than %u messages or %s lie there.",
                messages),
      messages, size);
  if (messages > 0)
    return g_strdup_printf (
      ngettext ("The oldest that are safely here go when more than %u message lies there.",
                "The oldest that are safely here go when more than %u messages lie there.",
                messages),
      messages);
  return octets > 0 ? g_strdup_printf (
                        _ ("The oldest that are safely here go when more than %s lie there."), size)
                    : NULL;
}

char *
pb_account_words_policy (PbAccount *account) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  g_autofree char *fetching = say_fetching (account);
  g_autofree char *on_server = say_on_server (account);
  g_autofree char *limit = say_limit (account);
  const char *with_local = pb_account_get_delete_with_local (account)
                             ? _ ("What you delete here for good is deleted there too.")
                             : NULL;
  const char *sentences[] = { fetching, on_server, limit ? limit : with_local,
                              limit ? with_local : NULL, NULL };
  return g_strjoinv (" ", (GStrv) sentences);
}

char *
pb_account_words_trial (PbAccount *account, guint messages, guint64 octets) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  g_autofree char *policy = pb_account_words_policy (account);
  g_autofree char *count = pb_format_count (messages);
  g_autofree char *size = pb_format_size (octets);
  g_autofree char *waiting =
    messages == 0 ? g_strdup (_ ("The mailbox is empty."))
                  /* Translators: how many, as text with grouping, then their size. */
                  : g_strdup_printf (ngettext ("%s message (%s) waits on the server.",
                                               "%s messages (%s) wait on the server.", messages),
                                     count, size);
  return g_strconcat (waiting, " ", policy, NULL);
}

char *
pb_account_words_same_mailbox (PbAccount *other) {
  g_return_val_if_fail (PB_IS_ACCOUNT (other), NULL);

  g_autofree char *label = pb_format_isolate (pb_account_get_label (other));
  return g_strdup_printf (_ ("The account “%s” fetches this mailbox already. Two accounts for one "
                             "mailbox would take the mail from each other."),
                          label);
}

char *
pb_account_words_state (PbAccount *account) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  if (pb_account_get_detached (account))
    return g_strdup (_ ("Without a server: its mail is kept, nothing is fetched"));
  if (!pb_account_get_enabled (account))
    return g_strdup (_ ("Switched off: its mail is kept, nothing is fetched"));
  return NULL;
}

char *
pb_account_words_expire (int days) {
  if (days < 0 || days == G_MAXINT)
    return NULL;
  if (days == 0)
    return g_strdup (_ ("The server says that it deletes mail once it was fetched."));
  return g_strdup_printf (ngettext ("The server says that it deletes mail after %d day.",
                                    "The server says that it deletes mail after %d days.",
                                    (unsigned) days),
                          days);
}
