/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading server addresses as people type them. */

#include "pb-endpoint.h"
#include "pb-error.h"

typedef struct {
  const char *text;
  const char *host; /* NULL: refused */
  guint16 port;
  const char *back; /* NULL: as typed */
} Case;

static const Case cases[] = {
  { "pop.example.org", "pop.example.org", 995, "pop.example.org:995" },
  { "  POP.Example.ORG:1995 ", "pop.example.org", 1995, "pop.example.org:1995" },
  { "127.0.0.1:65535", "127.0.0.1", 65535, NULL },
  { "[::1]:110", "::1", 110, NULL },
  { "[2001:db8::2]", "2001:db8::2", 995, "[2001:db8::2]:995" },
  { "2001:db8::2", "2001:db8::2", 995, "[2001:db8::2]:995" },
  { "邮件.example", "邮件.example", 995, "邮件.example:995" },
  { "", NULL, 0, NULL },
  { "   ", NULL, 0, NULL },
  { ":995", NULL, 0, NULL },
  { "host:0", NULL, 0, NULL },
  { "host:65536", NULL, 0, NULL },
  { "host:", NULL, 0, NULL },
  { "host:pop3", NULL, 0, NULL },
  { "host:-1", NULL, 0, NULL },
  { "two words", NULL, 0, NULL },
  { "host\r\nQUIT", NULL, 0, NULL },
  { "user@host", NULL, 0, NULL },
  { "pop://host", NULL, 0, NULL },
  { "[::1", NULL, 0, NULL },
  { "[::1]x", NULL, 0, NULL },
  { "h\xff", NULL, 0, NULL },
};

static void
test_parse (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Case *c = &cases[i];
    g_autoptr (GError) error = NULL;
    g_autoptr (PbEndpoint) endpoint = pb_endpoint_parse (c->text, PB_SECURITY_TLS, &error);

    g_autofree char *shown = g_strescape (c->text, NULL);
    g_test_message ("%s", shown);
    if (!c->host) {
      g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
      continue;
    }
    g_assert_no_error (error);
    g_autofree char *back = pb_endpoint_to_string (endpoint);
    g_assert_cmpstr (endpoint->host, ==, c->host);
    g_assert_cmpuint (endpoint->port, ==, c->port);
    g_assert_cmpstr (back, ==, c->back ? c->back : c->text);
  }
}

static void
test_too_long (void) {
  g_autofree char *host = g_strnfill (256, 'a');
  g_autoptr (GError) error = NULL;

  g_assert_null (pb_endpoint_parse (host, PB_SECURITY_TLS, &error));
  g_assert_error (error, PB_ERROR, PB_ERROR_INVALID);
}

static void
test_equal (void) {
  g_autoptr (PbEndpoint) a = pb_endpoint_new ("Host.example", 0, PB_SECURITY_STARTTLS);
  g_autoptr (PbEndpoint) b = pb_endpoint_new ("host.EXAMPLE", 110, PB_SECURITY_STARTTLS);
  g_autoptr (PbEndpoint) c = pb_endpoint_new ("host.example", 110, PB_SECURITY_NONE);

  g_assert_true (pb_endpoint_equal (a, b));
  g_assert_false (pb_endpoint_equal (a, c));
  g_assert_false (pb_endpoint_equal (a, NULL));
}

static void
test_security (void) {
  PbSecurity security = PB_SECURITY_NONE;

  g_assert_true (pb_security_from_string ("starttls", &security));
  g_assert_cmpint (security, ==, PB_SECURITY_STARTTLS);
  g_assert_false (pb_security_from_string ("ssl", &security));
  g_assert_false (pb_security_from_string (NULL, &security));
  g_assert_cmpint (security, ==, PB_SECURITY_STARTTLS);
  g_assert_cmpstr (pb_security_to_string (PB_SECURITY_TLS), ==, "tls");
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint/parse", test_parse);
  g_test_add_func ("/endpoint/too-long", test_too_long);
  g_test_add_func ("/endpoint/equal", test_equal);
  g_test_add_func ("/endpoint/security", test_security);
  return g_test_run ();
}
