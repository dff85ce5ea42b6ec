/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Untrusted style text in, harmless style text out: properties and functions of a list, nothing
 * that loads, moves out of its place, or reaches outside the message. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is put before ids, so that they cannot meet those of the program. */
#define PB_CSS_ID_PREFIX "m-"

/* The element all rules are confined to, and the one that stands for the message's body. */
#define PB_CSS_SCOPE ".pb-message"
#define PB_CSS_BODY ".pb-body"

typedef struct {
  guint remote_images;  /* references to remote pictures that were left out; added to */
  gboolean sets_colors; /* a colour or background is set; never reset */
} PbCssFindings;

/* The text of a style attribute: "name:value;" for each declaration that is allowed, "" for none.
 * Without any of < > { } @ \ and with quotes and parentheses in pairs. Pure but for @findings. */
char *pb_css_filter_declarations (const char *css, gsize length, PbCssFindings *findings);

/* The text of a style element, at most 512 KiB of it: rules confined to PB_CSS_SCOPE. Without <
 * and \. */
char *pb_css_filter_sheet (const char *css, gsize length, PbCssFindings *findings);

G_END_DECLS
