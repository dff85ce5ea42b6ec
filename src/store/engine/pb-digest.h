/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The short name of a message on a server: the first 16 bytes of SHA-256 over account id, NUL and
 * what the server calls it. It is the key of the ledger and stands in file names. A value. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_DIGEST_SIZE 16
#define PB_DIGEST_TEXT_LENGTH 26
#define PB_CONTENT_SIZE 32 /* a whole SHA-256, of the bytes of a message */

typedef struct {
  guint8 bytes[PB_DIGEST_SIZE];
} PbDigest;

/* @identity: as in pb_delivery_begin (); the content digest of PB_CONTENT_SIZE bytes where there is
 * none. */
void pb_digest_set (PbDigest *self, const char *account_id, const guint8 *identity, gsize length);

/* Base32 of RFC 4648 in lower case, without padding. @text has PB_DIGEST_TEXT_LENGTH characters and
 * a NUL. */
void pb_digest_to_text (const PbDigest *self, char *text);
gboolean pb_digest_from_text (PbDigest *self, const char *text);

/* For sorting, GHashTable and bsearch; take PbDigest pointers. */
int pb_digest_compare (gconstpointer a, gconstpointer b);
guint pb_digest_hash (gconstpointer digest);
gboolean pb_digest_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
