/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of a server, well-formed and not. */

#include <string.h>

#include "pb-pop3-response.h"

#define BYTES(text) (const guint8 *) (text), strlen (text)

/* Which case it is, as the test's output must be UTF-8. */
static void
tell (const char *line) {
  g_autofree char *escaped = g_strescape (line, NULL);

  g_test_message ("%s", escaped);
}

static void
assert_span (const PbPop3Span *span, const char *text) {
  g_assert_cmpmem (span->data, span->length, text, strlen (text));
}

typedef struct {
  const char *line;
  int ok; /* -1: not a status */
  const char *code;
  const char *text;
} StatusCase;

static const StatusCase status_cases[] = {
  { "+OK", 1, "", "" },
  { "+OK ", 1, "", "" },
  { "+OK ready", 1, "", "ready" },
  { "+OK\t two  blanks ", 1, "", "two  blanks" },
  { "+ok lower", 1, "", "lower" },
  { "+OK, with a comma", 1, "", ", with a comma" },
  { "-ERR", 0, "", "" },
  { "-ERR [IN-USE] locked", 0, "IN-USE", "[IN-USE] locked" },
  { "-ERR [SYS/TEMP]", 0, "SYS/TEMP", "[SYS/TEMP]" },
  { "-ERR [] empty", 0, "", "[] empty" },
  { "-ERR [not a code] text", 0, "", "[not a code] text" },
  { "-ERR [OPEN", 0, "", "[OPEN" },
  { "-ERR later [AUTH]", 0, "", "later [AUTH]" },
  { "-ERR \xff\xfe", 0, "", "\xff\xfe" },
  { "", -1, NULL, NULL },
  { "+", -1, NULL, NULL },
  { "+O", -1, NULL, NULL },
  { "+OKAY", -1, NULL, NULL },
  { "-ERROR", -1, NULL, NULL },
  { " +OK", -1, NULL, NULL },
  { "* OK IMAP4 ready", -1, NULL, NULL },
  { "220 smtp.example.org ready", -1, NULL, NULL },
  { "HTTP/1.1 400 Bad Request", -1, NULL, NULL },
};

static void
test_status (void) {
  for (guint i = 0; i < G_N_ELEMENTS (status_cases); i++) {
    const StatusCase *c = &status_cases[i];
    PbPop3Status status;

    tell (c->line);
    g_assert_cmpint (pb_pop3_status_parse (&status, BYTES (c->line)), ==, c->ok >= 0);
    if (c->ok < 0)
      continue;
    g_assert_cmpint (status.ok, ==, c->ok);
    assert_span (&status.code, c->code);
    assert_span (&status.text, c->text);
  }
}

/* A bracket that is opened and closed late must not be searched for ever. */
static void
test_status_long_code (void) {
  g_autofree char *filling = g_strnfill (70, 'A');
  g_autofree char *line = g_strconcat ("-ERR [", filling, "] text", NULL);
  PbPop3Status status;

  g_assert_true (pb_pop3_status_parse (&status, BYTES (line)));
  g_assert_cmpuint (status.code.length, ==, 0);
}

typedef struct {
  const char *text;
  int count; /* -1: refused */
  guint64 octets;
} StatCase;

static const StatCase stat_cases[] = {
  { "2 320", 2, 320 },
  { "0 0", 0, 0 },
  { "  2   320  octets", 2, 320 },
  { "2\t320", 2, 320 },
  { "2", 2, 0 },
  { "2 messages", 2, 0 },
  { "2 99999999999999999999", 2, 0 },
  { "2 18446744073709551615", 2, G_MAXUINT64 },
  { "2147483647 1", G_MAXINT, 1 },
  { "2147483648 1", -1, 0 },
  { "99999999999999999999 1", -1, 0 },
  { "-1 1", -1, 0 },
  { "+1 1", -1, 0 },
  { "2,320", -1, 0 },
  { "0x10 1", -1, 0 },
  { "you have mail", -1, 0 },
  { "", -1, 0 },
};

static void
test_stat (void) {
  for (guint i = 0; i < G_N_ELEMENTS (stat_cases); i++) {
    const StatCase *c = &stat_cases[i];
    PbPop3Span span = { BYTES (c->text) };
    guint count = 0;
    guint64 octets = 1234;

    tell (c->text);
    g_assert_cmpint (pb_pop3_stat_parse (&span, &count, &octets), ==, c->count >= 0);
    if (c->count < 0)
      continue;
    g_assert_cmpuint (count, ==, c->count);
    g_assert_cmpuint (octets, ==, c->octets);
  }
}

typedef struct {
  const char *line;
  guint number; /* 0: refused */
  gboolean has_size;
  guint64 size;
} ListCase;

static const ListCase list_cases[] = {
  { "1 120", 1, TRUE, 120 },
  { " 1\t  120 trailing text", 1, TRUE, 120 },
  { "1 0", 1, TRUE, 0 },
  { "1", 1, FALSE, 0 },
  { "1 ", 1, FALSE, 0 },
  { "1 -5", 1, FALSE, 0 },
  { "1 120k", 1, FALSE, 0 },
  { "1 18446744073709551615", 1, TRUE, G_MAXUINT64 },
  { "1 18446744073709551616", 1, FALSE, 0 },
  { "1 99999999999999999999999", 1, FALSE, 0 },
  { "2147483647 1", G_MAXINT, TRUE, 1 },
  { "2147483648 1", 0, FALSE, 0 },
  { "4294967297 1", 0, FALSE, 0 },
  { "0 120", 0, FALSE, 0 },
  { "-1 120", 0, FALSE, 0 },
  { "one 120", 0, FALSE, 0 },
  { "1: 120", 0, FALSE, 0 },
  { "", 0, FALSE, 0 },
};

static void
test_list (void) {
  for (guint i = 0; i < G_N_ELEMENTS (list_cases); i++) {
    const ListCase *c = &list_cases[i];
    PbPop3Row row;

    tell (c->line);
    g_assert_cmpint (pb_pop3_row_parse_list (&row, BYTES (c->line)), ==, c->number > 0);
    if (c->number == 0)
      continue;
    g_assert_cmpuint (row.number, ==, c->number);
    g_assert_cmpint (row.has_size, ==, c->has_size);
    g_assert_cmpuint (row.size, ==, c->size);
  }
}

typedef struct {
  const char *line;
  guint number; /* 0: refused */
  const char *uid;
} UidlCase;

static const UidlCase uidl_cases[] = {
  { "1 whqtswO00WBw418f9t5JxYwZ", 1, "whqtswO00WBw418f9t5JxYwZ" },
  { "  2    abc  ", 2, "abc" },
  { "3 two words", 3, "two words" },
  { "4 \xe4\xff", 4, "\xe4\xff" },
  { "5", 5, "" },
  { "6 ", 6, "" },
  { "7 0", 7, "0" },
  { "0 abc", 0, NULL },
  { "abc 1", 0, NULL },
  { "99999999999 abc", 0, NULL },
};

static void
test_uidl (void) {
  for (guint i = 0; i < G_N_ELEMENTS (uidl_cases); i++) {
    const UidlCase *c = &uidl_cases[i];
    PbPop3Row row;

    tell (c->line);
    g_assert_cmpint (pb_pop3_row_parse_uidl (&row, BYTES (c->line)), ==, c->number > 0);
    if (c->number == 0)
      continue;
    g_assert_cmpuint (row.number, ==, c->number);
    assert_span (&row.uid, c->uid);
  }
}

static void
test_uidl_length (void) {
  g_autofree char *longest = g_strnfill (PB_POP3_UID_MAX, 'u');
  g_autofree char *good = g_strconcat ("1 ", longest, NULL);
  g_autofree char *bad = g_strconcat ("1 x", longest, NULL);
  PbPop3Row row;

  g_assert_true (pb_pop3_row_parse_uidl (&row, BYTES (good)));
  assert_span (&row.uid, longest);
  g_assert_true (pb_pop3_row_parse_uidl (&row, BYTES (bad)));
  g_assert_cmpuint (row.uid.length, ==, 0);
}

static void
test_capabilities (void) {
  static const struct {
    const char *line;
    const char *capability;
  } cases[] = {
    { "TOP", "TOP" },
    { "sasl  PLAIN\tLOGIN ", "SASL PLAIN LOGIN" },
    { "IMPLEMENTATION Some-Server 1.0", "IMPLEMENTATION Some-Server 1.0" },
    { "  ", NULL },
    { "", NULL },
    { "X\x01Y", "X Y" },
  };
  static const char *const list[] = { "TOP", "LOGIN-DELAY 60", "SASL PLAIN", NULL };
  const char *argument = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *capability = pb_pop3_capability_parse (BYTES (cases[i].line));
    g_assert_cmpstr (capability, ==, cases[i].capability);
  }
  g_assert_true (pb_pop3_capabilities_find (list, "TOP", &argument));
  g_assert_cmpstr (argument, ==, "");
  g_assert_true (pb_pop3_capabilities_find (list, "LOGIN-DELAY", &argument));
  g_assert_cmpstr (argument, ==, "60");
  g_assert_false (pb_pop3_capabilities_find (list, "LOGIN", NULL));
  g_assert_false (pb_pop3_capabilities_find (list, "PIPELINING", NULL));
  g_assert_false (pb_pop3_capabilities_find (NULL, "TOP", NULL));
}

static void
test_printable (void) {
  static const struct {
    const char *text;
    gsize limit;
    const char *printable;
  } cases[] = {
    { "plain", 100, "plain" },
    { "a\x1b[31m\tb", 100, "a [31m b" },
    { "gr\xc3\xbc\xc3\x9f", 100, "gr\xc3\xbc\xc3\x9f" },
    { "gr\xc3\xbc\xc3\x9f", 5, "gr\xc3\xbc" },
    { "\xfc!", 100, "\xef\xbf\xbd!" },
    { "0123456789", 4, "0123" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    PbPop3Span span = { BYTES (cases[i].text) };
    g_autofree char *printable = pb_pop3_span_to_printable (&span, cases[i].limit);
    g_assert_cmpstr (printable, ==, cases[i].printable);
  }
}

static void
test_challenge (void) {
  static const struct {
    const char *line;
    const char *challenge; /* NULL: none */
  } cases[] = {
    { "+", "" },         { "+ ", "" },         { "+  ", "" },         { "+ dGVzdA==", "dGVzdA==" },
    { "+ a b ", "a b" }, { "+ +OK", "+OK" },   { "+ \xff", "\xff" },  { "", NULL },
    { "+OK", NULL },     { "+OK done", NULL }, { "+dGVzdA==", NULL }, { "-ERR", NULL },
    { " + dGVz", NULL }, { "-", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    PbPop3Span challenge = { 0 };
    gboolean fine = pb_pop3_challenge_parse (&challenge, BYTES (cases[i].line));

    tell (cases[i].line);
    g_assert_true (fine == (cases[i].challenge != NULL));
    if (fine)
      assert_span (&challenge, cases[i].challenge);
  }
}

static void
test_policies (void) {
  static const struct {
    const char *capability;
    int days; /* -1: not said */
    guint delay;
  } cases[] = {
    { "EXPIRE 60", 60, 0 },
    { "EXPIRE 0", 0, 0 },
    { "EXPIRE 30 USER", 30, 0 },
    { "EXPIRE NEVER", PB_POP3_EXPIRE_NEVER, 0 },
    { "EXPIRE never USER", PB_POP3_EXPIRE_NEVER, 0 },
    { "EXPIRE NEVERMORE", -1, 0 },
    { "EXPIRE -1 USER", -1, 0 },
    { "EXPIRE 99999999999", -1, 0 },
    { "EXPIRE 2147483647", -1, 0 },
    { "EXPIRE soon", -1, 0 },
    { "EXPIRE", -1, 0 },
    { "EXPIRES 5", -1, 0 },
    { "LOGIN-DELAY 900", -1, 900 },
    { "LOGIN-DELAY 120 USER", -1, 120 },
    { "LOGIN-DELAY 999999999999", -1, 24 * 60 * 60 },
    { "LOGIN-DELAY 99999999999999999999999", -1, 0 },
    { "LOGIN-DELAY 5m", -1, 0 },
    { "LOGIN-DELAY", -1, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *const capabilities[] = { "TOP", cases[i].capability, NULL };
    int days = -1;
    guint delay = 0;

    tell (cases[i].capability);
    g_assert_true (pb_pop3_capabilities_get_expire (capabilities, &days) == (cases[i].days >= 0));
    g_assert_cmpint (days, ==, cases[i].days);
    g_assert_true (pb_pop3_capabilities_get_login_delay (capabilities, &delay) ==
                   (cases[i].delay > 0));
    g_assert_cmpuint (delay, ==, cases[i].delay);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/pop3-response/status", test_status);
  g_test_add_func ("/protocol/pop3-response/status-long-code", test_status_long_code);
  g_test_add_func ("/protocol/pop3-response/challenge", test_challenge);
  g_test_add_func ("/protocol/pop3-response/policies", test_policies);
  g_test_add_func ("/protocol/pop3-response/stat", test_stat);
  g_test_add_func ("/protocol/pop3-response/list", test_list);
  g_test_add_func ("/protocol/pop3-response/uidl", test_uidl);
  g_test_add_func ("/protocol/pop3-response/uidl-length", test_uidl_length);
  g_test_add_func ("/protocol/pop3-response/capabilities", test_capabilities);
  g_test_add_func ("/protocol/pop3-response/printable", test_printable);
  return g_test_run ();
}
