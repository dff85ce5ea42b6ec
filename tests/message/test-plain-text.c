/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain text to HTML, format=flowed, and HTML to plain text. */

#include <string.h>

#include "html-judge.h"
#include "pb-html-filter.h"
#include "pb-plain-text.h"

#define RUN "<div class=\"pb-text\" dir=\"auto\">"
#define QUOTE "<blockquote class=\"pb-quote\">"
#define LINK(target, text) "<a href=\"" target "\" rel=\"noopener noreferrer\">" text "</a>"

static void
test_blocks (void) {
  static const char *const cases[][2] = {
    { "", "" },
    { "Hello", RUN "Hello</div>\n" },
    { "a\nb\n", RUN "a\nb</div>\n" },
    { "a\r\nb", RUN "a\nb</div>\n" },
    { "\n", RUN "</div>\n" },
    { "<b>&\"'", RUN "&lt;b&gt;&amp;&quot;&apos;</div>\n" },
    { "a\n> b\nc", RUN "a</div>\n" QUOTE RUN "b</div>\n</blockquote>\n" RUN "c</div>\n" },
    { ">a\n>>b\n> > c\n",
      QUOTE RUN "a</div>\n" QUOTE RUN "b\nc</div>\n</blockquote>\n</blockquote>\n" },
    { ">", QUOTE RUN "</div>\n</blockquote>\n" },
    { "a\n-- \nAnn", RUN "a</div>\n<div class=\"pb-signature\">" RUN "Ann</div>\n</div>\n" },
    { "> a\n-- \n", QUOTE RUN "a</div>\n</blockquote>\n<div class=\"pb-signature\"></div>\n" },
    { "a\n--\nb", RUN "a\n--\nb</div>\n" },
    { "> -- \n> b", QUOTE RUN "-- \nb</div>\n</blockquote>\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *html = pb_plain_text_to_html (cases[i][0]);
    g_test_message ("%s", cases[i][0]);
    g_assert_cmpstr (html, ==, cases[i][1]);
  }
}

static void
test_links (void) {
  static const char *const cases[][2] = {
    { "http://example.org", LINK ("http://example.org", "http://example.org") },
    { "see https://example.org/a?b=1&c=2#d.",
      "see " LINK ("https://example.org/a?b=1&amp;c=2#d",
                   "https://example.org/a?b=1&amp;c=2#d") "." },
    { "(http://example.org/a_(b))",
      "(" LINK ("http://example.org/a_(b)", "http://example.org/a_(b)") ")" },
    { "<http://example.org/>", "&lt;" LINK ("http://example.org/", "http://example.org/") "&gt;" },
    { "\"http://example.org\",",
      "&quot;" LINK ("http://example.org", "http://example.org") "&quot;," },
    { "http://example.org/...", LINK ("http://example.org/", "http://example.org/") "..." },
    { "见http://example.org/x。请",
      "见" LINK ("http://example.org/x", "http://example.org/x") "。请" },
    { "http://example.org/x，下", LINK ("http://example.org/x", "http://example.org/x") "，下" },
    { "http://example.org/x看", LINK ("http://example.org/x", "http://example.org/x") "看" },
    { "（http://example.org/）", "（" LINK ("http://example.org/", "http://example.org/") "）" },
    { "http://example.org/ü", LINK ("http://example.org/ü", "http://example.org/ü") },
    { "www.example.org/x", LINK ("http://www.example.org/x", "www.example.org/x") },
    { "xwww.example.org", "xwww.example.org" },
    { "ann@example.org", LINK ("mailto:ann@example.org", "ann@example.org") },
    { "<ann.lee+x@mail.example.org>.",
      "&lt;" LINK ("mailto:ann.lee+x@mail.example.org", "ann.lee+x@mail.example.org") "&gt;." },
    { "mailto:ann@example.org", LINK ("mailto:ann@example.org", "mailto:ann@example.org") },
    { "http://user@example.org/", LINK ("http://user@example.org/", "http://user@example.org/") },
    { "a@b", "a@b" },
    { "@example.org", "@example.org" },
    { "a@@example.org", "a@@example.org" },
    { "a@example..org", "a@example..org" },
    { "a@1.2", "a@1.2" },
    { "http://", "http://" },
    { "http:// x", "http:// x" },
    { "https://.", "https://." },
    { "javascript:alert(1)", "javascript:alert(1)" },
    { "ftp://example.org/a;", LINK ("ftp://example.org/a", "ftp://example.org/a") ";" },
    { "http://a.example http://b.example", LINK ("http://a.example", "http://a.example") " " LINK (
                                             "http://b.example", "http://b.example") },
    { "http://example.org/\342\200\256x",
      LINK ("http://example.org/", "http://example.org/") "\342\200\256x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *html = pb_plain_text_to_html (cases[i][0]);
    g_autofree char *expected = g_strdup_printf (RUN "%s</div>\n", cases[i][1]);
    g_test_message ("%s", cases[i][0]);
    g_assert_cmpstr (html, ==, expected);
  }
}

static void
test_unflow (void) {
  static const struct {
    const char *text;
    gboolean delsp;
    const char *expected;
  } cases[] = {
    { "", FALSE, "" },
    { "a \nb\n", FALSE, "a b\n" },
    { "a \nb\nc\n", FALSE, "a b\nc\n" },
    { "a \nb\n", TRUE, "ab\n" },
    { "中 \n文\n", TRUE, "中文\n" },
    { "> a \n> b\nc\n", FALSE, "> a b\nc\n" },
    { "> a \nb\n", FALSE, "> a \nb\n" },
    { ">> a \n>> b\n", FALSE, ">> a b\n" },
    { " >a\n", FALSE, " >a\n" },
    { " From x\n", FALSE, "From x\n" },
    { "a \n-- \nAnn\n", FALSE, "a \n-- \nAnn\n" },
    { "-- \nAnn \nLee\n", FALSE, "-- \nAnn Lee\n" },
    { "a \r\nb\r\n", FALSE, "a b\n" },
    { "a ", FALSE, "a " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = pb_plain_text_unflow (cases[i].text, cases[i].delsp);
    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (text, ==, cases[i].expected);
  }
}

static void
test_html_to_text (void) {
  static const char *const cases[][2] = {
    { "", "" },
    { "Hello", "Hello" },
    { "<p>a</p><p>b</p>", "a\n\nb" },
    { "a<br>b<br><br>c", "a\nb\n\nc" },
    { "<div>a</div><div>b</div>", "a\nb" },
    { "  a \n b  ", "a b" },
    { "a <b> b</b>c", "a bc" },
    { "<pre>a\n  b</pre>", "a\n  b" },
    { "<ul><li>a<li>b</ul>", "• a\n• b" },
    { "<ol><li>a<li>b</ol>", "1. a\n2. b" },
    { "<ul><li>a<ul><li>b</ul></ul>", "• a\n  • b" },
    { "<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a  b\nc  d" },
    { "<blockquote>a<br>b</blockquote>c", "> a\n> b\nc" },
    { "<blockquote><blockquote>a</blockquote></blockquote>", "> > a" },
    { "<a href=http://example.org>link</a>", "link" },
    { "<script>x</script><style>y</style><title>z</title>a", "a" },
    { "<h1>a</h1>b", "a\n\nb" },
    { "a<hr>b", "a\n———\nb" },
    { "a&nbsp;&amp;&lt;b", "a &<b" },
    { "<!-- x -->a", "a" },
    { "中文<b>字</b>", "中文字" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = pb_html_to_text (cases[i][0], 10000);
    g_test_message ("%s", cases[i][0]);
    g_assert_cmpstr (text, ==, cases[i][1]);
  }
  for (gsize limit = 0; limit < 20; limit++) {
    g_autofree char *text = pb_html_to_text ("<p>中文</p><p>ü</p><pre>x\ny</pre>", limit);
    g_assert_cmpuint (strlen (text), <=, limit);
    g_assert_true (g_utf8_validate (text, -1, NULL));
  }
}

/* Whatever the text, the markup is sound. */
static void
test_mutations (void) {
  static const char *const pieces[] = { ">",           "> ",
                                        "\n",          "-- \n",
                                        "http://",     "www.",
                                        "example.org", "@",
                                        ".",           ",",
                                        "(",           ")",
                                        "[",           "]",
                                        "<",           "&",
                                        "\"",          "'",
                                        "中",          "。",
                                        " ",           "\t",
                                        "a",           "mailto:",
                                        "\302\205",    "\342\200\256",
                                        "\r\n",        "\\" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < 20000; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    for (guint n = (guint) g_rand_int_range (rand, 0, 20); n > 0; n--)
      g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
    g_autofree char *html = pb_plain_text_to_html (text->str);
    g_autofree char *flat = pb_plain_text_unflow (text->str, i % 2);
    html_judge_markup (html);
    g_assert_true (g_utf8_validate (flat, -1, NULL));
  }
}

static void
test_long_lines (void) {
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < 1024 * 1024)
    g_string_append (text, "a@(http://x.");
  g_autofree char *html = pb_plain_text_to_html (text->str);
  html_judge_markup (html);
  g_autoptr (GString) marks = g_string_new (NULL);
  while (marks->len < 1024 * 1024)
    g_string_append_c (marks, '>');
  g_autofree char *quotes = pb_plain_text_to_html (marks->str);
  g_assert_cmpuint (strlen (quotes), <, 10000);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plain-text/blocks", test_blocks);
  g_test_add_func ("/plain-text/links", test_links);
  g_test_add_func ("/plain-text/unflow", test_unflow);
  g_test_add_func ("/plain-text/html-to-text", test_html_to_text);
  g_test_add_func ("/plain-text/mutations", test_mutations);
  g_test_add_func ("/plain-text/long-lines", test_long_lines);
  return g_test_run ();
}
