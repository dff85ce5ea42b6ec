/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists, strongest first, and what is taken from them. */

#include "pb-pop3-mechanism.h"

#include "pb-pop3-response.h"
#include "pb-sasl.h"

/* PB_AUTH_AUTO ends a list. */

static const PbAuth protected_order[] = { PB_AUTH_SCRAM_SHA_256, PB_AUTH_SCRAM_SHA_1,
                                          PB_AUTH_PLAIN,         PB_AUTH_LOGIN,
                                          PB_AUTH_USER_PASS,     PB_AUTH_CRAM_MD5,
                                          PB_AUTH_AUTO };
static const PbAuth open_order[] = { PB_AUTH_SCRAM_SHA_256, PB_AUTH_SCRAM_SHA_1, PB_AUTH_CRAM_MD5,
                                     PB_AUTH_PLAIN,         PB_AUTH_LOGIN,       PB_AUTH_USER_PASS,
                                     PB_AUTH_AUTO };
static const PbAuth token_order[] = { PB_AUTH_OAUTHBEARER, PB_AUTH_XOAUTH2, PB_AUTH_AUTO };

/* What shows the password, for stepping down within the same kind. */
static const PbAuth revealing_order[] = { PB_AUTH_PLAIN, PB_AUTH_LOGIN, PB_AUTH_USER_PASS,
                                          PB_AUTH_AUTO };

static gboolean
is_offered (const PbPop3Offer *offer, PbAuth auth) {
  const char *name = auth == PB_AUTH_USER_PASS ? NULL : pb_sasl_get_name (auth);
  const char *list;

  if (auth == PB_AUTH_USER_PASS)
    return !offer->capabilities || pb_pop3_capabilities_find (offer->capabilities, "USER", NULL);
  if (!name || !pb_pop3_capabilities_find (offer->capabilities, "SASL", &list))
    return FALSE;
  g_auto (GStrv) words = g_strsplit (list, " ", -1);
  for (char **word = words; *word; word++) {
    if (g_ascii_strcasecmp (*word, name) == 0)
      return pb_sasl_is_supported (auth);
  }
  return FALSE;
}

gboolean
pb_pop3_mechanism_is_safe (const PbPop3Offer *offer, PbAuth auth) {
  return offer->encrypted || offer->allow_clear_secret || !pb_auth_reveals_secret (auth);
}

static PbAuth
first_offered (const PbPop3Offer *offer, const PbAuth *order) {
  while (*order != PB_AUTH_AUTO &&
         !(is_offered (offer, *order) && pb_pop3_mechanism_is_safe (offer, *order)))
    order++;
  return *order;
}

/* What follows @auth in @order, which has it. */
static const PbAuth *
after (const PbAuth *order, PbAuth auth) {
  while (*order != auth)
    order++;
  return order + 1;
}

PbAuth
pb_pop3_mechanism_choose (const PbPop3Offer *offer) {
  const PbAuth *order = offer->secret_is_token ? token_order
                        : offer->encrypted     ? protected_order
                                               : open_order;
  PbAuth blind = offer->secret_is_token ? PB_AUTH_XOAUTH2 : PB_AUTH_USER_PASS;
  PbAuth auth = first_offered (offer, order);

  if (auth == PB_AUTH_AUTO && pb_pop3_mechanism_is_safe (offer, blind))
    auth = blind;
  return auth;
}

PbAuth
pb_pop3_mechanism_step_down (const PbPop3Offer *offer, PbAuth refused) {
  PbAuth auth = PB_AUTH_AUTO;

  switch (refused) {
  case PB_AUTH_SCRAM_SHA_256:
  case PB_AUTH_SCRAM_SHA_1:
    if (offer->encrypted)
      auth = first_offered (offer, revealing_order);
    if (auth == PB_AUTH_AUTO && refused == PB_AUTH_SCRAM_SHA_256 &&
        is_offered (offer, PB_AUTH_SCRAM_SHA_1))
      auth = PB_AUTH_SCRAM_SHA_1;
    return auth;
  case PB_AUTH_PLAIN:
  case PB_AUTH_LOGIN:
    return first_offered (offer, after (revealing_order, refused));
  case PB_AUTH_OAUTHBEARER:
    return first_offered (offer, after (token_order, refused));
  default:
    return PB_AUTH_AUTO;
  }
}
