/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fault points; empty in a program that is meant to be used. */

#include "pb-fault.h"

#ifdef PB_FAULT_POINTS

#include <string.h>
#include <unistd.h>

#define FAULT_EXIT_CODE 77

void
pb_fault_point (const char *name) {
  static int visits;
  const char *wanted = g_getenv ("PB_FAULT");
  gsize length = strlen (name);
  guint64 count = 1;

  if (!wanted || strncmp (wanted, name, length) != 0)
    return;
  if (wanted[length] == ':')
    count = g_ascii_strtoull (wanted + length + 1, NULL, 10);
  else if (wanted[length] != '\0')
    return;
  if ((guint64) g_atomic_int_add (&visits, 1) + 1 == count)
    _exit (FAULT_EXIT_CODE);
}

#endif
