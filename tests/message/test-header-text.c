/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Encoded words, raw 8-bit header text, and what must never come out of a header value. */

#include <string.h>

#include "pb-header-text.h"

typedef struct {
  const char *what;
  const char *raw;
  const char *expected;
} Case;

static const Case cases[] = {
  { "plain", "Hello world", "Hello world" },
  { "empty", "", "" },
  { "only white space", " \t ", "" },
  { "folded", "Hello\r\n world", "Hello world" },
  { "folded by LF and a tab", "Hello\n\tworld", "Hello world" },
  { "Q", "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße" },
  { "Q, lower case", "=?UTF-8?q?Gr=c3=bc=c3=9fe?=", "Grüße" },
  { "Q, underscores", "=?utf-8?Q?a_b=5Fc?=", "a b_c" },
  { "Q, broken escape", "=?utf-8?Q?50=_off=G1?=", "50= off=G1" },
  { "B", "=?utf-8?B?5L2g5aW9?=", "你好" },
  { "B without padding", "=?utf-8?B?w7w?=", "ü" },
  { "B with a space inside", "=?utf-8?B?5L2g 5aW9?=", "你好" },
  { "B with rubbish", "=?utf-8?B?!!!?= x", "x" },
  { "two words", "=?utf-8?B?5L2g?= =?utf-8?B?5aW9?=", "你好" },
  { "two words, folded", "=?utf-8?B?5L2g?=\r\n =?utf-8?B?5aW9?=", "你好" },
  { "two words without space", "=?utf-8?Q?a?==?utf-8?Q?b?=", "ab" },
  { "two words of two character sets", "=?utf-8?Q?=C3=BC?= =?iso-8859-1?Q?=FC?=", "üü" },
  { "character cut between words", "=?utf-8?Q?=E4=BD?= =?utf-8?Q?=A0?=", "你" },
  { "character cut between B words", "=?utf-8?B?5A==?= =?utf-8?B?vaA=?=", "你" },
  { "character cut, gb2312", "=?gb2312?B?xA==?= =?gb2312?B?4w==?=", "你" },
  { "word between text", "Re: =?utf-8?Q?=C3=BC?= (2)", "Re: ü (2)" },
  { "glued to text", "a=?utf-8?Q?b?=c", "abc" },
  { "spaces inside", "=?utf-8?Q?with spaces inside?=", "with spaces inside" },
  { "fold inside", "=?utf-8?Q?broken\r\n here?=", "broken here" },
  { "language", "=?utf-8*en?Q?hi?=", "hi" },
  { "in quotes", "\"=?utf-8?Q?=C3=BC?=\"", "\"ü\"" },
  { "question mark in Q", "=?utf-8?Q?why?not?=", "why?not" },
  { "empty text",
    "a =?utf-8?Q?"
    "?= b",
    "a  b" },
  { "unknown encoding", "=?utf-8?X?abc?=", "=?utf-8?X?abc?=" },
  { "unfinished", "=?utf-8?Q?abc", "=?utf-8?Q?abc" },
  { "no character set", "=??Q?abc?=", "=??Q?abc?=" },
  { "only marks", "=?=?=?=?", "=?=?=?=?" },
  { "unknown character set", "=?x-unknown?Q?=C3=BC?=", "ü" },
  { "unheard-of character set", "=?martian?B?w7w=?=", "ü" },
  { "iso-2022-jp", "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本" },
  { "shift_jis", "=?shift_jis?B?k/qWew==?=", "日本" },
  { "euc-jp", "=?euc-jp?B?xvzL3A==?=", "日本" },
  { "big5", "=?big5?B?pKSk5Q==?=", "中文" },
  { "gb2312", "=?gb2312?B?1tDOxA==?=", "中文" },
  { "gb2312 with GBK bytes", "=?gb2312?B?6V0=?=", "閉" },
  { "euc-kr", "=?euc-kr?B?x9GxuQ==?=", "한국" },
  { "ks_c_5601-1987", "=?ks_c_5601-1987?B?x9GxuQ==?=", "한국" },
  { "koi8-r", "=?koi8-r?B?8NLJ18XU?=", "Привет" },
  { "windows-1251", "=?windows-1251?B?z/Do4uXy?=", "Привет" },
  { "iso-8859-1 is windows-1252", "=?iso-8859-1?Q?=93a=94_=80?=", "“a” €" },
  { "iso-8859-15", "=?iso-8859-15?Q?=A4?=", "€" },
  { "raw UTF-8", "Gr\303\274\303\237e", "Grüße" },
  { "raw latin 1", "Gr\374\337e", "Grüße" },
  { "raw GBK", "\326\320\316\304\262\342\312\324", "中文测试" },
  { "raw iso-2022-jp", "\033$BF|K\\\033(B", "日本" },
  { "raw beside a word", "\303\274 =?utf-8?Q?=C3=A9?=", "ü é" },
  { "damaged UTF-8", "=?utf-8?Q?abc=FFdef?=", "abc\357\277\275def" },
  { "line end inside", "=?utf-8?Q?a=0D=0Ab?=", "a  b" },
  { "NUL inside", "=?utf-8?Q?a=00b?=", "ab" },
  { "controls", "a\001b\177c", "a b c" },
  { "C1 and line separator", "a\302\205b\342\200\250c", "a b c" },
};

static void
test_case (gconstpointer data) {
  const Case *c = data;
  g_autofree char *text = pb_header_text_decode (c->raw, strlen (c->raw));

  g_assert_cmpstr (text, ==, c->expected);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
test_nul (void) {
  static const char raw[] = "a\0b =?utf-8?Q?c\0d?=";
  g_autofree char *text = pb_header_text_decode (raw, sizeof raw - 1);

  g_assert_cmpstr (text, ==, "ab cd");
}

static void
test_addresses (void) {
  static const Case lists[] = {
    { "comma in a word", "=?utf-8?Q?Lee,_Ann?= <a@b.c>", "\"Lee, Ann\" <a@b.c>" },
    { "quote in a word", "=?utf-8?Q?=22x=22?= <a@b.c>", "\"\\\"x\\\"\" <a@b.c>" },
    { "in quotes", "\"=?utf-8?Q?=22x?=\" <a@b.c>", "\"\\\"x\" <a@b.c>" },
    { "in a comment", "a@b.c (=?utf-8?Q?x=29y?=)", "a@b.c (x\\)y)" },
    { "line end in a word", "=?utf-8?Q?a=0Ab?= <a@b.c>", "\"a b\" <a@b.c>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autofree char *text = pb_header_text_decode_addresses (lists[i].raw, strlen (lists[i].raw));
    g_assert_cmpstr (text, ==, lists[i].expected);
  }
}

/* Any bytes give one line of UTF-8. */
static void
test_any_bytes (void) {
  static const char *const pieces[] = { "=?", "utf-8", "?B?",    "?Q?",  "?=",  "=",  "\377",
                                        "\0", "\r\n ", "gb2312", "5L2g", "=C3", "\"", "(" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240101);

  for (guint i = 0; i < 20000; i++) {
    g_autoptr (GString) raw = g_string_new (NULL);
    for (guint n = g_rand_int_range (rand, 0, 12); n > 0; n--) {
      const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];
      g_string_append_len (raw, piece, MAX (1, (gssize) strlen (piece)));
    }
    g_autofree char *text = pb_header_text_decode (raw->str, raw->len);
    g_autofree char *list = pb_header_text_decode_addresses (raw->str, raw->len);
    g_assert_true (g_utf8_validate (text, -1, NULL));
    g_assert_true (g_utf8_validate (list, -1, NULL));
    g_assert_null (strpbrk (text, "\r\n\t"));
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/header-text/%02u %s", i, cases[i].what);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/header-text/nul", test_nul);
  g_test_add_func ("/header-text/addresses", test_addresses);
  g_test_add_func ("/header-text/any-bytes", test_any_bytes);
  return g_test_run ();
}
