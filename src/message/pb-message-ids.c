/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds ids between angle brackets; where there are no brackets, whatever holds an "@". */

#include "pb-message-ids.h"

#include <string.h>

#include "pb-header-fields.h"
#include "pb-header-text.h"

#define ID_LIMIT 998

/* The next id in @text, which is cut in place; NULL at the end. */
static char *
next_id (char **text) {
  char *open = strchr (*text, '<');
  char *close = open ? strchr (open, '>') : NULL;

  if (!close)
    return NULL;
  char *last = open + 1;
  /* A bracket that was never closed. */
  for (char *p = open + 1; p < close; p++) {
    if (*p == '<')
      last = p + 1;
  }
  *close = '\0';
  *text = close + 1;

  char *to = last;
  for (const char *p = last; *p; p++) {
    if (*p != ' ')
      *to++ = *p;
  }
  *to = '\0';
  return last;
}

static void
collect (GPtrArray *ids, GHashTable *seen, GMimeHeaderList *fields, const char *name) {
  g_autoptr (GString) raw = pb_header_fields_join (fields, name, " ");

  if (!raw)
    return;
  g_autofree char *text = pb_header_text_decode (raw->str, raw->len);
  char *rest = text;

  for (char *id = next_id (&rest); id; id = next_id (&rest)) {
    gsize length = strlen (id);

    if (length == 0 || length > ID_LIMIT || g_hash_table_contains (seen, id))
      continue;
    char *copy = g_strdup (id);
    g_hash_table_add (seen, copy);
    g_ptr_array_add (ids, copy);
  }
}

char *
pb_message_ids_dup_own (GMimeHeaderList *fields) {
  g_autofree char *text = pb_header_fields_dup_text (fields, "Message-ID");
  char *rest = text;
  char *id = next_id (&rest);

  if (!id) {
    id = g_strdelimit (text, "<>", ' ');
    g_strstrip (id);
    id[strcspn (id, " ")] = '\0';
  }
  return g_strndup (id, strlen (id) > ID_LIMIT ? 0 : strlen (id));
}

char *
pb_message_ids_dup_references (GMimeHeaderList *fields, gsize limit) {
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GString *out = g_string_new (NULL);
  gsize total = 0;
  guint from;

  collect (ids, seen, fields, "References");
  collect (ids, seen, fields, "In-Reply-To");
  if (ids->len == 0)
    return g_string_free (out, FALSE);

  g_string_append (out, g_ptr_array_index (ids, 0));
  total = out->len;
  for (from = ids->len; from > 1; from--) {
    gsize length = strlen (g_ptr_array_index (ids, from - 1)) + 1;
    if (total + length > limit)
      break;
    total += length;
  }
  for (guint i = from; i < ids->len; i++)
    g_string_append_printf (out, " %s", (char *) g_ptr_array_index (ids, i));
  return g_string_free (out, FALSE);
}
