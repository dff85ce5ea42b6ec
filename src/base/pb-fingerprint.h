/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a message is known by where the server's own name for it says nothing: a SHA-256 over its
 * header block, the bytes up to the first empty line (LF line ends, as stored). Fields that servers
 * add or change by themselves (Status, X-Status, X-UIDL, X-Keywords) do not count, so that TOP n 0
 * and the file of the whole message agree. Only the first 256 KiB are looked at. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_FINGERPRINT_SIZE 32

typedef struct _PbFingerprint PbFingerprint;

PbFingerprint *pb_fingerprint_new (void);
void pb_fingerprint_free (PbFingerprint *self);

/* The next bytes of the message, in pieces of any size, untrusted. What comes behind the header
 * block is passed over. */
void pb_fingerprint_feed (PbFingerprint *self, const guint8 *data, gsize length);

/* No further byte would change anything. */
gboolean pb_fingerprint_is_complete (const PbFingerprint *self);

/* PB_FINGERPRINT_SIZE bytes over what was fed. @telling, unless NULL, is set to whether the block
 * has a field that makes a message the only one of its kind (Message-ID, Date or Received): without
 * one, equal fingerprints say nothing. */
GBytes *pb_fingerprint_finish (const PbFingerprint *self,
                               gboolean *telling) G_GNUC_WARN_UNUSED_RESULT;

/* The identity that a ledger keeps for a message which is known by @fingerprint only: no id that
 * RFC 1939 allows looks like it. */
GBytes *pb_fingerprint_to_identity (GBytes *fingerprint) G_GNUC_WARN_UNUSED_RESULT;

/* The fingerprint in such an identity, NULL where it is another one. */
GBytes *pb_fingerprint_from_identity (GBytes *identity) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbFingerprint, pb_fingerprint_free)

G_END_DECLS
