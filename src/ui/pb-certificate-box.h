/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is wrong with the certificate of a server, what would be at risk with an exception and what
 * it would bind, its fingerprint (and the one accepted before), and, folded away, the chain. Says
 * it and decides nothing: the choice to trust belongs to whoever shows this. */

#pragma once

#include <gtk/gtk.h>

#include "pb-account.h"
#include "pb-certificate-words.h"

G_BEGIN_DECLS

#define PB_TYPE_CERTIFICATE_BOX (pb_certificate_box_get_type ())
G_DECLARE_FINAL_TYPE (PbCertificateBox, pb_certificate_box, PB, CERTIFICATE_BOX, GtkWidget)

/* The words about the certificate that @error refuses for the server of @account, as of now; NULL
 * when @error is about something else, or the account has no server. */
PbCertificateWords *pb_certificate_box_make_words (const GError *error,
                                                   PbAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* The title in @words is not shown: it is the title of whatever this box is in. */
void pb_certificate_box_show (PbCertificateBox *self, const PbCertificateWords *words);

G_END_DECLS
