/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A view of folders for the sidebar. Holds no mail and asks the store nothing. */

#include "config.h"

#include "pb-place.h"

#include <glib/gi18n.h>

#include "pb-search.h"

struct _PbPlace {
  GObject parent;

  char *title;
  const char *icon_name;
  PbAccount *account;
  PbFolder *folder;
  GListModel *folders; /* of all accounts, for what spans them */
  PbQuery query;
  guint unread;
  gboolean is_server;
};

G_DEFINE_FINAL_TYPE (PbPlace, pb_place, G_TYPE_OBJECT)

enum { PROP_TITLE = 1, PROP_ICON_NAME, PROP_UNREAD, PROP_ACCOUNT_LABEL, N_PROPS };
static GParamSpec *properties[N_PROPS];

typedef struct {
  const char *title;
  const char *icon_name;
  gboolean counts; /* unread messages wait here for somebody */
} Look;

static const Look looks[] = {
  [PB_FOLDER_INBOX] = { N_ ("Inbox"), "pb-inbox-symbolic", TRUE },
  [PB_FOLDER_DRAFTS] = { N_ ("Drafts"), "document-edit-symbolic", FALSE },
  [PB_FOLDER_SENT] = { N_ ("Sent"), "mail-send-symbolic", FALSE },
  [PB_FOLDER_ARCHIVE] = { N_ ("Archive"), "pb-archive-symbolic", FALSE },
  [PB_FOLDER_JUNK] = { N_ ("Junk"), "mail-mark-junk-symbolic", FALSE },
  [PB_FOLDER_TRASH] = { N_ ("Trash"), "user-trash-symbolic", FALSE },
  [PB_FOLDER_ORDINARY] = { NULL, "folder-symbolic", TRUE },
};

static void
set_unread (PbPlace *self, guint unread) {
  if (self->unread == unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

static void
folder_unread_cb (PbPlace *self) {
  set_unread (self, pb_folder_get_unread (self->folder));
}

static void
account_label_cb (PbPlace *self) {
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT_LABEL]);
}

static void
count_inboxes_cb (PbPlace *self) {
  guint unread = 0;

  for (guint i = 0; i < g_list_model_get_n_items (self->folders); i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (self->folders, i);
    if (pb_folder_get_role (folder) == PB_FOLDER_INBOX)
      unread += pb_folder_get_unread (folder);
  }
  set_unread (self, unread);
}

static void
watch_inboxes_cb (PbPlace *self, guint position, guint removed, guint added) {
  for (guint i = position; i < position + added; i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (self->folders, i);
    if (pb_folder_get_role (folder) == PB_FOLDER_INBOX) {
      g_signal_connect_object (folder, "notify::unread", G_CALLBACK (count_inboxes_cb), self,
                               G_CONNECT_SWAPPED);
    }
  }
  count_inboxes_cb (self);
}

static void
pb_place_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbPlace *self = PB_PLACE (object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_ICON_NAME:
    g_value_set_string (value, self->icon_name);
    break;
  case PROP_UNREAD:
    g_value_set_uint (value, self->unread);
    break;
  case PROP_ACCOUNT_LABEL:
    g_value_set_string (value, pb_place_get_account_label (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_place_finalize (GObject *object) {
  PbPlace *self = PB_PLACE (object);

  g_free (self->title);
  g_clear_object (&self->account);
  g_clear_object (&self->folder);
  g_clear_object (&self->folders);
  G_OBJECT_CLASS (pb_place_parent_class)->finalize (object);
}

static void
pb_place_class_init (PbPlaceClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pb_place_get_property;
  object_class->finalize = pb_place_finalize;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_ACCOUNT_LABEL] = g_param_spec_string ("account-label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pb_place_init (PbPlace *self) {}

PbPlace *
pb_place_new_folder (PbFolder *folder, PbAccount *account) {
  g_return_val_if_fail (PB_IS_FOLDER (folder), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  PbPlace *self = g_object_new (PB_TYPE_PLACE, NULL);
  const Look *look = &looks[pb_folder_get_role (folder)];

  self->folder = g_object_ref (folder);
  self->account = g_object_ref (account);
  self->title = g_strdup (look->title ? _ (look->title) : pb_folder_get_name (folder));
  self->icon_name = look->icon_name;
  self->query.folder_id = pb_folder_get_id (folder);
  self->query.order = PB_ORDER_NEWEST_FIRST;
  if (look->counts) {
    g_signal_connect_object (folder, "notify::unread", G_CALLBACK (folder_unread_cb), self,
                             G_CONNECT_SWAPPED);
    folder_unread_cb (self);
  }
  g_signal_connect_object (account, "notify::label", G_CALLBACK (account_label_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::address", G_CALLBACK (account_label_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

PbPlace *
pb_place_new_inboxes (GListModel *folders) {
  g_return_val_if_fail (G_IS_LIST_MODEL (folders), NULL);

  PbPlace *self = g_object_new (PB_TYPE_PLACE, NULL);

  self->folders = g_object_ref (folders);
  self->title = g_strdup (_ ("All inboxes"));
  self->icon_name = "pb-inboxes-symbolic";
  self->query.role = PB_FOLDER_INBOX;
  self->query.order = PB_ORDER_NEWEST_FIRST;
  g_signal_connect_object (folders, "items-changed", G_CALLBACK (watch_inboxes_cb), self,
                           G_CONNECT_SWAPPED);
  watch_inboxes_cb (self, 0, 0, g_list_model_get_n_items (folders));
  return self;
}

PbPlace *
pb_place_new_starred (GListModel *folders) {
  g_return_val_if_fail (G_IS_LIST_MODEL (folders), NULL);

  PbPlace *self = g_object_new (PB_TYPE_PLACE, NULL);

  self->folders = g_object_ref (folders);
  self->title = g_strdup (_ ("Starred"));
  self->icon_name = "non-starred-symbolic";
  self->query.role = PB_FOLDER_ANY;
  self->query.with = PB_FLAG_STARRED;
  self->query.order = PB_ORDER_NEWEST_FIRST;
  return self;
}

PbPlace *
pb_place_new_server (PbAccount *account) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  PbPlace *self = g_object_new (PB_TYPE_PLACE, NULL);

  self->account = g_object_ref (account);
  self->title = g_strdup (_ ("On the server"));
  self->icon_name = "network-server-symbolic";
  self->is_server = TRUE;
  self->query.role = PB_FOLDER_ANY;
  g_signal_connect_object (account, "notify::label", G_CALLBACK (account_label_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::address", G_CALLBACK (account_label_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

PbAccount *
pb_place_get_server (PbPlace *self) {
  g_return_val_if_fail (PB_IS_PLACE (self), NULL);
  return self->is_server ? self->account : NULL;
}

const char *
pb_place_get_title (PbPlace *self) {
  g_return_val_if_fail (PB_IS_PLACE (self), NULL);
  return self->title;
}

const char *
pb_place_get_icon_name (PbPlace *self) {
  g_return_val_if_fail (PB_IS_PLACE (self), NULL);
  return self->icon_name;
}

const char *
pb_place_get_account_label (PbPlace *self) {
  g_return_val_if_fail (PB_IS_PLACE (self), NULL);
  return self->account ? pb_account_get_label (self->account) : NULL;
}

guint
pb_place_get_unread (PbPlace *self) {
  g_return_val_if_fail (PB_IS_PLACE (self), 0);
  return self->unread;
}

const PbQuery *
pb_place_get_query (PbPlace *self) {
  g_return_val_if_fail (PB_IS_PLACE (self), NULL);
  return &self->query;
}

PbFolder *
pb_place_get_folder (PbPlace *self) {
  g_return_val_if_fail (PB_IS_PLACE (self), NULL);
  return self->folder;
}

gboolean
pb_place_holds_folder (PbPlace *self, gint64 id) {
  g_return_val_if_fail (PB_IS_PLACE (self), FALSE);

  if (self->is_server)
    return FALSE;
  if (self->folder)
    return pb_folder_get_id (self->folder) == id;
  if (self->query.role == PB_FOLDER_ANY)
    return TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (self->folders); i++) {
    g_autoptr (PbFolder) folder = g_list_model_get_item (self->folders, i);
    if (pb_folder_get_id (folder) == id)
      return pb_folder_get_role (folder) == self->query.role;
  }
  return TRUE;
}

void
pb_place_search_async (PbPlace *self,
                       PbMailStore *store,
                       const char *text,
                       gboolean everywhere,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data) {
  g_return_if_fail (PB_IS_PLACE (self));
  g_return_if_fail (text != NULL);

  const PbQuery *query = pb_place_get_query (self);
  gboolean starred = !everywhere && (query->with & PB_FLAG_STARRED);
  g_autofree char *wanted = starred ? g_strconcat (text, " is:starred", NULL) : g_strdup (text);
  PbSearch search = {
    .text = wanted,
    .folder_id = everywhere ? 0 : query->folder_id,
    .role = everywhere ? PB_FOLDER_ANY : query->role,
    .order = PB_SEARCH_NEWEST_FIRST,
  };

  pb_mail_store_search_async (store, &search, cancellable, callback, user_data);
}
