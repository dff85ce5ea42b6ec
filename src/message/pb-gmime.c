/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Setting up of GMime, once. */

#include "pb-gmime.h"

static GMimeParserOptions *options;

static gpointer
set_up (gpointer data) {
  g_mime_init ();
  options = g_mime_parser_options_new ();
  g_mime_parser_options_set_address_compliance_mode (options, GMIME_RFC_COMPLIANCE_LOOSE);
  g_mime_parser_options_set_allow_addresses_without_domain (options, TRUE);
  g_mime_parser_options_set_parameter_compliance_mode (options, GMIME_RFC_COMPLIANCE_LOOSE);
  g_mime_parser_options_set_rfc2047_compliance_mode (options, GMIME_RFC_COMPLIANCE_LOOSE);
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
