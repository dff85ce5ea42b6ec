/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Secrets are found wherever they stand in a line, in base64 with anything before and behind. */

#include <string.h>

#include "pb-pop3-mask.h"

static gboolean
is_needed (const char *secret_text, const char *line) {
  g_autoptr (PbSecret) secret = pb_secret_new (secret_text);
  PbPop3Span span = { (const guint8 *) line, strlen (line) };

  return pb_pop3_mask_is_needed (secret, &span);
}

static void
test_plain (void) {
  g_assert_true (is_needed ("hunter2", "-ERR bad password 'hunter2'"));
  g_assert_true (is_needed ("hunter2", "hunter2"));
  g_assert_false (is_needed ("hunter2", "-ERR bad password"));
  g_assert_false (is_needed ("hunter2", "hunter"));
  g_assert_false (is_needed ("hunter2", ""));
  g_assert_false (is_needed ("", "+OK"));
}

static void
test_encoded (void) {
  static const char *const secrets[] = { "hunter2", "correct horse", "pässwörd", "12345" };

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
    for (guint before = 0; before < 8; before++) {
      for (guint behind = 0; behind < 5; behind++) {
        g_autofree char *front = g_strnfill (before, 'u');
        g_autofree char *back = g_strnfill (behind, '\001');
        g_autofree char *text = g_strconcat (front, secrets[i], back, NULL);
        g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));
        g_autofree char *line = g_strconcat ("-ERR AUTH PLAIN ", encoded, " what?", NULL);
        g_assert_true (is_needed (secrets[i], line));
      }
    }
  }
  g_assert_false (is_needed ("hunter2", "+ PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+"));
}

static void
test_no_secret (void) {
  PbPop3Span span = { (const guint8 *) "+OK", 3 };

  g_assert_false (pb_pop3_mask_is_needed (NULL, &span));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/pop3-mask/plain", test_plain);
  g_test_add_func ("/protocol/pop3-mask/encoded", test_encoded);
  g_test_add_func ("/protocol/pop3-mask/no-secret", test_no_secret);
  return g_test_run ();
}
