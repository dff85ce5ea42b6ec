/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A window that moves over the file, line by line. GMime's own mbox parser would hold each message
 * as a tree and does not give its bytes back, which is why it is not used here. */

#include "pb-mbox-reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "pb-error.h"
#include "pb-mbox-line.h"

#define WINDOW (256 * 1024)
#define PIECE (64 * 1024)
#define HEADER_LIMIT (128 * 1024)
/* A body is looked through for the way it was quoted up to this size. */
#define LOOK_LIMIT (64 * 1024 * 1024)
#define UNKNOWN G_MAXUINT64

struct _PbMboxReader {
  int fd;
  PbMboxFlavour flavour;
  char *window;
  gsize start, end; /* what is in the window and not done */
  guint64 offset;   /* in the file, of @end */
  gboolean at_end;  /* nothing follows the window */
  gboolean crlf;
  gboolean started;
  /* The message. */
  gboolean open;
  gboolean at_line;      /* @start is the start of a line */
  gboolean blank;        /* an empty line was passed that may belong to the message or not */
  guint64 body_end;      /* by its Content-Length; UNKNOWN without */
  PbMboxFlavour quoting; /* how this message is quoted */
  gint64 time;
  PbMailMarks marks;
  GByteArray *piece;
};

PbMboxReader *
pb_mbox_reader_new (int fd, PbMboxFlavour flavour) {
  g_return_val_if_fail (fd >= 0, NULL);

  PbMboxReader *self = g_new0 (PbMboxReader, 1);
  self->fd = fd;
  self->flavour = flavour;
  self->window = g_malloc (WINDOW);
  self->piece = g_byte_array_sized_new (PIECE);
  return self;
}

void
pb_mbox_reader_free (PbMboxReader *self) {
  if (!self)
    return;
  close (self->fd);
  g_free (self->window);
  g_byte_array_unref (self->piece);
  pb_mail_marks_clear (&self->marks);
  g_free (self);
}

guint64
pb_mbox_reader_get_position (PbMboxReader *self) {
  g_return_val_if_fail (self != NULL, 0);

  return self->offset - (self->end - self->start);
}

gint64
pb_mbox_reader_get_time (PbMboxReader *self) {
  g_return_val_if_fail (self != NULL, G_MININT64);

  return self->time;
}

const PbMailMarks *
pb_mbox_reader_get_marks (PbMboxReader *self) {
  g_return_val_if_fail (self != NULL, NULL);

  return &self->marks;
}

static gssize
read_at (PbMboxReader *self, char *to, gsize length, guint64 offset, GError **error) {
  gssize got;

  do
    got = pread (self->fd, to, length, (off_t) offset);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    g_set_error (error, PB_ERROR, PB_ERROR_STORAGE, "cannot read: %s", g_strerror (errno));
  return got;
}

/* At least @wanted bytes are in the window, or all that is left. */
static gboolean
fill (PbMboxReader *self, gsize wanted, GError **error) {
  if (self->end - self->start >= wanted || self->at_end)
    return TRUE;
  memmove (self->window, self->window + self->start, self->end - self->start);
  self->end -= self->start;
  self->start = 0;
  while (self->end < wanted && !self->at_end) {
    gssize got = read_at (self, self->window + self->end, WINDOW - self->end, self->offset, error);
    if (got < 0)
      return FALSE;
    self->at_end = got == 0;
    self->end += (gsize) got;
    self->offset += (guint64) got;
  }
  return TRUE;
}

static const char *
here (PbMboxReader *self, gsize *left) {
  *left = self->end - self->start;
  return self->window + self->start;
}

/* ---- The beginning of a message ---- */

/* The value of a field up to its end, folds included; NULL where @line is another field. */
static char *
dup_value (const char *line, gsize length, const char *name) {
  gsize end = strlen (name);

  if (length <= end || g_ascii_strncasecmp (line, name, end) != 0 || line[end] != ':')
    return NULL;
  return g_strstrip (g_strndup (line + end + 1, length - end - 1));
}

/* The length of the field (with its folds) at @data, 0 at the end of the header. */
static gsize
field_length (const char *data, gsize left) {
  gsize length = 0;

  if (left == 0 || *data == '\n' || *data == '\r')
    return 0;
  do {
    const char *end = memchr (data + length, '\n', left - length);
    length = end ? (gsize) (end - data) + 1 : left;
  } while (length < left && (data[length] == ' ' || data[length] == '\t'));
  return length;
}

static void
read_marks (PbMboxReader *self, const char *field, gsize length) {
  static const char *const names[] = { "Status", "X-Status", "X-Keywords", "X-Mozilla-Status",
                                       "X-Mozilla-Keys" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *value = dup_value (field, length, names[i]);
    if (value)
      pb_mail_marks_read_field (&self->marks, names[i], value);
  }
}

/* What Thunderbird put in front is no part of the message. The length of it. */
static gsize
local_fields (const char *data, gsize left) {
  static const char *const names[] = { "X-Account-Key", "X-UIDL", "X-Mozilla-Status",
                                       "X-Mozilla-Status2", "X-Mozilla-Keys" };
  gsize at = 0, length;
  gboolean known = TRUE, sure = FALSE;

  while (known && (length = field_length (data + at, left - at)) > 0) {
    known = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
      g_autofree char *value = dup_value (data + at, length, names[i]);
      known = known || value;
      sure = sure || (value && i == 2);
    }
    at += known ? length : 0;
  }
  return sure ? at : 0;
}

/* Whether a message can end at @offset: the file does, or a "From " line follows. */
static gboolean
can_end_at (PbMboxReader *self, guint64 offset) {
  char text[PB_MBOX_LINE_LIMIT + 8];
  gssize got = read_at (self, text, sizeof text, offset, NULL);
  gssize at = 0;

  while (at < got && at < 4 && (text[at] == '\n' || text[at] == '\r'))
    at++;
  return got >= 0 && (at == got || pb_mbox_line_divides (text + at, (gsize) (got - at)));
}

/* Whether there is an unquoted "From " line between two places of the file. */
static gboolean
is_unquoted (PbMboxReader *self, guint64 from, guint64 to) {
  g_autofree char *text = g_malloc (PIECE + 1);

  if (to - from > LOOK_LIMIT)
    return TRUE;
  while (from < to) {
    gssize got = read_at (self, text, MIN (PIECE, to - from), from, NULL);
    if (got <= 0)
      return FALSE;
    text[got] = '\0';
    for (const char *p = text; (p = memchr (p, '\n', (gsize) (text + got - p))); p++) {
      if (strncmp (p + 1, "From ", 5) == 0)
        return TRUE;
    }
    /* A line that was cut begins the next piece. */
    from += (guint64) (got > 16 ? got - 8 : got);
  }
  return FALSE;
}

static void
believe_length (PbMboxReader *self, guint64 body, const char *value) {
  guint64 length = g_ascii_strtoull (value, NULL, 10);

  if (self->flavour == PB_MBOX_O || self->flavour == PB_MBOX_RD ||
      strspn (value, "0123456789") != strlen (value) || length > G_MAXINT64 / 2 || !*value ||
      !can_end_at (self, body + length))
    return;
  self->body_end = body + length;
  if (self->flavour == PB_MBOX_AUTO)
    self->quoting = is_unquoted (self, body, self->body_end) ? PB_MBOX_CL2 : PB_MBOX_CL;
}

static void
read_header (PbMboxReader *self) {
  gsize left, at = 0, length;
  const char *data = here (self, &left);
  g_autofree char *size = NULL;

  left = MIN (left, HEADER_LIMIT);
  while ((length = field_length (data + at, left - at)) > 0) {
    char *value = dup_value (data + at, length, "Content-Length");
    if (value) {
      g_free (size);
      size = value;
    }
    read_marks (self, data + at, length);
    at += length;
  }
  while (at < left && data[at] == '\r')
    at++;
  if (size && at < left && data[at] == '\n')
    believe_length (self, pb_mbox_reader_get_position (self) + at + 1, size);
}

/* ---- Pieces ---- */

static void
put (PbMboxReader *self, const char *data, gsize length) {
  g_byte_array_append (self->piece, (const guint8 *) data, (guint) length);
}

static gboolean
is_quoted (PbMboxReader *self, const char *line, gsize length) {
  gsize at = 0;

  if (self->quoting == PB_MBOX_CL2)
    return FALSE;
  while (at < length && line[at] == '>')
    at++;
  if (at == 0 || (at > 1 && self->quoting != PB_MBOX_RD && self->quoting != PB_MBOX_AUTO))
    return FALSE;
  return length - at >= 5 && memcmp (line + at, "From ", 5) == 0;
}

/* A line, or a piece of a long one, of which @length bytes are in the window. */
static void
take_line (PbMboxReader *self, const char *line, gsize length) {
  gboolean whole = line[length - 1] == '\n';

  self->start += length;
  if (self->at_line && is_quoted (self, line, length)) {
    line++;
    length--;
  }
  self->at_line = whole;
  if (whole && self->crlf && length > 1 && line[length - 2] == '\r') {
    put (self, line, length - 2);
    put (self, "\n", 1);
  } else {
    put (self, line, length);
  }
}

static gboolean
is_empty_line (PbMboxReader *self, const char *line, gsize length) {
  return *line == '\n' || (self->crlf && length > 1 && line[0] == '\r' && line[1] == '\n');
}

/* The next line goes into the piece. FALSE at the end of the message. */
static gboolean
take_next (PbMboxReader *self) {
  gsize left, length;
  const char *line = here (self, &left);
  gboolean by_length = self->body_end != UNKNOWN;

  if (by_length)
    left =
      (gsize) MIN (left, self->body_end - MIN (self->body_end, pb_mbox_reader_get_position (self)));
  if (left == 0 || (self->at_line && !by_length && pb_mbox_line_divides (line, left)))
    return FALSE;
  const char *end = memchr (line, '\n', left);
  length = end ? (gsize) (end - line) + 1 : left;
  /* A CR at the edge may be half of a line end. */
  if (!end && self->crlf && length > 1 && line[length - 1] == '\r')
    length--;
  if (self->blank)
    put (self, "\n", 1);
  self->blank = self->at_line && !by_length && is_empty_line (self, line, length);
  if (self->blank)
    self->start += length;
  else
    take_line (self, line, length);
  return TRUE;
}

gboolean
pb_mbox_reader_read (PbMboxReader *self, const guint8 **data, gsize *length, GError **error) {
  g_return_val_if_fail (self != NULL && data != NULL && length != NULL, FALSE);

  g_byte_array_set_size (self->piece, 0);
  while (self->open && self->piece->len < PIECE) {
    if (!fill (self, PB_MBOX_LINE_LIMIT, error))
      return FALSE;
    self->open = take_next (self);
  }
  *data = self->piece->data;
  *length = self->piece->len;
  return TRUE;
}

/* ---- From message to message ---- */

static gboolean
skip_rest (PbMboxReader *self, GError **error) {
  const guint8 *data;
  gsize length;

  while (self->open) {
    if (!pb_mbox_reader_read (self, &data, &length, error))
      return FALSE;
  }
  return TRUE;
}

/* To the next "From " line; there can be empty lines before it. FALSE without @error at the end. */
static gboolean
find_start (PbMboxReader *self, GError **error) {
  gsize left;

  for (;;) {
    if (!fill (self, PB_MBOX_LINE_LIMIT, error))
      return FALSE;
    const char *data = here (self, &left);
    if (left == 0)
      return FALSE;
    if (*data != '\n' && *data != '\r')
      break;
    self->start++;
  }
  if (pb_mbox_reader_knows (here (self, &left), self->end - self->start))
    return TRUE;
  g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "not an mbox file");
  return FALSE;
}

gboolean
pb_mbox_reader_knows (const char *data, gsize length) {
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  return length >= 5 && memcmp (data, "From ", 5) == 0;
}

gboolean
pb_mbox_reader_next (PbMboxReader *self, GError **error) {
  gsize left;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!skip_rest (self, error) || !find_start (self, error) || !fill (self, HEADER_LIMIT, error))
    return FALSE;
  const char *line = here (self, &left);
  const char *end = memchr (line, '\n', left);
  gsize length = end ? (gsize) (end - line) + 1 : left;
  if (!self->started)
    self->crlf = length > 1 && line[length - 1] == '\n' && line[length - 2] == '\r';
  self->started = self->open = self->at_line = TRUE;
  self->blank = FALSE;
  self->body_end = UNKNOWN;
  self->quoting = self->flavour;
  self->time = pb_mbox_line_get_time (line, length);
  pb_mail_marks_clear (&self->marks);
  gboolean ours = pb_mbox_line_get_marks (line, length, &self->marks);
  self->start += length;
  if (ours)
    return TRUE;
  read_header (self);
  line = here (self, &left);
  self->start += local_fields (line, MIN (left, HEADER_LIMIT));
  return TRUE;
}
