/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One attachment: what kind, its name, its size; opens at a click, saves with the button beside
 * it; can be dragged to another program. */

#pragma once

#include <gtk/gtk.h>

#include "pb-attachment.h"

G_BEGIN_DECLS

#define PB_TYPE_ATTACHMENT_CHIP (pb_attachment_chip_get_type ())
G_DECLARE_FINAL_TYPE (PbAttachmentChip, pb_attachment_chip, PB, ATTACHMENT_CHIP, GtkWidget)

/* Signals "open" and "save": (PbAttachment). @cache_dir, which may be NULL, is where the file is
 * made that is dragged out. */
GtkWidget *pb_attachment_chip_new (PbAttachment *attachment, const char *cache_dir);

G_END_DECLS
