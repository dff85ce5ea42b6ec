/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Toggle buttons in one group. */

#include "config.h"

#include "pb-server-chips.h"

#include <glib/gi18n.h>

#include "pb-server-text.h"

#define ALL PB_N_SERVER_STATES

struct _PbServerChips {
  GtkBox parent;

  GtkToggleButton *chips[PB_N_SERVER_STATES + 1];
};

G_DEFINE_FINAL_TYPE (PbServerChips, pb_server_chips, GTK_TYPE_BOX)

enum { CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
toggled_cb (PbServerChips *self, GtkToggleButton *chip) {
  if (!gtk_toggle_button_get_active (chip))
    return;
  for (int i = 0; i <= ALL; i++) {
    if (self->chips[i] == chip)
      g_signal_emit (self, signals[CHOSEN], 0, i);
  }
}

static void
pb_server_chips_class_init (PbServerChipsClass *klass) {
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
add_chip (PbServerChips *self, int i, const char *label) {
  GtkWidget *chip = gtk_toggle_button_new_with_label (label);

  self->chips[i] = GTK_TOGGLE_BUTTON (chip);
  gtk_widget_add_css_class (chip, "pb-chip");
  if (i != ALL)
    gtk_toggle_button_set_group (self->chips[i], self->chips[ALL]);
  gtk_widget_set_visible (chip, i == ALL);
  g_signal_connect_object (chip, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), chip);
}

static void
pb_server_chips_init (PbServerChips *self) {
  gtk_box_set_spacing (GTK_BOX (self), 6);
  add_chip (self, ALL, _ ("All"));
  for (int i = 0; i < ALL; i++)
    add_chip (self, i, pb_server_text_state ((PbServerState) i));
  gtk_toggle_button_set_active (self->chips[ALL], TRUE);
}

void
pb_server_chips_set_counts (PbServerChips *self, const guint *counts) {
  g_return_if_fail (PB_IS_SERVER_CHIPS (self));

  for (int i = 0; i < ALL; i++) {
    gboolean active = gtk_toggle_button_get_active (self->chips[i]);
    g_autofree char *label =
      g_strdup_printf ("%s  %u", pb_server_text_state ((PbServerState) i), counts[i]);
    gtk_button_set_label (GTK_BUTTON (self->chips[i]), label);
    gtk_widget_set_visible (GTK_WIDGET (self->chips[i]), counts[i] > 0 && i != PB_SERVER_UNKNOWN);
    if (active && counts[i] == 0)
      gtk_toggle_button_set_active (self->chips[ALL], TRUE);
  }
}
