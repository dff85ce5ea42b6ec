/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The structure of a message as GMime's parser finds it: parts as ranges of the bytes, with what
 * their header fields say, within limits. Content is neither decoded nor copied. A tree belongs to
 * the thread that made it. Within this layer only. */

#pragma once

#include <gmime/gmime.h>

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
  GMimeObject *object; /* NULL for a message without a header */
  gsize begin;         /* of the header in the data; of the root only */
  gsize start;         /* of the body */
  gsize end;
  char *type; /* "type/subtype", lower case; "text/plain" where none can be read */
  PbEncoding encoding;
  PbDisposition disposition;
  gboolean is_container; /* multipart with parts that were found; all others are leaves */
  gboolean is_too_deep;  /* a container left unopened */
  GPtrArray *children;   /* of PbPart, NULL for a leaf */
};

typedef enum {
  PB_PART_TOO_DEEP = 1 << 0,
  PB_PART_TOO_MANY = 1 << 1,
  PB_PART_HEADER_TOO_LONG = 1 << 2,
} PbPartProblems;

/* Reads @length bytes of @data, which must outlive the result; blank lines and mbox "From " lines
 * before the header are skipped. Untrusted; always succeeds. @problems may be NULL. */
PbPart *
pb_part_parse (const char *data, gsize length, PbPartProblems *problems) G_GNUC_WARN_UNUSED_RESULT;
void pb_part_free (PbPart *self);

/* TRUE for a subtype of @prefix such as "image/". */
gboolean pb_part_is (const PbPart *self, const char *prefix);

/* Its header fields, for pb-header-fields; NULL without a header. */
GMimeHeaderList *pb_part_get_fields (const PbPart *self);

/* A parameter of Content-Type, decoded; NULL without one. */
char *pb_part_dup_parameter (const PbPart *self, const char *name);

/* Content-ID without brackets; NULL without one. */
char *pb_part_dup_content_id (const PbPart *self);

/* Content-Location, without the white space of folding; NULL without one. */
char *pb_part_dup_location (const PbPart *self);

/* The file name the part is sent under, decoded; NULL without one. */
char *pb_part_dup_name (const PbPart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbPart, pb_part_free)

G_END_DECLS
