/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Making and reading of Maildir file names. */

#include "pb-maildir-name.h"

#include <string.h>
#include <unistd.h>

#define INFO ":2,"
#define TEMPORARY_END ".postbag"
#define LOG_END ".arrived" TEMPORARY_END
#define CONTENT ",C="

static const struct {
  PbFlags flag;
  char letter;
} flag_letters[] = {
  { PB_FLAG_DRAFT, 'D' },    { PB_FLAG_STARRED, 'F' }, { PB_FLAG_FORWARDED, 'P' },
  { PB_FLAG_ANSWERED, 'R' }, { PB_FLAG_READ, 'S' },
};

/* The clock may be set back while the program runs; names never go back. */
char *
pb_maildir_name_new (PbMaildirTime *time) {
  static GMutex mutex;
  static gint64 last;
  static guint64 count;

  g_mutex_lock (&mutex);
  last = MAX (last, g_get_real_time ());
  time->seconds = last / G_USEC_PER_SEC;
  time->micro = (guint32) (last % G_USEC_PER_SEC);
  time->count = ++count;
  g_mutex_unlock (&mutex);
  return g_strdup_printf ("%" G_GINT64_FORMAT ".M%06uP%dQ%" G_GUINT64_FORMAT TEMPORARY_END,
                          time->seconds, time->micro, (int) getpid (), time->count);
}

char *
pb_maildir_name_base (const char *temporary, const PbDigest *digest, guint64 size) {
  char text[PB_DIGEST_TEXT_LENGTH + 1];

  pb_digest_to_text (digest, text);
  return g_strdup_printf ("%s,I=%s,S=%" G_GUINT64_FORMAT, temporary, text, size);
}

char *
pb_maildir_name_note (const char *base, const guint8 *content) {
  char text[PB_DIGEST_TEXT_LENGTH + 1];
  PbDigest digest;

  memcpy (digest.bytes, content, PB_DIGEST_SIZE);
  pb_digest_to_text (&digest, text);
  return g_strconcat (base, CONTENT, text, NULL);
}

char *
pb_maildir_name_read_note (const char *note, PbDigest *content) {
  const char *field = strstr (note, CONTENT);

  if (!field || strpbrk (note, ":/") || !strstr (note, TEMPORARY_END ",I=") ||
      strlen (field) != strlen (CONTENT) + PB_DIGEST_TEXT_LENGTH ||
      !pb_digest_from_text (content, field + strlen (CONTENT)))
    return NULL;
  return g_strndup (note, (gsize) (field - note));
}

char *
pb_maildir_name_unfinish (const char *base) {
  return g_strndup (base, strcspn (base, ","));
}

char *
pb_maildir_name_new_log (void) {
  PbMaildirTime time;
  g_autofree char *name = pb_maildir_name_new (&time);

  name[strlen (name) - strlen (TEMPORARY_END)] = '\0';
  return g_strconcat (name, LOG_END, NULL);
}

gboolean
pb_maildir_name_is_log (const char *name) {
  return g_str_has_suffix (name, LOG_END) && pb_maildir_name_is_temporary (name);
}

gboolean
pb_maildir_name_is_temporary (const char *name) {
  PbMaildirTime time;

  pb_maildir_name_get_time (name, &time);
  return time.seconds > 0 && time.count > 0 && g_str_has_suffix (name, TEMPORARY_END);
}

const char *
pb_maildir_name_split (char *name) {
  char *info = strrchr (name, ':');

  if (!info || strncmp (info, INFO, strlen (INFO)) != 0)
    return "";
  *info = '\0';
  return info + strlen (INFO);
}

char *
pb_maildir_name_join (const char *base, const char *letters) {
  return g_strconcat (base, INFO, letters, NULL);
}

gboolean
pb_maildir_name_get_digest (const char *base, PbDigest *digest) {
  const char *field = strstr (base, ",I=");

  if (!field)
    return FALSE;
  field += strlen (",I=");
  return strnlen (field, PB_DIGEST_TEXT_LENGTH) == PB_DIGEST_TEXT_LENGTH &&
         (field[PB_DIGEST_TEXT_LENGTH] == ',' || field[PB_DIGEST_TEXT_LENGTH] == '\0') &&
         pb_digest_from_text (digest, field);
}

/* A decimal number at *@at of at most @digits digits; moves *@at behind it. */
static guint64
read_number (const char **at, guint digits) {
  guint64 number = 0;

  for (; digits > 0 && g_ascii_isdigit (**at); digits--, (*at)++)
    number = number * 10 + (guint64) (**at - '0');
  return number;
}

/* Reads "<seconds>." and then letter-number pairs up to the next dot. */
void
pb_maildir_name_get_time (const char *base, PbMaildirTime *time) {
  const char *at = base;

  *time = (PbMaildirTime){ 0 };
  gint64 seconds = (gint64) read_number (&at, 12);
  if (at == base || *at != '.')
    return;
  time->seconds = seconds;
  at++;
  while (g_ascii_isalpha (*at)) {
    char letter = *at++;
    guint64 number = read_number (&at, 18);
    if (letter == 'M')
      time->micro = (guint32) MIN (number, G_MAXUINT32);
    else if (letter == 'Q')
      time->count = number;
  }
}

int
pb_maildir_time_compare (const PbMaildirTime *a, const PbMaildirTime *b) {
  if (a->seconds != b->seconds)
    return a->seconds < b->seconds ? -1 : 1;
  if (a->micro != b->micro)
    return a->micro < b->micro ? -1 : 1;
  return a->count < b->count ? -1 : a->count > b->count;
}

PbFlags
pb_maildir_name_get_flags (const char *letters, char partial) {
  PbFlags flags = 0;

  for (guint i = 0; i < G_N_ELEMENTS (flag_letters); i++) {
    if (strchr (letters, flag_letters[i].letter))
      flags |= flag_letters[i].flag;
  }
  if (partial && strchr (letters, partial))
    flags |= PB_FLAG_PARTIAL;
  return flags;
}

char *
pb_maildir_name_set_flags (const char *letters, PbFlags flags, char partial) {
  gboolean has[128] = { FALSE };
  GString *out = g_string_new (NULL);

  for (; *letters; letters++) {
    if (g_ascii_isgraph (*letters) && *letters != '/' && *letters != ':')
      has[(guchar) *letters] = TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (flag_letters); i++)
    has[(guchar) flag_letters[i].letter] = (flags & flag_letters[i].flag) != 0;
  if (partial)
    has[(guchar) partial] = (flags & PB_FLAG_PARTIAL) != 0;
  for (guint i = 0; i < G_N_ELEMENTS (has); i++) {
    if (has[i])
      g_string_append_c (out, (char) i);
  }
  return g_string_free (out, FALSE);
}
