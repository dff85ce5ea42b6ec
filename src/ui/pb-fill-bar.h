/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What fills a mailbox: a bar of coloured stretches with a legend of buttons below. Knows nothing
 * of mail. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PB_FILL_BAR_MOST 6

#define PB_TYPE_FILL_BAR (pb_fill_bar_get_type ())
G_DECLARE_FINAL_TYPE (PbFillBar, pb_fill_bar, PB, FILL_BAR, GtkWidget)

/* Signal "chosen" (char *key): a button of the legend was pressed. */

typedef struct {
  const char *key;   /* comes back in "chosen"; "" for what cannot be chosen */
  const char *label; /* cleaned */
  double share;      /* of the whole, 0 to 1 */
} PbFillStretch;

/* At most PB_FILL_BAR_MOST; the strings are copied. */
void pb_fill_bar_set (PbFillBar *self, const PbFillStretch *stretches, guint count);

G_END_DECLS
