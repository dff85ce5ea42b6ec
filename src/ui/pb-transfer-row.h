/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One import or export at the foot of the sidebar: what, how far, Stop. It starts when it is made
 * and says at the end what came of it; removing it stops it. */

#pragma once

#include <gtk/gtk.h>

#include "pb-mail-transfer.h"

G_BEGIN_DECLS

#define PB_TYPE_TRANSFER_ROW (pb_transfer_row_get_type ())
G_DECLARE_FINAL_TYPE (PbTransferRow, pb_transfer_row, PB, TRANSFER_ROW, GtkWidget)

/* Signal "finished" (char *summary, GError or NULL): all that was done, in one line. NULL also
 * where some files could not be read, see pb_transfer_row_is_complete (). */
GtkWidget *pb_transfer_row_new_import (PbMailStore *store, const PbImportOptions *options);
GtkWidget *pb_transfer_row_new_export (PbMailStore *store, const PbExportOptions *options);

/* FALSE when something of the source was left out that cannot be read. */
gboolean pb_transfer_row_is_complete (PbTransferRow *self);

/* "1,204 messages imported · 3 were here already". Pure. */
char *pb_transfer_describe (const PbTransferProgress *progress, gboolean import);

G_END_DECLS
