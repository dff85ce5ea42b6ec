/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The marks of an MH folder: the file ".mh_sequences". Untrusted; a value. */

#pragma once

#include "pb-mail-marks.h"

G_BEGIN_DECLS

typedef struct _PbMhSequences PbMhSequences;

/* Of the folder at @path. Never NULL. */
PbMhSequences *pb_mh_sequences_read (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void pb_mh_sequences_free (PbMhSequences *self);

/* TRUE when @name can be that of a message. */
gboolean pb_mh_sequences_is_number (const char *name);

/* Sets @marks; FALSE where the folder has no marks at all. */
gboolean pb_mh_sequences_get_marks (PbMhSequences *self, const char *name, PbMailMarks *marks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbMhSequences, pb_mh_sequences_free)

G_END_DECLS
