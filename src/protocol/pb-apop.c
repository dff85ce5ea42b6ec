/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding and judging the stamp. */

#include "pb-apop.h"

#include <string.h>

#include "pb-error.h"

#define STAMP_MAX 255

/* Letters of an atom (RFC 5322) and the dot between atoms; for the host also what an address in
 * brackets has. */
static gboolean
is_of_word (guint8 c, gboolean of_host) {
  return c != '\0' && (g_ascii_isalnum (c) || strchr ("!#$%&'*+-/=?^_`{|}~.", c) ||
                       (of_host && strchr ("[]:", c)));
}

static gboolean
is_word (const guint8 *text, gsize length, gboolean of_host) {
  for (gsize i = 0; i < length; i++) {
    if (!is_of_word (text[i], of_host))
      return FALSE;
  }
  return length > 0;
}

/* @text is what stands between the brackets. */
static gboolean
is_message_id (const guint8 *text, gsize length) {
  const guint8 *at = memchr (text, '@', length);
  gsize local = at ? (gsize) (at - text) : 0;

  return at && length <= STAMP_MAX && is_word (text, local, FALSE) &&
         is_word (at + 1, length - local - 1, TRUE);
}

char *
pb_apop_find_stamp (const PbPop3Span *greeting, GError **error) {
  const guint8 *from = greeting->length > 0 ? memchr (greeting->data, '<', greeting->length) : NULL;

  if (!from) {
    g_set_error (error, PB_ERROR, PB_ERROR_UNSUPPORTED,
                 "the server does not offer APOP: its greeting has no time stamp");
    return NULL;
  }
  gsize rest = greeting->length - (gsize) (from - greeting->data);
  const guint8 *to = memchr (from, '>', rest);
  if (!to || !is_message_id (from + 1, (gsize) (to - from) - 1)) {
    g_set_error (error, PB_ERROR, PB_ERROR_PROTOCOL,
                 "the time stamp in the greeting is malformed, APOP would not be safe");
    return NULL;
  }
  return g_strndup ((const char *) from, (gsize) (to - from) + 1);
}

char *
pb_apop_digest (const char *stamp, const PbSecret *secret) {
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);

  g_checksum_update (md5, (const guchar *) stamp, -1);
  g_checksum_update (md5, (const guchar *) pb_secret_peek (secret), -1);
  return g_strdup (g_checksum_get_string (md5));
}
