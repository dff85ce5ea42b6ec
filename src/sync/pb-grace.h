/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A cancellable that goes off some time after another one did: for the last thing that is worth a
 * short wait even when somebody wants to stop. Main context. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PbGrace PbGrace;

PbGrace *pb_grace_new (GCancellable *cancellable, guint milliseconds);

/* Does not cancel any more what is under way. */
void pb_grace_free (PbGrace *self);

/* Owned by the grace. */
GCancellable *pb_grace_get_cancellable (PbGrace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbGrace, pb_grace_free)

G_END_DECLS
