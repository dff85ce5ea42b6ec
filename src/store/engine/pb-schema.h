/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the two databases look like, version by version. A step that was published is never edited;
 * a new one is added. */

#pragma once

extern const char *const pb_schema_index[];
extern const char *const pb_schema_ledger[];
extern const char *const pb_schema_search[];
