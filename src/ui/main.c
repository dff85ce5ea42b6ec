/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Starts the application object; everything else is a library that the tests link too. */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "pb-application.h"

int
main (int argc, char *argv[]) {
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PB_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autoptr (PbApplication) application = pb_application_new ();
  int status = g_application_run (G_APPLICATION (application), argc, argv);

  return status ? status : pb_application_get_exit_status (application);
}
