/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sentences of pb-provider-words.h as labels, and the pages of the provider as buttons. */

#include "config.h"

#include "pb-provider-hint.h"

#include <glib/gi18n.h>

#include "pb-provider-words.h"

struct _PbProviderHint {
  GtkBox parent;

  const PbProvider *provider;
};

G_DEFINE_FINAL_TYPE (PbProviderHint, pb_provider_hint, GTK_TYPE_BOX)

static void
add_line (PbProviderHint *self, const char *icon_name, const char *text) {
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (icon, "dim-label");
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (self), line);
}

static void
add_lines (PbProviderHint *self, const char *icon_name, GStrv texts) {
  for (guint i = 0; texts[i]; i++)
    add_line (self, icon_name, texts[i]);
}

static void
add_link (PbProviderHint *self, const char *uri) {
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);

  if (!parsed || !g_uri_get_host (parsed))
    return;
  /* Translators: a button that opens this web site in the browser. */
  g_autofree char *text = g_strdup_printf (_ ("Open %s"), g_uri_get_host (parsed));
  GtkWidget *button = gtk_link_button_new_with_label (uri, text);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self), button);
}

static void
clear (PbProviderHint *self) {
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_box_remove (GTK_BOX (self), child);
}

static void
fill (PbProviderHint *self) {
  const PbProvider *provider = self->provider;
  g_autofree char *refusal = pb_provider_words_refusal (provider);
  g_autofree char *to_switch = pb_provider_words_switch (provider);
  g_autofree char *sure = pb_provider_words_sure (provider);
  g_auto (GStrv) steps = pb_provider_words_steps (provider);
  g_auto (GStrv) quirks = pb_provider_words_quirks (provider);

  if (refusal) {
    add_line (self, "dialog-warning-symbolic", refusal);
    add_link (self, provider->url);
    return;
  }
  if (to_switch)
    add_line (self, "preferences-system-symbolic", to_switch);
  add_lines (self, "dialog-password-symbolic", steps);
  add_lines (self, "dialog-information-symbolic", quirks);
  if (sure)
    add_line (self, "dialog-question-symbolic", sure);
  if (to_switch)
    add_link (self, provider->url);
  if (*steps && (!to_switch || g_strcmp0 (provider->url, provider->secret_url) != 0))
    add_link (self, provider->secret_url);
}

static void
pb_provider_hint_class_init (PbProviderHintClass *klass) {}

static void
pb_provider_hint_init (PbProviderHint *self) {
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "pb-hint");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
pb_provider_hint_set_provider (PbProviderHint *self, const PbProvider *provider) {
  g_return_if_fail (PB_IS_PROVIDER_HINT (self));

  if (provider == self->provider)
    return;
  self->provider = provider;
  clear (self);
  if (provider)
    fill (self);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL);
}
