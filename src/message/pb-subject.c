/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reply and forward prefixes of the languages whose mail programs translate them. */

#include "pb-subject.h"

#include <string.h>

/* A base of less weight is trivial; a wide character weighs as much as two others. */
#define MIN_WEIGHT 6

/* Case folded. */
static const char *const prefixes[] = {
  "re",
  "fw",
  "fwd",
  "r",
  "i", /* one letter: Italian, in capitals only */
  /* Romance */
  "ref",
  "rif",
  "tr",
  "réf",
  "rép",
  "rv",
  "res",
  "enc",
  "inoltra",
  "reenv",
  "rsp",
  "rasp",
  /* Germanic */
  "aw",
  "wg",
  "antw",
  "antwort",
  "doorst",
  "sv",
  "vs",
  "vb",
  "vl",
  "fs",
  "svar",
  "videresendt",
  /* Slavic, Baltic, Hungarian, Greek, Turkish */
  "odp",
  "pd",
  "отв",
  "ответ",
  "пересл",
  "atb",
  "ats",
  "vá",
  "továbbítás",
  "ilt",
  "ynt",
  "απ",
  "σχετ",
  "πρθ",
  /* Hebrew, Arabic, Vietnamese, Indonesian, Thai */
  "תגובה",
  "השב",
  "הועבר",
  "رد",
  "إعادة توجيه",
  "trả lời",
  "chuyển tiếp",
  "bls",
  "trs",
  "ตอบ",
  "ตอบกลับ",
  "ส่งต่อ",
  /* Chinese, Japanese, Korean */
  "回复",
  "回覆",
  "答复",
  "答覆",
  "转发",
  "轉寄",
  "轉發",
  "转寄",
  "返信",
  "返",
  "転送",
  "답장",
  "회신",
  "전체회신",
  "전달",
};

static const char *
skip_blanks (const char *text) {
  while (g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return text;
}

static gboolean
is_prefix (const char *word, gsize length) {
  g_autofree char *folded = g_utf8_casefold (word, (gssize) length);

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++) {
    if (g_str_equal (folded, prefixes[i]))
      return length > 1 || g_ascii_isupper (*word);
  }
  return FALSE;
}

/* Behind a count as in "Re[2]:", "Re(3):", "Re^4:", "Re*5:". */
static const char *
skip_count (const char *text) {
  char end = *text == '[' ? ']' : *text == '(' ? ')' : '\0';
  const char *at = text + 1;

  if (!end && *text != '^' && *text != '*')
    return text;
  while (g_ascii_isdigit (*at))
    at++;
  if (at == text + 1 || (end && *at != end))
    return text;
  return end ? at + 1 : at;
}

/* Behind one prefix with its colon; NULL where there is none. */
static const char *
skip_prefix (const char *text) {
  gsize length = strcspn (text, ":[(^*");
  gsize word = length;

  /* No prefix of any language is longer. */
  if (length > 40)
    return NULL;
  while (word > 0 && text[word - 1] == ' ')
    word--;
  while (word > 0 && g_ascii_isdigit (text[word - 1]))
    word--;
  const char *at = skip_blanks (skip_count (text + length));
  return *at == ':' && word > 0 && is_prefix (text, word) ? at + 1 : NULL;
}

/* Behind "[tag]", which is added to @tags unless it is there; NULL where there is none. */
static const char *
take_tag (const char *text, GString *tags) {
  gboolean wide = g_str_has_prefix (text, "【");
  const char *end = wide ? strstr (text, "】") : *text == '[' ? strchr (text, ']') : NULL;

  if (!end)
    return NULL;
  end += wide ? strlen ("】") : 1;
  g_autofree char *tag = g_strndup (text, (gsize) (end - text));
  if (!strstr (tags->str, tag))
    g_string_append (tags, tag);
  return end;
}

/* "[Fwd: subject]" as one whole. */
static gboolean
open_wrapping (char *text) {
  gsize length = strlen (text);

  if (text[0] != '[' || text[length - 1] != ']' || strchr (text, ']') != text + length - 1 ||
      !skip_prefix (text + 1))
    return FALSE;
  text[length - 1] = '\0';
  memmove (text, text + 1, length - 1);
  return TRUE;
}

static gboolean
cut_ending (char *text) {
  gsize length = strlen (text);

  if (length < 5 || g_ascii_strcasecmp (text + length - 5, "(fwd)") != 0)
    return FALSE;
  text[length - 5] = '\0';
  g_strchomp (text);
  return TRUE;
}

static char *
normalise (const char *subject) {
  g_autofree char *compatible = g_utf8_normalize (subject, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean blank = FALSE;

  for (const char *p = compatible ? compatible : ""; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    blank = g_unichar_isspace (c);
    if (!blank)
      g_string_append_unichar (out, c);
    else if (out->len > 0 && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
  }
  if (blank && out->len > 0)
    g_string_truncate (out, out->len - 1);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
pb_subject_dup_base (const char *subject, gboolean *is_reply) {
  g_return_val_if_fail (subject != NULL, NULL);

  g_autofree char *text = normalise (subject);
  g_autoptr (GString) tags = g_string_new (NULL);
  const char *at = text, *next;
  gboolean found = FALSE;

  while (open_wrapping (text) || cut_ending (text))
    found = TRUE;
  for (;;) {
    at = skip_blanks (at);
    next = skip_prefix (at);
    found = found || next;
    if (!next)
      next = take_tag (at, tags);
    if (!next)
      break;
    at = next;
  }
  if (tags->len > 0 && *at)
    g_string_append_c (tags, ' ');
  g_string_append (tags, at);
  if (is_reply)
    *is_reply = found;
  return g_string_free (g_steal_pointer (&tags), FALSE);
}

gboolean
pb_subject_is_trivial (const char *base) {
  g_return_val_if_fail (base != NULL, TRUE);

  guint weight = 0;
  for (const char *p = base; *p && weight < MIN_WEIGHT; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_isalnum (c))
      weight += g_unichar_iswide (c) ? 2 : 1;
  }
  return weight < MIN_WEIGHT;
}
