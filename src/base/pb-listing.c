/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Entries in one array, ids in one arena, an index from number to entry. */

#include "pb-listing.h"

#include <string.h>

typedef struct {
  guint64 size;
  gsize uid_offset;
  guint uid_length;
  guint number : 31;
  guint has_size : 1;
} Entry;

struct _PbListing {
  gatomicrefcount refs;
  GArray *entries; /* of Entry */
  GByteArray *uids;
  GHashTable *positions; /* number → index; NULL while numbers came as 1, 2, 3 … */
};

PbListing *
pb_listing_new (void) {
  PbListing *self = g_new0 (PbListing, 1);

  g_atomic_ref_count_init (&self->refs);
  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  self->uids = g_byte_array_new ();
  return self;
}

PbListing *
pb_listing_ref (PbListing *self) {
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_listing_unref (PbListing *self) {
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->entries);
  g_byte_array_unref (self->uids);
  g_clear_pointer (&self->positions, g_hash_table_unref);
  g_free (self);
}

static Entry *
lookup (const PbListing *self, guint number) {
  gpointer position;

  if (!self->positions) {
    return number >= 1 && number <= self->entries->len
             ? &g_array_index (self->entries, Entry, number - 1)
             : NULL;
  }
  if (!g_hash_table_lookup_extended (self->positions, GUINT_TO_POINTER (number), NULL, &position))
    return NULL;
  return &g_array_index (self->entries, Entry, GPOINTER_TO_UINT (position));
}

/* Numbers with gaps or out of order: from now on an index is needed. */
static void
make_positions (PbListing *self) {
  self->positions = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < self->entries->len; i++) {
    g_hash_table_insert (self->positions,
                         GUINT_TO_POINTER (g_array_index (self->entries, Entry, i).number),
                         GUINT_TO_POINTER (i));
  }
}

static Entry *
ensure (PbListing *self, guint number) {
  Entry *entry = lookup (self, number);

  if (entry)
    return entry;
  if (!self->positions && number != self->entries->len + 1)
    make_positions (self);
  if (self->positions)
    g_hash_table_insert (self->positions, GUINT_TO_POINTER (number),
                         GUINT_TO_POINTER (self->entries->len));
  g_array_set_size (self->entries, self->entries->len + 1);
  entry = &g_array_index (self->entries, Entry, self->entries->len - 1);
  entry->number = number & G_MAXINT;
  return entry;
}

void
pb_listing_set_size (PbListing *self, guint number, guint64 size) {
  g_return_if_fail (number >= 1 && number <= G_MAXINT);

  Entry *entry = ensure (self, number);
  entry->size = size;
  entry->has_size = TRUE;
}

void
pb_listing_set_uid (PbListing *self, guint number, const guint8 *uid, gsize length) {
  g_return_if_fail (number >= 1 && number <= G_MAXINT);
  g_return_if_fail (length <= G_MAXUINT16);

  Entry *entry = ensure (self, number);
  entry->uid_offset = self->uids->len;
  entry->uid_length = (guint) length;
  g_byte_array_append (self->uids, uid, (guint) length);
}

static void
fill (const PbListing *self, const Entry *from, PbListingEntry *to) {
  to->number = from->number;
  to->has_size = from->has_size;
  to->size = from->size;
  to->uid = from->uid_length ? self->uids->data + from->uid_offset : NULL;
  to->uid_length = from->uid_length;
}

guint
pb_listing_get_length (const PbListing *self) {
  return self->entries->len;
}

void
pb_listing_get (const PbListing *self, guint index, PbListingEntry *entry) {
  g_return_if_fail (index < self->entries->len);

  fill (self, &g_array_index (self->entries, Entry, index), entry);
}

gboolean
pb_listing_find (const PbListing *self, guint number, PbListingEntry *entry) {
  const Entry *found = lookup (self, number);

  if (found)
    fill (self, found, entry);
  return found != NULL;
}

guint64
pb_listing_get_total_size (const PbListing *self) {
  guint64 total = 0;

  for (guint i = 0; i < self->entries->len; i++) {
    guint64 size = g_array_index (self->entries, Entry, i).size;
    total = size > G_MAXUINT64 - total ? G_MAXUINT64 : total + size;
  }
  return total;
}
