/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Groups of nothing but texts go into the expression for FTS5, all others into the condition. */

#include "pb-search-sql.h"

#include <string.h>

#include "pb-search-fold.h"
#include "pb-search-query-private.h"

void
pb_search_sql_free (PbSearchSql *self) {
  if (!self)
    return;
  g_free (self->match);
  g_free (self->where);
  g_ptr_array_unref (self->arguments);
  g_free (self);
}

/* ---- Expressions for FTS5 ---- */

static void
append_match (GString *out, const PbSearchTerm *term) {
  static const char *const columns[] = { "sender", "recipients", "subject", "body", "attachments" };

  if (term->fields != PB_SEARCH_EVERYWHERE) {
    g_string_append_c (out, '{');
    for (guint i = 0; i < G_N_ELEMENTS (columns); i++) {
      if (term->fields & (1u << i))
        g_string_append_printf (out, " %s", columns[i]);
    }
    g_string_append (out, " } : ");
  }
  g_string_append_c (out, '"');
  for (const char *p = term->text; *p; p++)
    g_string_append_len (out, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
  g_string_append_c (out, '"');
  if (pb_search_term_is_prefix (term))
    g_string_append_c (out, '*');
}

static gboolean
is_all_text (const GPtrArray *group) {
  for (guint i = 0; i < group->len; i++) {
    const PbSearchTerm *term = g_ptr_array_index (group, i);
    if (term->kind != PB_TERM_TEXT || term->negated)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_one_text (const GPtrArray *group) {
  return group->len == 1 && ((PbSearchTerm *) g_ptr_array_index (group, 0))->kind == PB_TERM_TEXT;
}

static void
append_group (GString *match, const GPtrArray *group) {
  g_string_append_c (match, '(');
  for (guint i = 0; i < group->len; i++) {
    if (i > 0)
      g_string_append (match, " OR ");
    append_match (match, g_ptr_array_index (group, i));
  }
  g_string_append_c (match, ')');
}

/* "(a OR b) AND (c) NOT (d)": NOT binds most in FTS5, so what is left of it is put in brackets. */
static char *
make_match (GPtrArray *groups) {
  g_autoptr (GString) match = g_string_new (NULL);
  guint negated = 0;

  for (guint i = 0; i < groups->len; i++) {
    const GPtrArray *group = g_ptr_array_index (groups, i);
    if (!is_all_text (group)) {
      negated += is_one_text (group);
      continue;
    }
    if (match->len > 0)
      g_string_append (match, " AND ");
    append_group (match, group);
  }
  if (match->len == 0)
    return NULL;
  if (negated > 0) {
    g_string_prepend_c (match, '(');
    g_string_append_c (match, ')');
  }
  for (guint i = 0; i < groups->len && negated > 0; i++) {
    const GPtrArray *group = g_ptr_array_index (groups, i);
    if (is_all_text (group) || !is_one_text (group))
      continue;
    g_string_append (match, " NOT ");
    append_group (match, group);
  }
  return g_strdup (match->str);
}

/* ---- Conditions ---- */

static gboolean
is_called (const PbIndexFolder *folder, const char *wanted) {
  static const char *const roles[] = {
    [PB_FOLDER_INBOX] = "inbox",     [PB_FOLDER_DRAFTS] = "drafts", [PB_FOLDER_SENT] = "sent",
    [PB_FOLDER_ARCHIVE] = "archive", [PB_FOLDER_JUNK] = "junk",     [PB_FOLDER_TRASH] = "trash",
    [PB_FOLDER_ORDINARY] = "",
  };
  g_autofree char *name = pb_fold_text (folder->name);
  const char *last = strrchr (name, '/');

  return g_str_equal (wanted, name) || (last && g_str_equal (wanted, last + 1)) ||
         (*roles[folder->role] && g_str_equal (wanted, roles[folder->role]));
}

static gboolean
is_of_account (const PbIndexFolder *folder, const char *wanted) {
  return g_str_equal (folder->account, wanted);
}

static void
append_folders (GString *where,
                GPtrArray *folders,
                gboolean (*chosen) (const PbIndexFolder *folder, const char *wanted),
                const char *name) {
  g_autofree char *wanted = pb_fold_text (name);

  g_string_append (where, "m.folder IN (0");
  for (guint i = 0; i < folders->len; i++) {
    const PbIndexFolder *folder = g_ptr_array_index (folders, i);
    if (chosen (folder, wanted))
      g_string_append_printf (where, ", %" G_GINT64_FORMAT, folder->id);
  }
  g_string_append_c (where, ')');
}

static void
append_text (PbSearchSql *self, GString *where, const PbSearchTerm *term) {
  GString *match = g_string_new (NULL);

  append_match (match, term);
  g_ptr_array_add (self->arguments, g_string_free (match, FALSE));
  g_string_append (where, "m.id IN (SELECT rowid FROM text WHERE text MATCH ?)");
}

static void
append_number (GString *where, const char *left, gint64 number) {
  g_string_append_printf (where, "%s %" G_GINT64_FORMAT, left, number);
}

static void
append_term (PbSearchSql *self, GString *where, const PbSearchTerm *term, GPtrArray *folders) {
  g_string_append (where, term->negated ? "NOT (" : "(");
  switch (term->kind) {
  case PB_TERM_TEXT:
    append_text (self, where, term);
    break;
  case PB_TERM_FLAG:
    append_number (where, "m.flags & ", term->flags);
    break;
  case PB_TERM_ATTACHMENT:
    g_string_append (where, "m.has_attachment");
    break;
  case PB_TERM_FOLDER:
    append_folders (where, folders, is_called, term->text);
    break;
  case PB_TERM_ANYWHERE:
    g_string_append_c (where, '1');
    break;
  case PB_TERM_ACCOUNT:
    append_folders (where, folders, is_of_account, term->text);
    break;
  case PB_TERM_BEFORE:
    append_number (where, "m.shown <", term->number);
    break;
  case PB_TERM_SINCE:
    append_number (where, "m.shown >=", term->number);
    break;
  case PB_TERM_LARGER:
    append_number (where, "m.size >", term->number);
    break;
  case PB_TERM_SMALLER:
    append_number (where, "m.size <", term->number);
    break;
  }
  g_string_append_c (where, ')');
}

/* Somebody named a place, so trash and junk are not left out. */
static gboolean
names_place (GPtrArray *groups) {
  for (guint i = 0; i < groups->len; i++) {
    const GPtrArray *group = g_ptr_array_index (groups, i);
    for (guint k = 0; k < group->len; k++) {
      const PbSearchTerm *term = g_ptr_array_index (group, k);
      if (!term->negated && (term->kind == PB_TERM_FOLDER || term->kind == PB_TERM_ANYWHERE))
        return TRUE;
    }
  }
  return FALSE;
}

static void
append_scope (GString *where, const PbSearch *search, GPtrArray *groups, GPtrArray *folders) {
  gboolean any = search->role == PB_FOLDER_ANY;

  if (search->folder_id > 0) {
    append_number (where, "m.folder =", search->folder_id);
    return;
  }
  if (any && names_place (groups)) {
    g_string_append_c (where, '1');
    return;
  }
  g_string_append (where, any ? "m.folder NOT IN (0" : "m.folder IN (0");
  for (guint i = 0; i < folders->len; i++) {
    const PbIndexFolder *folder = g_ptr_array_index (folders, i);
    gboolean aside = folder->role == PB_FOLDER_JUNK || folder->role == PB_FOLDER_TRASH;
    if (any ? aside : folder->role == search->role)
      g_string_append_printf (where, ", %" G_GINT64_FORMAT, folder->id);
  }
  g_string_append_c (where, ')');
}

PbSearchSql *
pb_search_sql_new (PbSearchQuery *query, const PbSearch *search, GPtrArray *folders) {
  GPtrArray *groups = pb_search_query_get_groups (query);
  g_autoptr (GString) where = g_string_new (NULL);

  if (pb_search_query_is_empty (query))
    return NULL;
  PbSearchSql *self = g_new0 (PbSearchSql, 1);
  self->arguments = g_ptr_array_new_with_free_func (g_free);
  self->match = make_match (groups);
  append_scope (where, search, groups, folders);
  for (guint i = 0; i < groups->len; i++) {
    const GPtrArray *group = g_ptr_array_index (groups, i);
    if (is_all_text (group) || (self->match && is_one_text (group)))
      continue;
    g_string_append (where, " AND (");
    for (guint k = 0; k < group->len; k++) {
      if (k > 0)
        g_string_append (where, " OR ");
      append_term (self, where, g_ptr_array_index (group, k), folders);
    }
    g_string_append_c (where, ')');
  }
  self->where = g_strdup (where->str);
  return self;
}
