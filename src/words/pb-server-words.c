/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One function for each fact; what is not known is left out. */

#include "config.h"

#include "pb-server-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-format.h"

static void
fact_free (gpointer data) {
  PbServerFact *fact = data;

  g_free (fact->title);
  g_free (fact->value);
  g_free (fact);
}

/* Takes @value; NULL and "" are left out. */
static void
add (GPtrArray *facts, const char *title, char *value) {
  g_autofree char *owned = value;

  if (!value || !*value)
    return;
  PbServerFact *fact = g_new (PbServerFact, 1);
  *fact = (PbServerFact){ g_strdup (title), g_steal_pointer (&owned) };
  g_ptr_array_add (facts, fact);
}

static char *
clean_text (PbServerNotes *notes, PbAccount *account, PbNoteText which) {
  g_autofree char *text = pb_server_notes_dup_text (notes, account, which);

  return text ? pb_format_clean (text) : NULL;
}

static char *
describe_address (PbAccount *account) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (account);

  return endpoint ? g_strdup_printf ("%s:%u", endpoint->host, endpoint->port) : NULL;
}

/* The argument of the capability @name, "" without one; NULL where it is not there. */
static char *
find_capability (char *const *lines, const char *name) {
  gsize length = strlen (name);

  for (; lines && *lines; lines++) {
    if (strncmp (*lines, name, length) == 0 && ((*lines)[length] == ' ' || !(*lines)[length]))
      return g_strstrip (g_strdup (*lines + length));
  }
  return NULL;
}

static char *
describe_expire (char *const *lines) {
  g_autofree char *value = find_capability (lines, "EXPIRE");
  guint64 days;

  if (!value)
    return NULL;
  if (g_str_has_prefix (value, "NEVER"))
    return g_strdup (_ ("It keeps mail for ever"));
  if (!g_ascii_string_to_unsigned (value, 10, 0, 100000, &days, NULL))
    return NULL;
  return g_strdup_printf (ngettext ("It deletes mail after %u day by itself",
                                    "It deletes mail after %u days by itself", (gulong) days),
                          (guint) days);
}

static char *
describe_delay (PbServerNotes *notes, PbAccount *account) {
  gint64 seconds = pb_server_notes_get (notes, account, PB_NOTE_LOGIN_DELAY);

  if (seconds == 0)
    return NULL;
  return g_strdup_printf (ngettext ("%u second", "%u seconds", (gulong) seconds), (guint) seconds);
}

static char *
describe_capabilities (char *const *lines) {
  GString *out = g_string_new (NULL);

  for (; lines && *lines; lines++) {
    g_autofree char *clean = pb_format_clean (*lines);
    g_string_append_printf (out, "%s%s", out->len ? "\n" : "", clean);
  }
  return g_string_free (out, FALSE);
}

/* What the names of PbNames (in the layer that fetches) mean; the numbers are in files. */
static char *
describe_names (PbServerNotes *notes, PbAccount *account) {
  if (pb_server_notes_get (notes, account, PB_NOTE_IDS_REPEAT) > 0)
    return g_strdup (_ ("Its ids repeat: messages are told apart by their headers"));
  return pb_server_notes_get (notes, account, PB_NOTE_NAMES) > 0
           ? g_strdup (_ ("Messages are told apart, so that none comes twice"))
           : NULL;
}

static char *
describe_quirks (PbServerNotes *notes, PbAccount *account, gint64 now) {
  const struct {
    PbNote note;
    const char *words;
  } quirks[] = {
    { PB_NOTE_NO_CAPA, N_ ("It is not asked what it can: it does not answer") },
    { PB_NOTE_NO_UTF8, N_ ("UTF-8 is not asked for: it has trouble with that") },
    { PB_NOTE_NO_LANG, N_ ("Its language is not chosen: it has trouble with that") },
    { PB_NOTE_NO_PIPELINING, N_ ("Commands are sent one by one: it loses its place otherwise") },
    { PB_NOTE_TOP_LIES, N_ ("Heads are not fetched alone: it sent wrong ones") },
  };
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (quirks); i++) {
    if (pb_server_notes_get (notes, account, quirks[i].note) > now)
      g_string_append_printf (out, "%s%s", out->len ? "\n" : "", _ (quirks[i].words));
  }
  return g_string_free (out, FALSE);
}

static char *
describe_time (PbServerNotes *notes, PbAccount *account, PbNote note) {
  gint64 when = pb_server_notes_get (notes, account, note);

  return when > 0 ? pb_format_date_long (when) : NULL;
}

GPtrArray *
pb_server_words_new (PbServerNotes *notes, PbAccount *account, gint64 now) {
  g_return_val_if_fail (PB_IS_SERVER_NOTES (notes), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  GPtrArray *facts = g_ptr_array_new_with_free_func (fact_free);
  g_autofree char *text = pb_server_notes_dup_text (notes, account, PB_NOTE_TEXT_CAPABILITIES);
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);
  g_autofree char *tls = clean_text (notes, account, PB_NOTE_TEXT_TLS);
  gboolean met = pb_server_notes_get (notes, account, PB_NOTE_SESSION_END) > 0;

  add (facts, _ ("Server"), describe_address (account));
  add (facts, _ ("Software"), clean_text (notes, account, PB_NOTE_TEXT_IMPLEMENTATION));
  add (facts, _ ("Encryption"), tls ? g_steal_pointer (&tls) : g_strdup (met ? _ ("None") : NULL));
  add (facts, _ ("Trusted Certificate (SHA-256)"),
       g_strdup (pb_account_get_trusted_certificate (account)));
  add (facts, _ ("Way to Sign In"), clean_text (notes, account, PB_NOTE_TEXT_SIGN_IN));
  add (facts, _ ("Pause Between Two Sessions"), describe_delay (notes, account));
  add (facts, _ ("Keeping Mail"), describe_expire (lines));
  add (facts, _ ("Identity of Messages"), describe_names (notes, account));
  add (facts, _ ("What Postbag Learnt"), describe_quirks (notes, account, now));
  add (facts, _ ("Capabilities"), describe_capabilities (lines));
  add (facts, _ ("Last Session"), describe_time (notes, account, PB_NOTE_SESSION_END));
  return facts;
}

char *
pb_server_words_to_text (GPtrArray *facts) {
  g_return_val_if_fail (facts != NULL, NULL);

  GString *out = g_string_new (NULL);
  for (guint i = 0; i < facts->len; i++) {
    const PbServerFact *fact = facts->pdata[i];
    g_auto (GStrv) lines = g_strsplit (fact->value, "\n", -1);
    g_autofree char *value = g_strjoinv ("\n    ", lines);
    /* Translators: a title and what belongs to it. */
    g_string_append_printf (out, _ ("%s: %s"), fact->title, value);
    g_string_append_c (out, '\n');
  }
  return g_string_free (out, FALSE);
}
