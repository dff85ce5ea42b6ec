/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* By size first, which cannot be had both ways: a picture nobody sees is nobody's loss. Then a
 * short list of what the addresses of counting services look like. */

#include "pb-tracker.h"

#include <string.h>

/* Part of the host and, where it is not enough, of the path. */
static const struct {
  const char *host;
  const char *path;
} known[] = {
  { "list-manage.com", "/track/open" },
  { "sendgrid.net", "/wf/open" },
  { "mandrillapp.com", "/track/open" },
  { "awstrack.me", NULL },
  { "mailtrack.io", NULL },
  { "mailtrack.me", NULL },
  { "yesware.com", NULL },
  { "getnotify.com", NULL },
  { "bananatag.com", NULL },
  { "mixmax.com", "/track" },
  { "streak.com", NULL },
  { "hubspotemail.net", NULL },
  { "hubspotlinks.com", NULL },
  { "sparkpostmail.com", "/q/" },
  { "mailgun.org", "/o/" },
  { "google-analytics.com", NULL },
  { "doubleclick.net", NULL },
  { "facebook.com", "/tr" },
  { "emltrk.com", NULL },
  { "litmus.com", NULL },
  { "returnpath.net", NULL },
  { "rs6.net", "/on.jsp" },
  { "createsend", "/t/" },
  { "exct.net", "/open.aspx" },
  { "intercom-mail.com", "/via/e" },
  { "customeriomail.com", "/e/o" },
  { "klaviyomail.com", NULL },
};

static const char *const first_labels[] = { "pixel.", "beacon.", "open.", "trk.", NULL };

static const char *const last_words[] = { "/open.gif",   "/open.aspx", "/open.php",   "/pixel.gif",
                                          "/pixel.png",  "/track.gif", "/blank.gif",  "/spacer.gif",
                                          "/1x1.gif",    "/1x1.png",   "/beacon.gif", "/wf/open",
                                          "/track/open", "/pixel",     NULL };

static gboolean
ends_with_domain (const char *host, const char *domain) {
  const char *at = strstr (host, domain);

  return at && (at == host || at[-1] == '.' || !strchr (domain, '.'));
}

gboolean
pb_tracker_is (const char *url, gboolean is_tiny) {
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;

  if (is_tiny || !host)
    return is_tiny;
  g_autofree char *lower = g_ascii_strdown (host, -1);
  g_autofree char *path = g_ascii_strdown (g_uri_get_path (uri), -1);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (ends_with_domain (lower, known[i].host) && (!known[i].path || strstr (path, known[i].path)))
      return TRUE;
  }
  for (guint i = 0; first_labels[i]; i++) {
    if (g_str_has_prefix (lower, first_labels[i]))
      return TRUE;
  }
  for (guint i = 0; last_words[i]; i++) {
    if (g_str_has_suffix (path, last_words[i]))
      return TRUE;
  }
  return FALSE;
}
