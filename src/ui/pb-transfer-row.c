/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows what the store's threads say of their work. */

#include "config.h"

#include "pb-transfer-row.h"

#include <glib/gi18n.h>

#include "pb-format.h"

struct _PbTransferRow {
  GtkWidget parent;

  GtkWidget *content;
  GtkLabel *what;
  GtkProgressBar *progress;
  GtkLabel *count;

  GCancellable *cancellable;
  PbTransferProgress done;
  gboolean import;
};

G_DEFINE_FINAL_TYPE (PbTransferRow, pb_transfer_row, GTK_TYPE_WIDGET)

enum { FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
progress_cb (const PbTransferProgress *progress, gpointer data) {
  PbTransferRow *self = data;
  guint64 total = progress->total_bytes;
  g_autofree char *count = pb_format_count (progress->messages + progress->duplicates);
  g_autofree char *text = g_strdup_printf (
    ngettext ("%s message", "%s messages", (gulong) (progress->messages + progress->duplicates)),
    count);

  if (!self->content)
    return;
  gtk_label_set_label (self->count, text);
  gtk_progress_bar_set_fraction (self->progress,
                                 total ? MIN ((double) progress->bytes / (double) total, 1) : 0);
}

static void
finish (PbTransferRow *self, const GError *error) {
  g_autofree char *summary = pb_transfer_describe (&self->done, self->import);

  if (self->content)
    g_signal_emit (self, signals[FINISHED], 0, summary, error);
}

static void
imported (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbTransferRow) self = data;
  g_autoptr (GError) error = NULL;

  pb_mail_store_import_finish (PB_MAIL_STORE (source), result, &self->done, &error);
  finish (self, error);
}

static void
exported (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbTransferRow) self = data;
  g_autoptr (GError) error = NULL;

  pb_mail_store_export_finish (PB_MAIL_STORE (source), result, &self->done, &error);
  finish (self, error);
}

static void
stop_cb (PbTransferRow *self, GtkWidget *button) {
  gtk_widget_set_sensitive (button, FALSE);
  g_cancellable_cancel (self->cancellable);
}

static void
pb_transfer_row_dispose (GObject *object) {
  PbTransferRow *self = PB_TRANSFER_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (pb_transfer_row_parent_class)->dispose (object);
}

static void
pb_transfer_row_finalize (GObject *object) {
  g_object_unref (PB_TRANSFER_ROW (object)->cancellable);
  G_OBJECT_CLASS (pb_transfer_row_parent_class)->finalize (object);
}

static void
pb_transfer_row_class_init (PbTransferRowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_transfer_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = pb_transfer_row_finalize;
  signals[FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-transfer-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PbTransferRow, content);
  gtk_widget_class_bind_template_child (widget_class, PbTransferRow, what);
  gtk_widget_class_bind_template_child (widget_class, PbTransferRow, progress);
  gtk_widget_class_bind_template_child (widget_class, PbTransferRow, count);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
}

static void
pb_transfer_row_init (PbTransferRow *self) {
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static PbTransferRow *
make (gboolean import) {
  PbTransferRow *self = g_object_new (PB_TYPE_TRANSFER_ROW, NULL);

  self->import = import;
  gtk_label_set_label (self->what, import ? _ ("Importing mail…") : _ ("Exporting mail…"));
  return self;
}

GtkWidget *
pb_transfer_row_new_import (PbMailStore *store, const PbImportOptions *options) {
  PbTransferRow *self = make (TRUE);

  pb_mail_store_import_async (store, options, progress_cb, self, self->cancellable, imported,
                              g_object_ref (self));
  return GTK_WIDGET (self);
}

GtkWidget *
pb_transfer_row_new_export (PbMailStore *store, const PbExportOptions *options) {
  PbTransferRow *self = make (FALSE);

  pb_mail_store_export_async (store, options, progress_cb, self, self->cancellable, exported,
                              g_object_ref (self));
  return GTK_WIDGET (self);
}

gboolean
pb_transfer_row_is_complete (PbTransferRow *self) {
  g_return_val_if_fail (PB_IS_TRANSFER_ROW (self), FALSE);
  return self->done.unreadable == 0;
}

static void
add_part (GString *text, const char *format, guint64 number) {
  g_autofree char *count = pb_format_count (number);
  g_auto (GStrv) halves = g_strsplit (format, "%s", 2);

  g_string_append_printf (text, "%s%s%s%s", text->len ? " · " : "", halves[0], count,
                          halves[0] && halves[1] ? halves[1] : "");
}

char *
pb_transfer_describe (const PbTransferProgress *progress, gboolean import) {
  GString *text = g_string_new (NULL);
  gulong messages = (gulong) progress->messages;

  add_part (text,
            import ? ngettext ("%s message imported", "%s messages imported", messages)
                   : ngettext ("%s message exported", "%s messages exported", messages),
            progress->messages);
  if (progress->duplicates)
    add_part (
      text, ngettext ("%s was here already", "%s were here already", (gulong) progress->duplicates),
      progress->duplicates);
  if (progress->skipped)
    add_part (text,
              ngettext ("%s was deleted there and is left out",
                        "%s were deleted there and are left out", (gulong) progress->skipped),
              progress->skipped);
  if (progress->unreadable)
    add_part (text,
              ngettext ("%s file could not be read", "%s files could not be read",
                        (gulong) progress->unreadable),
              progress->unreadable);
  return g_string_free (text, FALSE);
}
