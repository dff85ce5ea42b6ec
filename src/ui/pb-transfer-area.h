/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Mail from files and into files, in the window: asks what and where, shows each transfer while it
 * runs, and says what came of it. Not there while nothing runs. */

#pragma once

#include <gtk/gtk.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_TRANSFER_AREA (pb_transfer_area_get_type ())
G_DECLARE_FINAL_TYPE (PbTransferArea, pb_transfer_area, PB, TRANSFER_AREA, GtkBox)

/* Signal "notice" (char *text): something was done; for a toast. */

/* Once. */
void pb_transfer_area_set_profile (PbTransferArea *self, PbProfile *profile);

/* Ask and begin. @account_id: "" is the first account. */
void pb_transfer_area_import (PbTransferArea *self, const char *account_id);
void pb_transfer_area_export (PbTransferArea *self, const char *account_id);

/* Begin without asking: what the two above lead to. @folder and @format as in
 * pb-mail-transfer.h. */
void pb_transfer_area_start_import (PbTransferArea *self,
                                    const char *account_id,
                                    const char *path,
                                    const char *folder);
void pb_transfer_area_start_export (PbTransferArea *self,
                                    const char *account_id,
                                    const char *path,
                                    int format);

G_END_DECLS
