/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How far an import or export is, as one line on a terminal that is replaced by the next; nothing
 * where standard error is none. */

#pragma once

#include "pb-mail-transfer.h"

G_BEGIN_DECLS

/* A PbTransferFunc. */
void pb_cli_progress_show (const PbTransferProgress *progress, gpointer unused);

/* Removes the line. */
void pb_cli_progress_end (void);

G_END_DECLS
