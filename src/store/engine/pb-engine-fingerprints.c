/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fingerprints and content digests for entries of an old ledger, or of one that was made anew from
 * the names of files: the files are read, in slices between other work. */

#include "pb-engine-private.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-fingerprint.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"

#define SLICE 250
#define SLICE_BYTES (16 * 1024 * 1024)
#define CHUNK_BYTES (256 * 1024)

/* A file that waits. */
typedef struct {
  gint64 account;
  guint path; /* in paths */
  PbDigest digest;
  char *name;
} Waiting;

typedef struct _PbUnprinted {
  GPtrArray *paths; /* of the folders "cur" */
  GArray *waiting;
  guint next;
} Unprinted;

static void
waiting_clear (gpointer data) {
  g_free (((Waiting *) data)->name);
}

void
pb_engine_reset_fingerprints (PbEngine *self) {
  Unprinted *unprinted = g_steal_pointer (&self->unprinted);

  self->printed = FALSE;
  if (!unprinted)
    return;
  g_ptr_array_unref (unprinted->paths);
  g_array_unref (unprinted->waiting);
  g_free (unprinted);
}

/* The files of one folder whose entries are blank. */
static gboolean
add_folder (Unprinted *self, gint64 account, const char *path, GHashTable *blank, GError **error) {
  if (!pb_maildir_exists (path))
    return TRUE;
  g_autoptr (PbMaildirNames) names = pb_maildir_list (path, error);
  if (!names)
    return FALSE;
  for (guint i = 0; i < names->names->len; i++) {
    const PbMaildirName *name = &g_array_index (names->names, PbMaildirName, i);
    Waiting waiting = { .account = account, .path = self->paths->len };
    if (!pb_maildir_name_get_digest (name->base, &waiting.digest) ||
        !g_hash_table_contains (blank, &waiting.digest))
      continue;
    waiting.name = pb_maildir_name_join (name->base, name->letters);
    g_array_append_val (self->waiting, waiting);
  }
  g_ptr_array_add (self->paths, g_build_filename (path, "cur", NULL));
  return TRUE;
}

static gboolean
add_account (PbEngine *engine, Unprinted *self, const char *account_id, GError **error) {
  gint64 account = pb_ledger_find_account (engine->ledger, account_id, error);
  g_autoptr (GHashTable) blank =
    account > 0 ? pb_ledger_load_blank (engine->ledger, account, error) : NULL;

  if (!blank)
    return FALSE;
  if (g_hash_table_size (blank) == 0)
    return TRUE;
  g_autoptr (GPtrArray) folders = pb_engine_list_folders (engine, account_id);
  for (guint i = 0; i < folders->len; i++) {
    g_autofree char *path = pb_engine_path_of (engine, folders->pdata[i]);
    if (!add_folder (self, account, path, blank, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
begin (PbEngine *engine, GError **error) {
  Unprinted *self = g_new0 (Unprinted, 1);

  engine->unprinted = self;
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  g_array_set_clear_func (self->waiting, waiting_clear);
  for (guint i = 0; i < engine->accounts->len; i++) {
    if (!add_account (engine, self, engine->accounts->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_file (int fd, guint8 *chunk, PbFingerprint *print, struct sha256_ctx *sha, gsize *length) {
  gssize got = 1;

  while (got > 0) {
    got = read (fd, chunk, CHUNK_BYTES);
    if (got < 0 && errno == EINTR) {
      got = 1;
    } else if (got > 0) {
      pb_fingerprint_feed (print, chunk, (gsize) got);
      sha256_update (sha, (gsize) got, chunk);
      *length += (gsize) got;
    }
  }
  return got == 0;
}

/* A file that was renamed meanwhile has its turn after the next start. */
static gboolean
print_one (PbEngine *engine,
           Unprinted *self,
           const Waiting *waiting,
           guint8 *chunk,
           gsize *length,
           GError **error) {
  g_autofree char *path = g_build_filename (self->paths->pdata[waiting->path], waiting->name, NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  g_autoptr (PbFingerprint) print = pb_fingerprint_new ();
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);
  guint8 content[PB_CONTENT_SIZE];
  struct sha256_ctx sha;
  gboolean telling;

  if (fd < 0)
    return TRUE;
  sha256_init (&sha);
  gboolean ok = read_file (fd, chunk, print, &sha, length);
  close (fd);
  if (!ok)
    return TRUE;
  sha256_digest (&sha, sizeof content, content);
  g_autoptr (GBytes) fingerprint = pb_fingerprint_finish (print, &telling);
  return pb_ledger_fill_blank (engine->ledger, waiting->account, &waiting->digest,
                               telling ? fingerprint : none, content, error);
}

static gboolean
print_slice (PbEngine *engine, Unprinted *self, GError **error) {
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  gboolean ok = pb_ledger_begin (engine->ledger, error);
  gsize length = 0;

  if (!ok)
    return FALSE;
  for (guint i = 0; i < SLICE && length < SLICE_BYTES && ok && self->next < self->waiting->len;
       i++, self->next++)
    ok = print_one (engine, self, &g_array_index (self->waiting, Waiting, self->next), chunk,
                    &length, error);
  if (ok)
    return pb_ledger_commit (engine->ledger, error);
  pb_ledger_rollback (engine->ledger);
  return FALSE;
}

gboolean
pb_engine_fill_fingerprints (PbEngine *self) {
  g_autoptr (GError) error = NULL;

  if (self->printed)
    return FALSE;
  gboolean ok = self->unprinted || begin (self, &error);
  if (ok && self->unprinted->next < self->unprinted->waiting->len)
    ok = print_slice (self, self->unprinted, &error);
  if (!ok)
    g_info ("fingerprints: %s", error->message);
  if (ok && self->unprinted->next < self->unprinted->waiting->len)
    return TRUE;
  pb_engine_reset_fingerprints (self);
  self->printed = TRUE;
  return TRUE;
}
