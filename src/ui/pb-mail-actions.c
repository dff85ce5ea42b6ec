/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A list of moves, newest last. A move is undone by moving back: ids stay when messages move. */

#include "config.h"

#include "pb-mail-actions.h"

#include <glib/gi18n.h>

#define MOST_MOVES 50

typedef struct {
  gint64 id;
  gint64 from;
} Move;

struct _PbMailActions {
  GObject parent;

  PbMailStore *store;
  GArray *moves; /* of Move */
};

G_DEFINE_FINAL_TYPE (PbMailActions, pb_mail_actions, G_TYPE_OBJECT)

enum { MOVED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
pb_mail_actions_finalize (GObject *object) {
  PbMailActions *self = PB_MAIL_ACTIONS (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->moves, g_array_unref);
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
  self->moves = g_array_new (FALSE, FALSE, sizeof (Move));
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

typedef struct {
  PbMailActions *actions;
  Move move;
  PbFolderRole role;
} Moving;

static const char *
describe (PbFolderRole role) {
  switch (role) {
  case PB_FOLDER_TRASH:
    return _ ("Message moved to the trash");
  case PB_FOLDER_ARCHIVE:
    return _ ("Message archived");
  case PB_FOLDER_INBOX:
  case PB_FOLDER_DRAFTS:
  case PB_FOLDER_SENT:
  case PB_FOLDER_JUNK:
  case PB_FOLDER_ORDINARY:
  case PB_FOLDER_ANY:
  default:
    return _ ("Message moved");
  }
}

static void
moved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autofree Moving *moving = data;
  g_autoptr (PbMailActions) self = moving->actions;
  g_autoptr (GError) error = NULL;

  if (!pb_mail_store_move_finish (PB_MAIL_STORE (source), result, &error)) {
    report (self, error);
    return;
  }
  if (self->moves->len == MOST_MOVES)
    g_array_remove_index (self->moves, 0);
  g_array_append_val (self->moves, moving->move);
  g_signal_emit (self, signals[MOVED], 0, describe (moving->role));
}

gboolean
pb_mail_actions_move (PbMailActions *self, const PbMessageRow *row, PbFolderRole role) {
  g_return_val_if_fail (PB_IS_MAIL_ACTIONS (self), FALSE);
  g_return_val_if_fail (row != NULL, FALSE);

  PbFolder *folder = pb_mail_store_find_folder (self->store, row->account_id, role);

  if (!folder || pb_folder_get_id (folder) == row->folder_id)
    return FALSE;
  Moving *moving = g_new0 (Moving, 1);
  moving->actions = g_object_ref (self);
  moving->move = (Move){ row->id, row->folder_id };
  moving->role = role;
  pb_mail_store_move_async (self->store, &row->id, 1, pb_folder_get_id (folder), NULL, moved,
                            moving);
  return TRUE;
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

  if (self->moves->len == 0)
    return FALSE;
  Move move = g_array_index (self->moves, Move, self->moves->len - 1);
  g_array_set_size (self->moves, self->moves->len - 1);
  pb_mail_store_move_async (self->store, &move.id, 1, move.from, NULL, moved_back,
                            g_object_ref (self));
  return TRUE;
}

gboolean
pb_mail_actions_can_undo (PbMailActions *self) {
  g_return_val_if_fail (PB_IS_MAIL_ACTIONS (self), FALSE);
  return self->moves->len > 0;
}

/* ---- Deleting and marking ---- */

static void
deleted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMailActions) self = data;
  g_autoptr (GError) error = NULL;

  pb_mail_store_delete_finish (PB_MAIL_STORE (source), result, &error);
  report (self, error);
}

void
pb_mail_actions_delete (PbMailActions *self, const PbMessageRow *row) {
  g_return_if_fail (PB_IS_MAIL_ACTIONS (self));
  g_return_if_fail (row != NULL);

  for (guint i = self->moves->len; i > 0; i--) {
    if (g_array_index (self->moves, Move, i - 1).id == row->id)
      g_array_remove_index (self->moves, i - 1);
  }
  pb_mail_store_delete_async (self->store, &row->id, 1, NULL, deleted, g_object_ref (self));
}

static void
flags_set (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbMailActions) self = data;
  g_autoptr (GError) error = NULL;

  pb_mail_store_set_flags_finish (PB_MAIL_STORE (source), result, &error);
  report (self, error);
}

void
pb_mail_actions_set_flags (PbMailActions *self, gint64 id, PbFlags add, PbFlags remove) {
  g_return_if_fail (PB_IS_MAIL_ACTIONS (self));

  pb_mail_store_set_flags_async (self->store, &id, 1, add, remove, NULL, flags_set,
                                 g_object_ref (self));
}
