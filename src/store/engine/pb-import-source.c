/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is what: a folder with "cur" is a Maildir, numbers as names are MH, ".eml" is one message,
 * what begins with "From " is an mbox. Everything else (".msf", indexes, attachments) is passed
 * over. */

#include "pb-import-source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-error.h"
#include "pb-folder-name.h"
#include "pb-transfer-name.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"
#include "pb-mbox-reader.h"
#include "pb-mh-sequences.h"

#define PIECE (64 * 1024)
#define MAX_DEPTH 32

static gboolean
walk_dir (PbImportSource *self, const char *path, const char *folder, guint depth, GError **error);

static gboolean
may_be (PbImportSource *self, PbMailFormat format) {
  return self->format == PB_FORMAT_AUTO || self->format == format;
}

static gboolean
may_be_mbox (PbImportSource *self) {
  return self->format <= PB_FORMAT_MBOXCL2;
}

static void
report (PbImportSource *self) {
  self->progress.messages = pb_import_writer_get_stored (self->writer);
  self->progress.duplicates = pb_import_writer_get_duplicates (self->writer);
  self->report (&self->progress, self->report_data);
}

/* ---- One message in one file ---- */

/* CRLF becomes LF; *@held: a CR waits for what follows it. @out has room for one byte more. */
static gsize
drop_cr (const char *data, gsize length, char *out, gboolean *held) {
  char *to = out;

  for (gsize i = 0; i < length; i++) {
    if (*held && data[i] != '\n')
      *to++ = '\r';
    *held = data[i] == '\r';
    if (!*held)
      *to++ = data[i];
  }
  return (gsize) (to - out);
}

static gssize
read_piece (int fd, char *to) {
  gssize got;

  do
    got = read (fd, to, PIECE);
  while (got < 0 && errno == EINTR);
  return got;
}

/* All line ends become LF where that of the first line is CRLF. *@readable is FALSE when the file
 * and not the store is what failed. */
static gboolean
copy_file (PbImportSource *self, int fd, gboolean *readable, GError **error) {
  g_autofree char *data = g_malloc (PIECE);
  g_autofree char *out = g_malloc (PIECE + 1);
  gboolean first = TRUE, crlf = FALSE, held = FALSE;
  gssize got;

  while ((got = read_piece (fd, data)) > 0) {
    const char *end = memchr (data, '\n', (gsize) got);
    if (first)
      crlf = end > data && end[-1] == '\r';
    first = FALSE;
    gsize length = crlf ? drop_cr (data, (gsize) got, out, &held) : (gsize) got;
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
        !pb_import_writer_write (self->writer, (const guint8 *) (crlf ? out : data), length, error))
      return FALSE;
  }
  *readable = got == 0;
  return !held || pb_import_writer_write (self->writer, (const guint8 *) "\r", 1, error);
}

/* @received: G_MININT64 for the time of the file. */
static gboolean
import_file (PbImportSource *self,
             const char *path,
             const char *folder,
             gint64 received,
             const PbMailMarks *marks,
             GError **error) {
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  gboolean readable = FALSE, ok = TRUE;
  struct stat info = { 0 };

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error)) {
    if (fd >= 0)
      close (fd);
    return FALSE;
  }
  self->seen++;
  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode)) {
    ok = pb_import_writer_begin (self->writer, folder,
                                 received == G_MININT64 ? info.st_mtim.tv_sec : received, marks,
                                 error) &&
         copy_file (self, fd, &readable, error) &&
         (!readable || pb_import_writer_end (self->writer, error));
  }
  if (ok && !readable) {
    g_info ("%s: cannot be read", path);
    pb_import_writer_discard (self->writer);
    self->progress.unreadable++;
  }
  if (fd >= 0)
    close (fd);
  self->progress.bytes += (guint64) info.st_size;
  report (self);
  return ok;
}

static void
mark_plain (PbImportSource *self, PbMailMarks *marks) {
  if (self->read)
    pb_mail_marks_add_letter (marks, 'S');
}

static gboolean
import_eml (PbImportSource *self, const char *path, const char *folder, GError **error) {
  g_auto (PbMailMarks) marks = { 0 };

  mark_plain (self, &marks);
  return import_file (self, path, folder, G_MININT64, &marks, error);
}

/* ---- mbox ---- */

static gboolean
copy_mbox_message (PbImportSource *self, PbMboxReader *reader, const char *folder, GError **error) {
  g_auto (PbMailMarks) marks = { 0 };
  const PbMailMarks *found = pb_mbox_reader_get_marks (reader);
  const guint8 *data;
  gsize length;

  if (!*found->letters && !found->tags) {
    mark_plain (self, &marks);
    found = &marks;
  }
  if (!pb_import_writer_begin (self->writer, folder, pb_mbox_reader_get_time (reader), found,
                               error))
    return FALSE;
  do {
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
        !pb_mbox_reader_read (reader, &data, &length, error) ||
        !pb_import_writer_write (self->writer, data, length, error))
      return FALSE;
  } while (length > 0);
  return pb_import_writer_end (self->writer, error);
}

static PbMboxFlavour
flavour (PbMailFormat format) {
  switch (format) {
  case PB_FORMAT_MBOXO:
    return PB_MBOX_O;
  case PB_FORMAT_MBOXRD:
    return PB_MBOX_RD;
  case PB_FORMAT_MBOXCL:
    return PB_MBOX_CL;
  case PB_FORMAT_MBOXCL2:
    return PB_MBOX_CL2;
  default:
    return PB_MBOX_AUTO;
  }
}

/* Takes @fd. */
static gboolean
import_mbox (PbImportSource *self, int fd, const char *folder, GError **error) {
  g_autoptr (PbMboxReader) reader = pb_mbox_reader_new (fd, flavour (self->format));
  g_autoptr (GError) failure = NULL;
  guint64 before = self->progress.bytes;

  while (pb_mbox_reader_next (reader, &failure)) {
    if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
      return FALSE;
    self->seen++;
    if (pb_mbox_reader_get_marks (reader)->deleted)
      self->progress.skipped++;
    else if (!copy_mbox_message (self, reader, folder, error))
      return FALSE;
    self->progress.bytes = before + pb_mbox_reader_get_position (reader);
    report (self);
  }
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* ---- Maildir ---- */

static void
read_maildir_marks (const char *letters, PbMaildirKeywords keywords, PbMailMarks *marks) {
  for (; *letters; letters++) {
    pb_mail_marks_add_letter (marks, *letters);
    if (*letters >= 'a' && *letters <= 'z' && keywords[*letters - 'a'])
      pb_mail_marks_add_tags (marks, keywords[*letters - 'a']);
  }
}

static gboolean
import_maildir_part (PbImportSource *self,
                     const char *path,
                     const char *part,
                     PbMaildirKeywords keywords,
                     const char *folder,
                     GError **error) {
  g_autofree char *dir = g_build_filename (path, part, NULL);
  g_autoptr (GPtrArray) names = pb_transfer_name_list (dir);

  for (guint i = 0; i < names->len; i++) {
    g_auto (PbMailMarks) marks = { 0 };
    g_autofree char *file = g_build_filename (dir, names->pdata[i], NULL);
    g_autofree char *base = g_strdup (names->pdata[i]);
    PbMaildirTime time;

    read_maildir_marks (pb_maildir_name_split (base), keywords, &marks);
    pb_maildir_name_get_time (base, &time);
    if (!import_file (self, file, folder, time.seconds > 0 ? time.seconds : G_MININT64, &marks,
                      error))
      return FALSE;
  }
  return TRUE;
}

/* With its Maildir++ folders. */
static gboolean
import_maildir (PbImportSource *self, const char *path, const char *folder, GError **error) {
  g_autoptr (GPtrArray) dirs = pb_maildir_list_folders (path);
  gboolean ok = TRUE;

  for (guint i = 0; i < dirs->len && ok; i++) {
    const char *dir = dirs->pdata[i];
    PbMaildirKeywords keywords;
    g_autofree char *root = g_build_filename (path, *dir ? dir : NULL, NULL);
    g_autofree char *name = pb_folder_name_from_dir (dir);
    g_autofree char *target = pb_transfer_name_join (folder, name);

    pb_maildir_keywords_read (root, keywords);
    ok = import_maildir_part (self, root, "cur", keywords, target, error) &&
         import_maildir_part (self, root, "new", keywords, target, error);
    pb_maildir_keywords_clear (keywords);
  }
  return ok;
}

/* ---- Folders of files ---- */

/* -1 where it is no regular file, or none that begins like an mbox. */
static int
open_mbox (const char *path, gboolean *is_file) {
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat info;
  char start[8];

  *is_file = fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode);
  if (*is_file) {
    gssize got = pread (fd, start, sizeof start, 0);
    if (got > 0 && pb_mbox_reader_knows (start, (gsize) got))
      return fd;
  }
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
walk_file (PbImportSource *self,
           const char *path,
           const char *name,
           const char *folder,
           PbMhSequences *sequences,
           GError **error) {
  g_auto (PbMailMarks) marks = { 0 };
  gboolean is_file;

  if (may_be (self, PB_FORMAT_MH) && pb_mh_sequences_is_number (name)) {
    if (!pb_mh_sequences_get_marks (sequences, name, &marks))
      mark_plain (self, &marks);
    return import_file (self, path, folder, G_MININT64, &marks, error);
  }
  if (may_be (self, PB_FORMAT_EML) && pb_transfer_name_has_ending (name, ".eml"))
    return import_eml (self, path, folder, error);
  int fd = may_be_mbox (self) ? open_mbox (path, &is_file) : -1;
  if (fd < 0)
    return TRUE;
  g_autofree char *own = pb_transfer_name_of_mbox (name);
  g_autofree char *target = pb_transfer_name_join (folder, own);
  return import_mbox (self, fd, target, error);
}

static gboolean
walk_entry (PbImportSource *self,
            const char *path,
            const char *name,
            const char *folder,
            PbMhSequences *sequences,
            guint depth,
            GError **error) {
  g_autofree char *full = g_build_filename (path, name, NULL);
  struct stat info;

  if (lstat (full, &info) != 0)
    return TRUE;
  if (S_ISREG (info.st_mode))
    return walk_file (self, full, name, folder, sequences, error);
  if (!S_ISDIR (info.st_mode) || depth >= MAX_DEPTH)
    return TRUE;
  g_autofree char *own = pb_transfer_name_of_dir (name);
  g_autofree char *target = pb_transfer_name_join (folder, own);
  return walk_dir (self, full, target, depth + 1, error);
}

static gboolean
walk_dir (PbImportSource *self, const char *path, const char *folder, guint depth, GError **error) {
  gboolean is_maildir = may_be (self, PB_FORMAT_MAILDIR) && pb_maildir_exists (path);
  g_autoptr (PbMhSequences) sequences = pb_mh_sequences_read (path);
  g_autoptr (GPtrArray) names = pb_transfer_name_list (path);

  if (is_maildir && !import_maildir (self, path, folder, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    if (is_maildir && (g_str_equal (name, "cur") || g_str_equal (name, "new") ||
                       g_str_equal (name, "tmp") || pb_mh_sequences_is_number (name)))
      continue;
    if (!walk_entry (self, path, name, folder, sequences, depth, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- The path ---- */

/* "Export, then import": a folder in which there is nothing but one that is called as the account
 * is that account. */
static char *
find_root (PbImportSource *self, const char *path) {
  g_autoptr (GPtrArray) names = pb_transfer_name_list (path);
  g_autofree char *child = g_build_filename (path, self->account_id, NULL);

  if (names->len == 1 && g_str_equal (names->pdata[0], self->account_id) &&
      g_file_test (child, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&child);
  return g_strdup (path);
}

static gboolean
walk_single (PbImportSource *self, const char *path, GError **error) {
  gboolean is_file;
  int fd = may_be_mbox (self) ? open_mbox (path, &is_file) : -1;

  if (fd >= 0)
    return import_mbox (self, fd, self->folder, error);
  if (self->format == PB_FORMAT_AUTO || self->format == PB_FORMAT_EML)
    return import_eml (self, path, self->folder, error);
  g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "%s is not of that format", path);
  return FALSE;
}

gboolean
pb_import_source_walk (PbImportSource *self, const char *path, GError **error) {
  g_autofree char *root = find_root (self, path);
  struct stat info;

  if (stat (path, &info) != 0) {
    g_set_error (error, PB_ERROR, errno == ENOENT ? PB_ERROR_NOT_FOUND : pb_disk_error_code (errno),
                 "%s: %s", path, g_strerror (errno));
    return FALSE;
  }
  self->progress.total_bytes = pb_transfer_name_measure (root);
  report (self);
  gboolean ok = S_ISDIR (info.st_mode) ? walk_dir (self, root, self->folder, 0, error)
                                       : walk_single (self, path, error);
  /* What is no mail was passed over. */
  if (ok)
    self->progress.bytes = self->progress.total_bytes;
  if (!ok || self->seen > 0 || self->progress.total_bytes == 0)
    return ok;
  g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no mail in %s", path);
  return FALSE;
}
