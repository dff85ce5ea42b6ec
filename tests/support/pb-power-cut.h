/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a disk may hold after the power went, made from what pb-false-disk.h wrote down.
 *
 * The model is the one that POSIX allows, and meaner than any file system in use: of what was
 * written to a file since it was last synced, any pages may be there and any not; of what was done
 * to names since their folder was last synced, any part may have happened, in any choice but that
 * of one name in order, a rename as a whole or not at all; syncing a file says nothing of its name.
 * syncfs () makes everything durable that was done before it.
 *
 * What it cannot show: disks that confirm a flush which they did not do, sectors that go bad,
 * errors that a kernel reports for writes long ago, and what the order of two threads would have
 * been on another day. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Builds in the empty folder @dir what may be left of the first @count of @events; which of all
 * possibilities is up to @seed. */
void pb_power_cut_build (GPtrArray *events, guint count, guint32 seed, const char *dir);

G_END_DECLS
