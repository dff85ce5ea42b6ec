/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Everything that could load, run, move or deceive, and what has to survive the cleaning. */

#include <string.h>

#include "html-judge.h"
#include "pb-html-filter.h"

/* Ways out: none may leave "evil" anywhere but in the target of a link. */
static const char *const ways_out[] = {
  "<img src=http://evil/x.png>",
  "<img src=HTTPS://evil/x.png>",
  "<img src=//evil/x.png>",
  "<img src='\thttp://evil/'>",
  "<img src='ht\ntp://evil/'>",
  "<img src=cid:x srcset='http://evil/ 2x'>",
  "<img srcset='http://evil/ 2x'>",
  "<img src=data:image/svg+xml;base64,ZXZpbA==>",
  "<img src='data:image/svg+xml,<svg onload=\"location=evil\">'>",
  "<img src='data:text/html,evil'>",
  "<img src='data:image/png,evil\"'>",
  "<img src='x' onerror='fetch(\"http://evil/\")'>",
  "<img lowsrc=http://evil/ dynsrc=http://evil/ longdesc=http://evil/ usemap=#evil>",
  "<image src=http://evil/>",
  "<input type=image src=http://evil/>",
  "<body background=http://evil/>x",
  "<table background=http://evil/><tr><td background=http://evil/>x</table>",
  "<link rel=stylesheet href=http://evil/>",
  "<link rel=preload href=http://evil/ as=image>",
  "<link rel=dns-prefetch href=//evil>",
  "<link rel=icon href=http://evil/>",
  "<meta http-equiv=refresh content='0;url=http://evil/'>",
  "<meta http-equiv=set-cookie content='evil=1'>",
  "<base href=http://evil/><a href=x>y</a>",
  "<iframe src=http://evil/></iframe>",
  "<iframe srcdoc='<img src=http://evil/>'></iframe>",
  "<frameset><frame src=http://evil/></frameset>",
  "<object data=http://evil/><img src=http://evil/></object>",
  "<embed src=http://evil/>",
  "<applet code=http://evil/></applet>",
  "<audio src=http://evil/ autoplay></audio>",
  "<video poster=http://evil/><source src=http://evil/><track src=http://evil/></video>",
  "<picture><source srcset=http://evil/><img src=http://evil/></picture>",
  "<svg><image xlink:href=http://evil/ /></svg>",
  "<svg><style>*{background:url(http://evil/)}</style></svg>",
  "<svg><script>evil()</script></svg>",
  "<svg onload=evil()>",
  "<math><mi xlink:href=javascript:evil()>x</mi></math>",
  "<math><mglyph><style><img src=http://evil/></style></mglyph></math>",
  "<template><img src=http://evil/></template>",
  "<noscript><img src=http://evil/></noscript>",
  "<noscript><p title='</noscript><img src=http://evil/>'></noscript>",
  "<script src=http://evil/></script>",
  "<script>evil()</script>",
  "<script>'<script>'</script>x<script>evil()</script>",
  "<scr<script>ipt>evil()</script>x",
  "<a href=javascript:evil()>x</a>",
  "<a href='java\tscript:evil()'>x</a>",
  "<a href='java&#10;script:evil()'>x</a>",
  "<a href='&#1;javascript:evil()'>x</a>",
  "<a href='&#106;avascript:evil()'>x</a>",
  "<a href='vbscript:evil()'>x</a>",
  "<a href='data:text/html,evil'>x</a>",
  "<a href='file:///evil'>x</a>",
  "<a href='blob:evil'>x</a>",
  "<a href='//evil/'>x</a>",
  "<a href='evil'>x</a>",
  "<a href=cid:x ping=http://evil/>x</a>",
  "<a href=cid:x onclick=evil()>x</a>",
  "<a target=evil download=evil>x</a>",
  "<form action=http://evil/><input name=evil value=evil><button "
  "formaction=http://evil/>evil</button></form>",
  "<isindex action=http://evil/ prompt=evil>",
  "<textarea>evil</textarea><select><option>evil</select>",
  "<keygen name=evil>",
  "<bgsound src=http://evil/>",
  "<p style='background:url(http://evil/)'>x",
  "<p style='background-image:url(\"http://evil/\")'>x",
  "<p style='background:\\75rl(http://evil/)'>x",
  "<p style='background:u\\rl(http://evil/)'>x",
  "<p style='background:ur/**/l(http://evil/)'>x",
  "<p style='background:/*x*/url(http://evil/)'>x",
  "<p style='background:URL( http://evil/ )'>x",
  "<p style='background:image(\"http://evil/\")'>x",
  "<p style='background:image-set(\"http://evil/\" 1x)'>x",
  "<p style='background:-webkit-image-set(url(http://evil/) 1x)'>x",
  "<p style='background:cross-fade(url(http://evil/), red)'>x",
  "<p style='background:element(#evil)'>x",
  "<p style='background:src(\"http://evil/\")'>x",
  "<p style='background:var(--evil)'>x",
  "<p style='--evil:url(http://evil/)'>x",
  "<p style='list-style:url(http://evil/)'>x",
  "<p style='list-style-image:url(http://evil/)'>x",
  "<p style='border-image:url(http://evil/)'>x",
  "<p style='border-image-source:url(http://evil/)'>x",
  "<p style='cursor:url(http://evil/),auto'>x",
  "<p style='content:url(http://evil/)'>x",
  "<p style='content:\"evil\"'>x",
  "<p style='filter:url(http://evil/#x)'>x",
  "<p style='mask:url(http://evil/)'>x",
  "<p style='clip-path:url(http://evil/)'>x",
  "<p style='shape-outside:url(http://evil/)'>x",
  "<p style='offset-path:url(http://evil/)'>x",
  "<p style='behavior:url(http://evil/)'>x",
  "<p style='-moz-binding:url(http://evil/)'>x",
  "<p style='width:expression(evil())'>x",
  "<p style='color:red;background:url(http://evil/'>x",
  "<p style='font-family:\"a;background:url(http://evil/)'>x",
  "<p style='color:red}*{background:url(http://evil/)}'>x",
  "<p style='font-family:\"</style><img src=http://evil/>\"'>x",
  "<style>@import 'http://evil/';</style>x",
  "<style>@import url(http://evil/);</style>x",
  "<style>@\\69mport 'http://evil/';</style>x",
  "<style>@font-face{font-family:x;src:url(http://evil/)}</style>x",
  "<style>@namespace url(http://evil/);</style>x",
  "<style>@charset 'evil';</style>x",
  "<style>@supports (color:red){p{background:url(http://evil/)}}</style>x",
  "<style>@media all{p{background:url(http://evil/)}}</style>x",
  "<style>@media all{@import 'http://evil/';}</style>x",
  "<style>@page{background:url(http://evil/)}</style>x",
  "<style>@keyframes evil{from{color:red}}</style>x",
  "<style>p{background:url(http://evil/)}</style>x",
  "<style>p{background:u\\72l(http://evil/)}</style>x",
  "<style>p[title=evil\\]]{background:url(http://evil/)}</style>x",
  "<style><!--p{background:url(http://evil/)}--></style>x",
  "<style>p{color:red}</style<img src=http://evil/>",
  "<style>p{font-family:'</style><img src=http://evil/>'}</style>x",
  "<style>p{}/*</style><img src=http://evil/>*/",
  "<style>p{content:'evil'}</style>x",
  "<style media='evil'>@import 'http://evil/';</style>",
  "<!-- <img src=http://evil/> -->x",
  "<!--><img src=http://evil/>-->",
  "<!--[if mso]><img src=http://evil/><![endif]-->x",
  "<![CDATA[<img src=http://evil/>]]>x",
  "<?xml-stylesheet href='http://evil/'?>x",
  "<?php evil ?>x",
  "<!DOCTYPE html SYSTEM 'http://evil/'>x",
  "<!DOCTYPE x [<!ENTITY e SYSTEM \"http://evil/\">]>&e;",
  "<html manifest=http://evil/>x",
  "<head profile=http://evil/></head>x",
  "<blockquote cite=http://evil/>x</blockquote>",
  "<q cite=http://evil/>x</q><ins cite=http://evil/>y</ins>",
  "<title>evil</title>x",
  "<p onclick=evil() onmouseover=evil()>x",
  "<p id=x xmlns:evil=http://evil/ evil:x=y>z",
  "<p/onclick=evil()/x>y",
  "<portal src=http://evil/></portal>",
  "<marquee onstart=evil()>x</marquee>",
  "<details ontoggle=evil() open>x</details>",
  "<img src=\"x` `<script>evil()</script>\"` `>",
};

/* Tags alone, without the attributes that are text to read or links to follow. */
static char *
loading_positions (const char *markup) {
  g_autoptr (GRegex) attributes =
    g_regex_new ("(href|title|alt|summary|abbr)=\"[^\"]*\"", 0, 0, NULL);
  g_autoptr (GRegex) text = g_regex_new ("(^|>)[^<]*", 0, 0, NULL);
  g_autofree char *less = g_regex_replace_literal (attributes, markup, -1, 0, "", 0, NULL);

  return g_regex_replace_literal (text, less, -1, 0, ">", 0, NULL);
}

static void
test_ways_out (void) {
  for (guint i = 0; i < G_N_ELEMENTS (ways_out); i++) {
    g_autoptr (PbFilteredHtml) filtered = pb_html_filter (ways_out[i]);
    g_autofree char *rest = loading_positions (filtered->markup->str);

    g_test_message ("%s → %s", ways_out[i], filtered->markup->str);
    html_judge_markup (filtered->markup->str);
    html_judge_style (filtered->style->str);
    g_assert_null (strstr (rest, "evil"));
    g_assert_null (strstr (filtered->markup->str, "javascript"));
    g_assert_null (strstr (filtered->style->str, "evil"));
  }
}

static void
test_kept (void) {
  static const char *const cases[][2] = {
    { "", "" },
    { "Hello", "Hello" },
    { "a &lt; b &amp; c", "a &lt; b &amp; c" },
    { "<p>Hello <b>you</b></p>", "<p>Hello <b>you</b></p>" },
    { "<P CLASS=\"a b\">x</P>", "<p class=\"a b\">x</p>" },
    { "<p>a<p>b", "<p>a</p><p>b</p>" },
    { "a<br>b<br/>c", "a<br>b<br>c" },
    { "<font color=red face=Arial size=2>x</font>",
      "<font color=\"red\" face=\"Arial\" size=\"2\">x</font>" },
    { "<table width=100% border=0><tr><td>a<td>b</table>",
      "<table width=\"100%\" border=\"0\"><tr><td>a</td><td>b</td></tr></table>" },
    { "<a href=http://example.org/?a=1&amp;b=2>x</a>",
      "<a href=\"http://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer\">x</a>" },
    { "<a href=mailto:a@example.org>x</a>",
      "<a href=\"mailto:a@example.org\" rel=\"noopener noreferrer\">x</a>" },
    { "<a href=#top>x</a><a name=top>y</a>",
      "<a href=\"#m-top\" rel=\"noopener noreferrer\">x</a><a name=\"m-top\">y</a>" },
    { "<img src=cid:p@x alt=\"a 'b'\">", "<img alt=\"a &#39;b&#39;\" src=\"cid:p@x\">" },
    { "<img src=\"data:image/png;base64,AAAA\">", "<img src=\"data:image/png;base64,AAAA\">" },
    { "<img src=http://example.org/ width=9 height=8 alt=x>",
      "<img class=\"pb-remote\" width=\"9\" height=\"8\" alt=\"x\">" },
    { "<unknown>a<b>b</b></unknown>", "a<b>b</b>" },
    { "<form>a<input>b</form>", "ab" },
    { "<noscript>a</noscript>", "a" },
    { "<p id=x>a", "<p id=\"m-x\">a</p>" },
    { "<p class=\"pb-message a pb-paper\">x", "<p class=\"a\">x</p>" },
    { "<p style=\"color: red; position: fixed; margin: 0\">x",
      "<p style=\"color:red;margin:0;\">x</p>" },
    { "<p style=\"font-family:'Foo Bar',宋体\">x",
      "<p style=\"font-family:&#39;Foo Bar&#39;,宋体;\">x</p>" },
    { "<html><head><title>t</title></head><body bgcolor=white>x</body></html>",
      "<div class=\"pb-body\" bgcolor=\"white\">x</div>" },
    { "<p title='<b>'>x", "<p title=\"&lt;b&gt;\">x</p>" },
    { "</p></div>x", "x" },
    { "中文 ünï", "中文 ünï" },
    { "&nbsp;&#x4e2d;&copy;", "\302\240中©" },
    { "<p width='\"><b>'>x", "<p>x</p>" },
    { "<meta charset=gb2312><p>中文", "<p>中文</p>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbFilteredHtml) filtered = pb_html_filter (cases[i][0]);
    g_test_message ("%s", cases[i][0]);
    g_assert_cmpstr (filtered->markup->str, ==, cases[i][1]);
    html_judge_markup (filtered->markup->str);
  }
}

static void
test_style (void) {
  static const char *const cases[][2] = {
    { "p{color:red}", ".pb-message p{color:red;}\n" },
    { "P { COLOR : red ; ; margin:0 }", ".pb-message P{color:red;margin:0;}\n" },
    { "a,b>c{color:red}", ".pb-message a,.pb-message b>c{color:red;}\n" },
    { "body{color:red}", ".pb-message .pb-body{color:red;}\n" },
    { "body.x p{color:red}", ".pb-message .pb-body.x p{color:red;}\n" },
    { "html,:root{color:red}", ".pb-message,.pb-message{color:red;}\n" },
    { "html body{color:red}", ".pb-message .pb-body{color:red;}\n" },
    { "html~*{color:red}", "" },
    { "#x a:hover{color:red}", ".pb-message #m-x a:hover{color:red;}\n" },
    { ".pb-quote{color:red}", "" },
    { ".pb-quote,p{color:red}", ".pb-message p{color:red;}\n" },
    { "*{color:red}", ".pb-message *{color:red;}\n" },
    { "a[href^=\"x\"]{color:red}", ".pb-message a[href^=\"x\"]{color:red;}\n" },
    { "a[x=\"y{\"]{color:red}", "" },
    { "a\\:b{color:red}p{color:blue}", ".pb-message p{color:blue;}\n" },
    { "@media screen and (max-width:600px){p{color:red}}",
      "@media screen and (max-width:600px){.pb-message p{color:red;}\n}\n" },
    { "@media (prefers-color-scheme:dark){p{color:red}}", "" },
    { "@import 'x';p{color:red}", ".pb-message p{color:red;}\n" },
    { "@font-face{src:url(x)}p{color:red}", ".pb-message p{color:red;}\n" },
    { "@unknown x{y{z:1}}p{color:red}", ".pb-message p{color:red;}\n" },
    { "p{color:red", ".pb-message p{color:red;}\n" },
    { "}}p{color:red}}", ".pb-message p{color:red;}\n" },
    { "/*x*/p/*y*/{/*z*/color:/**/red}", ".pb-message p{color:red;}\n" },
    { "<!-- p{color:red} -->", ".pb-message p{color:red;}\n" },
    { "p{background:#fff url(x.png) no-repeat}", ".pb-message p{background:#fff no-repeat;}\n" },
    { "p{color:rgb(1,2,3);width:calc(100% - (2px + 1px));height:foo(1)}",
      ".pb-message p{color:rgb(1,2,3);width:calc(100% - (2px + 1px));}\n" },
    { "p{color:red !important}", ".pb-message p{color:red !important;}\n" },
    { "p{mso-x:1;-webkit-y:2}", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *html = g_strdup_printf ("<style>%s</style>", cases[i][0]);
    g_autoptr (PbFilteredHtml) filtered = pb_html_filter (html);
    g_test_message ("%s", cases[i][0]);
    g_assert_cmpstr (filtered->style->str, ==, cases[i][1]);
    html_judge_style (filtered->style->str);
  }
}

static void
test_counts (void) {
  static const struct {
    const char *html;
    guint remote;
    gboolean colors;
  } cases[] = {
    { "x", 0, FALSE },
    { "<img src=cid:x>", 0, FALSE },
    { "<img src=http://e/><img src=https://e/><img src=//e/>", 3, FALSE },
    { "<img src=http://e/ srcset='http://e/ 2x'>", 1, FALSE },
    { "<img srcset='http://e/ 2x'>", 1, FALSE },
    { "<table background=http://e/>", 1, FALSE },
    { "<p style='background:url(http://e/)'>", 1, FALSE },
    { "<style>p{background:url(\"https://e/\")}</style>", 1, FALSE },
    { "<style>p{background:url(x)}</style>", 0, FALSE },
    { "<p bgcolor=red>", 0, TRUE },
    { "<p style='color:red'>", 0, TRUE },
    { "<style>p{background-color:red}</style>", 0, TRUE },
    { "<p style='font-size:12px'>", 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbFilteredHtml) filtered = pb_html_filter (cases[i].html);
    g_test_message ("%s", cases[i].html);
    g_assert_cmpuint (filtered->remote_images, ==, cases[i].remote);
    g_assert_cmpint (filtered->sets_colors, ==, cases[i].colors);
  }
}

/* What came out goes through unchanged. */
static void
test_stable (void) {
  static const char *const pages[] = {
    "<html><head><style>body{color:red}#a .b{margin:0}@media all{p{color:blue}}</style></head>"
    "<body class=c><p id=a>Hello <a href='http://example.org/ü ?x=1&amp;y=2'>link</a><img "
    "src=http://e/ width=3>"
    "<table><tr><td style='font-family:\"A "
    "B\"'>x</td></tr></table><ul><li>1<li>2</ul></body></html>",
    "<div><a href=#x>x</a><a name=x>y</a><img src=cid:a%20b@c><blockquote>q</blockquote></div>",
    "&lt;script&gt; &amp;lt; `'\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autoptr (PbFilteredHtml) once = pb_html_filter (pages[i]);
    g_autofree char *again =
      g_strdup_printf ("<style>%s</style>%s", once->style->str, once->markup->str);
    g_autoptr (PbFilteredHtml) twice = pb_html_filter (again);
    g_assert_cmpstr (once->markup->str, ==, twice->markup->str);
    g_assert_cmpstr (once->style->str, ==, twice->style->str);
  }
}

/* What markup is cut and glued from. */
static const char *const mutation_pieces[] = {
  "<",
  ">",
  "</",
  "\"",
  "'",
  "=",
  "&",
  "&#",
  ";",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "/*",
  "*/",
  "\\",
  "{",
  "}",
  "(",
  ")",
  "url(",
  "@import",
  "@media ",
  "style=",
  "<style>",
  "</style>",
  "<script>",
  "</script>",
  "<svg>",
  "<math>",
  "<p ",
  "<a href=",
  "<img src=",
  "http://evil/",
  "javascript:",
  "cid:",
  "data:image/png;base64,",
  "onclick=",
  "color:red",
  " ",
  "\n",
  "\t",
  "x",
  "中",
  "\302\205",
  "<table>",
  "<td>",
  "<template>",
  "<textarea>",
  "<title>",
  "</div>",
  "<div>",
  "<noscript>",
  "<object>",
  "</object>",
  "\001",
};

static void
test_mutations (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (99);

  for (guint i = 0; i < 8000; i++) {
    g_autoptr (GString) html = g_string_new (
      i % 2 ? ways_out[(guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (ways_out))] : "");
    for (guint n = (guint) g_rand_int_range (rand, 0, 16); n > 0; n--) {
      g_autofree char *before = g_strndup (html->str, html->len);
      gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) html->len + 1);
      g_string_insert (html, (gssize) at,
                       mutation_pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (mutation_pieces))]);
      if (!g_utf8_validate (html->str, -1, NULL))
        g_string_assign (html, before);
    }
    g_autoptr (PbFilteredHtml) filtered = pb_html_filter (html->str);
    g_autofree char *plain = pb_html_to_text (html->str, 1000);
    html_judge_markup (filtered->markup->str);
    html_judge_style (filtered->style->str);
    g_assert_cmpuint (strlen (plain), <=, 1000);
    g_assert_true (g_utf8_validate (plain, -1, NULL));
  }
}

static GString *
repeat (const char *text, gsize total) {
  GString *out = g_string_sized_new (total);

  while (*text && out->len + strlen (text) < total)
    g_string_append (out, text);
  return out;
}

/* Pages made to be slow or to need much memory: the big ones are only timed, the small ones
 * judged. */
static void
filter_hostile (const char *first, const char *second) {
  static const gsize sizes[] = { 32 * 1024, 1024 * 1024 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GString) html = repeat (first, sizes[i]);
    g_autoptr (GString) more = repeat (second, sizes[i]);
    g_string_append_len (html, more->str, (gssize) more->len);
    g_autoptr (PbFilteredHtml) filtered = pb_html_filter (html->str);
    if (i == 0)
      html_judge_markup (filtered->markup->str);
    else
      g_assert_cmpuint (filtered->markup->len, <, 40 * html->len);
  }
}

static void
test_hostile (void) {
  static const char *const pieces[][2] = {
    { "<div>", "" },
    { "<b>", "</i>" },
    { "<table><tr><td>", "" },
    { "<a href=x", "" },
    { "<!--", "" },
    { "<style>", "" },
    { "&amp", "" },
    { "<p ", "" },
    { "<font><p>", "" },
    { "<style>{", "" },
    { "<p style='(((((", "" },
    { "<p a=b ", "" },
    { "<select>", "</p>" },
    { "<style>@media{", "" },
    { "<style>a,", "" },
    { "<style>p{a:(", "" },
    { "<b z=", "" },
    { "<b z='", "\"" },
  };
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    gint64 before = g_get_monotonic_time ();
    filter_hostile (pieces[i][0], pieces[i][1]);
    g_test_message ("%s %s: %.2f s", pieces[i][0], pieces[i][1],
                    (double) (g_get_monotonic_time () - before) / G_USEC_PER_SEC);
  }
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_test_minimized_result (seconds, "%.2f s for hostile pages", seconds);
  g_assert_cmpfloat (seconds, <, 50);
}

/* One tag with very many attributes, wherever the tag is hidden, costs the parser the square of
 * their number. */
static void
test_many_attributes (void) {
  static const char *const starts[] = {
    "<p",
    "<p x=\">\"",
    "<!-- <b x=\"--><p",
    "<script>'<b x=\"'</script><p",
    "<p x='<b y=\"' ",
    "<title><b z='</title><p",
    "<p <b ",
    "<b x=\"\" y='",
    "<p ='>' \"a",
  };
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    g_autoptr (GString) html = g_string_new (starts[i]);
    for (guint n = 0; n < 150000; n++)
      g_string_append_printf (html, " a%u", n);
    g_string_append (html, ">text");
    g_autoptr (PbFilteredHtml) filtered = pb_html_filter (html->str);
    g_assert_nonnull (filtered);
  }
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_test_minimized_result (seconds, "%.2f s for many attributes", seconds);
  g_assert_cmpfloat (seconds, <, 30);

  g_autoptr (PbFilteredHtml) usual = pb_html_filter ("<p title=\"a > b = 'c'\" id = x class='y'>z");
  g_assert_cmpstr (usual->markup->str, ==,
                   "<p class=\"y\" title=\"a &gt; b = &#39;c&#39;\" id=\"m-x\">z</p>");
}

static void
test_depth (void) {
  g_autoptr (GString) html = repeat ("<div>", 400 * 5);

  g_string_append (html, "deep");
  g_autoptr (PbFilteredHtml) filtered = pb_html_filter (html->str);
  g_assert_nonnull (strstr (filtered->markup->str, "deep"));
  html_judge_markup (filtered->markup->str);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/html-filter/ways-out", test_ways_out);
  g_test_add_func ("/html-filter/kept", test_kept);
  g_test_add_func ("/html-filter/style", test_style);
  g_test_add_func ("/html-filter/counts", test_counts);
  g_test_add_func ("/html-filter/stable", test_stable);
  g_test_add_func ("/html-filter/mutations", test_mutations);
  g_test_add_func ("/html-filter/hostile", test_hostile);
  g_test_add_func ("/html-filter/many-attributes", test_many_attributes);
  g_test_add_func ("/html-filter/depth", test_depth);
  return g_test_run ();
}
