/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The character set a message implies for what it does not declare. Within this layer only. */

#pragma once

#include "pb-part.h"

G_BEGIN_DECLS

/* What the first text part that says so is in; else what its header's encoded words are in. NULL
 * where nothing tells. */
char *pb_implied_charset_find (const PbPart *root);

G_END_DECLS
