/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process that is no more left in tmp/. Its log tells which messages had arrived in full,
 * with a digest of the content: where that is true of the file, it becomes mail and need not be
 * transferred again. Everything else of ours goes. The caller holds the lock of the account. */

#include "pb-engine-private.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

#include "pb-arrival-log.h"
#include "pb-disk.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"

#define CHUNK_BYTES (64 * 1024)

/* After a power cut a name may be there and its content not. */
static gboolean
is_intact (int tmp_fd, const char *name, const PbDigest *content) {
  int fd = openat (tmp_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  guint8 digest[PB_CONTENT_SIZE];
  struct sha256_ctx sha;
  gssize got = 1;

  if (fd < 0)
    return FALSE;
  sha256_init (&sha);
  while (got > 0) {
    got = read (fd, chunk, CHUNK_BYTES);
    if (got < 0 && errno == EINTR)
      got = 1;
    else if (got > 0)
      sha256_update (&sha, (gsize) got, chunk);
  }
  close (fd);
  sha256_digest (&sha, sizeof digest, digest);
  return got == 0 && memcmp (digest, content->bytes, PB_DIGEST_SIZE) == 0;
}

static GArray *
collect_present (const char *root) {
  g_autoptr (GPtrArray) dirs = pb_maildir_list_folders (root);
  g_autoptr (GArray) digests = g_array_new (FALSE, FALSE, sizeof (PbDigest));

  for (guint i = 0; i < dirs->len; i++) {
    g_autofree char *path = g_build_filename (root, dirs->pdata[i], NULL);
    if (!pb_maildir_collect_digests (path, digests, NULL))
      return NULL;
  }
  g_array_sort (digests, pb_digest_compare);
  return g_steal_pointer (&digests);
}

/* Another process may have fetched it in the meantime, and somebody deleted it. */
static gboolean
is_known (PbEngine *self, gint64 account, const PbDigest *digest, GArray *present) {
  PbLedgerEntry entry;
  gboolean found;

  if (g_array_binary_search (present, digest, pb_digest_compare, NULL))
    return TRUE;
  return !pb_ledger_find (self->ledger, account, digest, &entry, &found, NULL) ||
         (found && (entry.state == PB_LEDGER_STORED || entry.state == PB_LEDGER_DELETED_HERE));
}

/* What is worth keeping. */
static GPtrArray *
choose (PbEngine *self, const char *account_id, const char *root, int tmp_fd) {
  g_autoptr (GPtrArray) notes = pb_arrival_log_read_all (tmp_fd);
  GPtrArray *chosen = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_arrival_note_free);
  gint64 account = notes->len ? pb_ledger_find_account (self->ledger, account_id, NULL) : 0;
  g_autoptr (GArray) present = account > 0 ? collect_present (root) : NULL;

  for (guint i = notes->len; present && i > 0; i--) {
    PbArrivalNote *note = notes->pdata[i - 1];
    PbDigest digest;
    if (!pb_maildir_name_get_digest (note->base, &digest) ||
        is_known (self, account, &digest, present) ||
        !is_intact (tmp_fd, note->temporary, &note->content))
      continue;
    g_ptr_array_add (chosen, g_ptr_array_steal_index_fast (notes, i - 1));
    g_array_append_val (present, digest);
    g_array_sort (present, pb_digest_compare);
  }
  return chosen;
}

static gboolean
keep (GPtrArray *notes, int tmp_fd, int cur_fd, const char *path, GError **error) {
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < notes->len; i++)
    g_ptr_array_add (names, ((PbArrivalNote *) notes->pdata[i])->temporary);
  if (!pb_disk_sync_files (tmp_fd, names, path, error))
    return FALSE;
  for (guint i = 0; i < notes->len; i++) {
    const PbArrivalNote *note = notes->pdata[i];
    g_autofree char *to = pb_maildir_name_join (note->base, "");
    int code = pb_disk_rename (tmp_fd, note->temporary, cur_fd, to);
    if (code != 0) {
      pb_disk_set_error (error, code, "deliver into", path);
      return FALSE;
    }
  }
  return pb_disk_sync_dir (cur_fd, path, error);
}

void
pb_engine_salvage (PbEngine *self, const char *account_id) {
  g_autofree char *root = pb_engine_folder_path (self, account_id, "");
  g_autofree char *tmp = g_build_filename (root, "tmp", NULL);
  g_autofree char *cur = g_build_filename (root, "cur", NULL);
  g_autoptr (GError) error = NULL;
  int tmp_fd = pb_disk_open_dir (tmp, NULL);
  int cur_fd = tmp_fd >= 0 ? pb_disk_open_dir (cur, NULL) : -1;

  if (cur_fd >= 0) {
    g_autoptr (GPtrArray) notes = choose (self, account_id, root, tmp_fd);
    if (notes->len == 0 || keep (notes, tmp_fd, cur_fd, root, &error))
      pb_maildir_remove_temporaries (root);
    else
      g_info ("%s", error->message);
    close (cur_fd);
  }
  if (tmp_fd >= 0)
    close (tmp_fd);
}
