/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The fields at the head of a message or part, as slices of its bytes. Nothing is decoded or
 * copied. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_HEADER_BLOCK_LIMIT (1024 * 1024)

typedef struct {
  const char *bytes; /* not NUL-terminated; never NULL */
  gsize length;
} PbSlice;

typedef struct {
  PbSlice name;
  PbSlice value; /* with its folds, without the last line end */
} PbHeaderField;

typedef struct {
  GArray *fields;     /* of PbHeaderField, in order */
  gsize end;          /* where the blank line (or what stands for it) begins */
  gsize body;         /* where the body begins */
  gboolean truncated; /* longer than PB_HEADER_BLOCK_LIMIT: the rest is taken for body */
} PbHeaderBlock;

/* TRUE when the line of @length bytes ends the block because a boundary of a container is there. */
typedef gboolean (*PbHeaderStop) (const char *line, gsize length, gpointer data);

/* Reads @data from @start to @end. A leading "From " line and lines that are no field but are
 * followed by a well-known one are skipped; any other line that is no field begins the body. @stop
 * may be NULL. Pure. */
void pb_header_block_scan (PbHeaderBlock *self,
                           const char *data,
                           gsize start,
                           gsize end,
                           PbHeaderStop stop,
                           gpointer stop_data);
void pb_header_block_clear (PbHeaderBlock *self);

/* The value of the first field of that name (any case); FALSE and an empty slice without one. */
gboolean pb_header_block_find (const PbHeaderBlock *self, const char *name, PbSlice *value);

/* Every value of that name joined by @separator, raw; NULL without one. */
GString *pb_header_block_join (const PbHeaderBlock *self, const char *name, const char *separator);

/* The value decoded to one line; "" without one. */
char *pb_header_block_dup_text (const PbHeaderBlock *self, const char *name);

G_END_DECLS
