/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Message ids in header fields. Within this layer only. */

#pragma once

#include <gmime/gmime.h>

G_BEGIN_DECLS

/* The Message-ID without brackets; "" without one. */
char *pb_message_ids_dup_own (GMimeHeaderList *fields);

/* The ids of References, oldest first, then those of In-Reply-To that are not among them,
 * separated by a space; at most @limit bytes: in a longer list the first and the last ones stay. */
char *pb_message_ids_dup_references (GMimeHeaderList *fields, gsize limit);

G_END_DECLS
