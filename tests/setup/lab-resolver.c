/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables, and the virtual functions that GLib's network code calls. */

#include "lab-resolver.h"

struct _LabResolver {
  GResolver parent_instance;
  GHashTable *hosts;
  GHashTable *records; /* name to GPtrArray of GVariant */
  gboolean silent;
  GString *log;
};

G_DEFINE_FINAL_TYPE (LabResolver, lab_resolver, G_TYPE_RESOLVER)

static void
free_addresses (gpointer list) {
  g_resolver_free_addresses (list);
}

static GList *
look_up (LabResolver *self, const char *host, GResolverNameLookupFlags flags, GError **error) {
  g_string_append_printf (self->log, "name %s\n", host);
  if (!g_hash_table_contains (self->hosts, host) ||
      (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)) {
    g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no name %s", host);
    return NULL;
  }
  return g_list_append (NULL, g_inet_address_new_from_string ("127.0.0.1"));
}

static void
lookup_with_flags_async (GResolver *resolver,
                         const char *host,
                         GResolverNameLookupFlags flags,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GError *error = NULL;
  GList *addresses = look_up (LAB_RESOLVER (resolver), host, flags, &error);

  if (addresses)
    g_task_return_pointer (task, addresses, free_addresses);
  else
    g_task_return_error (task, error);
}

static void
lookup_async (GResolver *resolver,
              const char *host,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data) {
  lookup_with_flags_async (resolver, host, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable,
                           callback, user_data);
}

static GList *
lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
free_records (gpointer list) {
  g_list_free_full (list, (GDestroyNotify) g_variant_unref);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer task) {
  g_task_return_error_if_cancelled (task);
}

static void
lookup_records_async (GResolver *resolver,
                      const char *name,
                      GResolverRecordType type,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data) {
  LabResolver *self = LAB_RESOLVER (resolver);
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GPtrArray *records = g_hash_table_lookup (self->records, name);
  GList *list = NULL;

  g_string_append_printf (self->log, "%s %s\n", type == G_RESOLVER_RECORD_MX ? "mx" : "srv", name);
  if (self->silent) {
    g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (cancelled_cb), g_object_ref (task),
                           (GClosureNotify) (void (*) (void)) g_object_unref, 0);
    return;
  }
  for (guint i = 0; records && i < records->len; i++)
    list = g_list_append (list, g_variant_ref (records->pdata[i]));
  if (list)
    g_task_return_pointer (task, list, free_records);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no %s", name);
}

static GList *
lookup_records_finish (GResolver *resolver, GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
lab_resolver_finalize (GObject *object) {
  LabResolver *self = LAB_RESOLVER (object);

  g_hash_table_unref (self->hosts);
  g_hash_table_unref (self->records);
  g_string_free (self->log, TRUE);
  G_OBJECT_CLASS (lab_resolver_parent_class)->finalize (object);
}

static void
lab_resolver_class_init (LabResolverClass *klass) {
  GResolverClass *resolver = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lab_resolver_finalize;
  resolver->lookup_by_name_async = lookup_async;
  resolver->lookup_by_name_finish = lookup_finish;
  resolver->lookup_by_name_with_flags_async = lookup_with_flags_async;
  resolver->lookup_by_name_with_flags_finish = lookup_finish;
  resolver->lookup_records_async = lookup_records_async;
  resolver->lookup_records_finish = lookup_records_finish;
}

static void
lab_resolver_init (LabResolver *self) {
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->records =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->log = g_string_new (NULL);
}

LabResolver *
lab_resolver_new (void) {
  return g_object_new (LAB_TYPE_RESOLVER, NULL);
}

void
lab_resolver_add_host (LabResolver *self, const char *host) {
  g_hash_table_add (self->hosts, g_strdup (host));
}

static void
add_record (LabResolver *self, const char *name, GVariant *record) {
  GPtrArray *records = g_hash_table_lookup (self->records, name);

  if (!records) {
    records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
    g_hash_table_insert (self->records, g_strdup (name), records);
  }
  g_ptr_array_add (records, g_variant_ref_sink (record));
}

void
lab_resolver_add_srv (LabResolver *self,
                      const char *name,
                      guint16 priority,
                      guint16 weight,
                      guint16 port,
                      const char *target) {
  add_record (self, name, g_variant_new ("(qqqs)", priority, weight, port, target));
}

void
lab_resolver_add_mx (LabResolver *self, const char *name, guint16 rank, const char *target) {
  add_record (self, name, g_variant_new ("(qs)", rank, target));
}

void
lab_resolver_fall_silent (LabResolver *self) {
  self->silent = TRUE;
}

const char *
lab_resolver_get_log (LabResolver *self) {
  return self->log->str;
}
