/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Subjects of replies in many languages, and what is none of them. */

#include "pb-subject.h"

static const struct {
  const char *subject;
  const char *base;
  gboolean is_reply;
} cases[] = {
  { "", "", FALSE },
  { "   ", "", FALSE },
  { "Figures", "Figures", FALSE },
  { "Re: Figures", "Figures", TRUE },
  { "RE:Figures", "Figures", TRUE },
  { "re : Figures", "Figures", TRUE },
  { "Re: re: RE: Figures", "Figures", TRUE },
  { "RE[2]: Figures", "Figures", TRUE },
  { "Re(12): Figures", "Figures", TRUE },
  { "Re^3: Figures", "Figures", TRUE },
  { "Re2: Figures", "Figures", TRUE },
  { "AW: WG: Zahlen", "Zahlen", TRUE },
  { "SV: VS: Tal", "Tal", TRUE },
  { "Antw: Cijfers", "Cijfers", TRUE },
  { "Odp: Liczby", "Liczby", TRUE },
  { "RE: FW: TR: Fwd: Chiffres", "Chiffres", TRUE },
  { "RE : Chiffres", "Chiffres", TRUE },
  { "R: I: Cifre", "Cifre", TRUE },
  { "r: lower case is no reply", "r: lower case is no reply", FALSE },
  { "Vá: Számok", "Számok", TRUE },
  { "V\x61\xcc\x81: Számok", "Számok", TRUE },
  { "回复: 季度数据", "季度数据", TRUE },
  { "回复：转发：季度数据", "季度数据", TRUE },
  { "回覆：季度數據", "季度數據", TRUE },
  { "答复: 轉寄: 数据", "数据", TRUE },
  { "返信: 転送: 数字", "数字", TRUE },
  { "답장: 숫자", "숫자", TRUE },
  { "ＲＥ： Figures", "Figures", TRUE },
  { "Отв: Цифры", "Цифры", TRUE },
  { "ΑΠ: Αριθμοί", "Αριθμοί", TRUE },
  { "رد: أرقام", "أرقام", TRUE },
  { "Trả lời: Số liệu", "Số liệu", TRUE },
  { "[list] Re: Figures", "[list] Figures", TRUE },
  { "Re: [list] Figures", "[list] Figures", TRUE },
  { "Re: [list] Re: [list] Figures", "[list] Figures", TRUE },
  { "[Bug 7] Crash", "[Bug 7] Crash", FALSE },
  { "【公告】 季度数据", "【公告】 季度数据", FALSE },
  { "[Fwd: Figures]", "Figures", TRUE },
  { "[Fwd: Re: Figures]", "Figures", TRUE },
  { "Figures (fwd)", "Figures", TRUE },
  { "[not closed", "[not closed", FALSE },
  { "Report: Figures", "Report: Figures", FALSE },
  { "Recent news", "Recent news", FALSE },
  { "Re Figures", "Re Figures", FALSE },
  { "Re:", "", TRUE },
  { "Re: [list]", "[list]", TRUE },
  { ": Figures", ": Figures", FALSE },
  { "[]", "[]", FALSE },
  { "]", "]", FALSE },
  { "[", "[", FALSE },
  { "Re[", "Re[", FALSE },
  { "Re[2", "Re[2", FALSE },
  { "Re[x]: Figures", "Re[x]: Figures", FALSE },
  { "2: two", "2: two", FALSE },
  { "a   b\tc", "a b c", FALSE },
};

static void
test_base (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gboolean is_reply = !cases[i].is_reply;
    g_autofree char *base = pb_subject_dup_base (cases[i].subject, &is_reply);

    g_test_message ("%s", cases[i].subject);
    g_assert_cmpstr (base, ==, cases[i].base);
    g_assert_cmpint (is_reply, ==, cases[i].is_reply);
  }
}

/* A base is its own base, however it came about. */
static void
test_twice (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *base = pb_subject_dup_base (cases[i].subject, NULL);
    g_autofree char *again = pb_subject_dup_base (base, NULL);
    g_assert_cmpstr (again, ==, base);
  }
}

static void
test_deep (void) {
  g_autoptr (GString) subject = g_string_new (NULL);

  for (guint i = 0; i < 2000; i++)
    g_string_append (subject, "Re: ");
  g_string_append (subject, "end");
  g_autofree char *base = pb_subject_dup_base (subject->str, NULL);
  g_assert_cmpstr (base, ==, "end");
}

static void
test_trivial (void) {
  static const char *const trivial[] = { "", "hi", "test", "Hello", "你好", "???????", "[a] !" };
  static const char *const telling[] = { "Figures", "季度数据", "Lunch at 1", "[Bug 777]" };

  for (guint i = 0; i < G_N_ELEMENTS (trivial); i++)
    g_assert_true (pb_subject_is_trivial (trivial[i]));
  for (guint i = 0; i < G_N_ELEMENTS (telling); i++)
    g_assert_false (pb_subject_is_trivial (telling[i]));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/subject/base", test_base);
  g_test_add_func ("/subject/twice", test_twice);
  g_test_add_func ("/subject/deep", test_deep);
  g_test_add_func ("/subject/trivial", test_trivial);
  return g_test_run ();
}
