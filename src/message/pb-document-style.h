/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The style of the documents that show messages. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text for a style element. The colours hang on the class "pb-dark" of the root element. */
const char *pb_document_style_get (void);

G_END_DECLS
