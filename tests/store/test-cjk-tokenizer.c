/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The tokenizer inside FTS5 against a plain scan of the folded text: random texts of many scripts,
 * thousands of queries. */

#include <sqlite3.h>
#include <string.h>

#include "pb-cjk-tokenizer.h"
#include "pb-search-fold.h"
#include "pb-search-query.h"
#include "pb-search-tokens.h"

#define N_TEXTS 200
#define N_QUERIES 6000

/* Few of each, so that sequences come again. */
static const char *const alphabets[] = {
  "的一是不了人我在有他这中大来上",
  "漢字仮名交り文がぎぐアイウガパ",
  "ｱｲｳｶﾞﾊﾟー",
  "かか\u3099ハ\u309a",
  "한국어메일각가",
  "สวัสดีน้ำที่ก่อน",
  "ພາສາລາວ",
  "ភាសាខ្មែរ",
  "မြန်မာ",
  "𠀀𠀁𠮷𪚥",
  "gtkGTKé\u0301Éeß",
  "abc",
  "ｇｔｋＧ４８",
  "0123",
  "  \n.,!-，。、「」",
  "\u200b\u00ad",
  "дйёЖ",
};

static sqlite3 *
open_database (void) {
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (pb_cjk_tokenizer_register (db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db,
                                 "CREATE VIRTUAL TABLE text USING fts5 (body, content='',"
                                 " columnsize=0, tokenize='postbag')",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  return db;
}

static void
add (sqlite3 *db, guint row, const char *text) {
  sqlite3_stmt *statement;

  sqlite3_prepare_v2 (db, "INSERT INTO text (rowid, body) VALUES (?, ?)", -1, &statement, NULL);
  sqlite3_bind_int (statement, 1, (int) row);
  sqlite3_bind_text (statement, 2, text, -1, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
  sqlite3_finalize (statement);
}

static gboolean
note_kind (const PbToken *token, gpointer data) {
  *(PbTokenKind *) data = token->kind;
  return TRUE;
}

/* Numbers of the rows, joined. */
static char *
ask (sqlite3 *db, const char *query) {
  g_autoptr (GString) expression = g_string_new (query);
  GString *rows = g_string_new (NULL);
  PbTokenKind last = PB_TOKEN_SIGN;
  sqlite3_stmt *statement;
  int code;

  g_string_replace (expression, "\"", "\"\"", 0);
  g_string_prepend_c (expression, '"');
  g_string_append_c (expression, '"');
  pb_search_tokenize (query, strlen (query), TRUE, note_kind, &last);
  if (last == PB_TOKEN_WORD)
    g_string_append_c (expression, '*');
  sqlite3_prepare_v2 (db, "SELECT rowid FROM text WHERE text MATCH ?", -1, &statement, NULL);
  sqlite3_bind_text (statement, 1, expression->str, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_string_append_printf (rows, "%d ", sqlite3_column_int (statement, 0));
  g_assert_cmpint (code, ==, SQLITE_DONE);
  sqlite3_finalize (statement);
  return g_string_free (rows, FALSE);
}

static char *
scan (GPtrArray *folded, const char *query) {
  g_autofree char *wanted = pb_fold_text (query);
  GString *rows = g_string_new (NULL);

  for (guint i = 0; i < folded->len; i++) {
    if (strstr (folded->pdata[i], wanted))
      g_string_append_printf (rows, "%u ", i + 1);
  }
  return g_string_free (rows, FALSE);
}

static char *
make_text (GRand *random) {
  GString *text = g_string_new (NULL);
  guint runs = (guint) g_rand_int_range (random, 1, 40);

  for (guint i = 0; i < runs; i++) {
    const char *alphabet = alphabets[g_rand_int_range (random, 0, G_N_ELEMENTS (alphabets))];
    glong length = g_utf8_strlen (alphabet, -1);
    for (int k = g_rand_int_range (random, 1, 8); k > 0; k--) {
      const char *p =
        g_utf8_offset_to_pointer (alphabet, g_rand_int_range (random, 0, (int) length));
      g_string_append_unichar (text, g_utf8_get_char (p));
    }
  }
  return g_string_free (text, FALSE);
}

static char *
take_part (GRand *random, const char *text, int length) {
  glong all = g_utf8_strlen (text, -1);
  glong from = g_rand_int_range (random, 0, (int) MAX (1, all - length + 1));

  return g_utf8_substring (text, from, MIN (all, from + length));
}

typedef enum { IS_SIGN, IS_WORD, IS_GAP } Class;

static Class
classify (gunichar c) {
  return pb_search_is_sign (c)                           ? IS_SIGN
         : g_unichar_isalnum (c) || g_unichar_ismark (c) ? IS_WORD
                                                         : IS_GAP;
}

/* Scripts with words are found by words: what begins between words, or has words apart, is another
 * question than a plain scan answers. So is a gap that is longer than what is kept of one. */
static gboolean
is_exact (const char *query) {
  g_autofree char *folded = pb_fold_text (query);
  Class last = IS_GAP, before_gap = IS_GAP;
  gboolean signs = FALSE;
  guint gap = 0;

  for (const char *p = folded; *p; p = g_utf8_next_char (p)) {
    Class now = classify (g_utf8_get_char (p));
    if (now == IS_GAP && last == IS_WORD && !signs)
      return FALSE;
    if (now == IS_GAP && last != IS_GAP)
      before_gap = last;
    if (now == IS_WORD && last == IS_GAP && p > folded && before_gap != IS_SIGN)
      return FALSE;
    gap = now == IS_GAP ? gap + 1 : 0;
    if (gap > 3)
      return FALSE;
    signs |= now == IS_SIGN;
    last = now;
  }
  return signs && (last != IS_GAP || before_gap == IS_SIGN);
}

static void
test_random (void) {
  static const int lengths[] = { 1, 1, 2, 2, 2, 3, 3, 6, 9 };
  g_autoptr (GRand) random = g_rand_new_with_seed (20240517);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) folded = g_ptr_array_new_with_free_func (g_free);
  sqlite3 *db = open_database ();
  guint asked = 0, found = 0;

  for (guint i = 0; i < N_TEXTS; i++) {
    g_ptr_array_add (texts, make_text (random));
    g_ptr_array_add (folded, pb_fold_text (texts->pdata[i]));
    add (db, i + 1, texts->pdata[i]);
  }
  for (guint i = 0; i < N_QUERIES; i++) {
    const char *text = texts->pdata[g_rand_int_range (random, 0, N_TEXTS)];
    int length = lengths[g_rand_int_range (random, 0, G_N_ELEMENTS (lengths))];
    g_autofree char *query = take_part (random, text, length);
    if (!is_exact (query))
      continue;
    g_autofree char *rows = ask (db, query);
    g_autofree char *wanted = scan (folded, query);
    if (!g_str_equal (rows, wanted))
      g_test_message ("query “%s”", query);
    g_assert_cmpstr (rows, ==, wanted);
    asked++;
    found += *rows != '\0';
  }
  g_test_message ("%u queries, %u found something", asked, found);
  g_assert_cmpuint (asked, >, N_QUERIES / 3);
  sqlite3_close (db);
}

/* The same through the words that pb_search_query_find () marks. */
static void
test_marks (void) {
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 1000; i++) {
    g_autofree char *text = make_text (random);
    g_autofree char *part = take_part (random, text, 2);
    if (!is_exact (part) || strpbrk (part, " \n\"-:"))
      continue;
    g_autoptr (PbSearchQuery) query = pb_search_query_new (part, 0);
    g_autoptr (GArray) ranges = pb_search_query_find (query, text, PB_SEARCH_BODY);
    g_autofree char *folded = pb_fold_text (text);
    g_autofree char *wanted = pb_fold_text (part);
    if ((ranges->len > 0) != (strstr (folded, wanted) != NULL))
      g_test_message ("“%s” in “%s”", part, text);
    g_assert_true ((ranges->len > 0) == (strstr (folded, wanted) != NULL));
    for (guint k = 0; k < ranges->len; k++) {
      PbTextRange range = g_array_index (ranges, PbTextRange, k);
      g_assert_cmpuint (range.start, <, range.end);
      g_assert_cmpuint (range.end, <=, strlen (text));
      g_assert_true (
        g_utf8_validate (text + range.start, (gssize) (range.end - range.start), NULL));
    }
  }
}

static const struct {
  const char *text;
  const char *query;
  gboolean found;
} cases[] = {
  { "GTK程序4.8版", "程序", TRUE },
  { "GTK程序4.8版", "gtk程", TRUE },
  { "GTK程序4.8版", "TK程序", TRUE },
  { "GTK程序4.8版", "k程序4", TRUE },
  { "GTK程序4.8版", "8版", TRUE },
  { "GTK程序4.8版", "4.8版", TRUE },
  { "GTK程序4.8版", "ＧＴＫ", TRUE },
  { "GTK程序4.8版", "gt", TRUE },
  { "GTK程序4.8版", "tk", FALSE },
  { "GTK 程序", "gtk程序", FALSE },
  { "程序", "程式", FALSE },
  { "程 序", "程序", FALSE },
  { "程，序", "程序", FALSE },
  { "程，序", "，序", TRUE },
  { "程。序", "，序", FALSE },
  { "程\n序", "程序", FALSE },
  { "電子郵件", "电子", FALSE },
  { "ﾒｰﾙﾎﾞｯｸｽ", "メールボックス", TRUE },
  { "メールボックス", "ﾎﾞｯ", TRUE },
  { "が", "か", FALSE },
  { "か\u3099", "が", TRUE },
  { "Éclair", "eclair", TRUE },
  { "E\u0301clair", "écl", TRUE },
  { "STRASSE", "straße", TRUE },
  { "ΟΔΟΣ", "οδος", TRUE },
  { "ΐ", "ι", TRUE },
  { "ＡＢＣ１２３", "abc123", TRUE },
  { "𠮷野家", "𠮷", TRUE },
  { "𠮷野家", "吉", FALSE },
  { "한국어", "국", TRUE },
  { "\u1112\u1161\u11ab국어", "한국", TRUE },
  { "สวัสดีครับ", "สดี", TRUE },
  { "co\u00adoperate", "cooperate", TRUE },
  { "li.na@example.org", "na@example", TRUE },
  { "don't", "don", TRUE },
  { "㍿", "株式会社", TRUE },
  { "ﬁne", "fine", TRUE },
};

static void
test_cases (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    sqlite3 *db = open_database ();
    add (db, 1, cases[i].text);
    g_autofree char *rows = ask (db, cases[i].query);
    if ((*rows != '\0') != cases[i].found)
      g_test_message ("“%s” in “%s”", cases[i].query, cases[i].text);
    g_assert_cmpint (*rows != '\0', ==, cases[i].found);
    sqlite3_close (db);
  }
}

static gboolean
count (const PbToken *token, gpointer data) {
  g_assert_cmpuint (token->length, <=, 65);
  g_assert_cmpuint (token->start, <=, token->end);
  ++*(guint *) data;
  return TRUE;
}

/* Nothing that a text can be makes it long, slow or wrong. */
static void
test_odd (void) {
  g_autoptr (GString) marks = g_string_new ("a");
  g_autoptr (GString) word = g_string_new (NULL);
  g_autofree char *gap = g_strnfill (100000, '-');
  g_autofree char *between = g_strconcat ("程", gap, "序", NULL);
  guint n = 0;

  for (guint i = 0; i < 100000; i++) {
    g_string_append (marks, "\u0301");
    g_string_append (word, "é");
  }
  g_string_append (word, "程");
  pb_search_tokenize (marks->str, marks->len, FALSE, count, &n);
  g_assert_cmpuint (n, ==, 1);
  n = 0;
  pb_search_tokenize (word->str, word->len, FALSE, count, &n);
  g_assert_cmpuint (n, ==, 2);
  n = 0;
  pb_search_tokenize (between, strlen (between), FALSE, count, &n);
  g_assert_cmpuint (n, ==, 9);
  n = 0;
  pb_search_tokenize ("", 0, TRUE, count, &n);
  g_assert_cmpuint (n, ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cjk-tokenizer/cases", test_cases);
  g_test_add_func ("/cjk-tokenizer/odd", test_odd);
  g_test_add_func ("/cjk-tokenizer/random", test_random);
  g_test_add_func ("/cjk-tokenizer/marks", test_marks);
  return g_test_run ();
}
