/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists of addresses: GMime reads the structure, this layer has decoded the words before. */

#include "pb-address.h"

#include <string.h>

#include "pb-gmime.h"
#include "pb-header-text.h"

#define LIST_LIMIT 10000
#define VALUE_LIMIT (256 * 1024)
#define GROUP_DEPTH 8

void
pb_address_free (PbAddress *self) {
  if (!self)
    return;
  g_free (self->name);
  g_free (self->address);
  g_free (self);
}

static char *
clean (const char *text) {
  return text ? pb_header_text_clean (g_utf8_make_valid (text, -1)) : NULL;
}

static void
add (GPtrArray *list, const char *name, const char *address) {
  PbAddress *entry = g_new0 (PbAddress, 1);

  entry->name = clean (name);
  entry->address = address ? clean (address) : g_strdup ("");
  if (entry->name && !*entry->name)
    g_clear_pointer (&entry->name, g_free);
  if (entry->name || strspn (entry->address, "\"") < strlen (entry->address))
    g_ptr_array_add (list, entry);
  else
    pb_address_free (entry);
}

static void
flatten (GPtrArray *list, InternetAddressList *from, guint depth) {
  int length = from ? internet_address_list_length (from) : 0;

  for (int i = 0; i < length && list->len < LIST_LIMIT; i++) {
    InternetAddress *entry = internet_address_list_get_address (from, i);

    if (INTERNET_ADDRESS_IS_MAILBOX (entry))
      add (list, internet_address_get_name (entry),
           internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (entry)));
    else if (INTERNET_ADDRESS_IS_GROUP (entry) && depth < GROUP_DEPTH)
      flatten (list, internet_address_group_get_members (INTERNET_ADDRESS_GROUP (entry)),
               depth + 1);
  }
}

/* "Ann Lee <ann@example.org" without anything else, and other lists no parser takes: what looks
 * like an address is the address, what stands before it the name. */
static void
add_by_force (GPtrArray *list, const char *text) {
  const char *at = strchr (text, '@');
  const char *start = at, *end = at;

  if (!at)
    return;
  while (start > text && !strchr ("<>\"(),; \t", start[-1]))
    start--;
  while (*end && !strchr ("<>\"(),; \t", *end))
    end++;
  if (start == at || end == at + 1)
    return;
  g_autofree char *address = g_strndup (start, (gsize) (end - start));
  g_autofree char *name = g_strndup (text, (gsize) (start - text));
  g_strdelimit (name, "<>\"(),;", ' ');
  add (list, g_strstrip (name), address);
}

/* "MAILER DAEMON <>": at least the name. */
static void
add_name_only (GPtrArray *list, const char *text) {
  const char *open = strchr (text, '<');

  if (!open || open == text || strchr (text, ':'))
    return;
  g_autofree char *name = g_strndup (text, (gsize) (open - text));
  g_strdelimit (name, "\"", ' ');
  add (list, g_strstrip (name), NULL);
}

/* Semicolons between addresses, as some programs write them, become commas; the one that ends a
 * group stays. */
static void
mend_separators (char *text) {
  gboolean quoted = FALSE, angle = FALSE, group = FALSE;
  guint comments = 0;

  for (; *text; text++) {
    if (*text == '\\' && text[1])
      text++;
    else if (*text == '"' && comments == 0)
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (*text == '(')
      comments++;
    else if (*text == ')')
      comments -= comments > 0;
    else if (comments > 0)
      continue;
    else if (*text == '<' || *text == '>')
      angle = *text == '<';
    else if (*text == ':' && !angle)
      group = TRUE;
    else if (*text == ';' && group)
      group = FALSE;
    else if (*text == ';' && !angle)
      *text = ',';
  }
}

/* TRUE when one of them is more than a local part, which may itself be quoted. */
static gboolean
has_address (GPtrArray *list) {
  for (guint i = 0; i < list->len; i++) {
    const char *address = ((PbAddress *) g_ptr_array_index (list, i))->address;
    const char *quote = strrchr (address, '"');

    if (strchr (quote ? quote : address, '@'))
      return TRUE;
  }
  return FALSE;
}

GPtrArray *
pb_address_list_parse (const char *raw, gsize length) {
  g_return_val_if_fail (raw != NULL || length == 0, NULL);

  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_address_free);
  length = MIN (length, VALUE_LIMIT);
  g_autofree char *text = pb_header_text_decode_addresses (raw, length);
  mend_separators (text);
  g_autoptr (InternetAddressList) parsed =
    internet_address_list_parse (pb_gmime_get_options (), text);

  flatten (list, parsed, 0);
  /* Some senders put the whole of "Name <address>" into an encoded word. */
  if (!has_address (list) && strchr (text, '@')) {
    g_autofree char *plain = pb_header_text_decode (raw, length);
    g_ptr_array_set_size (list, 0);
    add_by_force (list, plain);
  }
  if (list->len == 0)
    add_name_only (list, text);
  return list;
}
