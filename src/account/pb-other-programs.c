/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One after the other, in a thread. */

#include "pb-other-programs.h"

#include <string.h>

#include "pb-other-accountrc.h"
#include "pb-other-evolution.h"
#include "pb-other-thunderbird.h"

static const struct {
  const char *program;
  const char *name;
} names[] = {
  { "thunderbird", "Thunderbird" },
  { "evolution", "Evolution" },
  { "claws-mail", "Claws Mail" },
  { "sylpheed", "Sylpheed" },
};

static void
places_free (gpointer data) {
  PbOtherPlaces *places = data;

  g_free (places->home);
  g_free (places->config);
  g_free (places->data);
  g_free (places);
}

static PbOtherPlaces *
places_new (const char *home) {
  PbOtherPlaces *places = g_new0 (PbOtherPlaces, 1);

  places->home = g_strdup (home ? home : g_get_home_dir ());
  places->config =
    home ? g_build_filename (home, ".config", NULL) : g_strdup (g_get_user_config_dir ());
  places->data =
    home ? g_build_filename (home, ".local", "share", NULL) : g_strdup (g_get_user_data_dir ());
  return places;
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_other_account_free);

  pb_other_thunderbird_find (data, accounts);
  pb_other_evolution_find (data, accounts);
  pb_other_claws_find (data, accounts);
  pb_other_sylpheed_find (data, accounts);
  g_task_return_pointer (task, accounts, (GDestroyNotify) g_ptr_array_unref);
}

void
pb_other_programs_find_async (const char *home,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pb_other_programs_find_async);
  g_task_set_task_data (task, places_new (home), places_free);
  g_task_run_in_thread (task, find_in_thread);
}

GPtrArray *
pb_other_programs_find_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

const char *
pb_other_program_get_name (const char *program) {
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_strcmp0 (names[i].program, program) == 0)
      return names[i].name;
  }
  return program;
}
