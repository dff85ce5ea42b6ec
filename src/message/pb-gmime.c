/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Setting up of GMime, once. */

#include "pb-gmime.h"

#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_LEAK_CHECK
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAVE_LEAK_CHECK
#endif
#ifdef HAVE_LEAK_CHECK
#include <sanitizer/lsan_interface.h>
#endif

static GMimeParserOptions *options;

/* Attached messages are not entered: as plain parts they keep their range of the bytes, and there
 * is no end to the fields one could hold. For each GMime forgets, once, the 16 bytes it had noted
 * before, which a leak check is not to count. */
static void
init_with_messages_closed (void) {
  static const char *const subtypes[] = { "rfc822", "rfc2822", "global", "news" };

#ifdef HAVE_LEAK_CHECK
  __lsan_disable ();
#endif
  g_mime_init ();
#ifdef HAVE_LEAK_CHECK
  __lsan_enable ();
#endif
  for (guint i = 0; i < G_N_ELEMENTS (subtypes); i++)
    g_mime_object_register_type ("message", subtypes[i], GMIME_TYPE_PART);
}

/* GMime registers many of its types with GObject when they are first used, which must not happen
 * in two threads at once. */
static void
use_every_type (void) {
  static const char sample[] = "Content-Type: multipart/mixed; boundary=x\n\n--x\n"
                               "Content-Disposition: inline; filename=a\n\n\n--x--\n";
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (sample, strlen (sample));
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  g_autoptr (GMimeObject) object = g_mime_parser_construct_part (parser, options);
  g_autoptr (InternetAddressList) list =
    internet_address_list_parse (options, "a: b@example.org;, c@example.org");
}

static gpointer
set_up (gpointer data) {
  init_with_messages_closed ();
  options = g_mime_parser_options_new ();
  g_mime_parser_options_set_address_compliance_mode (options, GMIME_RFC_COMPLIANCE_LOOSE);
  g_mime_parser_options_set_allow_addresses_without_domain (options, TRUE);
  g_mime_parser_options_set_parameter_compliance_mode (options, GMIME_RFC_COMPLIANCE_LOOSE);
  g_mime_parser_options_set_rfc2047_compliance_mode (options, GMIME_RFC_COMPLIANCE_LOOSE);
  use_every_type ();
  return NULL;
}

void
pb_gmime_init (void) {
  static GOnce once = G_ONCE_INIT;

  g_once (&once, set_up, NULL);
}

GMimeParserOptions *
pb_gmime_get_options (void) {
  pb_gmime_init ();
  return options;
}
