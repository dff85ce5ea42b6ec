/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server says lies in its mailbox: message numbers, sizes, unique ids (RFC 1939 LIST and
 * UIDL). A compact array: 100,000 entries with 20-byte ids take about 5 MB. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PbListing PbListing;

/* @uid is not NUL-terminated, not trusted, not necessarily UTF-8; NULL and 0 where the server gave
 * none. @size is the server's claim, in octets, a hint only; @has_size is FALSE where it gave
 * none. */
typedef struct {
  guint number;
  gboolean has_size;
  guint64 size;
  const guint8 *uid;
  gsize uid_length;
} PbListingEntry;

PbListing *pb_listing_new (void);
PbListing *pb_listing_ref (PbListing *self);
void pb_listing_unref (PbListing *self);

/* Adding completes the entry of @number or makes a new one; a second size or id for the same number
 * replaces the first. Numbers may come in any order but must be 1 to G_MAXINT. */
void pb_listing_set_size (PbListing *self, guint number, guint64 size);
void pb_listing_set_uid (PbListing *self, guint number, const guint8 *uid, gsize length);

/* In the order in which numbers first came. The id of an entry is valid until the next set. */
guint pb_listing_get_length (const PbListing *self);
void pb_listing_get (const PbListing *self, guint index, PbListingEntry *entry);

/* TRUE when a message of that number is listed. */
gboolean pb_listing_find (const PbListing *self, guint number, PbListingEntry *entry);

/* Sum of the sizes that are known. */
guint64 pb_listing_get_total_size (const PbListing *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbListing, pb_listing_unref)

G_END_DECLS
