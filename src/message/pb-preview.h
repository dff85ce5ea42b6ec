/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The first words of a message, as one line. Within this layer only. */

#pragma once

#include "pb-body.h"

G_BEGIN_DECLS

#define PB_PREVIEW_CHARACTERS 200

/* The first words somebody wrote: quoted lines, the line that announces them and the signature are
 * passed over where anything else follows. @text is UTF-8. Pure. */
char *pb_preview_from_text (const char *text);

/* The same of a body, of which only the beginning is decoded. */
char *pb_preview_from_body (const PbBody *body, const char *data);

G_END_DECLS
