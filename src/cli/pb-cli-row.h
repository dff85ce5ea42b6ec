/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How "list" and "search" print a message. */

#pragma once

#include "pb-mail-store.h"

G_BEGIN_DECLS

/* One line on standard output: number, marks, date, sender, subject; or a JSON object. */
void pb_cli_print_row (PbFolder *folder, PbMessageRow *row, gboolean json);

G_END_DECLS
