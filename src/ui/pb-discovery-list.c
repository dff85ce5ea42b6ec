/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One row a step; a step that gets its answer changes its row. */

#include "config.h"

#include "pb-discovery-list.h"

#include <glib/gi18n.h>

#include "pb-provider-words.h"

struct _PbDiscoveryList {
  AdwPreferencesGroup parent;

  AdwExpanderRow *expander;
  PbDiscovery *discovery;
  GPtrArray *rows; /* of AdwActionRow, owned by the expander, in the order of the steps */
};

G_DEFINE_FINAL_TYPE (PbDiscoveryList, pb_discovery_list, ADW_TYPE_PREFERENCES_GROUP)

static void
fill_row (AdwActionRow *row, const PbDiscoveryStep *step) {
  g_autofree char *question = pb_discovery_words_question (step);
  g_autofree char *answer = pb_discovery_words_answer (step);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), question);
  adw_action_row_set_subtitle (row, answer);
  if (step->outcome == PB_STEP_FOUND)
    gtk_widget_add_css_class (GTK_WIDGET (row), "pb-found");
}

static void
step_cb (PbDiscoveryList *self, guint index) {
  GPtrArray *steps = pb_discovery_get_steps (self->discovery);

  while (self->rows->len <= index) {
    GtkWidget *row = adw_action_row_new ();
    adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
    adw_expander_row_add_row (self->expander, row);
    g_ptr_array_add (self->rows, row);
  }
  fill_row (self->rows->pdata[index], steps->pdata[index]);
}

static void
pb_discovery_list_dispose (GObject *object) {
  g_clear_object (&PB_DISCOVERY_LIST (object)->discovery);
  G_OBJECT_CLASS (pb_discovery_list_parent_class)->dispose (object);
}

static void
pb_discovery_list_finalize (GObject *object) {
  g_ptr_array_unref (PB_DISCOVERY_LIST (object)->rows);
  G_OBJECT_CLASS (pb_discovery_list_parent_class)->finalize (object);
}

static void
pb_discovery_list_class_init (PbDiscoveryListClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = pb_discovery_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_discovery_list_finalize;
}

static void
pb_discovery_list_init (PbDiscoveryList *self) {
  self->rows = g_ptr_array_new ();
  self->expander = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->expander),
                                 _ ("What Was Asked of Whom"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->expander));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
pb_discovery_list_follow (PbDiscoveryList *self, PbDiscovery *discovery) {
  g_return_if_fail (PB_IS_DISCOVERY_LIST (self));
  g_return_if_fail (discovery == NULL || PB_IS_DISCOVERY (discovery));

  if (self->discovery)
    g_signal_handlers_disconnect_by_func (self->discovery, step_cb, self);
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->expander, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_set_object (&self->discovery, discovery);
  if (discovery)
    g_signal_connect_object (discovery, "step", G_CALLBACK (step_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self), discovery != NULL);
}
