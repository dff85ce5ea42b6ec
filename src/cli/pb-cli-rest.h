/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From the numbers of messages to the accounts that have to fetch their rest. */

#pragma once

#include "pb-cli.h"

G_BEGIN_DECLS

/* Opens the store. The accounts (GPtrArray of PbAccount) of @messages, numbers as "list" shows
 * them; *@rest: for each of them its messages, a GPtrArray of GArray of gint64. PB_ERROR_NOT_FOUND
 * for a message that is not here, PB_ERROR_INVALID for no number at all. */
GPtrArray *pb_cli_find_rest (PbCli *self, GStrv messages, GPtrArray **rest, GError **error);

G_END_DECLS
