/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* winmail.dat: the envelope in which some servers send text and files (MS-OXTNEF). Within this
 * layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_TNEF_FILES_LIMIT 200

typedef struct {
  char *name; /* UTF-8 or bytes of the code page; NULL without one */
  char *type; /* as it is sent; NULL without one */
  gsize start;
  gsize length; /* of the content, within the data */
} PbTnefFile;

typedef struct {
  char *text;       /* UTF-8; NULL without one */
  char *html;       /* UTF-8, untrusted; NULL without one */
  GPtrArray *files; /* of PbTnefFile */
} PbTnef;

/* NULL for what is none. @data is untrusted; what is damaged is read as far as it is whole. */
PbTnef *pb_tnef_parse (const guint8 *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;
void pb_tnef_free (PbTnef *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbTnef, pb_tnef_free)

G_END_DECLS
