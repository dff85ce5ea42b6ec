/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of attachments that can be shown and saved under. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PB_FILE_NAME_LIMIT 200

/* From an untrusted @name (UTF-8, may be NULL or ""): no path, no control or direction characters,
 * none that a file system refuses, no dot or dash in front, no reserved word, at most
 * PB_FILE_NAME_LIMIT bytes with the ending kept, never empty: what the message does not give is
 * made of @content_type. Pure. */
char *pb_file_name_make_safe (const char *name, const char *content_type);

G_END_DECLS
