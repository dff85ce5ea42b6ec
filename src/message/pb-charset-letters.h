/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The commonest letters of languages, for guessing character sets. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PB_LANGUAGE_SIMPLIFIED,
  PB_LANGUAGE_TRADITIONAL,
  PB_LANGUAGE_JAPANESE,
  PB_LANGUAGE_KOREAN,
  PB_LANGUAGE_CYRILLIC,
  PB_LANGUAGE_GREEK,
  PB_LANGUAGE_HEBREW,
  PB_LANGUAGE_ARABIC,
  PB_LANGUAGE_THAI,
  PB_LANGUAGE_WESTERN,
  PB_LANGUAGE_CENTRAL,
  PB_LANGUAGE_TURKISH,
  PB_N_LANGUAGES
} PbLanguage;

/* Among the few that make up most of a text. */
gboolean pb_charset_letter_is_common (gunichar c, PbLanguage language);

/* Among those one meets. */
gboolean pb_charset_letter_is_usual (gunichar c, PbLanguage language);

G_END_DECLS
