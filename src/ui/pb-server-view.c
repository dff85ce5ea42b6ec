/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows go through filter, sorter and selection into a column view; what is done to them is marked
 * in the mailbox, which does the work. */

#include "config.h"

#include "pb-server-view-private.h"

#include <glib/gi18n.h>

#include "pb-format.h"
#include "pb-problem.h"
#include "pb-server-columns.h"
#include "pb-server-sums.h"
#include "pb-server-text.h"

#define UPDATE_MS 100
/* Below that the columns become one. */
#define WIDE_PIXELS 720

G_DEFINE_FINAL_TYPE (PbServerView, pb_server_view, GTK_TYPE_WIDGET)

enum { PROP_FOLDED = 1, PROP_NARROW, PROP_GROUP, N_PROPS };
static GParamSpec *properties[N_PROPS];

/* ---- What is shown around the rows ---- */

static void
show_fill (PbServerView *self, const PbServerSums *sums) {
  gboolean by_year = gtk_toggle_button_get_active (self->by_year);
  const GPtrArray *all = by_year ? sums->years : sums->senders;
  PbFillStretch stretches[PB_FILL_BAR_MOST];
  double total = MAX ((double) sums->bytes, 1), rest = 1;
  guint count = 0;

  for (; count < MIN (all->len, PB_FILL_BAR_MOST - 1); count++) {
    const PbServerSum *sum = all->pdata[count];
    stretches[count] = (PbFillStretch){ sum->key, sum->label, (double) sum->bytes / total };
    if (!*sum->label)
      stretches[count].label = _ ("No date");
    rest -= stretches[count].share;
  }
  if (count > 0 && rest > 0.005)
    stretches[count++] = (PbFillStretch){ "", _ ("Others"), rest };
  pb_fill_bar_set (self->bar, stretches, count);
  gtk_widget_set_visible (self->fill, count > 0 && !self->cramped);
}

static const char *
describe_session (PbServerView *self) {
  switch (pb_server_mailbox_get_state (self->mailbox)) {
  case PB_SERVER_SESSION_WAITING:
    return _ ("waiting for the check to end");
  case PB_SERVER_SESSION_CONNECTING:
    return _ ("asking the server");
  case PB_SERVER_SESSION_LEAVING:
    return _ ("closing");
  case PB_SERVER_SESSION_OPEN:
    return _ ("connected");
  case PB_SERVER_SESSION_CLOSED:
  default:
    return _ ("not connected");
  }
}

static char *
describe_work (PbServerView *self, const PbServerSums *sums) {
  PbOperation *operation = pb_server_mailbox_get_operation (self->mailbox);

  if (operation && pb_operation_get_total (operation))
    return g_strdup_printf (_ ("%u of %u fetched"), pb_operation_get_done (operation),
                            pb_operation_get_total (operation));
  if (sums->heads < sums->count && pb_server_mailbox_may_top (self->mailbox) &&
      pb_server_mailbox_get_state (self->mailbox) == PB_SERVER_SESSION_OPEN)
    return g_strdup_printf (_ ("%u of %u read"), sums->heads, sums->count);
  return g_strdup (describe_session (self));
}

static void
show_title (PbServerView *self, const PbServerSums *sums) {
  g_autofree char *size = pb_format_size (sums->bytes);
  g_autofree char *work = describe_work (self, sums);
  g_autofree char *text = g_strdup_printf (
    ngettext ("%u message, %s, %s", "%u messages, %s, %s", sums->count), sums->count, size, work);

  adw_window_title_set_subtitle (self->title, sums->count ? text : work);
}

static void
show_trouble (PbServerView *self, gboolean any) {
  const GError *error = pb_server_mailbox_get_error (self->mailbox);
  PbServerSessionState state = pb_server_mailbox_get_state (self->mailbox);
  gboolean busy = state != PB_SERVER_SESSION_CLOSED;
  const char *label = pb_account_get_label (pb_server_mailbox_get_account (self->mailbox));
  g_autoptr (PbProblem) problem = error ? pb_problem_new (error, label) : NULL;

  gtk_widget_set_visible (self->trouble, problem && any);
  if (problem)
    gtk_label_set_text (self->trouble_text, problem->title);
  adw_status_page_set_title (self->status, problem ? problem->title
                                           : busy  ? _ ("Looking into the Mailbox")
                                                   : _ ("Nothing Lies on the Server"));
  adw_status_page_set_description (self->status, problem ? problem->advice : NULL);
  gtk_stack_set_visible_child_name (self->stack, any ? "rows" : "status");
  gtk_widget_set_visible (GTK_WIDGET (self->no_top),
                          any && !pb_server_mailbox_may_top (self->mailbox));
}

static void
sort_again (PbServerView *self, const PbServerSums *sums) {
  GtkSorter *sorter = gtk_sort_list_model_get_sorter (self->sorted);

  g_hash_table_remove_all (self->group_bytes);
  for (guint i = 0; self->group && i < sums->senders->len; i++) {
    const PbServerSum *sum = sums->senders->pdata[i];
    g_hash_table_insert (self->group_bytes, g_strdup (sum->key),
                         g_memdup2 (&sum->bytes, sizeof sum->bytes));
  }
  if (sorter)
    gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static gboolean
update_cb (gpointer data) {
  PbServerView *self = data;

  self->update_timer = 0;
  if (!self->mailbox)
    return G_SOURCE_REMOVE;
  GListModel *rows = pb_server_mailbox_get_rows (self->mailbox);
  g_autoptr (PbServerSums) sums = pb_server_sums_new (rows);
  show_title (self, sums);
  show_fill (self, sums);
  pb_server_chips_set_counts (self->chips, sums->states);
  show_trouble (self, g_list_model_get_n_items (rows) > 0);
  _pb_server_view_show_actions (self);
  if (self->group)
    sort_again (self, sums);
  return G_SOURCE_REMOVE;
}

void
_pb_server_view_update (PbServerView *self) {
  if (!self->update_timer)
    self->update_timer = g_timeout_add (UPDATE_MS, update_cb, self);
}

/* Heads came: what is filtered or sorted by them is not any more. */
static void
rows_changed_cb (PbServerView *self) {
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);

  if (*gtk_editable_get_text (self->search))
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  if (sorter && gtk_sorter_get_order (sorter) != GTK_SORTER_ORDER_NONE)
    gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
  _pb_server_view_update (self);
}

void
_pb_server_view_touch (PbServerView *self) {
  if (self->mailbox && gtk_widget_get_mapped (GTK_WIDGET (self)))
    pb_server_mailbox_touch (self->mailbox);
}

/* ---- Selecting ---- */

static void
selected_cb (PbServerView *self) {
  g_autoptr (GPtrArray) rows =
    pb_server_filter_dup_selected (GTK_SELECTION_MODEL (self->selection));
  PbServerRow *row = rows->len == 1 ? rows->pdata[0] : NULL;

  pb_server_preview_show (self->preview, self->mailbox,
                          row && pb_server_row_get_number (row) ? row : NULL);
  _pb_server_view_touch (self);
  _pb_server_view_update (self);
}

static void
stretch_chosen_cb (PbServerView *self, const char *key) {
  gboolean by_year = gtk_toggle_button_get_active (self->by_year);

  _pb_server_view_choose (self, by_year ? PB_SERVER_CHOOSE_YEAR : PB_SERVER_CHOOSE_SENDERS, 0, key);
}

static void
chip_chosen_cb (PbServerView *self, int state) {
  pb_server_filter_set_state (self->filter, (PbServerState) state);
}

static void
search_changed_cb (PbServerView *self) {
  pb_server_filter_set_words (self->filter, gtk_editable_get_text (self->search));
}

static void
left_cb (PbServerView *self, guint deleted, const GError *error) {
  if (self->undo_toast)
    adw_toast_dismiss (self->undo_toast);
  if (deleted) {
    g_autofree char *text =
      g_strdup_printf (ngettext ("%u message was deleted on the server",
                                 "%u messages were deleted on the server", deleted),
                       deleted);
    _pb_server_view_say (self, text);
  }
  _pb_server_view_update (self);
}

/* ---- Object ---- */

static int
compare_groups (gconstpointer a, gconstpointer b, gpointer data) {
  PbServerView *self = data;
  g_autofree char *left = NULL, *right = NULL;

  if (!self->group)
    return 0;
  left = pb_server_text_sender_key ((PbServerRow *) a);
  right = pb_server_text_sender_key ((PbServerRow *) b);
  const guint64 *ours = g_hash_table_lookup (self->group_bytes, left);
  const guint64 *theirs = g_hash_table_lookup (self->group_bytes, right);
  guint64 one = ours ? *ours : 0, other = theirs ? *theirs : 0;
  return one == other ? g_strcmp0 (left, right) : (one < other) - (one > other);
}

static void
make_models (PbServerView *self) {
  GtkMultiSorter *sorter = gtk_multi_sorter_new ();

  self->group_bytes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->group_sorter = GTK_SORTER (gtk_custom_sorter_new (compare_groups, self, NULL));
  gtk_multi_sorter_append (sorter, g_object_ref (self->group_sorter));
  gtk_multi_sorter_append (sorter, g_object_ref (gtk_column_view_get_sorter (self->view)));
  self->filter = pb_server_filter_new ();
  self->filtered = gtk_filter_list_model_new (NULL, g_object_ref (GTK_FILTER (self->filter)));
  self->sorted =
    gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)), GTK_SORTER (sorter));
  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->sorted)));
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
}

static gboolean
layout_cb (gpointer data) {
  PbServerView *self = data;

  self->layout_idle = 0;
  pb_server_columns_set_narrow (self->view, self->cramped);
  /* Their pictures and tooltips say it too. */
  adw_button_content_set_label (self->fetch, self->cramped ? "" : _ ("_Fetch"));
  adw_button_content_set_label (self->remove, self->cramped ? "" : _ ("_Delete"));
  adw_button_content_set_label (self->fetch_remove, self->cramped ? "" : _ ("Fetch _and Delete"));
  adw_button_content_set_label (self->keep, self->cramped ? "" : _ ("_Keep"));
  _pb_server_view_update (self);
  return G_SOURCE_REMOVE;
}

static void
pb_server_view_size_allocate (GtkWidget *widget, int width, int height, int baseline) {
  PbServerView *self = PB_SERVER_VIEW (widget);

  gtk_widget_size_allocate (self->content, &(GtkAllocation){ 0, 0, width, height }, baseline);
  if (self->cramped == (width < WIDE_PIXELS))
    return;
  self->cramped = width < WIDE_PIXELS;
  if (!self->layout_idle)
    self->layout_idle = g_idle_add (layout_cb, self);
}

static void
pb_server_view_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline) {
  gtk_widget_measure (PB_SERVER_VIEW (widget)->content, orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
pb_server_view_map (GtkWidget *widget) {
  PbServerView *self = PB_SERVER_VIEW (widget);

  GTK_WIDGET_CLASS (pb_server_view_parent_class)->map (widget);
  if (!self->mailbox)
    return;
  pb_server_mailbox_set_all_heads (self->mailbox, TRUE);
  _pb_server_view_touch (self);
}

/* Whoever does not look needs no heads; the session goes when it is not used. */
static void
pb_server_view_unmap (GtkWidget *widget) {
  PbServerView *self = PB_SERVER_VIEW (widget);

  if (self->mailbox)
    pb_server_mailbox_set_all_heads (self->mailbox, FALSE);
  GTK_WIDGET_CLASS (pb_server_view_parent_class)->unmap (widget);
}

static gboolean
pb_server_view_grab_focus (GtkWidget *widget) {
  return gtk_widget_grab_focus (GTK_WIDGET (PB_SERVER_VIEW (widget)->view));
}

static void
pb_server_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  PbServerView *self = PB_SERVER_VIEW (object);

  switch (id) {
  case PROP_FOLDED:
    g_value_set_boolean (value, self->folded);
    break;
  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;
  case PROP_GROUP:
    g_value_set_boolean (value, self->group);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_server_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  PbServerView *self = PB_SERVER_VIEW (object);

  switch (id) {
  case PROP_FOLDED:
    self->folded = g_value_get_boolean (value);
    break;
  case PROP_NARROW:
    self->narrow = g_value_get_boolean (value);
    break;
  case PROP_GROUP:
    self->group = g_value_get_boolean (value);
    if (!self->group)
      gtk_sorter_changed (self->group_sorter, GTK_SORTER_CHANGE_DIFFERENT);
    _pb_server_view_update (self);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_server_view_dispose (GObject *object) {
  PbServerView *self = PB_SERVER_VIEW (object);

  g_clear_handle_id (&self->update_timer, g_source_remove);
  g_clear_handle_id (&self->layout_idle, g_source_remove);
  g_clear_object (&self->signals);
  if (self->view)
    gtk_column_view_set_model (self->view, NULL);
  self->view = NULL;
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->group_sorter);
  g_clear_pointer (&self->group_bytes, g_hash_table_unref);
  g_clear_object (&self->mailbox);
  G_OBJECT_CLASS (pb_server_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass) {
  g_type_ensure (PB_TYPE_FILL_BAR);
  g_type_ensure (PB_TYPE_SERVER_CHIPS);
  g_type_ensure (PB_TYPE_SERVER_PREVIEW);
  gtk_widget_class_set_template_from_resource (klass, "/app/postbag/Postbag/pb-server-view.ui");
  gtk_widget_class_bind_template_child (klass, PbServerView, content);
  gtk_widget_class_bind_template_child (klass, PbServerView, toasts);
  gtk_widget_class_bind_template_child (klass, PbServerView, title);
  gtk_widget_class_bind_template_child (klass, PbServerView, search_bar);
  gtk_widget_class_bind_template_child (klass, PbServerView, search);
  gtk_widget_class_bind_template_child (klass, PbServerView, trouble);
  gtk_widget_class_bind_template_child (klass, PbServerView, trouble_text);
  gtk_widget_class_bind_template_child (klass, PbServerView, no_top);
  gtk_widget_class_bind_template_child (klass, PbServerView, fill);
  gtk_widget_class_bind_template_child (klass, PbServerView, by_year);
  gtk_widget_class_bind_template_child (klass, PbServerView, bar);
  gtk_widget_class_bind_template_child (klass, PbServerView, chips);
  gtk_widget_class_bind_template_child (klass, PbServerView, stack);
  gtk_widget_class_bind_template_child (klass, PbServerView, status);
  gtk_widget_class_bind_template_child (klass, PbServerView, view);
  gtk_widget_class_bind_template_child (klass, PbServerView, preview);
  gtk_widget_class_bind_template_child (klass, PbServerView, fetch);
  gtk_widget_class_bind_template_child (klass, PbServerView, remove);
  gtk_widget_class_bind_template_child (klass, PbServerView, fetch_remove);
  gtk_widget_class_bind_template_child (klass, PbServerView, keep);
  gtk_widget_class_bind_template_callback (klass, stretch_chosen_cb);
  gtk_widget_class_bind_template_callback (klass, chip_chosen_cb);
  gtk_widget_class_bind_template_callback (klass, search_changed_cb);
  gtk_widget_class_bind_template_callback_full (klass, "touch", G_CALLBACK (_pb_server_view_touch));
  gtk_widget_class_bind_template_callback_full (klass, "update",
                                                G_CALLBACK (_pb_server_view_update));
}

static void
pb_server_view_class_init (PbServerViewClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = pb_server_view_get_property;
  object_class->set_property = pb_server_view_set_property;
  object_class->dispose = pb_server_view_dispose;
  widget_class->size_allocate = pb_server_view_size_allocate;
  widget_class->measure = pb_server_view_measure;
  widget_class->map = pb_server_view_map;
  widget_class->unmap = pb_server_view_unmap;
  widget_class->grab_focus = pb_server_view_grab_focus;
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  properties[PROP_GROUP] = g_param_spec_boolean ("group-by-sender", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  _pb_server_view_install_actions (widget_class);
  bind_template (widget_class);
}

static void
pb_server_view_init (PbServerView *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cramped = TRUE;
  pb_server_columns_add (self->view);
  make_models (self);
  gtk_search_bar_set_key_capture_widget (self->search_bar, GTK_WIDGET (self->view));
  self->signals = g_signal_group_new (PB_TYPE_SERVER_MAILBOX);
  g_signal_group_connect_swapped (self->signals, "notify::state",
                                  G_CALLBACK (_pb_server_view_update), self);
  g_signal_group_connect_swapped (self->signals, "marks-changed",
                                  G_CALLBACK (_pb_server_view_update), self);
  g_signal_group_connect_swapped (self->signals, "rows-changed", G_CALLBACK (rows_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->signals, "left", G_CALLBACK (left_cb), self);
}

void
pb_server_view_set_mailbox (PbServerView *self, PbServerMailbox *mailbox) {
  g_return_if_fail (PB_IS_SERVER_VIEW (self));

  if (self->mailbox == mailbox)
    return;
  if (self->mailbox)
    pb_server_mailbox_set_all_heads (self->mailbox, FALSE);
  g_set_object (&self->mailbox, mailbox);
  g_signal_group_set_target (self->signals, mailbox);
  pb_server_columns_set_mailbox (self->view, mailbox);
  gtk_filter_list_model_set_model (self->filtered,
                                   mailbox ? pb_server_mailbox_get_rows (mailbox) : NULL);
  selected_cb (self);
  if (!mailbox)
    return;
  adw_window_title_set_title (self->title, _ ("On the server"));
  pb_server_mailbox_set_all_heads (mailbox, gtk_widget_get_mapped (GTK_WIDGET (self)));
  update_cb (self);
}
