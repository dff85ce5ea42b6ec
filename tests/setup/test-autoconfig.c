/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Files of configuration, good and hostile ones. */

#include "pb-autoconfig.h"

#include <string.h>

#include "pb-error.h"

#define ADDRESS "li@example.org"
#define HEAD "<clientConfig version=\"1.1\"><emailProvider id=\"example.org\">"
#define TAIL "</emailProvider></clientConfig>"
#define POP(host, port, type)                                              \
  "<incomingServer type=\"pop3\"><hostname>" host "</hostname><port>" port \
  "</port><socketType>" type "</socketType><username>%EMAILADDRESS%</username></incomingServer>"

static const struct {
  const char *what;
  const char *xml;
  const char *expected; /* servers with blanks between; NULL for an error */
} cases[] = {
  { "one", HEAD POP ("pop.example.org", "995", "SSL") TAIL, "pop.example.org:995/tls" },
  { "two, in order",
    HEAD POP ("b.example.org", "995", "SSL") POP ("a.example.org", "110", "STARTTLS") TAIL,
    "b.example.org:995/tls a.example.org:110/starttls" },
  { "in the clear", HEAD POP ("pop.example.org", "110", "plain") TAIL, "" },
  { "unknown kind", HEAD POP ("pop.example.org", "995", "magic") TAIL, "" },
  { "no port", HEAD POP ("pop.example.org", "", "SSL") TAIL, "" },
  { "port too large", HEAD POP ("pop.example.org", "65536", "SSL") TAIL, "" },
  { "two ports", HEAD POP ("pop.example.org:1", "995", "SSL") TAIL, "" },
  { "a path as host", HEAD POP ("pop/../x", "995", "SSL") TAIL, "" },
  { "domain filled in", HEAD POP ("pop.%EMAILDOMAIN%", "995", "SSL") TAIL,
    "pop.example.org:995/tls" },
  { "imap only", HEAD "<incomingServer type=\"imap\"><hostname>i</hostname></incomingServer>" TAIL,
    "" },
  { "nothing", "", NULL },
  { "a page", "<html><body>Not found</body></html>", NULL },
  { "broken", HEAD POP ("pop.example.org", "995", "SSL"), NULL },
  { "no provider", "<clientConfig/>", NULL },
  { "own entity",
    "<!DOCTYPE clientConfig [<!ENTITY x \"pop.example.org\">]>" HEAD POP ("&x;", "995", "SSL") TAIL,
    NULL },
  { "entity of a file",
    "<!DOCTYPE clientConfig [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" HEAD POP ("&x;",
                                                                                    "995",
                                                                                    "SSL") TAIL,
    NULL },
};

static char *
describe (GPtrArray *servers) {
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < servers->len; i++) {
    const PbAutoconfigServer *server = servers->pdata[i];
    g_autofree char *endpoint = pb_endpoint_to_string (server->endpoint);
    g_assert_cmpstr (server->user, ==, ADDRESS);
    g_string_append_printf (text, "%s%s/%s", i ? " " : "", endpoint,
                            pb_security_to_string (server->endpoint->security));
  }
  return g_strdup (text->str);
}

static void
test_case (gconstpointer data) {
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers =
    pb_autoconfig_parse (cases[index].xml, strlen (cases[index].xml), ADDRESS, &error);

  if (!cases[index].expected) {
    g_assert_null (servers);
    g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
    return;
  }
  g_assert_no_error (error);
  g_autofree char *found = describe (servers);
  g_assert_cmpstr (found, ==, cases[index].expected);
}

static void
test_large (void) {
  g_autoptr (GString) xml = g_string_new (HEAD);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append (xml, POP ("pop.example.org", "995", "SSL"));
  g_string_append (xml, TAIL);
  g_autoptr (GPtrArray) servers = pb_autoconfig_parse (xml->str, xml->len, ADDRESS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (servers->len, ==, 16);

  g_autofree char *blank = g_strnfill (300 * 1024, ' ');
  g_string_append (xml, blank);
  g_assert_null (pb_autoconfig_parse (xml->str, xml->len, ADDRESS, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
}

static void
test_urls (void) {
  g_auto (GStrv) urls = pb_autoconfig_make_urls ("example.org", 443);

  g_assert_cmpuint (g_strv_length (urls), ==, 2);
  g_assert_cmpstr (urls[0], ==, "https://autoconfig.example.org/mail/config-v1.1.xml");
  g_assert_cmpstr (urls[1], ==, "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/setup/autoconfig/", cases[i].what, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/setup/autoconfig/large", test_large);
  g_test_add_func ("/setup/autoconfig/urls", test_urls);
  return g_test_run ();
}
