/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A name with a mail address, and reading of lists of them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Name may be NULL; both UTF-8, decoded, without line ends. */
typedef struct {
  char *name;
  char *address;
} PbAddress;

void pb_address_free (PbAddress *self);

/* The addresses of a header value in order, groups flattened, at most 10,000. @raw is untrusted,
 * as it came, not NUL-terminated. Never NULL (GPtrArray of PbAddress). Pure. */
GPtrArray *pb_address_list_parse (const char *raw, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbAddress, pb_address_free)

G_END_DECLS
