/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the POP3 accounts of other mail programs on this computer: Thunderbird, Evolution, Claws
 * Mail, Sylpheed. Their files are read, never written, and not trusted. */

#pragma once

#include "pb-other-account.h"

G_BEGIN_DECLS

/* Finishes with a GPtrArray of PbOtherAccount, owned by the caller, empty when there are none. What
 * cannot be read is passed over. @home: a folder that stands for everything of the person, or NULL
 * for the real places. Works in a thread. Fails only when cancelled. */
void pb_other_programs_find_async (const char *home,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *pb_other_programs_find_finish (GAsyncResult *result, GError **error);

/* What @program calls itself: "Claws Mail". */
const char *pb_other_program_get_name (const char *program);

G_END_DECLS
