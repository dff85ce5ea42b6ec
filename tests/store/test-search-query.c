/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is typed into a search field, and where it is found in a text. */

#include <string.h>

#include "pb-message-row.h"
#include "pb-search-query.h"

/* 2026-03-15 12:00:00 UTC. */
#define NOW G_GINT64_CONSTANT (1773576000)

static void
append_term (GString *out, const PbSearchTerm *term) {
  static const char *const names[] = { "text",    "flag",   "attachment", "folder", "anywhere",
                                       "account", "before", "since",      "larger", "smaller" };

  g_string_append_printf (out, "%s%s", term->negated ? "-" : "", names[term->kind]);
  if (term->kind == PB_TERM_TEXT && term->fields != PB_SEARCH_EVERYWHERE)
    g_string_append_printf (out, "@%u", term->fields);
  if (term->text)
    g_string_append_printf (out, term->quoted ? "\"%s\"" : ":%s", term->text);
  if (term->kind == PB_TERM_FLAG)
    g_string_append_printf (out, ":%u", term->flags);
  if (term->kind >= PB_TERM_BEFORE)
    g_string_append_printf (out, ":%" G_GINT64_FORMAT, term->number);
}

/* Terms of a group with "|" between them, groups with a space. */
static char *
describe (const char *text) {
  g_autoptr (PbSearchQuery) query = pb_search_query_new (text, NOW);
  GPtrArray *groups = pb_search_query_get_groups (query);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < groups->len; i++) {
    const GPtrArray *group = g_ptr_array_index (groups, i);
    if (i > 0)
      g_string_append_c (out, ' ');
    for (guint k = 0; k < group->len; k++) {
      if (k > 0)
        g_string_append_c (out, '|');
      append_term (out, g_ptr_array_index (group, k));
    }
  }
  g_assert_true (pb_search_query_is_empty (query) == (groups->len == 0));
  return g_string_free (out, FALSE);
}

static const struct {
  const char *typed;
  const char *meant;
} cases[] = {
  { "", "" },
  { "  \t\n ", "" },
  { "invoice", "text:invoice" },
  { "big invoice", "text:big text:invoice" },
  { "\"big invoice\"", "text\"big invoice\"" },
  { "\"never closed", "text\"never closed"
                      "\"" },
  { "-spam", "-text:spam" },
  { "-\"two words\"", "-text\"two words\"" },
  { "a OR b c", "text:a|text:b text:c" },
  { "OR a", "text:a" },
  { "a OR", "text:a" },
  { "a OR OR b", "text:a|text:b" },
  { "a or b", "text:a text:or text:b" },
  { "\"OR\"", "text\"OR\"" },
  { "a OR -b", "text:a|-text:b" },
  { "from:ann", "text@1:ann" },
  { "FROM:ann", "text@1:ann" },
  { "to:\"Ann Lee\"", "text@2\"Ann Lee\"" },
  { "-subject:offer", "-text@4:offer" },
  { "body:x attachment:y", "text@8:x text@16:y" },
  { "from:", "text:from:" },
  { "from: ann", "text:from: text:ann" },
  { "is:unread", "-flag:1" },
  { "-is:unread", "flag:1" },
  { "is:starred is:answered", "flag:2 flag:4" },
  { "is:blue", "text:is:blue" },
  { "has:attachment", "attachment" },
  { "has:cheese", "text:has:cheese" },
  { "in:archive", "folder:archive" },
  { "in:\"My Folder\"", "folder:My Folder" },
  { "in:anywhere", "anywhere" },
  { "account:work", "account:work" },
  { "before:2026-03-01", "before:1772323200" },
  { "after:2026-03-01", "since:1772323200" },
  { "after:2026-03", "since:1772323200" },
  { "before:2026", "before:1767225600" },
  { "on:2026-03-01", "since:1772323200 before:1772409600" },
  { "-on:2026-03-01", "-since:1772323200|-before:1772409600" },
  { "on:2026-02", "since:1769904000 before:1772323200" },
  { "after:today", "since:1773532800" },
  { "before:yesterday", "before:1773446400" },
  { "after:7d", "since:1772928000" },
  { "after:2w", "since:1772323200" },
  { "after:1m", "since:1771113600" },
  { "after:1y", "since:1741996800" },
  { "before:2026-13-01", "text:before:2026-13-01" },
  { "before:2026-02-30", "text:before:2026-02-30" },
  { "before:soon", "text:before:soon" },
  { "before:26", "text:before:26" },
  { "before:99999999999d", "before:-29762467200" },
  { "larger:10k", "larger:10240" },
  { "larger:2MB", "larger:2097152" },
  { "smaller:100", "smaller:100" },
  { "smaller:-1", "text:smaller:-1" },
  { "larger:99999999999999999999", "text:larger:99999999999999999999" },
  { "larger:10x", "text:larger:10x" },
  { "http://example.org", "text:http://example.org" },
  { "10:30", "text:10:30" },
  { "你好 世界", "text:你好 text:世界" },
  { "你好　世界", "text:你好 text:世界" },
  { "!!! ... a", "text:a" },
  { "-", "" },
  { "--x", "-text:-x" },
  { "a-b", "text:a-b" },
  { "\"\"", "" },
  { "from:\"\"", "text:from:\"\"" },
  { "a\"b", "text:a\"b" },
  { "\xff\xfe bad", "text:bad" },
};

static void
test_parse (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *meant = describe (cases[i].typed);
    if (strcmp (meant, cases[i].meant) != 0)
      g_test_message ("case %u: %s", i, cases[i].typed);
    g_assert_cmpstr (meant, ==, cases[i].meant);
  }
}

static void
test_limits (void) {
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *one = g_strnfill (1000000, 'x');
  g_autoptr (PbSearchQuery) long_one = pb_search_query_new (one, NOW);

  for (guint i = 0; i < 10000; i++)
    g_string_append (many, "w on:today ");
  g_autoptr (PbSearchQuery) query = pb_search_query_new (many->str, NOW);
  g_assert_cmpuint (pb_search_query_get_groups (query)->len, <=, 32);
  g_assert_cmpuint (pb_search_query_get_groups (long_one)->len, ==, 1);
}

/* The ranges put into brackets. */
static char *
mark (const char *typed, const char *text, PbSearchFields field) {
  g_autoptr (PbSearchQuery) query = pb_search_query_new (typed, NOW);
  g_autoptr (GArray) ranges = pb_search_query_find (query, text, field);
  GString *out = g_string_new (NULL);
  gsize at = 0;

  for (guint i = 0; i < ranges->len; i++) {
    PbTextRange range = g_array_index (ranges, PbTextRange, i);
    g_assert_cmpuint (range.start, >=, at);
    g_string_append_len (out, text + at, (gssize) (range.start - at));
    g_string_append_c (out, '[');
    g_string_append_len (out, text + range.start, (gssize) (range.end - range.start));
    g_string_append_c (out, ']');
    at = range.end;
  }
  g_string_append (out, text + at);
  return g_string_free (out, FALSE);
}

static const struct {
  const char *typed;
  const char *text;
  const char *marked;
} marks[] = {
  { "plan", "The Plan, planned; a floorplan.", "The [Plan], [planned]; a floorplan." },
  { "\"plan\"", "The Plan, planned.", "The [Plan], planned." },
  { "\"a b\"", "x a, b c", "x [a, b] c" },
  { "-plan", "plan", "plan" },
  { "x OR plan", "plan x", "[plan] [x]" },
  { "from:plan", "plan", "plan" },
  { "subject:plan", "plan", "[plan]" },
  { "is:unread", "unread", "unread" },
  { "eclair", "un ÉCLAIR.", "un [ÉCLAIR]." },
  { "你好", "说你好，你好吗", "说[你好]，[你好]吗" },
  { "好你好", "好你好你好", "[好你好你好]" },
  { "ガ", "ｶﾞｶﾞ", "[ｶﾞｶﾞ]" },
  { "TK程", "GTK程序", "[GTK程]序" },
  { "plan 你", "", "" },
};

static void
test_marks (void) {
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    g_autofree char *marked = mark (marks[i].typed, marks[i].text, PB_SEARCH_SUBJECT);
    g_assert_cmpstr (marked, ==, marks[i].marked);
  }
}

static char *
cut (const char *typed, const char *text, guint characters) {
  g_autoptr (PbSearchQuery) query = pb_search_query_new (typed, NOW);

  return pb_search_query_dup_snippet (query, text, characters);
}

static void
test_snippet (void) {
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 100; i++)
    g_string_append (text, i == 50 ? "the needle\n" : "some straw\n");
  g_autofree char *found = cut ("needle", text->str, 60);
  g_autofree char *all = cut ("needle", "a\n\n needle \t b", 60);
  g_autofree char *none = cut ("pin", text->str, 60);
  g_autofree char *chinese = cut ("好", "一二三四五六七八九十你好吗", 5);
  g_assert_true (g_str_has_prefix (found, "…some straw some straw"));
  g_assert_nonnull (strstr (found, "the needle some"));
  g_assert_cmpint (g_utf8_strlen (found, -1), <=, 62);
  g_assert_cmpstr (all, ==, "a needle b");
  g_assert_null (none);
  g_assert_cmpstr (chinese, ==, "一二三四五…");
}

int
main (int argc, char *argv[]) {
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-query/parse", test_parse);
  g_test_add_func ("/search-query/limits", test_limits);
  g_test_add_func ("/search-query/marks", test_marks);
  g_test_add_func ("/search-query/snippet", test_snippet);
  return g_test_run ();
}
