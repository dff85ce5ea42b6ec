/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli. Everything is in the library beside it. */

#include "pb-cli.h"

int
main (int argc, char *argv[]) {
  return pb_cli_main (argc, argv);
}
