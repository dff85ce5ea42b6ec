/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What came of trying an account: on its way, well, or what went wrong and what to do; for a
 * certificate that is not trusted all about it, and the choice to trust it. */

#pragma once

#include <gtk/gtk.h>

#include "pb-account.h"

G_BEGIN_DECLS

#define PB_TYPE_TRIAL_BOX (pb_trial_box_get_type ())
G_DECLARE_FINAL_TYPE (PbTrialBox, pb_trial_box, PB, TRIAL_BOX, GtkWidget)

/* Signal "trust" (char *fingerprint): a person decided to trust this certificate (SHA-256 in
 * lower-case hex). */

void pb_trial_box_clear (PbTrialBox *self);
void pb_trial_box_show_busy (PbTrialBox *self);
void pb_trial_box_show_success (PbTrialBox *self, guint messages, guint64 octets);
/* Something else that stands in the way. */
void pb_trial_box_show_refusal (PbTrialBox *self, const char *title, const char *text);

/* @where names the server or account it is about, or NULL. @account: the one that was tried, with
 * the server and the certificate that was accepted before; NULL where the error did not come from a
 * server. */
void pb_trial_box_show_error (PbTrialBox *self,
                              const GError *error,
                              const char *where,
                              PbAccount *account);

G_END_DECLS
