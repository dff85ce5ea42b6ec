/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* An id and, once read, the row of it; and those of a conversation, where it leads one. */

#include "pb-message-item.h"

#include <string.h>

struct _PbMessageItem {
  GObject parent;

  gint64 id;
  PbMessageRow *row;
  gint64 *conversation; /* NULL without */
  guint count;
  GPtrArray *rows;
};

G_DEFINE_FINAL_TYPE (PbMessageItem, pb_message_item, G_TYPE_OBJECT)

enum { PROP_ROW = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

static void
pb_message_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbMessageItem *self = PB_MESSAGE_ITEM (object);

  switch (id) {
  case PROP_ROW:
    g_value_set_boxed (value, self->row);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_message_item_finalize (GObject *object) {
  PbMessageItem *self = PB_MESSAGE_ITEM (object);

  g_clear_pointer (&self->row, pb_message_row_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self->conversation);
  G_OBJECT_CLASS (pb_message_item_parent_class)->finalize (object);
}

static void
pb_message_item_class_init (PbMessageItemClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pb_message_item_get_property;
  object_class->finalize = pb_message_item_finalize;
  properties[PROP_ROW] =
    g_param_spec_boxed ("row", NULL, NULL, PB_TYPE_MESSAGE_ROW,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pb_message_item_init (PbMessageItem *self) {}

PbMessageItem *
pb_message_item_new (gint64 id) {
  PbMessageItem *self = g_object_new (PB_TYPE_MESSAGE_ITEM, NULL);

  self->id = id;
  return self;
}

gint64
pb_message_item_get_id (PbMessageItem *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (self), 0);
  return self->id;
}

const gint64 *
pb_message_item_peek_id (PbMessageItem *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (self), NULL);
  return &self->id;
}

PbMessageRow *
pb_message_item_get_row (PbMessageItem *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (self), NULL);
  return self->row;
}

void
pb_message_item_set_row (PbMessageItem *self, PbMessageRow *row) {
  g_return_if_fail (PB_IS_MESSAGE_ITEM (self));
  g_return_if_fail (row != NULL);

  if (self->row == row)
    return;
  g_clear_pointer (&self->row, pb_message_row_unref);
  self->row = pb_message_row_ref (row);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROW]);
}

const gint64 *
pb_message_item_get_conversation (PbMessageItem *self, guint *count) {
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (self), NULL);
  g_return_val_if_fail (count != NULL, NULL);

  if (self->conversation)
    *count = self->count;
  return self->conversation;
}

gboolean
pb_message_item_set_conversation (PbMessageItem *self, const gint64 *ids, guint count) {
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (self), FALSE);

  guint length = ids ? count : 0;

  if (length == self->count &&
      (length == 0 || memcmp (ids, self->conversation, length * sizeof *ids) == 0))
    return FALSE;
  g_free (self->conversation);
  self->conversation = length ? g_memdup2 (ids, length * sizeof *ids) : NULL;
  self->count = length;
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROW]);
  return TRUE;
}

GPtrArray *
pb_message_item_get_rows (PbMessageItem *self) {
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (self), NULL);
  return self->rows;
}

void
pb_message_item_set_rows (PbMessageItem *self, GPtrArray *rows) {
  g_return_if_fail (PB_IS_MESSAGE_ITEM (self));
  g_return_if_fail (self->conversation != NULL && rows != NULL);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->rows = g_ptr_array_ref (rows);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROW]);
}

gboolean
pb_message_item_has_flag (PbMessageItem *self, PbFlags flag) {
  g_return_val_if_fail (PB_IS_MESSAGE_ITEM (self), FALSE);
  return self->row && (self->row->flags & flag) != 0;
}
