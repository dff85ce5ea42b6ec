/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of PbServerView share. */

#pragma once

#include <adwaita.h>

#include "pb-fill-bar.h"
#include "pb-server-chips.h"
#include "pb-server-filter.h"
#include "pb-server-preview.h"
#include "pb-server-view.h"

G_BEGIN_DECLS

struct _PbServerView {
  GtkWidget parent;

  GtkWidget *content;
  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkSearchBar *search_bar;
  GtkEditable *search;
  GtkWidget *trouble;
  GtkLabel *trouble_text;
  GtkLabel *no_top;
  GtkWidget *fill;
  GtkToggleButton *by_year;
  PbFillBar *bar;
  PbServerChips *chips;
  GtkStack *stack;
  AdwStatusPage *status;
  GtkColumnView *view;
  PbServerPreview *preview;
  AdwButtonContent *fetch, *remove, *fetch_remove, *keep;

  PbServerMailbox *mailbox;
  PbServerFilter *filter;
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;
  GtkMultiSelection *selection;
  GtkSorter *group_sorter;
  GHashTable *group_bytes; /* sender → guint64 *, while rows are grouped */
  GSignalGroup *signals;
  AdwToast *undo_toast; /* the one on the screen, not owned */
  guint update_timer;
  guint layout_idle;
  gboolean folded;
  gboolean narrow;
  gboolean group;
  gboolean cramped; /* one column */
};

/* ---- pb-server-view.c ---- */

/* What is shown around the rows follows soon. */
void _pb_server_view_update (PbServerView *self);

/* Somebody is looking. */
void _pb_server_view_touch (PbServerView *self);

/* ---- pb-server-view-actions.c ---- */

void _pb_server_view_install_actions (GtkWidgetClass *klass);

/* Which of them can be used now. */
void _pb_server_view_show_actions (PbServerView *self);

void _pb_server_view_say (PbServerView *self, const char *text);
void
_pb_server_view_choose (PbServerView *self, PbServerChoice choice, gint64 number, const char *key);

G_END_DECLS
