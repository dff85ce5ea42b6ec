/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the ledger knows and the files do not (what was deleted here for good, further names, what a
 * server refused, what was asked for), in a small file beside it; and the way back, from that file
 * or from what can still be read of a damaged ledger. Store thread only. */

#pragma once

#include "pb-ledger.h"

G_BEGIN_DECLS

/* Replaces @path; durable. */
gboolean pb_ledger_back_up (PbLedger *self, const char *path, GError **error);

/* Adds the entries of the file at @path (a backup or a ledger, damaged or not there) that this
 * ledger lacks and that make sense. What cannot be read is passed over; an error is one of this
 * ledger. */
gboolean pb_ledger_take_over (PbLedger *self, const char *path, GError **error);

/* Rows changed since it was opened, or since the last backup. */
gboolean pb_ledger_needs_backup (PbLedger *self);

G_END_DECLS
