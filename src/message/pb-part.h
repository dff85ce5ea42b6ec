/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The structure of a message: its parts as ranges of its bytes, with what their header fields say.
 * Nothing is decoded or copied but short values. Within this layer only.
 *
 * GMime's own tree is not used for this: it takes 40 to 60 µs for a small message, all the time
 * that a list row may cost, its objects cannot be shared between threads, and it has no limit on
 * parts. A test holds the two against each other. */

#pragma once

#include "pb-header-block.h"

G_BEGIN_DECLS

#define PB_PART_DEPTH_LIMIT 32
#define PB_PART_COUNT_LIMIT 1000

typedef enum {
  PB_ENCODING_NONE,
  PB_ENCODING_BASE64,
  PB_ENCODING_QUOTED_PRINTABLE,
  PB_ENCODING_UUENCODE,
} PbEncoding;

typedef enum {
  PB_DISPOSITION_NONE,
  PB_DISPOSITION_INLINE, /* and whatever is neither of the two others */
  PB_DISPOSITION_ATTACHMENT,
} PbDisposition;

typedef struct _PbPart PbPart;

struct _PbPart {
  PbHeaderBlock header;
  gsize start; /* of the body in the data */
  gsize end;
  char *type;         /* "type/subtype", lower case; "text/plain" where none is given */
  PbSlice type_value; /* of Content-Type, for the parameters */
  PbSlice disposition_value;
  PbEncoding encoding;
  PbDisposition disposition;
  gboolean is_container; /* multipart with a boundary that was found; all others are leaves */
  gboolean is_too_deep;  /* a container left unparsed */
  GPtrArray *children;   /* of PbPart, NULL for a leaf */
};

typedef enum {
  PB_PART_TOO_DEEP = 1 << 0,
  PB_PART_TOO_MANY = 1 << 1,
  PB_PART_HEADER_TOO_LONG = 1 << 2,
} PbPartProblems;

/* Reads @length bytes of @data, which must outlive the result; a leading mbox "From " line is
 * skipped. Untrusted; always succeeds. @problems may be NULL. */
PbPart *
pb_part_parse (const char *data, gsize length, PbPartProblems *problems) G_GNUC_WARN_UNUSED_RESULT;
void pb_part_free (PbPart *self);

/* TRUE for a subtype of @prefix such as "image/". */
gboolean pb_part_is (const PbPart *self, const char *prefix);

/* Content-ID without brackets; NULL without one. */
char *pb_part_dup_content_id (const PbPart *self);

/* The file name the part is sent under, decoded; NULL without one. */
char *pb_part_dup_name (const PbPart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbPart, pb_part_free)

G_END_DECLS
