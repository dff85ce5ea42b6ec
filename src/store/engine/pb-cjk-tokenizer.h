/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* pb-search-tokens.h for FTS5: the tokenizer "postbag". */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Registers it with a connection; an SQLite result code. */
int pb_cjk_tokenizer_register (sqlite3 *handle) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
