/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A list of acts, newest last, each with where its messages were. A move is undone by moving back:
 * ids stay when messages move. */

#include "config.h"

#include "pb-mail-actions.h"

#include <glib/gi18n.h>

#define MOST_ACTS 50
/* As many rows as the store gives at once. */
#define PAGE 500

struct _PbMailActions {
  GObject parent;

  PbMailStore *store;
  GPtrArray *acts; /* of GHashTable: id of a folder → GArray of gint64, the messages from there */
};

G_DEFINE_FINAL_TYPE (PbMailActions, pb_mail_actions, G_TYPE_OBJECT)

enum { MOVED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
pb_mail_actions_finalize (GObject *object) {
  PbMailActions *self = PB_MAIL_ACTIONS (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->acts, g_ptr_array_unref);
  G_OBJECT_CLASS (pb_mail_actions_parent_class)->finalize (object);
}

static void
pb_mail_actions_class_init (PbMailActionsClass *klass) {
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pb_mail_actions_finalize;
  signals[MOVED] = g_signal_new ("moved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
pb_mail_actions_init (PbMailActions *self) {
  self->acts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
}

PbMailActions *
pb_mail_actions_new (PbMailStore *store) {
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);

  PbMailActions *self = g_object_new (PB_TYPE_MAIL_ACTIONS, NULL);

  self->store = g_object_ref (store);
  return self;
}

static void
report (PbMailActions *self, GError *error) {
  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

/* ---- Moving ---- */

static GHashTable *
groups_new (void) {
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                (GDestroyNotify) g_array_unref);
}

static void
groups_add (GHashTable *groups, gint64 folder, gint64 id) {
  GArray *ids = g_hash_table_lookup (groups, &folder);

  if (!ids) {
    ids = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_hash_table_insert (groups, g_memdup2 (&folder, sizeof folder), ids);
  }
  g_array_append_val (ids, id);
}

typedef struct {
  PbMailActions *actions;
  PbFolderRole role;
  GArray *ids;     /* of gint64: what is still to be looked at */
  GHashTable *act; /* what was moved */
  guint moved;
  guint pending; /* moves under way */
} Moving;

static char *
describe (const Moving *moving) {
  switch (moving->role) {
  case PB_FOLDER_TRASH:
    return g_strdup_printf (
      ngettext ("Message moved to the trash", "%u messages moved to the trash", moving->moved),
      moving->moved);
  case PB_FOLDER_ARCHIVE:
    return g_strdup_printf (ngettext ("Message archived", "%u messages archived", moving->moved),
                            moving->moved);
  case PB_FOLDER_INBOX:
  case PB_FOLDER_DRAFTS:
  case PB_FOLDER_SENT:
  case PB_FOLDER_JUNK:
  case PB_FOLDER_ORDINARY:
  case PB_FOLDER_ANY:
  default:
    return g_strdup_printf (ngettext ("Message moved", "%u messages moved", moving->moved),
                            moving->moved);
  }
}

/* Also of what was moved before something failed. */
static void
finish_moving (Moving *moving) {
  PbMailActions *self = moving->actions;

  if (moving->moved) {
    g_autofree char *text = describe (moving);
    if (self->acts->len == MOST_ACTS)
      g_ptr_array_remove_index (self->acts, 0);
    g_ptr_array_add (self->acts, g_hash_table_ref (moving->act));
    g_signal_emit (self, signals[MOVED], 0, text);
  }
  g_hash_table_unref (moving->act);
  g_array_unref (moving->ids);
  g_object_unref (self);
  g_free (moving);
}

static void move_page (Moving *moving);

static void
moved (GObject *source, GAsyncResult *result, gpointer data) {
  Moving *moving = data;
  g_autoptr (GError) error = NULL;

  if (!pb_mail_store_move_finish (PB_MAIL_STORE (source), result, &error)) {
    report (moving->actions, error);
    g_array_set_size (moving->ids, 0);
  }
  if (--moving->pending == 0)
    move_page (moving);
}

static void
move_groups (Moving *moving, GHashTable *groups) {
  GHashTableIter iter;
  gpointer folder, ids;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &folder, &ids)) {
    GArray *array = ids;
    moving->pending++;
    pb_mail_store_move_async (moving->actions->store, (const gint64 *) (gpointer) array->data,
                              array->len, *(const gint64 *) folder, NULL, moved, moving);
  }
  if (moving->pending == 0)
    move_page (moving);
}

static void
move_rows (GObject *source, GAsyncResult *result, gpointer data) {
  Moving *moving = data;
  PbMailActions *self = moving->actions;
  g_autoptr (GHashTable) groups = groups_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
    pb_mail_store_load_rows_finish (PB_MAIL_STORE (source), result, &error);

  report (self, error);
  for (guint i = 0; rows && i < rows->len; i++) {
    const PbMessageRow *row = rows->pdata[i];
    PbFolder *folder =
      row ? pb_mail_store_find_folder (self->store, row->account_id, moving->role) : NULL;
    if (!folder || pb_folder_get_id (folder) == row->folder_id)
      continue;
    groups_add (groups, pb_folder_get_id (folder), row->id);
    groups_add (moving->act, row->folder_id, row->id);
    moving->moved++;
  }
  move_groups (moving, groups);
}

static void
move_page (Moving *moving) {
  guint count = MIN (moving->ids->len, PAGE);

  if (count == 0) {
    finish_moving (moving);
    return;
  }
  pb_mail_store_load_rows_async (moving->actions->store,
                                 (const gint64 *) (gpointer) moving->ids->data, count, NULL,
                                 move_rows, moving);
  g_array_remove_range (moving->ids, 0, count);
}

void
pb_mail_actions_move (PbMailActions *self, const gint64 *ids, guint count, PbFolderRole role) {
  g_return_if_fail (PB_IS_MAIL_ACTIONS (self));
  g_return_if_fail (ids != NULL || count == 0);

  Moving *moving = g_new0 (Moving, 1);

  moving->actions = g_object_ref (self);
  moving->role = role;
  moving->act = groups_new ();
  moving->ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), count);
  g_array_append_vals (moving->ids, ids, count);
  move_page (moving);
}

static void
moved_back (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMailActions) self = data;
  g_autoptr (GError) error = NULL;

  pb_mail_store_move_finish (PB_MAIL_STORE (source), result, &error);
  report (self, error);
}

gboolean
pb_mail_actions_undo (PbMailActions *self) {
  g_return_val_if_fail (PB_IS_MAIL_ACTIONS (self), FALSE);

  GHashTableIter iter;
  gpointer folder, ids;

  if (self->acts->len == 0)
    return FALSE;
  g_autoptr (GHashTable) act = g_ptr_array_steal_index (self->acts, self->acts->len - 1);
  g_hash_table_iter_init (&iter, act);
  while (g_hash_table_iter_next (&iter, &folder, &ids)) {
    GArray *array = ids;
    pb_mail_store_move_async (self->store, (const gint64 *) (gpointer) array->data, array->len,
                              *(const gint64 *) folder, NULL, moved_back, g_object_ref (self));
  }
  return TRUE;
}

gboolean
pb_mail_actions_can_undo (PbMailActions *self) {
  g_return_val_if_fail (PB_IS_MAIL_ACTIONS (self), FALSE);
  return self->acts->len > 0;
}

/* ---- Deleting and marking ---- */

static void
deleted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMailActions) self = data;
  g_autoptr (GError) error = NULL;

  pb_mail_store_delete_finish (PB_MAIL_STORE (source), result, &error);
  report (self, error);
}

/* Moving back passes over what is gone by then. */
void
pb_mail_actions_delete (PbMailActions *self, const gint64 *ids, guint count) {
  g_return_if_fail (PB_IS_MAIL_ACTIONS (self));
  g_return_if_fail (ids != NULL || count == 0);

  pb_mail_store_delete_async (self->store, ids, count, NULL, deleted, g_object_ref (self));
}

static void
flags_set (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMailActions) self = data;
  g_autoptr (GError) error = NULL;

  pb_mail_store_set_flags_finish (PB_MAIL_STORE (source), result, &error);
  report (self, error);
}

void
pb_mail_actions_set_flags (PbMailActions *self,
                           const gint64 *ids,
                           guint count,
                           PbFlags add,
                           PbFlags remove) {
  g_return_if_fail (PB_IS_MAIL_ACTIONS (self));
  g_return_if_fail (ids != NULL || count == 0);

  pb_mail_store_set_flags_async (self->store, ids, count, add, remove, NULL, flags_set,
                                 g_object_ref (self));
}
