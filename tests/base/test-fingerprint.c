/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What counts in a header block and what does not, wherever the pieces are cut. */

#include "pb-fingerprint.h"
#include "pb-test.h"

#include <string.h>

#define BLOCK "Received: by a\n\tfrom b\nSubject: one\nMessage-ID: <1@example.org>\n"

static GBytes *
print (const char *text, gsize length, gsize piece, gboolean *telling) {
  g_autoptr (PbFingerprint) self = pb_fingerprint_new ();

  for (gsize at = 0; at < length; at += piece)
    pb_fingerprint_feed (self, (const guint8 *) text + at, MIN (piece, length - at));
  return pb_fingerprint_finish (self, telling);
}

typedef struct {
  const char *description;
  const char *text;
  gboolean same; /* as BLOCK */
} Case;

static const Case cases[] = {
  { "the block alone, as TOP may end it", BLOCK, TRUE },
  { "an empty line behind it", BLOCK "\n", TRUE },
  { "a body", BLOCK "\nbody\n\nmore\n", TRUE },
  { "fields of servers", "Status: RO\nX-UIDL: 1\n" BLOCK "X-Keywords: a\nX-Status: A\n\nbody",
    TRUE },
  { "in other cases, with blanks", "STATUS : RO\n" BLOCK "x-uidl\t:x\n\n", TRUE },
  { "folded", BLOCK "X-Keywords: a\n b\n\tc\n\n", TRUE },
  { "no longer folded", BLOCK "X-Keywords: a\nb: c\n\n", FALSE },
  { "only named like one", BLOCK "Statuses: RO\n\n", FALSE },
  { "without a colon", BLOCK "Status\n\n", FALSE },
  { "another subject", "Received: by a\n\tfrom b\nSubject: two\nMessage-ID: <1@example.org>\n\n",
    FALSE },
  { "less", "Received: by a\n\tfrom b\nSubject: one\n\n", FALSE },
  { "nothing", "", FALSE },
  { "no header at all", "\n" BLOCK, FALSE },
  { "line ends not as stored", "Subject: one\r\n\r\n", FALSE },
};

static void
test_cases (void) {
  g_autoptr (GBytes) wanted = print (BLOCK, strlen (BLOCK), strlen (BLOCK), NULL);

  g_assert_cmpuint (g_bytes_get_size (wanted), ==, PB_FINGERPRINT_SIZE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize length = strlen (cases[i].text);
    g_test_message ("%s", cases[i].description);
    for (gsize piece = 1; piece <= length + 1; piece++) {
      g_autoptr (GBytes) is = print (cases[i].text, length, piece, NULL);
      g_assert_true (g_bytes_equal (is, wanted) == cases[i].same);
    }
  }
}

static void
test_telling (void) {
  static const struct {
    const char *text;
    gboolean telling;
  } blocks[] = {
    { "Subject: a\n\n", FALSE },
    { "", FALSE },
    { "Subject: a\n\nDate: in the body\n", FALSE },
    { "Subject: a\n Date: folded\n\n", FALSE },
    { "X-Date: a\nDated: b\n\n", FALSE },
    { "Subject: a\nDATE: b\n\n", TRUE },
    { "message-id : <a>\n\n", TRUE },
    { "Received: by a\n", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++) {
    gboolean telling = !blocks[i].telling;
    g_autoptr (GBytes) unused = print (blocks[i].text, strlen (blocks[i].text), 3, &telling);
    g_assert_true (telling == blocks[i].telling);
  }
}

static void
test_complete (void) {
  g_autoptr (PbFingerprint) self = pb_fingerprint_new ();

  pb_fingerprint_feed (self, (const guint8 *) "a: b\n", 5);
  g_assert_false (pb_fingerprint_is_complete (self));
  pb_fingerprint_feed (self, NULL, 0);
  pb_fingerprint_feed (self, (const guint8 *) "\n", 1);
  g_assert_true (pb_fingerprint_is_complete (self));
}

/* Endless headers cost no more than their beginning. */
static void
test_bound (void) {
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');

  g_autoptr (GBytes) one = print (text, 1024 * 1024, 1000, NULL);
  text[300 * 1024] = '\n';
  g_autoptr (GBytes) two = print (text, 1024 * 1024, 1024 * 1024, NULL);
  g_assert_true (g_bytes_equal (one, two));
  text[200 * 1024] = '\n';
  g_autoptr (GBytes) three = print (text, 1024 * 1024, 4096, NULL);
  g_assert_false (g_bytes_equal (one, three));
}

static void
test_identity (void) {
  g_autoptr (GBytes) print_of = print (BLOCK, strlen (BLOCK), 7, NULL);
  g_autoptr (GBytes) identity = pb_fingerprint_to_identity (print_of);
  g_autoptr (GBytes) back = pb_fingerprint_from_identity (identity);

  g_assert_cmpuint (g_bytes_get_size (identity), ==, PB_FINGERPRINT_SIZE + 3);
  g_assert_true (g_bytes_equal (back, print_of));
  g_assert_null (pb_fingerprint_from_identity (print_of));
  g_autoptr (GBytes) uid = g_bytes_new_static ("12345678901234567890123456789012345", 35);
  g_assert_null (pb_fingerprint_from_identity (uid));
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_assert_null (pb_fingerprint_from_identity (empty));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fingerprint/cases", test_cases);
  g_test_add_func ("/fingerprint/telling", test_telling);
  g_test_add_func ("/fingerprint/complete", test_complete);
  g_test_add_func ("/fingerprint/bound", test_bound);
  g_test_add_func ("/fingerprint/identity", test_identity);
  return g_test_run ();
}
