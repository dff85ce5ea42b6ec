/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A folder with its counters. The store writes them. */

#include "pb-folder-private.h"

struct _PbFolder {
  GObject parent_instance;
  gint64 id;
  char *account_id;
  guint account_place;
  char *name;
  PbFolderRole role;
  guint total;
  guint unread;
};

G_DEFINE_FINAL_TYPE (PbFolder, pb_folder, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_ACCOUNT_ID,
  PROP_NAME,
  PROP_ROLE,
  PROP_TOTAL,
  PROP_UNREAD,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
pb_folder_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec) {
  PbFolder *self = PB_FOLDER (object);

  switch (property) {
  case PROP_ID:
    g_value_set_int64 (value, self->id);
    break;
  case PROP_ACCOUNT_ID:
    g_value_set_string (value, self->account_id);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_ROLE:
    g_value_set_enum (value, self->role);
    break;
  case PROP_TOTAL:
    g_value_set_uint (value, self->total);
    break;
  case PROP_UNREAD:
    g_value_set_uint (value, self->unread);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
  }
}

static void
pb_folder_finalize (GObject *object) {
  PbFolder *self = PB_FOLDER (object);

  g_free (self->account_id);
  g_free (self->name);
  G_OBJECT_CLASS (pb_folder_parent_class)->finalize (object);
}

static GType
role_type (void) {
  static gsize type;
  static const GEnumValue values[] = {
    { PB_FOLDER_INBOX, "PB_FOLDER_INBOX", "inbox" },
    { PB_FOLDER_DRAFTS, "PB_FOLDER_DRAFTS", "drafts" },
    { PB_FOLDER_SENT, "PB_FOLDER_SENT", "sent" },
    { PB_FOLDER_ARCHIVE, "PB_FOLDER_ARCHIVE", "archive" },
    { PB_FOLDER_JUNK, "PB_FOLDER_JUNK", "junk" },
    { PB_FOLDER_TRASH, "PB_FOLDER_TRASH", "trash" },
    { PB_FOLDER_ORDINARY, "PB_FOLDER_ORDINARY", "ordinary" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("PbFolderRole", values));
  return type;
}

static void
pb_folder_class_init (PbFolderClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pb_folder_get_property;
  object_class->finalize = pb_folder_finalize;
  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ACCOUNT_ID] = g_param_spec_string ("account-id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ROLE] =
    g_param_spec_enum ("role", NULL, NULL, role_type (), PB_FOLDER_INBOX, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pb_folder_init (PbFolder *self) {}

PbFolder *
pb_folder_new (const PbFolderNews *news) {
  PbFolder *self = g_object_new (PB_TYPE_FOLDER, NULL);

  self->id = news->id;
  self->account_id = g_strdup (news->account);
  self->name = g_strdup (news->name);
  self->role = news->role;
  pb_folder_update (self, news);
  return self;
}

void
pb_folder_update (PbFolder *self, const PbFolderNews *news) {
  self->account_place = news->account_place;
  g_object_freeze_notify (G_OBJECT (self));
  if (self->total != news->total) {
    self->total = news->total;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);
  }
  if (self->unread != news->unread) {
    self->unread = news->unread;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
  }
  g_object_thaw_notify (G_OBJECT (self));
}

int
pb_folder_compare (gconstpointer a, gconstpointer b, gpointer unused) {
  const PbFolder *one = a, *other = b;

  if (one->account_place != other->account_place)
    return one->account_place < other->account_place ? -1 : 1;
  if (one->role != other->role)
    return one->role < other->role ? -1 : 1;
  return g_utf8_collate (one->name, other->name);
}

gint64
pb_folder_get_id (PbFolder *self) {
  g_return_val_if_fail (PB_IS_FOLDER (self), 0);

  return self->id;
}

const char *
pb_folder_get_account_id (PbFolder *self) {
  g_return_val_if_fail (PB_IS_FOLDER (self), NULL);

  return self->account_id;
}

const char *
pb_folder_get_name (PbFolder *self) {
  g_return_val_if_fail (PB_IS_FOLDER (self), NULL);

  return self->name;
}

PbFolderRole
pb_folder_get_role (PbFolder *self) {
  g_return_val_if_fail (PB_IS_FOLDER (self), PB_FOLDER_ORDINARY);

  return self->role;
}

guint
pb_folder_get_total (PbFolder *self) {
  g_return_val_if_fail (PB_IS_FOLDER (self), 0);

  return self->total;
}

guint
pb_folder_get_unread (PbFolder *self) {
  g_return_val_if_fail (PB_IS_FOLDER (self), 0);

  return self->unread;
}
