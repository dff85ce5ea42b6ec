/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said about each provider of the table, without a network. */

#include "pb-provider-words.h"

#include <string.h>

#include "pb-provider-table.h"

#define LINES_MAX 3

static const PbProvider *
find (const char *domain) {
  return pb_provider_table_find_domain (pb_provider_table_get_default (), domain);
}

/* Every provider has words for everything that the table says of it. */
static void
test_all (void) {
  const PbProviderTable *table = pb_provider_table_get_default ();

  for (guint i = 0; i < pb_provider_table_get_length (table); i++) {
    const PbProvider *provider = pb_provider_table_get (table, i);
    g_autofree char *secret = pb_provider_words_secret (provider);
    g_autofree char *refusal = pb_provider_words_refusal (provider);
    g_autofree char *to_switch = pb_provider_words_switch (provider);
    g_auto (GStrv) steps = pb_provider_words_steps (provider);
    g_test_message ("%s", provider->id);
    for (guint j = 0; provider->quirks[j]; j++)
      g_assert_true (pb_provider_words_know_quirk (provider->quirks[j]));
    g_assert_cmpstr (secret, !=, "");
    g_assert_cmpint (refusal != NULL, ==, !pb_provider_has_pop (provider));
    g_assert_cmpint (to_switch != NULL, ==,
                     provider->pop == PB_POP_SWITCH_ON || provider->pop == PB_POP_ADMIN);
    g_assert_cmpuint (g_strv_length (steps), <=, LINES_MAX);
    g_assert_cmpint (g_strv_length (steps) > 0, ==,
                     provider->secret != PB_SECRET_PASSWORD && provider->secret != PB_SECRET_NONE);
  }
  g_assert_false (pb_provider_words_know_quirk ("unheard-of"));
}

/* The form names the right secret, and where to get it. */
static void
test_secrets (void) {
  static const struct {
    const char *domain;
    const char *secret;
    const char *where;
  } cases[] = {
    { "qq.com", "授权码", "https://mail.qq.com/" },
    { "163.com", "授权码", "https://mail.163.com/" },
    { "126.com", "授权码", "https://mail.126.com/" },
    { "sina.com", "客户端授权码", "https://mail.sina.com.cn/" },
    { "sohu.com", "独立密码", "https://mail.sohu.com/" },
    { "139.com", "授权码", "https://mail.10086.cn/" },
    { "88.com", "专用密码", "https://www.88.com/" },
    { "exmail.qq.com", "客户端专用密码", "https://exmail.qq.com/" },
    { "gmail.com", "App password", "https://myaccount.google.com/apppasswords" },
    { "zoho.com", "Password or app password", "https://mail.zoho.com/" },
    { "t-online.de", "Passwort für E-Mail-Programme", "https://email.t-online.de/" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const PbProvider *provider = find (cases[i].domain);
    g_autofree char *secret = pb_provider_words_secret (provider);
    g_auto (GStrv) steps = pb_provider_words_steps (provider);
    g_assert_cmpstr (secret, ==, cases[i].secret);
    g_assert_cmpuint (g_strv_length (steps), >=, 2);
    g_assert_nonnull (strstr (steps[0], cases[i].secret));
    g_assert_nonnull (strstr (steps[1], cases[i].where));
  }
  g_autofree char *unknown = pb_provider_words_secret (NULL);
  g_auto (GStrv) nothing = pb_provider_words_steps (NULL);
  g_assert_cmpstr (unknown, ==, "Password");
  g_assert_cmpuint (g_strv_length (nothing), ==, 0);
}

static void
test_refusals (void) {
  static const char *const cases[][2] = {
    { "icloud.com", "iCloud Mail has no POP3, only IMAP" },
    { "proton.me", "Bridge speaks IMAP only" },
    { "tuta.com", "its own programs" },
    { "yahoo.cn", "takes no mail any more" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *refusal = pb_provider_words_refusal (find (cases[i][0]));
    g_assert_nonnull (strstr (refusal, cases[i][1]));
  }
  g_assert_null (pb_provider_words_refusal (find ("qq.com")));
  g_assert_null (pb_provider_words_refusal (NULL));
}

static void
test_sure (void) {
  g_autofree char *unsure = pb_provider_words_sure (find ("eircom.net"));

  g_assert_nonnull (unsure);
  g_assert_null (pb_provider_words_sure (find ("qq.com")));
  g_assert_null (pb_provider_words_sure (find ("hey.com")));
}

static void
test_steps (void) {
  static const PbStepKind kinds[] = { PB_STEP_TABLE, PB_STEP_SRV, PB_STEP_AUTOCONFIG, PB_STEP_MX,
                                      PB_STEP_PROBE };
  g_autoptr (PbDiscoveryStep) bad = pb_discovery_step_new (PB_STEP_PROBE, "h", "a\u202eb\nc");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (PbDiscoveryStep) step = pb_discovery_step_new (kinds[i], "h", "example.org");
    g_autofree char *question = pb_discovery_words_question (step);
    g_autofree char *waiting = pb_discovery_words_answer (step);
    g_assert_nonnull (strstr (question, "example.org"));
    g_assert_cmpstr (waiting, ==, "asking…");
    pb_discovery_step_set (step, PB_STEP_FOUND, "pop.example.org:995");
    g_autofree char *found = pb_discovery_words_answer (step);
    g_assert_cmpstr (found, ==, "found pop.example.org:995");
  }
  pb_discovery_step_set (bad, PB_STEP_FAILED, "\xff\n\u202e");
  g_autofree char *question = pb_discovery_words_question (bad);
  g_autofree char *answer = pb_discovery_words_answer (bad);
  g_assert_null (strpbrk (question, "\n"));
  g_assert_null (strstr (question, "\u202e"));
  g_assert_null (strpbrk (answer, "\n"));
  g_assert_true (g_utf8_validate (answer, -1, NULL));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/provider/all", test_all);
  g_test_add_func ("/words/provider/secrets", test_secrets);
  g_test_add_func ("/words/provider/refusals", test_refusals);
  g_test_add_func ("/words/provider/sure", test_sure);
  g_test_add_func ("/words/provider/steps", test_steps);
  return g_test_run ();
}
