/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Cards: what machines wrote into a message, said in words above its text. Each appends HTML of
 * the program's own, everything from the message escaped; nothing where there is nothing to say.
 * Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A delivery report (RFC 3464) or a receipt (RFC 8098): the fields of that part, untrusted. */
void pb_card_append_report (GString *html, const char *fields, gsize length, gboolean is_receipt);

/* An invitation or another calendar object (RFC 5545), untrusted; times in the local zone. */
void pb_card_append_calendar (GString *html, const char *calendar, gsize length);

/* For the two above: a line of a card, left out where @value is NULL or empty. */
void pb_card_append_row (GString *html, const char *title, const char *value);

G_END_DECLS
