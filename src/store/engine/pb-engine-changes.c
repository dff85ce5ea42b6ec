/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Flags, moving, deleting. Files first, then the ledger, then one transaction of the index: what is
 * missing there after a crash is found again by looking at the files. */

#include "pb-engine-private.h"

#include <errno.h>
#include <unistd.h>

#include "pb-disk.h"
#include "pb-error.h"
#include "pb-maildir-name.h"
#include "pb-maildir.h"

/* One call: folders stay open while it runs. */
typedef struct {
  PbEngine *engine;
  GHashTable *folders; /* id → PbOpenFolder */
  GArray *changed;     /* of gint64: ids of rows that look different now */
} Change;

static gboolean
change_begin (Change *change, PbEngine *engine, GError **error) {
  change->engine = engine;
  change->folders = g_hash_table_new (g_int64_hash, g_int64_equal);
  change->changed = g_array_new (FALSE, FALSE, sizeof (gint64));
  return pb_index_begin (engine->index, error);
}

/* The end of every change, good or bad. */
static gboolean
change_end (Change *change, gboolean ok, GError **error) {
  GHashTableIter iter;
  gpointer open;

  if (ok)
    ok = pb_index_commit (change->engine->index, error);
  else
    pb_index_rollback (change->engine->index);
  g_hash_table_iter_init (&iter, change->folders);
  while (g_hash_table_iter_next (&iter, NULL, &open)) {
    /* Files may have changed where the index has not: look again. */
    if (!ok)
      ((PbOpenFolder *) open)->known = FALSE;
    pb_engine_close_folder (change->engine, open);
  }
  if (ok && change->changed->len > 0)
    pb_notice_post_rows (change->engine->notice, (gint64 *) change->changed->data,
                         change->changed->len);
  g_hash_table_unref (change->folders);
  g_array_unref (change->changed);
  return ok;
}

static PbOpenFolder *
get_folder (Change *change, gint64 id, GError **error) {
  PbOpenFolder *open = g_hash_table_lookup (change->folders, &id);

  if (open)
    return open;
  open = pb_engine_open_folder (change->engine, id, error);
  if (open)
    g_hash_table_insert (change->folders, &open->folder->id, open);
  return open;
}

/* What is to be done with one message: @name is its file now. Returns 0 or errno. */
typedef int (*FileFunc) (PbOpenFolder *open,
                         const PbIndexFile *file,
                         const char *name,
                         gpointer data);

/* Runs @func on the file of @file, wherever other programs renamed it. *@gone when there is
 * none. */
static gboolean
on_file (PbOpenFolder *open,
         PbIndexFile *file,
         FileFunc func,
         gpointer data,
         gboolean *gone,
         GError **error) {
  g_autofree char *name = pb_maildir_name_join (file->base, file->letters);
  int code = func (open, file, name, data);

  if (code == ENOENT) {
    g_autofree char *other = pb_engine_find_again (open, file);
    code = other ? func (open, file, other, data) : ENOENT;
  }
  *gone = code == ENOENT;
  return pb_engine_check_code (code, "change", open->path, error);
}

/* ---- Flags ---- */

typedef struct {
  PbFlags add;
  PbFlags remove;
  char *letters; /* the result */
} FlagChange;

static int
rename_for_flags (PbOpenFolder *open, const PbIndexFile *file, const char *name, gpointer data) {
  FlagChange *change = data;
  PbFlags flags = pb_maildir_name_get_flags (file->letters, open->partial);

  g_free (change->letters);
  change->letters = pb_maildir_name_set_flags (
    file->letters, (flags | change->add) & ~change->remove, open->partial);
  g_autofree char *to = pb_maildir_name_join (file->base, change->letters);
  if (g_str_equal (name, to))
    return faccessat (open->cur_fd, name, F_OK, 0) == 0 ? 0 : ENOENT;
  return pb_disk_rename (open->cur_fd, name, open->cur_fd, to);
}

static gboolean
flag_one (Change *change, PbIndexFile *file, FlagChange *flags, GError **error) {
  PbOpenFolder *open = get_folder (change, file->folder, error);
  gboolean gone;

  if (!open)
    return FALSE;
  if ((flags->add & PB_FLAG_PARTIAL) && !open->partial) {
    open->partial = pb_maildir_keyword_ensure (open->path, PB_KEYWORD_PARTIAL, error);
    if (!open->partial)
      return FALSE;
  }
  if (!on_file (open, file, rename_for_flags, flags, &gone, error))
    return FALSE;
  if (gone)
    return pb_index_remove_message (change->engine->index, file, error);
  PbFlags now = pb_maildir_name_get_flags (flags->letters, open->partial);
  if (now == file->flags && g_str_equal (flags->letters, file->letters))
    return TRUE;
  g_array_append_val (change->changed, file->id);
  return pb_index_move_message (change->engine->index, file, file->folder, flags->letters, now,
                                error);
}

/* *@file is NULL when the message is gone meanwhile. */
static gboolean
find (PbEngine *self, gint64 id, PbIndexFile **file, GError **error) {
  GError *failure = NULL;

  *file = pb_index_find_file (self->index, id, &failure);
  if (!failure)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
pb_engine_set_flags (PbEngine *self,
                     const gint64 *ids,
                     guint count,
                     PbFlags add,
                     PbFlags remove,
                     GError **error) {
  FlagChange flags = { add, remove, NULL };
  Change change;
  gboolean ok = change_begin (&change, self, error);

  for (guint i = 0; i < count && ok; i++) {
    g_autoptr (PbIndexFile) file = NULL;
    ok = find (self, ids[i], &file, error) && (!file || flag_one (&change, file, &flags, error));
  }
  g_free (flags.letters);
  return change_end (&change, ok, error);
}

/* ---- Moving ---- */

typedef struct {
  PbOpenFolder *to;
  char *letters; /* the result */
  GError *error; /* a keyword could not be written down there */
} MoveChange;

/* The letter that means the same there. 0 where nothing does: no letter is left, or it means
 * nothing here. */
static char
translate_letter (const PbOpenFolder *from, PbOpenFolder *to, char letter, GError **error) {
  const char *word = from->keywords[letter - 'a'];
  char there = word ? pb_maildir_keywords_find (to->keywords, word) : '\0';
  gboolean room = FALSE;

  for (guint i = 0; i < PB_MAILDIR_N_KEYWORDS; i++)
    room |= to->keywords[i] == NULL;
  if (!word || there || !room)
    return there;
  there = pb_maildir_keyword_ensure (to->path, word, error);
  if (there) {
    pb_maildir_keywords_clear (to->keywords);
    pb_maildir_keywords_read (to->path, to->keywords);
  }
  return there;
}

/* Keyword letters mean something else in each folder. */
static char *
translate_letters (const PbOpenFolder *from,
                   PbOpenFolder *to,
                   const char *letters,
                   GError **error) {
  PbFlags flags = pb_maildir_name_get_flags (letters, from->partial);
  g_autoptr (GString) there = g_string_new (NULL);

  for (; *letters && !*error; letters++) {
    char letter = *letters;
    if (g_ascii_islower (letter))
      letter = letter == from->partial ? '\0' : translate_letter (from, to, letter, error);
    if (letter)
      g_string_append_c (there, letter);
  }
  return pb_maildir_name_set_flags (there->str, flags, to->partial);
}

static int
rename_to_folder (PbOpenFolder *open, const PbIndexFile *file, const char *name, gpointer data) {
  MoveChange *move = data;

  g_free (move->letters);
  move->letters = translate_letters (open, move->to, file->letters, &move->error);
  if (move->error)
    return EIO;
  g_autofree char *to = pb_maildir_name_join (file->base, move->letters);
  return pb_disk_rename (open->cur_fd, name, move->to->cur_fd, to);
}

static gboolean
move_one (Change *change, PbIndexFile *file, MoveChange *move, GError **error) {
  PbOpenFolder *open = get_folder (change, file->folder, error);
  gboolean gone;

  if (!open || open == move->to)
    return open != NULL;
  if (open->folder->account != move->to->folder->account) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID,
                 "message %" G_GINT64_FORMAT " is of another account", file->id);
    return FALSE;
  }
  if ((file->flags & PB_FLAG_PARTIAL) && !move->to->partial) {
    move->to->partial = pb_maildir_keyword_ensure (move->to->path, PB_KEYWORD_PARTIAL, error);
    if (!move->to->partial)
      return FALSE;
  }
  gboolean ok = on_file (open, file, rename_to_folder, move, &gone, error);
  if (move->error) {
    g_clear_error (error);
    g_propagate_error (error, g_steal_pointer (&move->error));
  }
  if (!ok)
    return FALSE;
  if (gone)
    return pb_index_remove_message (change->engine->index, file, error);
  PbFlags flags = pb_maildir_name_get_flags (move->letters, move->to->partial);
  return pb_index_move_message (change->engine->index, file, move->to->folder->id, move->letters,
                                flags, error);
}

static gboolean
sync_folders (Change *change, GError **error) {
  GHashTableIter iter;
  gpointer open;

  g_hash_table_iter_init (&iter, change->folders);
  while (g_hash_table_iter_next (&iter, NULL, &open)) {
    const PbOpenFolder *folder = open;
    if (!pb_disk_sync_dir (folder->cur_fd, folder->path, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
pb_engine_move (PbEngine *self, const gint64 *ids, guint count, gint64 folder_id, GError **error) {
  MoveChange move = { NULL, NULL, NULL };
  Change change;
  gboolean ok = change_begin (&change, self, error);

  if (ok) {
    move.to = get_folder (&change, folder_id, error);
    ok = move.to != NULL;
  }
  for (guint i = 0; i < count && ok; i++) {
    g_autoptr (PbIndexFile) file = NULL;
    ok = find (self, ids[i], &file, error) && (!file || move_one (&change, file, &move, error));
  }
  g_free (move.letters);
  return change_end (&change, ok && sync_folders (&change, error), error);
}

/* ---- Deleting ---- */

static int
unlink_file (PbOpenFolder *open, const PbIndexFile *file, const char *name, gpointer data) {
  return unlinkat (open->cur_fd, name, 0) == 0 ? 0 : errno;
}

static gboolean
note_deleted (PbEngine *self, const PbOpenFolder *open, const PbIndexFile *file, GError **error) {
  PbDigest digest;

  if (!pb_maildir_name_get_digest (file->base, &digest))
    return TRUE;
  gint64 account = pb_ledger_find_account (self->ledger, open->folder->account, error);
  return account > 0 && pb_ledger_note_deleted (self->ledger, account, &digest, error);
}

static gboolean
delete_one (Change *change, PbIndexFile *file, GError **error) {
  PbOpenFolder *open = get_folder (change, file->folder, error);
  gboolean gone;

  return open && on_file (open, file, unlink_file, NULL, &gone, error) &&
         note_deleted (change->engine, open, file, error) &&
         pb_index_remove_message (change->engine->index, file, error);
}

gboolean
pb_engine_delete (PbEngine *self, const gint64 *ids, guint count, GError **error) {
  Change change;
  gboolean ok = change_begin (&change, self, error);

  if (ok && !pb_ledger_begin (self->ledger, error))
    return change_end (&change, FALSE, NULL);
  for (guint i = 0; i < count && ok; i++) {
    g_autoptr (PbIndexFile) file = NULL;
    ok = find (self, ids[i], &file, error) && (!file || delete_one (&change, file, error));
  }
  /* What was deleted before something failed stays deleted, and the ledger has to know. It never
   * knows before the files are gone for sure. */
  ok = sync_folders (&change, ok ? error : NULL) && ok;
  gboolean noted = pb_ledger_commit (self->ledger, ok ? error : NULL);
  return change_end (&change, ok && noted, error);
}
