/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An opinion on cleaned markup that shares nothing with the code that cleans: a strict reader with
 * lists of its own. */

#pragma once

#include <glib.h>

/* Fails the test unless @markup is well-formed in the narrowest sense, has only harmless elements
 * and attributes, and loads nothing. */
void html_judge_markup (const char *markup);

/* The same for the text of a style element. */
void html_judge_style (const char *style);
