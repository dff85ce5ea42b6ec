/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Parameters, addresses, dates and message ids. */

#include <string.h>

#include "pb-address.h"
#include "pb-date.h"
#include "pb-message-ids.h"
#include "pb-part.h"

/* Any bytes may be in a case. */
static void
name_case (const char *value) {
  g_autofree char *escaped = g_strescape (value, NULL);

  g_test_message ("%s", escaped);
}

static void
test_parameters (void) {
  static const struct {
    const char *value;
    const char *type;
    const char *name; /* of the parameter "name" */
  } cases[] = {
    { "text/plain; name=a.txt", "text/plain", "a.txt" },
    { "TEXT/Plain;NAME=\"a b.txt\"", "text/plain", "a b.txt" },
    { "text/plain", "text/plain", NULL },
    { "", "text/plain", NULL },
    { ";;;", "text/plain", NULL },
    { "=", "text/plain", NULL },
    { "x/y; name", "x/y", NULL },
    { "x/y; name=", "x/y", NULL },
    { "x/y; name=\"\"", "x/y", "" },
    { "x/y; name=a b c.txt; q=1", "x/y", "a b c.txt" },
    { "x/y; name=\"un;closed", "x/y", "\"un;closed" },
    { "x/y; name=\"a\\\"b\\\\c\"", "x/y", "a\"b\\c" },
    { "x/y; name=\"C:\\dir\\f.txt\"", "x/y", "C:dirf.txt" },
    { "x/y (comment; name=no); name=yes", "x/y", "yes" },
    { "text / html ; name=x", "text/html", "x" },
    { "text/plain charset=us-ascii; name=k", "text/plain", "k" },
    { "x/y; filename=no; name=yes", "x/y", "yes" },
    { "x/y; name=one; name=two", "x/y", "one" },
    { "x/y; name=\"=?utf-8?Q?=C3=BC.txt?=\"", "x/y", "ü.txt" },
    { "x/y; name==?utf-8?B?5L2g?=", "x/y", "你" },
    { "x/y; name=\"=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=\"", "x/y", "ab" },
    { "x/y; name=\"\303\274.txt\"", "x/y", "ü.txt" },
    { "x/y; name=\"\304\343\272\303.txt\"", "x/y", "你好.txt" },
    { "x/y; name*=utf-8''%e4%bd%a0.txt; name=foo", "x/y", "你.txt" },
    { "x/y; name*=utf-8'en'a%20b", "x/y", "a b" },
    { "x/y; name*=%41%42.txt", "x/y", "AB.txt" },
    { "x/y; name*=iso-8859-1''%fc", "x/y", "ü" },
    { "x/y; name*=utf-8''100%", "x/y", "100%" },
    { "x/y; name*0=\"ab\"; name*1=cd", "x/y", "abcd" },
    { "x/y; name*1=cd; name*0=\"ab\"", "x/y", "abcd" },
    { "x/y; name*0*=gb2312''%c4; name*1*=%e3; name*2=.txt", "x/y", "你.txt" },
    { "x/y; name*0=\"=?utf-8?Q?=C3=BC\"; name*1=\".txt?=\"", "x/y", "ü.txt" },
    { "x/y; name*99999999999=a", "x/y", "a" },
    { "x/y; name*x=a", "x/y", NULL },
    { "x/y; name=\"a\tb\r\n c\"", "x/y", "a b c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *data = g_strdup_printf ("Content-Type: %s\n\n", cases[i].value);
    g_autoptr (PbPart) part = pb_part_parse (data, strlen (data), NULL);
    g_autofree char *name = pb_part_dup_parameter (part, "name");

    name_case (cases[i].value);
    g_assert_cmpstr (part->type, ==, cases[i].type);
    g_assert_cmpstr (name, ==, cases[i].name);
  }
}

static void
test_file_names (void) {
  static const char *const cases[][2] = {
    { "attachment; filename=a.txt", "a.txt" },
    { "attachment; filename=\"=?utf-8?B?5A==?= =?utf-8?B?vaA=?=.txt\"", "你.txt" },
    { "attachment; filename=\"=?gb2312?B?6V0=?=.txt\"", "閉.txt" },
    { "attachment; filename*=utf-8''%e4%bd%a0.txt; filename=foo", "你.txt" },
    { "attachment; filename=", "from-the-type" },
    { "attachment", "from-the-type" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *data = g_strdup_printf (
      "Content-Type: x/y; name=from-the-type\nContent-Disposition: %s\n\n", cases[i][0]);
    g_autoptr (PbPart) part = pb_part_parse (data, strlen (data), NULL);
    g_autofree char *name = pb_part_dup_name (part);
    g_assert_cmpstr (name, ==, cases[i][1]);
  }
}

/* "name|address" for each, separated by a space. */
static char *
flatten (const char *raw) {
  g_autoptr (GPtrArray) list = pb_address_list_parse (raw, strlen (raw));
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++) {
    const PbAddress *address = g_ptr_array_index (list, i);
    g_string_append_printf (out, "[%s|%s]", address->name ? address->name : "-", address->address);
  }
  return g_string_free (out, FALSE);
}

static void
test_addresses (void) {
  static const char *const cases[][2] = {
    { "", "" },
    { "ann@example.org", "[-|ann@example.org]" },
    { "<ann@example.org>", "[-|ann@example.org]" },
    { "Ann <ann@example.org>", "[Ann|ann@example.org]" },
    { "Ann Lee <ann@example.org>, bob@example.org",
      "[Ann Lee|ann@example.org][-|bob@example.org]" },
    { "\"Lee, Ann\" <ann@example.org>", "[Lee, Ann|ann@example.org]" },
    { "\"a\\\"b\" <ann@example.org>", "[a\"b|ann@example.org]" },
    { "ann@example.org (Ann Lee)", "[Ann Lee|ann@example.org]" },
    { "=?utf-8?Q?J=C3=BCrgen,_X?= <j@example.org>", "[Jürgen, X|j@example.org]" },
    { "\"=?utf-8?B?w7w=?=\" <u@example.org>", "[ü|u@example.org]" },
    { "=?gb2312?B?wO7EyA==?= <li@example.org>", "[李娜|li@example.org]" },
    { "\300\356\304\310 <li@example.org>", "[李娜|li@example.org]" },
    { "J\374rgen <j@example.org>", "[Jürgen|j@example.org]" },
    { "Jo\303\253 =?utf-8?Q?=C3=A9?= Foo <j@example.org>", "[Joë é Foo|j@example.org]" },
    { "undisclosed-recipients:;", "" },
    { "Friends: a@example.org, Bob <b@example.org>;, z@example.org",
      "[-|a@example.org][Bob|b@example.org][-|z@example.org]" },
    { "a@example.org; b@example.org", "[-|a@example.org][-|b@example.org]" },
    { "Ann <ann@example.org", "[Ann|ann@example.org]" },
    { "=?utf-8?Q?Ann_=3Cann@example.org=3E?=", "[Ann|ann@example.org]" },
    { ",, <a@example.org>,,", "[-|a@example.org]" },
    { "<>", "" },
    { "MAILER DAEMON <>", "[MAILER DAEMON|]" },
    { "root", "[-|root]" },
    { "\"b@example.org\" <b@example.org>", "[b@example.org|b@example.org]" },
    { "=?utf-8?Q?a=00b=0D=0AX?= <q@example.org>", "[ab  X|q@example.org]" },
    { "Ann\r\n Lee\r\n <ann@example.org>", "[Ann Lee|ann@example.org]" },
    { "@", "" },
    { "\"\"", "" },
    { "(((((", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *list = flatten (cases[i][0]);
    name_case (cases[i][0]);
    g_assert_cmpstr (list, ==, cases[i][1]);
  }
}

static void
test_many_addresses (void) {
  g_autoptr (GString) raw = g_string_new (NULL);

  for (guint i = 0; i < 20000; i++)
    g_string_append (raw, "a@example.org, ");
  g_autoptr (GPtrArray) list = pb_address_list_parse (raw->str, raw->len);
  g_assert_cmpuint (list->len, ==, 10000);
}

static void
test_dates (void) {
  static const struct {
    const char *value;
    gint64 expected;
  } cases[] = {
    { "Mon, 1 Jan 2024 10:00:00 +0000", 1704103200 },
    { "1 Jan 2024 10:00 +0000", 1704103200 },
    { "Mon, 01 Jan 2024 10:00:00 +0800 (CST)", 1704074400 },
    { "Mon, 1 Jan 2024 05:00:00 EST", 1704103200 },
    { "Mon,  1  Jan 2024\r\n 10:00:00 GMT", 1704103200 },
    { "Mon, 1 Jan 24 10:00:00 GMT", 1704103200 },
    { "Mon, 1 Jan 2024 10:00+0000", 1704103200 },
    { "Mon, 1 Jan 2024 10:01+0000", 1704103260 },
    { "Mon, 1 Jan 2024 05:00:00-0500", 1704103200 },
    { "Mon, 1 Jan 2024 10.00.00 +0000", 1704103200 },
    { "Thu, 1 Jan 1970 00:00:00 +0000", 0 },
    { "", G_MININT64 },
    { "soon", G_MININT64 },
    { "Mon, 32 Jan 2024 10:00:00 +0000", G_MININT64 },
    { "Mon, 1 Jan 2024 25:61:00 +0000", G_MININT64 },
    { "\001\002\377", G_MININT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    name_case (cases[i].value);
    g_assert_cmpint (pb_date_parse (cases[i].value, strlen (cases[i].value)), ==,
                     cases[i].expected);
  }
}

static void
test_message_ids (void) {
  static const struct {
    const char *header;
    const char *own;
    const char *references;
  } cases[] = {
    { "Message-ID: <a@example.org>\n", "a@example.org", "" },
    { "Message-Id:\n <a@example.org> (x)\n", "a@example.org", "" },
    { "Message-ID: a@example.org\n", "a@example.org", "" },
    { "Message-ID: <a@\n example.org>\n", "a@example.org", "" },
    { "Message-ID:\n", "", "" },
    { "Subject: x\n", "", "" },
    { "References: <a@b> <c@d>\nIn-Reply-To: <c@d>\n", "", "a@b c@d" },
    { "In-Reply-To: <e@f>\nReferences: <a@b>\n\t<c@d>\n", "", "a@b c@d e@f" },
    { "In-Reply-To: Your message of Monday <e@f>\n", "", "e@f" },
    { "References: <a@b><c@d> <broken <e@f>\n", "", "a@b c@d e@f" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbPart) part = pb_part_parse (cases[i].header, strlen (cases[i].header), NULL);
    GMimeHeaderList *fields = pb_part_get_fields (part);
    g_autofree char *own = pb_message_ids_dup_own (fields);
    g_autofree char *references = pb_message_ids_dup_references (fields, 4000);

    g_assert_cmpstr (own, ==, cases[i].own);
    g_assert_cmpstr (references, ==, cases[i].references);
  }
}

static void
test_long_references (void) {
  g_autoptr (GString) header = g_string_new ("References:");

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (header, " <%u@example.org>", i);
  g_autoptr (PbPart) part = pb_part_parse (header->str, header->len, NULL);
  g_autofree char *references = pb_message_ids_dup_references (pb_part_get_fields (part), 4000);
  g_assert_cmpuint (strlen (references), <=, 4000);
  g_assert_true (g_str_has_prefix (references, "0@example.org "));
  g_assert_true (g_str_has_suffix (references, " 1999@example.org"));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/header-values/parameters", test_parameters);
  g_test_add_func ("/header-values/file-names", test_file_names);
  g_test_add_func ("/header-values/addresses", test_addresses);
  g_test_add_func ("/header-values/many-addresses", test_many_addresses);
  g_test_add_func ("/header-values/dates", test_dates);
  g_test_add_func ("/header-values/message-ids", test_message_ids);
  g_test_add_func ("/header-values/long-references", test_long_references);
  return g_test_run ();
}
