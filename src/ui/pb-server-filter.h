/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Which rows of a server mailbox are shown, and which are chosen together. Main context. */

#pragma once

#include <gtk/gtk.h>

#include "pb-server-mailbox.h"

G_BEGIN_DECLS

#define PB_TYPE_SERVER_FILTER (pb_server_filter_get_type ())
G_DECLARE_FINAL_TYPE (PbServerFilter, pb_server_filter, PB, SERVER_FILTER, GtkFilter)

PbServerFilter *pb_server_filter_new (void);

/* Only rows of that state; PB_N_SERVER_STATES for all. */
void pb_server_filter_set_state (PbServerFilter *self, PbServerState state);

/* Only rows whose sender or subject has all these words; NULL or "" for all. */
void pb_server_filter_set_words (PbServerFilter *self, const char *words);

typedef enum {
  PB_SERVER_CHOOSE_HERE,
  PB_SERVER_CHOOSE_LARGER,  /* than @number octets */
  PB_SERVER_CHOOSE_OLDER,   /* than @number days */
  PB_SERVER_CHOOSE_SENDERS, /* from the senders of what is selected, or from @key */
  PB_SERVER_CHOOSE_YEAR,    /* of @key */
} PbServerChoice;

/* Selects those of the rows that are shown. Returns how many. */
guint pb_server_filter_choose (GtkSelectionModel *selection,
                               PbServerChoice choice,
                               gint64 number,
                               const char *key);

/* The rows that are selected: GPtrArray of PbServerRow. */
GPtrArray *pb_server_filter_dup_selected (GtkSelectionModel *selection);

G_END_DECLS
