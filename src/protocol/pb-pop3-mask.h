/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Some servers repeat what they were sent. Whether a line of theirs has a secret in it, so that it
 * must not be shown or kept. */

#pragma once

#include <glib.h>

#include "pb-pop3-response.h"
#include "pb-secret.h"

G_BEGIN_DECLS

/* TRUE when @line has @secret (may be NULL) in it, as it is or as part of something in base64. */
gboolean pb_pop3_mask_is_needed (const PbSecret *secret, const PbPop3Span *line);

G_END_DECLS
