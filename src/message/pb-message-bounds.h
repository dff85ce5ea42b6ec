/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where in some bytes a message begins, and how far GMime is let into it. Within this layer
 * only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_HEADER_LIMIT (1024 * 1024)

typedef struct {
  gsize begin; /* of the header, behind blank lines and mbox "From " lines */
  gsize stop;  /* GMime reads to here; what comes behind belongs to the part open there */
  gboolean header_too_long; /* cut at PB_HEADER_LIMIT or 20,000 lines */
  gboolean too_many;        /* cut because of hostile numbers of boundaries and fields */
} PbMessageBounds;

/* @data is untrusted. Pure; one pass. */
void pb_message_bounds_find (PbMessageBounds *self, const char *data, gsize length);

G_END_DECLS
