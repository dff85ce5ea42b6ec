/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads the messages of an mbox file one after the other, whatever its size, with 256 KiB of
 * memory. Blocking; for one thread; the file is never written and may be cut short meanwhile. What
 * comes out has LF line ends where the file has CRLF, quoting undone as far as its flavour allows,
 * and is otherwise the bytes of the file; fields that Thunderbird puts in front of a message go. */

#pragma once

#include <gio/gio.h>

#include "pb-mail-marks.h"

G_BEGIN_DECLS

typedef enum {
  PB_MBOX_AUTO, /* by what is found: a Content-Length that leads to the next message is believed */
  PB_MBOX_O,    /* ">From " was "From " */
  PB_MBOX_RD,   /* any number of ">" before "From " was one less */
  PB_MBOX_CL,   /* as O, with Content-Length */
  PB_MBOX_CL2,  /* nothing is quoted, with Content-Length */
} PbMboxFlavour;

typedef struct _PbMboxReader PbMboxReader;

/* Takes @fd, a regular file open for reading. */
PbMboxReader *pb_mbox_reader_new (int fd, PbMboxFlavour flavour) G_GNUC_WARN_UNUSED_RESULT;
void pb_mbox_reader_free (PbMboxReader *self);

/* TRUE when @data, the beginning of a file, is that of an mbox. */
gboolean pb_mbox_reader_knows (const char *data, gsize length);

/* Goes to the next message; what was not read of the last one is passed over. FALSE without @error
 * at the end. PB_ERROR_STORAGE where the file cannot be read, PB_ERROR_INVALID where it is no
 * mbox. */
gboolean pb_mbox_reader_next (PbMboxReader *self, GError **error);

/* Of this message: when it was received as the "From " line says, seconds since 1970 (G_MININT64
 * where it does not), and its marks. Borrowed. */
gint64 pb_mbox_reader_get_time (PbMboxReader *self);
const PbMailMarks *pb_mbox_reader_get_marks (PbMboxReader *self);

/* The next piece of this message, borrowed until the next call; *@length is 0 at its end. */
gboolean
pb_mbox_reader_read (PbMboxReader *self, const guint8 **data, gsize *length, GError **error);

/* Bytes of the file that are done. */
guint64 pb_mbox_reader_get_position (PbMboxReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbMboxReader, pb_mbox_reader_free)

G_END_DECLS
