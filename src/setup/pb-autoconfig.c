/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a configuration file of a domain. */

#include "pb-autoconfig.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "pb-error.h"
#include "pb-provider.h"

#define SIZE_MAX_BYTES (256 * 1024)
#define SERVERS_MAX 16

void
pb_autoconfig_server_free (PbAutoconfigServer *self) {
  if (!self)
    return;
  pb_endpoint_free (self->endpoint);
  g_free (self->user);
  g_free (self);
}

static gboolean
is_element (const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0;
}

static const xmlNode *
find_child (const xmlNode *parent, const char *name) {
  for (const xmlNode *node = parent ? parent->children : NULL; node; node = node->next) {
    if (is_element (node, name))
      return node;
  }
  return NULL;
}

/* Trimmed; "" where there is none. */
static char *
dup_child_text (const xmlNode *parent, const char *name) {
  const xmlNode *node = find_child (parent, name);
  xmlChar *text = node ? xmlNodeGetContent (node) : NULL;
  char *copy = g_strdup (text ? (const char *) text : "");

  xmlFree (text);
  return g_strstrip (copy);
}

static gboolean
is_pop3 (const xmlNode *node) {
  xmlChar *type = xmlGetProp ((xmlNode *) node, (const xmlChar *) "type");
  gboolean pop3 = type && strcmp ((const char *) type, "pop3") == 0;

  xmlFree (type);
  return pop3;
}

static char *
fill_in (const char *text, const char *address) {
  g_autofree char *local = pb_user_form_apply (PB_USER_LOCAL_PART, address);
  const char *at = strrchr (address, '@');
  GString *out = g_string_new (text);

  g_string_replace (out, "%EMAILADDRESS%", address, 4);
  g_string_replace (out, "%EMAILLOCALPART%", local, 4);
  g_string_replace (out, "%EMAILDOMAIN%", at ? at + 1 : "", 4);
  return g_string_free (out, FALSE);
}

static gboolean
text_is_usable (const char *text) {
  if (!*text || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  }
  return TRUE;
}

static PbEndpoint *
read_endpoint (const xmlNode *node, const char *address) {
  g_autofree char *host_form = dup_child_text (node, "hostname");
  g_autofree char *host = fill_in (host_form, address);
  g_autofree char *port = dup_child_text (node, "port");
  g_autofree char *type = dup_child_text (node, "socketType");
  guint64 number;

  if (strchr (host, ':') || !g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return NULL;
  g_autofree char *text = g_strconcat (host, ":", port, NULL);
  if (strcmp (type, "SSL") == 0)
    return pb_endpoint_parse (text, PB_SECURITY_TLS, NULL);
  if (strcmp (type, "STARTTLS") == 0)
    return pb_endpoint_parse (text, PB_SECURITY_STARTTLS, NULL);
  return NULL;
}

/* NULL for a server that is not protected, or not described. */
static PbAutoconfigServer *
read_server (const xmlNode *node, const char *address) {
  g_autoptr (PbEndpoint) endpoint = read_endpoint (node, address);
  g_autofree char *user_form = dup_child_text (node, "username");
  g_autofree char *user = fill_in (user_form, address);

  if (!endpoint)
    return NULL;
  PbAutoconfigServer *server = g_new0 (PbAutoconfigServer, 1);
  server->endpoint = g_steal_pointer (&endpoint);
  server->user = g_strdup (text_is_usable (user) ? user : address);
  return server;
}

static GPtrArray *
read_servers (const xmlNode *provider, const char *address) {
  GPtrArray *servers = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_autoconfig_server_free);

  for (const xmlNode *node = provider->children; node && servers->len < SERVERS_MAX;
       node = node->next) {
    PbAutoconfigServer *server =
      is_element (node, "incomingServer") && is_pop3 (node) ? read_server (node, address) : NULL;
    if (server)
      g_ptr_array_add (servers, server);
  }
  return servers;
}

GPtrArray *
pb_autoconfig_parse (const char *xml, gsize length, const char *address, GError **error) {
  g_return_val_if_fail (xml != NULL, NULL);
  g_return_val_if_fail (address != NULL, NULL);

  xmlDoc *document = length <= SIZE_MAX_BYTES
                       ? xmlReadMemory (xml, (int) length, NULL, NULL,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                          XML_PARSE_NOCDATA)
                       : NULL;
  const xmlNode *root = document ? xmlDocGetRootElement (document) : NULL;
  /* A file that brings its own entities is not what it pretends to be. */
  gboolean plain = document && !document->intSubset && !document->extSubset;
  const xmlNode *provider =
    root && plain && is_element (root, "clientConfig") ? find_child (root, "emailProvider") : NULL;
  GPtrArray *servers = provider ? read_servers (provider, address) : NULL;
  if (!servers)
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "not a description of mail servers");
  xmlFreeDoc (document);
  return servers;
}

GStrv
pb_autoconfig_make_urls (const char *domain, guint16 port) {
  g_return_val_if_fail (domain != NULL, NULL);

  g_autofree char *colon = port && port != 443 ? g_strdup_printf (":%u", port) : g_strdup ("");
  GStrv urls = g_new0 (char *, 3);
  urls[0] = g_strdup_printf ("https://autoconfig.%s%s/mail/config-v1.1.xml", domain, colon);
  urls[1] =
    g_strdup_printf ("https://%s%s/.well-known/autoconfig/mail/config-v1.1.xml", domain, colon);
  return urls;
}
