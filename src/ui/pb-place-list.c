/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Makes the places anew whenever folders or accounts come or go, keeping the objects of those
 * that stay, and tells only of the stretch that differs. */

#include "pb-place-list.h"

struct _PbPlaceList {
  GObject parent;

  GListModel *folders;
  PbAccountList *accounts;
  PbPlace *inboxes;
  PbPlace *starred;
  GPtrArray *places;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PbPlaceList,
                               pb_place_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static PbPlace *
find_place (GPtrArray *places, PbFolder *folder) {
  for (guint i = 0; i < places->len; i++) {
    PbPlace *place = g_ptr_array_index (places, i);
    if (pb_place_get_folder (place) == folder)
      return place;
  }
  return NULL;
}

/* Below the folders of each account that has one, what lies on its server. */
static void
add_server (PbPlaceList *self, GPtrArray *places, PbAccount *account) {
  if (!account || !pb_account_get_enabled (account))
    return;
  for (guint i = 0; i < self->places->len; i++) {
    PbPlace *place = g_ptr_array_index (self->places, i);
    if (pb_place_get_server (place) == account) {
      g_ptr_array_add (places, g_object_ref (place));
      return;
    }
  }
  g_ptr_array_add (places, pb_place_new_server (account));
}

static GPtrArray *
make_places (PbPlaceList *self) {
  GPtrArray *places = g_ptr_array_new_with_free_func (g_object_unref);
  PbAccount *last = NULL;
  guint inboxes = 0;

  g_ptr_array_add (places, g_object_ref (self->starred));
  for (guint i = 0; i < g_list_model_get_n_items (self->folders); i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (self->folders, i);
    PbAccount *account = pb_account_list_find (self->accounts, pb_folder_get_account_id (folder));
    if (!account)
      continue;
    if (account != last)
      add_server (self, places, last);
    last = account;
    PbPlace *known = find_place (self->places, folder);
    g_ptr_array_add (places, known ? g_object_ref (known) : pb_place_new_folder (folder, account));
    inboxes += pb_folder_get_role (folder) == PB_FOLDER_INBOX;
  }
  add_server (self, places, last);
  if (inboxes > 1)
    g_ptr_array_insert (places, 0, g_object_ref (self->inboxes));
  if (inboxes == 0)
    g_ptr_array_set_size (places, 0);
  return places;
}

static void
rebuild_cb (PbPlaceList *self) {
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->places);
  guint start = 0, end = 0;

  self->places = old;
  GPtrArray *new = make_places (self);
  self->places = new;
  while (start < MIN (old->len, new->len) && old->pdata[start] == new->pdata[start])
    start++;
  while (end < MIN (old->len, new->len) - start &&
         old->pdata[old->len - 1 - end] == new->pdata[new->len - 1 - end])
    end++;
  if (start + end < MAX (old->len, new->len))
    g_list_model_items_changed (G_LIST_MODEL (self), start, old->len - start - end,
                                new->len - start - end);
}

static GType
get_item_type (GListModel *model) {
  return PB_TYPE_PLACE;
}

static guint
get_n_items (GListModel *model) {
  return PB_PLACE_LIST (model)->places->len;
}

static gpointer
get_item (GListModel *model, guint position) {
  PbPlaceList *self = PB_PLACE_LIST (model);

  return position < self->places->len ? g_object_ref (self->places->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
pb_place_list_finalize (GObject *object) {
  PbPlaceList *self = PB_PLACE_LIST (object);

  g_clear_object (&self->folders);
  g_clear_object (&self->accounts);
  g_clear_object (&self->inboxes);
  g_clear_object (&self->starred);
  g_clear_pointer (&self->places, g_ptr_array_unref);
  G_OBJECT_CLASS (pb_place_list_parent_class)->finalize (object);
}

static void
pb_place_list_class_init (PbPlaceListClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_place_list_finalize;
}

static void
pb_place_list_init (PbPlaceList *self) {
  self->places = g_ptr_array_new_with_free_func (g_object_unref);
}

PbPlaceList *
pb_place_list_new (GListModel *folders, PbAccountList *accounts) {
  g_return_val_if_fail (G_IS_LIST_MODEL (folders), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT_LIST (accounts), NULL);

  PbPlaceList *self = g_object_new (PB_TYPE_PLACE_LIST, NULL);

  self->folders = g_object_ref (folders);
  self->accounts = g_object_ref (accounts);
  self->inboxes = pb_place_new_inboxes (folders);
  self->starred = pb_place_new_starred (folders);
  g_signal_connect_object (folders, "items-changed", G_CALLBACK (rebuild_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (rebuild_cb), self,
                           G_CONNECT_SWAPPED);
  rebuild_cb (self);
  return self;
}

PbPlace *
pb_place_list_find_inbox (PbPlaceList *self, const char *account_id) {
  g_return_val_if_fail (PB_IS_PLACE_LIST (self), NULL);

  for (guint i = 0; i < self->places->len; i++) {
    PbPlace *place = g_ptr_array_index (self->places, i);
    PbFolder *folder = pb_place_get_folder (place);
    if (folder && pb_folder_get_role (folder) == PB_FOLDER_INBOX &&
        (!account_id || g_strcmp0 (pb_folder_get_account_id (folder), account_id) == 0))
      return place;
  }
  return NULL;
}
