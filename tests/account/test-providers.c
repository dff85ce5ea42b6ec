/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of the program is sound and knows whom it should; a damaged one is refused. */

#include "pb-provider-table.h"

#include <string.h>

#include "pb-error.h"

#define PROVIDERS_MIN 60

static const PbProvider *
find (const char *domain) {
  return pb_provider_table_find_domain (pb_provider_table_get_default (), domain);
}

static void
assert_text (const char *text) {
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
}

static void
assert_name (const char *name) {
  g_assert_true (*name && name[0] != '.' && name[strlen (name) - 1] != '.');
  g_assert_cmpuint (strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-.*"), ==, strlen (name));
}

static void
assert_sound (const PbProvider *provider) {
  const char *const texts[] = { provider->name, provider->pop_path, provider->secret_name,
                                provider->url, provider->secret_url };
  g_autoptr (GPtrArray) endpoints = pb_provider_list_endpoints (provider, "example.org");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_text (texts[i]);
  for (guint i = 0; provider->domains[i]; i++)
    assert_name (provider->domains[i]);
  for (guint i = 0; provider->mx[i]; i++)
    assert_name (provider->mx[i]);
  g_assert_true (!*provider->url || g_str_has_prefix (provider->url, "https://"));
  g_assert_true (g_str_has_prefix (provider->secret_url, "https://") || !*provider->url);
  g_assert_cmpint (pb_provider_has_pop (provider), ==, endpoints->len > 0);
  for (guint i = 0; i < endpoints->len; i++) {
    const PbEndpoint *endpoint = endpoints->pdata[i];
    assert_name (endpoint->host);
    g_assert_cmpuint (endpoint->port, ==, endpoint->security == PB_SECURITY_TLS ? 995 : 110);
  }
  /* Where a secret of its own is wanted it can be told where to get it. */
  if (provider->secret == PB_SECRET_CODE || provider->secret == PB_SECRET_APP_PASSWORD)
    g_assert_true (*provider->secret_url);
  if (provider->secret == PB_SECRET_CODE)
    g_assert_true (*provider->secret_name || *provider->pop_path);
}

static void
test_sound (void) {
  const PbProviderTable *table = pb_provider_table_get_default ();
  guint with_pop = 0;

  for (guint i = 0; i < pb_provider_table_get_length (table); i++) {
    const PbProvider *provider = pb_provider_table_get (table, i);
    assert_sound (provider);
    with_pop += pb_provider_has_pop (provider);
    g_assert_true (pb_provider_table_find (table, provider->id) == provider);
  }
  g_assert_cmpuint (with_pop, >=, PROVIDERS_MIN);
}

/* Everybody whom people will ask for first. */
static const struct {
  const char *address;
  const char *server; /* NULL: no POP3 */
  const char *user;
  PbSecretKind secret;
  const char *secret_name;
} known[] = {
  { "li@qq.com", "pop.qq.com:995", "li@qq.com", PB_SECRET_CODE, "授权码" },
  { "li@foxmail.com", "pop.qq.com:995", "li@foxmail.com", PB_SECRET_CODE, "授权码" },
  { "li@163.com", "pop.163.com:995", "li@163.com", PB_SECRET_CODE, "授权码" },
  { "li@126.com", "pop.126.com:995", "li@126.com", PB_SECRET_CODE, "授权码" },
  { "li@yeah.net", "pop.yeah.net:995", "li@yeah.net", PB_SECRET_CODE, "授权码" },
  { "li@sina.com", "pop.sina.com:995", "li@sina.com", PB_SECRET_CODE, "客户端授权码" },
  { "li@sohu.com", "pop3.sohu.com:995", "li@sohu.com", PB_SECRET_CODE, "独立密码" },
  { "li@aliyun.com", "pop3.aliyun.com:995", "li@aliyun.com", PB_SECRET_MAYBE_CODE,
    "客户端专用密码" },
  { "li@139.com", "pop.139.com:995", "li@139.com", PB_SECRET_CODE, "授权码" },
  { "li@189.cn", "pop.189.cn:995", "li@189.cn", PB_SECRET_PASSWORD, "" },
  { "li@gmail.com", "pop.gmail.com:995", "li@gmail.com", PB_SECRET_APP_PASSWORD, "" },
  { "li@outlook.com", "outlook.office365.com:995", "li@outlook.com", PB_SECRET_OAUTH, "" },
  { "li@hotmail.co.uk", "outlook.office365.com:995", "li@hotmail.co.uk", PB_SECRET_OAUTH, "" },
  { "li@yahoo.com", "pop.mail.yahoo.com:995", "li@yahoo.com", PB_SECRET_APP_PASSWORD, "" },
  { "li@aol.com", "pop.aol.com:995", "li@aol.com", PB_SECRET_APP_PASSWORD, "" },
  { "li@gmx.de", "pop.gmx.net:995", "li@gmx.de", PB_SECRET_APP_PASSWORD_2FA,
    "anwendungsspezifisches Passwort" },
  { "li@WEB.DE", "pop3.web.de:995", "li", PB_SECRET_APP_PASSWORD_2FA,
    "anwendungsspezifisches Passwort" },
  { "li@orange.fr", "pop.orange.fr:995", "li@orange.fr", PB_SECRET_PASSWORD, "" },
  { "li@free.fr", "pop.free.fr:995", "li", PB_SECRET_PASSWORD, "" },
  { "li@libero.it", "popmail.libero.it:995", "li@libero.it", PB_SECRET_APP_PASSWORD_2FA,
    "password specifica" },
  { "li@yandex.ru", "pop.yandex.com:995", "li@yandex.ru", PB_SECRET_APP_PASSWORD,
    "пароль приложения" },
  { "li@mail.ru", "pop.mail.ru:995", "li@mail.ru", PB_SECRET_APP_PASSWORD,
    "пароль для внешнего приложения" },
  { "li@naver.com", "pop.naver.com:995", "li@naver.com", PB_SECRET_APP_PASSWORD,
    "애플리케이션 비밀번호" },
  { "li@daum.net", "pop.daum.net:995", "li", PB_SECRET_APP_PASSWORD, "앱 비밀번호" },
  { "li@zoho.eu", "pop.zoho.eu:995", "li@zoho.eu", PB_SECRET_APP_PASSWORD_2FA, "" },
  { "li@fastmail.com", "pop.fastmail.com:995", "li@fastmail.com", PB_SECRET_APP_PASSWORD, "" },
  { "li@inbox.lt", "mail.inbox.lt:995", "li@inbox.lt", PB_SECRET_CODE, "" },
  { "li@aa1.so-net.ne.jp", "pop.so-net.ne.jp:995", "li@aa1.so-net.ne.jp", PB_SECRET_CODE,
    "メールパスワード" },
  { "li@docomo.ne.jp", NULL, "li@docomo.ne.jp", PB_SECRET_NONE, "" },
  { "li@proton.me", NULL, "li@proton.me", PB_SECRET_NONE, "" },
  { "li@icloud.com", NULL, "li@icloud.com", PB_SECRET_NONE, "" },
};

static void
test_known (void) {
  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    const PbProvider *provider = find (known[i].address);
    g_test_message ("%s", known[i].address);
    g_assert_nonnull (provider);
    g_autoptr (GPtrArray) endpoints =
      pb_provider_list_endpoints (provider, strchr (known[i].address, '@') + 1);
    g_autofree char *user = pb_provider_make_user (provider, known[i].address);
    g_autofree char *server =
      endpoints->len > 0 ? pb_endpoint_to_string (endpoints->pdata[0]) : NULL;
    g_assert_cmpstr (server, ==, known[i].server);
    g_assert_cmpstr (user, ==, known[i].user);
    g_assert_cmpint (provider->secret, ==, known[i].secret);
    g_assert_cmpstr (provider->secret_name, ==, known[i].secret_name);
  }
  g_assert_null (find ("example.org"));
  g_assert_null (find ("notqq.com"));
  g_assert_null (find (""));
  g_assert_null (find ("so-net.ne.jp.example.org"));
  g_assert_nonnull (find ("qq.com."));
}

static void
test_mx (void) {
  static const struct {
    const char *host;
    const char *id;
  } cases[] = {
    { "mxbiz1.qq.com", "exmail" },
    { "qiye163mx02.mxmail.netease.com", "netease-enterprise" },
    { "mxn.mxhichina.com", "aliyun-enterprise" },
    { "mx1.sg.aliyun.com", "aliyun-enterprise-abroad" },
    { "ALT1.ASPMX.L.GOOGLE.COM.", "google-workspace" },
    { "gmail-smtp-in.l.google.com", "gmail" },
    { "example-org.mail.protection.outlook.com", "microsoft-365" },
    { "in1-smtp.messagingengine.com", "fastmail" },
    { "mx.zoho.eu", "zoho-eu" },
    { "mail.protonmail.ch", "proton" },
    { "mx.notmessagingengine.com", NULL },
    { "mail.protection.outlook.com.example.org", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const PbProvider *provider =
      pb_provider_table_find_mx (pb_provider_table_get_default (), cases[i].host);
    g_assert_cmpstr (provider ? provider->id : NULL, ==, cases[i].id);
  }
}

static void
test_server (void) {
  const PbProviderTable *table = pb_provider_table_get_default ();

  g_assert_cmpstr (pb_provider_table_find_server (table, "POP.qq.com")->id, ==, "qq");
  g_assert_cmpstr (pb_provider_table_find_server (table, "pop.gmail.com")->id, ==, "gmail");
  g_assert_null (pb_provider_table_find_server (table, "pop.example.org"));
}

static void
test_user_forms (void) {
  g_autofree char *dotted = pb_user_form_apply (PB_USER_LOCAL_DOT_DOMAIN, "li@example.org");
  g_autofree char *local = pb_user_form_apply (PB_USER_LOCAL_PART, "a@b@example.org");
  g_autofree char *none = pb_user_form_apply (PB_USER_LOCAL_PART, "li");

  g_assert_cmpstr (dotted, ==, "li.example.org");
  g_assert_cmpstr (local, ==, "a@b");
  g_assert_cmpstr (none, ==, "li");
  g_assert_null (pb_user_form_apply (PB_USER_OTHER, "li@example.org"));
}

#define GOOD                                                          \
  "[x]\nname=X\ndomains=example.org;\nservers=pop.example.org:995;\n" \
  "pop=on\nsecret=password\nsure=one;one;\n"

static void
test_damaged (void) {
  static const char *const tables[] = {
    "no key file",
    GOOD "colour=red\n",
    GOOD "pop=perhaps\n",
    GOOD "secret=guess\n",
    GOOD "user=nobody\n",
    GOOD "sure=one;\n",
    GOOD "sure=one;three;\n",
    GOOD "servers=\n",
    GOOD "servers=pop.example.org;\n",
    GOOD "servers=pop.example.org:0;\n",
    GOOD "servers=pop.example.org:995;pop example:995;\n",
    GOOD "pop=none\n",
    GOOD "secret=none\n",
    GOOD "name=\n",
    GOOD "domains=\n",
    GOOD "[y]\nname=Y\ndomains=example.org;\npop=none\nsecret=none\nsure=one;one;\n",
  };
  g_autoptr (GError) none = NULL;
  g_autoptr (PbProviderTable) good = pb_provider_table_new (GOOD, -1, &none);

  g_assert_no_error (none);
  g_assert_cmpuint (pb_provider_table_get_length (good), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("%s", tables[i]);
    g_assert_null (pb_provider_table_new (tables[i], -1, &error));
    g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/providers/sound", test_sound);
  g_test_add_func ("/providers/known", test_known);
  g_test_add_func ("/providers/mx", test_mx);
  g_test_add_func ("/providers/server", test_server);
  g_test_add_func ("/providers/user-forms", test_user_forms);
  g_test_add_func ("/providers/damaged", test_damaged);
  return g_test_run ();
}
