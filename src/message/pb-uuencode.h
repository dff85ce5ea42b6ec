/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Files in the middle of plain text, as they were sent before MIME: "begin 644 name" to "end".
 * Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_UUENCODE_FILES_LIMIT 100

typedef struct {
  gsize start; /* of the "begin" line in the text */
  gsize end;   /* behind the "end" line */
  char *name;  /* bytes as they came, not checked in any way */
} PbUuencodedFile;

/* Those that are complete and well-formed, in order, at most PB_UUENCODE_FILES_LIMIT; NULL without
 * one. Untrusted bytes. Pure. */
GArray *pb_uuencode_find (const char *text, gsize length);

G_END_DECLS
