/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the view of a server mailbox shows of a row, as text. Pure functions. */

#pragma once

#include "pb-server-mailbox.h"

G_BEGIN_DECLS

/* "Here", "Not here" …; translated, static. */
const char *pb_server_text_state (PbServerState state);

/* The same of a row, with what else a person wants of it: "Here, to be kept". */
char *pb_server_text_row_state (PbServerRow *row);

/* Never empty; "…" while the head is not known. Untrusted text is cleaned. */
char *pb_server_text_sender (PbServerRow *row);
char *pb_server_text_subject (PbServerRow *row);
char *pb_server_text_date (PbServerRow *row);
char *pb_server_text_size (PbServerRow *row);

/* One sentence for who hears it. */
char *pb_server_text_sentence (PbServerRow *row);

/* What messages of one sender have in common: the address, in lower case; "" while it is not
 * known. */
char *pb_server_text_sender_key (PbServerRow *row);

/* The date that counts in lists; 0 while it is not known. */
gint64 pb_server_text_time (PbServerRow *row);

G_END_DECLS
