/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Making the index agree with the files of a folder: after a crash, after another program worked
 * there, or when the index is new. Names are compared at once; files without a row are read and get
 * one, many of them in slices between other work. The ledger learns at once of every message whose
 * name tells what its server called it, so that nothing that is here is fetched again. */

#pragma once

#include "pb-engine-private.h"

G_BEGIN_DECLS

/* At most *@budget files get their row now, and *@budget becomes less; the others wait for
 * upkeep. */
gboolean pb_rescan_folder (PbEngine *engine, PbIndexFolder *folder, guint *budget, GError **error);

/* Only when something changed there behind our back. Failure is no reason not to show what is
 * known. */
void pb_rescan_if_changed (PbEngine *engine, PbIndexFolder *folder);

/* One slice of the files that wait. FALSE when there are none. */
gboolean pb_rescan_do_upkeep (PbEngine *engine);

/* Nothing waits any more. */
void pb_rescan_clear (PbEngine *engine);

/* Files that get their row at once before the rest is left to upkeep. */
#define PB_RESCAN_BUDGET 2000

G_END_DECLS
