/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* From typed text to an address, and no further: whether anybody has it is not known here. */

#include "pb-typed-address.h"

#include <gio/gio.h>
#include <string.h>

#include "pb-error.h"

#define TEXT_LENGTH_MAX 1024
#define LOCAL_LENGTH_MAX 64
#define DOMAIN_LENGTH_MAX 253
#define LABEL_LENGTH_MAX 63
#define FULL_WIDTH_FIRST 0xff01
#define FULL_WIDTH_LAST 0xff5e
#define FULL_WIDTH_SHIFT (0xff01 - '!')

/* The plain form of what input methods give; other characters stay. */
static char *
narrow (const char *text, gsize length) {
  GString *out = g_string_new (NULL);

  for (const char *p = text; p < text + length; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
      c -= FULL_WIDTH_SHIFT;
    else if (c == 0x3002 || c == 0xff61) /* 。 and ｡ */
      c = '.';
    else if (g_unichar_isspace (c) || c == 0x200b || c == 0xfeff)
      c = ' ';
    g_string_append_unichar (out, c);
  }
  return g_strstrip (g_string_free (out, FALSE));
}

static gboolean
has_controls (const char *text) {
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029)
      return TRUE;
  }
  return FALSE;
}

static gboolean
fail (GError **error, const char *why) {
  g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "not a mail address: %s", why);
  return FALSE;
}

static gboolean
label_is_usable (const char *label) {
  gsize length = strlen (label);

  if (length == 0 || length > LABEL_LENGTH_MAX || label[0] == '-' || label[length - 1] == '-')
    return FALSE;
  return strspn (label, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length;
}

static gboolean
domain_is_usable (const char *ascii) {
  g_auto (GStrv) labels = g_strsplit (ascii, ".", -1);

  if (strlen (ascii) > DOMAIN_LENGTH_MAX || g_strv_length (labels) < 2)
    return FALSE;
  for (guint i = 0; labels[i]; i++) {
    if (!label_is_usable (labels[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean
local_part_is_usable (const char *local, gsize length) {
  if (length == 0 || length > LOCAL_LENGTH_MAX || local[0] == '.' || local[length - 1] == '.')
    return FALSE;
  return strcspn (local, " ()<>[]:;,\\\"") >= length;
}

/* The last dot of a name that is written as fully qualified says nothing here. */
static gboolean
take_address (PbTypedAddress *self, char *text, GError **error) {
  char *at = strrchr (text, '@');

  if (!at)
    return fail (error, "there is no @");
  if (g_str_has_suffix (at, "."))
    at[strlen (at) - 1] = '\0';
  g_autofree char *ascii = g_hostname_to_ascii (at + 1);
  self->domain = ascii ? g_ascii_strdown (ascii, -1) : g_strdup ("");
  if (!domain_is_usable (self->domain))
    return fail (error, "the part behind the @ is no domain");
  if (!local_part_is_usable (text, (gsize) (at - text)))
    return fail (error, "the part before the @ cannot be used");
  g_autofree char *unicode = g_hostname_to_unicode (self->domain);
  self->address =
    g_strdup_printf ("%.*s@%s", (int) (at - text), text, unicode ? unicode : self->domain);
  return TRUE;
}

static const char *
find_any (const char *text, const char *narrow_form, const char *wide_form) {
  const char *a = strstr (text, narrow_form), *b = strstr (text, wide_form);

  return !a ? b : !b ? a : MIN (a, b);
}

/* Quotes around it, of whichever kind. */
static char *
clean_name (const char *text, gsize length) {
  g_autofree char *name = g_strstrip (g_strndup (text, length));
  gsize end = strlen (name);

  if (end >= 2 && (name[0] == '"' || name[0] == '\'') && name[end - 1] == name[0])
    return g_strstrip (g_strndup (name + 1, end - 2));
  return g_steal_pointer (&name);
}

/* "Name <address>", "address (Name)", "mailto:address?…" and the bare one; finds the address. */
static void
split (PbTypedAddress *self, const char *text, const char **start, gsize *length) {
  const char *open = find_any (text, "<", "＜");
  const char *close = open ? find_any (open, ">", "＞") : NULL;
  const char *note = strstr (text, " (");

  *start = text;
  *length = strlen (text);
  if (open && close) {
    self->name = clean_name (text, (gsize) (open - text));
    *start = g_utf8_next_char (open);
    *length = (gsize) (close - *start);
  } else if (note && g_str_has_suffix (text, ")")) {
    self->name = clean_name (note + 2, strlen (note) - 3);
    *length = (gsize) (note - text);
  }
}

PbTypedAddress *
pb_typed_address_new (const char *text, GError **error) {
  g_return_val_if_fail (text != NULL, NULL);

  g_autoptr (PbTypedAddress) self = g_new0 (PbTypedAddress, 1);
  const char *start;
  gsize length;

  if (strlen (text) > TEXT_LENGTH_MAX || !g_utf8_validate (text, -1, NULL) || has_controls (text)) {
    fail (error, "it is too long, or has characters that no address has");
    return NULL;
  }
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  split (self, trimmed, &start, &length);
  g_autofree char *plain = narrow (start, length);
  char *address = plain;
  if (g_ascii_strncasecmp (address, "mailto:", strlen ("mailto:")) == 0) {
    address += strlen ("mailto:");
    address[strcspn (address, "?")] = '\0';
  }
  if (!take_address (self, address, error))
    return NULL;
  if (!self->name)
    self->name = g_strdup ("");
  return g_steal_pointer (&self);
}

void
pb_typed_address_free (PbTypedAddress *self) {
  if (!self)
    return;
  g_free (self->name);
  g_free (self->address);
  g_free (self->domain);
  g_free (self);
}

char *
pb_typed_server_clean (const char *text) {
  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    return g_strdup (text);
  g_autofree char *plain = narrow (text, strlen (text));
  gsize host = *plain == '[' ? strlen (plain) : strcspn (plain, ":");
  g_autofree char *name = g_strndup (plain, host);
  g_autofree char *ascii = g_hostname_is_non_ascii (name) ? g_hostname_to_ascii (name) : NULL;
  return g_strconcat (ascii ? ascii : name, plain + host, NULL);
}
