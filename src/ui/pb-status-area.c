/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Adds up what the running operations say of themselves. A check that is over in the blink of an
 * eye shows nothing. */

#include "config.h"

#include "pb-status-area.h"

#include <glib/gi18n.h>

#include "pb-error.h"
#include "pb-format.h"
#include "pb-problem.h"
#include "pb-scheduler.h"
#include "pb-trouble-row.h"

#define PATIENCE_MS 350

struct _PbStatusArea {
  GtkWidget parent;

  GtkWidget *content;
  GtkBox *troubles;
  GtkWidget *keyring;
  GtkWidget *offline;
  GtkLabel *who;
  GtkRevealer *work;
  GtkLabel *what;
  GtkProgressBar *progress;
  GtkLabel *how_fast;

  PbProfile *profile;
  GListModel *operations;
  guint reveal_source;
};

G_DEFINE_FINAL_TYPE (PbStatusArea, pb_status_area, GTK_TYPE_WIDGET)

/* ---- Work ---- */

typedef struct {
  PbPhase phase; /* the furthest that any of them is in */
  guint done, total;
  guint64 bytes_done, bytes_total;
  double speed;
  guint count;            /* of accounts at work */
  const char *account_id; /* of one of them, borrowed */
} Sum;

static Sum
add_up (GListModel *operations) {
  Sum sum = { PB_PHASE_WAITING };

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++) {
    g_autoptr (PbOperation) operation = g_list_model_get_item (operations, i);
    PbPhase phase = pb_operation_get_phase (operation);

    /* Receiving says most, even where another account is removing already. */
    if (phase != PB_PHASE_FINISHED && sum.phase != PB_PHASE_RECEIVING)
      sum.phase = phase == PB_PHASE_RECEIVING ? phase : MAX (sum.phase, phase);
    if (phase != PB_PHASE_FINISHED && phase != PB_PHASE_WAITING) {
      sum.count++;
      sum.account_id = pb_operation_get_account_id (operation);
    }
    sum.done += pb_operation_get_done (operation);
    sum.total += pb_operation_get_total (operation);
    sum.bytes_done += pb_operation_get_bytes_done (operation);
    sum.bytes_total += pb_operation_get_bytes_total (operation);
    sum.speed += pb_operation_get_speed (operation);
  }
  return sum;
}

static char *
describe (const Sum *sum) {
  g_autofree char *done = pb_format_count (MIN (sum->done + 1, sum->total));
  g_autofree char *total = pb_format_count (sum->total);

  switch (sum->phase) {
  case PB_PHASE_WAITING:
    return g_strdup (_ ("Waiting…"));
  case PB_PHASE_CONNECTING:
    return g_strdup (_ ("Connecting…"));
  case PB_PHASE_LISTING:
    return g_strdup (_ ("Looking for new mail…"));
  case PB_PHASE_RECEIVING:
    /* Translators: which message of how many new ones is being received. */
    return g_strdup_printf (_ ("Receiving %s of %s"), done, total);
  case PB_PHASE_REMOVING:
    return g_strdup (_ ("Tidying up on the server…"));
  case PB_PHASE_FINISHED:
  default:
    return g_strdup ("");
  }
}

/* The one account that is at work, or how many are. */
static char *
describe_who (PbStatusArea *self, const Sum *sum) {
  PbAccount *account =
    sum->account_id
      ? pb_account_list_find (pb_profile_get_accounts (self->profile), sum->account_id)
      : NULL;

  if (sum->count > 1)
    return g_strdup_printf (ngettext ("%u account", "%u accounts", sum->count), sum->count);
  return account ? pb_format_isolate (pb_account_get_label (account)) : g_strdup ("");
}

/* "3.1 MB of 12 MB · 1.2 MB/s · about 2 minutes left", as far as it is known. */
static char *
describe_speed (const Sum *sum) {
  guint64 left = sum->bytes_total > sum->bytes_done ? sum->bytes_total - sum->bytes_done : 0;
  g_autofree char *done = pb_format_size (sum->bytes_done);
  g_autofree char *total = pb_format_size (sum->bytes_total);
  g_autofree char *speed = pb_format_speed (sum->speed);
  g_autofree char *time = pb_format_time_left (left, sum->speed);
  /* Translators: how many bytes of how many were received. */
  g_autofree char *bytes =
    left > 0 ? g_strdup_printf (_ ("%s of %s"), done, total) : g_strdup (done);

  if (sum->speed <= 0)
    return g_steal_pointer (&bytes);
  return g_strjoin (" · ", bytes, speed, *time ? time : NULL, NULL);
}

static void
update_work_cb (PbStatusArea *self) {
  Sum sum = add_up (self->operations);
  g_autofree char *what = describe (&sum);

  if (g_list_model_get_n_items (self->operations) == 0)
    return;
  g_autofree char *who = describe_who (self, &sum);
  gtk_label_set_label (self->who, who);
  gtk_widget_set_visible (GTK_WIDGET (self->who), *who != '\0');
  gtk_label_set_label (self->what, what);
  if (sum.phase != PB_PHASE_RECEIVING || sum.total == 0) {
    gtk_progress_bar_set_fraction (self->progress, 0);
    gtk_label_set_label (self->how_fast, "");
    return;
  }
  double fraction = sum.bytes_total ? (double) sum.bytes_done / (double) sum.bytes_total
                                    : (double) sum.done / sum.total;
  g_autofree char *how_fast = describe_speed (&sum);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
  gtk_label_set_label (self->how_fast, how_fast);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->how_fast), how_fast);
}

static gboolean
reveal_cb (gpointer data) {
  PbStatusArea *self = data;

  self->reveal_source = 0;
  gtk_revealer_set_reveal_child (self->work, TRUE);
  return G_SOURCE_REMOVE;
}

static void
operations_changed_cb (PbStatusArea *self, guint position, guint removed, guint added) {
  for (guint i = position; i < position + added; i++) {
    g_autoptr (PbOperation) operation = g_list_model_get_item (self->operations, i);
    g_signal_connect_object (operation, "notify", G_CALLBACK (update_work_cb), self,
                             G_CONNECT_SWAPPED);
  }
  if (g_list_model_get_n_items (self->operations) == 0) {
    g_clear_handle_id (&self->reveal_source, g_source_remove);
    gtk_revealer_set_reveal_child (self->work, FALSE);
    return;
  }
  update_work_cb (self);
  if (!gtk_revealer_get_reveal_child (self->work) && !self->reveal_source)
    self->reveal_source = g_timeout_add (PATIENCE_MS, reveal_cb, self);
}

/* ---- Trouble ---- */

/* Being without a network is no trouble of an account. */
static gboolean
is_only_offline (PbStatusArea *self, const GError *error) {
  g_autoptr (PbProblem) problem = pb_problem_new (error, NULL);

  return problem->network && gtk_widget_get_visible (self->offline);
}

/* Another password is asked for only where the service says so: a single refusal may have been the
 * server's own trouble. What it knows from before may have no error yet. */
static void
add_trouble (PbStatusArea *self, PbSyncService *sync, PbAccount *account) {
  g_autoptr (GError) refused = NULL;
  const GError *error = pb_sync_service_get_error (sync, account);
  gboolean needed = pb_sync_service_needs_password (sync, account);

  if (needed && !error)
    error = refused = g_error_new_literal (PB_ERROR, PB_ERROR_SIGN_IN, "the password was refused");
  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !is_only_offline (self, error)) {
    gboolean asks = needed || g_error_matches (error, PB_ERROR, PB_ERROR_NO_SECRET);
    gtk_box_append (self->troubles, pb_trouble_row_new (account, error, asks));
  }
}

static void
update_troubles_cb (PbStatusArea *self) {
  GListModel *accounts = G_LIST_MODEL (pb_profile_get_accounts (self->profile));
  PbSyncService *sync = pb_profile_get_sync (self->profile);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->troubles))))
    gtk_box_remove (self->troubles, row);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (accounts, i);
    add_trouble (self, sync, account);
  }
}

static void
update_network_cb (PbStatusArea *self) {
  GListModel *accounts = G_LIST_MODEL (pb_profile_get_accounts (self->profile));
  gboolean needed = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (accounts, i);
    needed |= pb_account_get_enabled (account) && pb_network_is_needed (account);
  }
  gtk_widget_set_visible (self->offline,
                          needed && !pb_network_is_usable (g_network_monitor_get_default ()));
  update_troubles_cb (self);
}

static void
update_keyring_cb (PbStatusArea *self) {
  PbSecrets *secrets = pb_profile_get_secrets (self->profile);

  gtk_widget_set_visible (self->keyring, pb_secrets_get_keyring_problem (secrets) != NULL);
}

static void
pb_status_area_dispose (GObject *object) {
  PbStatusArea *self = PB_STATUS_AREA (object);

  g_clear_handle_id (&self->reveal_source, g_source_remove);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->profile);
  G_OBJECT_CLASS (pb_status_area_parent_class)->dispose (object);
}

static void
pb_status_area_class_init (PbStatusAreaClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_status_area_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-status-area.ui");
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, content);
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, troubles);
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, keyring);
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, offline);
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, who);
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, work);
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, what);
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, progress);
  gtk_widget_class_bind_template_child (widget_class, PbStatusArea, how_fast);
}

static void
pb_status_area_init (PbStatusArea *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pb_status_area_set_profile (PbStatusArea *self, PbProfile *profile) {
  g_return_if_fail (PB_IS_STATUS_AREA (self));
  g_return_if_fail (PB_IS_PROFILE (profile));
  g_return_if_fail (self->profile == NULL);

  PbSyncService *sync = pb_profile_get_sync (profile);

  self->profile = g_object_ref (profile);
  self->operations = pb_sync_service_get_operations (sync);
  g_signal_connect_object (self->operations, "items-changed", G_CALLBACK (operations_changed_cb),
                           self, G_CONNECT_SWAPPED);
  operations_changed_cb (self, 0, 0, g_list_model_get_n_items (self->operations));
  g_signal_connect_object (sync, "finished", G_CALLBACK (update_troubles_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (sync, "needs-password-changed", G_CALLBACK (update_troubles_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pb_profile_get_accounts (profile), "items-changed",
                           G_CALLBACK (update_network_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (update_network_cb), self, G_CONNECT_SWAPPED);
  update_network_cb (self);
  g_signal_connect_object (pb_profile_get_secrets (profile), "notify::keyring-problem",
                           G_CALLBACK (update_keyring_cb), self, G_CONNECT_SWAPPED);
  update_keyring_cb (self);
}
