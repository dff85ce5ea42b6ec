/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of what belongs together, and the tables that remember it. */

#include "pb-threads.h"

#include <string.h>

#include "pb-digest.h"
#include "pb-error.h"
#include "pb-index-private.h"
#include "pb-subject.h"
#include "pb-thread-sets.h"

/* The first and the last ones of a longer list count. */
#define MAX_PARENTS 64
#define MAX_PEOPLE 16
#define WINDOW (14 * 24 * 60 * 60)
/* Below so many ids a place in their range, the range is read as a whole. */
#define MAX_GAP 8

struct _PbThreads {
  PbThreadSets *sets;
  gboolean incomplete; /* see pb_threads_expect () */
};

/* A message that waits for its conversation. */
typedef struct {
  gint64 id;
  gint64 shown;
  const char *account; /* interned */
  char *message_id;
  char *parents;
  char *subject;
  char *sender;
  char *recipients;
} Newcomer;

void
pb_threads_free (PbThreads *self) {
  if (!self)
    return;
  pb_thread_sets_free (self->sets);
  g_free (self);
}

static PbThreads *
get_threads (PbIndex *index) {
  if (!index->threads) {
    index->threads = g_new0 (PbThreads, 1);
    index->threads->sets = pb_thread_sets_new (index->db);
  }
  return index->threads;
}

void
pb_threads_expect (PbIndex *index, gboolean incomplete) {
  if (incomplete)
    get_threads (index)->incomplete = TRUE;
}

static void
newcomer_clear (gpointer data) {
  Newcomer *self = data;

  g_free (self->message_id);
  g_free (self->parents);
  g_free (self->subject);
  g_free (self->sender);
  g_free (self->recipients);
}

/* ---- Ids ---- */

/* 64 bits of a hash that nobody can aim with. @kind keeps ids and subjects apart. */
static gint64
make_key (const char *account, char kind, const char *text) {
  g_autofree char *whole = g_strdup_printf ("%c%s", kind, text);
  PbDigest digest;
  gint64 key;

  pb_digest_set (&digest, account, (const guint8 *) whole, strlen (whole));
  memcpy (&key, digest.bytes, sizeof key);
  return key;
}

/* Joins the conversation that @key points to, or points it to *@conversation. */
static gboolean
follow_key (PbIndex *index, gint64 key, gint64 *conversation, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    index->db, "SELECT conversation FROM conversation_key WHERE key = ?", error);
  gboolean found;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, key);
  if (!pb_database_step (index->db, statement, &found, error))
    return FALSE;
  if (found) {
    gint64 known = sqlite3_column_int64 (statement, 0);
    sqlite3_reset (statement);
    *conversation = pb_thread_sets_join (index->threads->sets, *conversation, known, error);
    return *conversation != 0;
  }
  statement = pb_database_prepare (
    index->db, "INSERT INTO conversation_key (key, conversation) VALUES (?, ?)", error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, key);
  sqlite3_bind_int64 (statement, 2, *conversation);
  return pb_database_run (index->db, statement, error);
}

static gboolean
follow_ids (PbIndex *index, const Newcomer *newcomer, gint64 *conversation, GError **error) {
  g_auto (GStrv) parents = g_strsplit (newcomer->parents, " ", -1);
  guint count = g_strv_length (parents);
  gboolean ok = TRUE;

  if (*newcomer->message_id)
    ok = follow_key (index, make_key (newcomer->account, 'i', newcomer->message_id), conversation,
                     error);
  for (guint i = 0; i < count && ok; i++) {
    if (*parents[i] && (i == 0 || i + MAX_PARENTS > count))
      ok = follow_key (index, make_key (newcomer->account, 'i', parents[i]), conversation, error);
  }
  return ok;
}

/* ---- Subjects ---- */

/* Joins conversations of @key between @from and @to. *@found gets the time of the last one read. */
static gboolean
join_rows (PbIndex *index,
           sqlite3_stmt *statement,
           gint64 key,
           gint64 from,
           gint64 to,
           gint64 *found,
           gint64 *conversation,
           GError **error) {
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean row = TRUE;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, key);
  sqlite3_bind_int64 (statement, 2, from);
  sqlite3_bind_int64 (statement, 3, to);
  while (row) {
    if (!pb_database_step (index->db, statement, &row, error))
      return FALSE;
    if (row) {
      gint64 other = sqlite3_column_int64 (statement, 0);
      *found = sqlite3_column_int64 (statement, 1);
      g_array_append_val (others, other);
    }
  }
  for (guint i = 0; i < others->len && *conversation != 0; i++)
    *conversation = pb_thread_sets_join (index->threads->sets, *conversation,
                                         g_array_index (others, gint64, i), error);
  return *conversation != 0;
}

/* A bare reply (one that names no other message) belongs to all messages of the key within the
 * window, any other message to the bare replies there. Bare replies in a window are one
 * conversation already, together with all that is in theirs: so it is enough to look at the nearest
 * one on both sides and, for a bare reply, at what is in none of their windows. */
static gboolean
follow_subject (PbIndex *index,
                gint64 key,
                gboolean bare,
                gint64 shown,
                gint64 *conversation,
                GError **error) {
#define PAIR "SELECT conversation, shown FROM conversation_pair WHERE key = ? AND bare = "
  gint64 none = G_MININT64, before = none, after = none, other;

  if (!join_rows (
        index,
        pb_database_prepare (index->db,
                             PAIR "1 AND shown BETWEEN ? AND ? ORDER BY shown DESC LIMIT 1", error),
        key, shown - WINDOW, shown, &before, conversation, error) ||
      !join_rows (
        index,
        pb_database_prepare (index->db,
                             PAIR "1 AND shown BETWEEN ? AND ? ORDER BY shown ASC LIMIT 1", error),
        key, shown, shown + WINDOW, &after, conversation, error))
    return FALSE;
  gint64 from = before == none ? shown - WINDOW : before + WINDOW + 1;
  gint64 to = after == none ? shown + WINDOW : after - WINDOW - 1;
  return !bare || from > to ||
         join_rows (index,
                    pb_database_prepare (index->db, PAIR "0 AND shown BETWEEN ? AND ?", error), key,
                    from, to, &other, conversation, error);
#undef PAIR
}

static gboolean
note_subject (PbIndex *index,
              gint64 key,
              gboolean bare,
              gint64 shown,
              gint64 conversation,
              GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    index->db,
    "INSERT OR IGNORE INTO conversation_pair (key, bare, shown, conversation) VALUES (?, ?, ?, ?)",
    error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, key);
  sqlite3_bind_int (statement, 2, bare);
  sqlite3_bind_int64 (statement, 3, shown);
  sqlite3_bind_int64 (statement, 4, conversation);
  return pb_database_run (index->db, statement, error);
}

/* A GHashTable set of the addresses in a line of recipients. */
static GHashTable *
collect_people (const char *recipients) {
  GHashTable *people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) words = g_strsplit_set (recipients, " ,<>", -1);

  for (guint i = 0; words[i] && g_hash_table_size (people) < MAX_PEOPLE; i++) {
    if (strchr (words[i], '@'))
      g_hash_table_add (people, g_utf8_casefold (words[i], -1));
  }
  return people;
}

/* "The same people": the one wrote to the other, or the other way round. */
static gboolean
follow_subjects (PbIndex *index, const Newcomer *newcomer, gint64 *conversation, GError **error) {
  gboolean is_reply, ok = TRUE;
  g_autofree char *base = pb_subject_dup_base (newcomer->subject, &is_reply);

  if (!*newcomer->sender || pb_subject_is_trivial (base))
    return TRUE;
  g_autofree char *about = g_utf8_casefold (base, -1);
  g_autofree char *sender = g_utf8_casefold (newcomer->sender, -1);
  g_autoptr (GHashTable) people = collect_people (newcomer->recipients);
  gboolean bare = is_reply && !*newcomer->parents;
  GHashTableIter iter;
  gpointer person;

  g_hash_table_iter_init (&iter, people);
  while (ok && g_hash_table_iter_next (&iter, &person, NULL)) {
    gboolean first = strcmp (sender, person) < 0;
    g_autofree char *text =
      g_strjoin ("\n", first ? sender : person, first ? person : sender, about, NULL);
    gint64 key = make_key (newcomer->account, 's', text);
    ok = follow_subject (index, key, bare, newcomer->shown, conversation, error) &&
         note_subject (index, key, bare, newcomer->shown, *conversation, error);
  }
  return ok;
}

/* ---- Newcomers ---- */

static gboolean
assign_one (PbIndex *index, const Newcomer *newcomer, GError **error) {
  gint64 conversation = newcomer->id;
  sqlite3_stmt *statement;

  if (!follow_ids (index, newcomer, &conversation, error) ||
      !follow_subjects (index, newcomer, &conversation, error))
    return FALSE;
  statement = pb_database_prepare (
    index->db, "INSERT OR REPLACE INTO conversation_member (message, conversation) VALUES (?, ?)",
    error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, newcomer->id);
  sqlite3_bind_int64 (statement, 2, conversation);
  return pb_database_run (index->db, statement, error);
}

static char *
copy_text (sqlite3_stmt *statement, int column) {
  return g_strdup (pb_index_column_text (statement, column));
}

/* Ids only grow, and are given conversations in their order. */
static GArray *
load_newcomers (PbIndex *index, guint limit, GError **error) {
  g_autoptr (GArray) newcomers = g_array_new (FALSE, FALSE, sizeof (Newcomer));
  sqlite3_stmt *statement = pb_database_prepare (
    index->db,
    "SELECT m.id, m.shown, f.account, m.message_id, m.parents, m.subject, m.from_address,"
    "  m.recipients FROM message AS m JOIN folder AS f ON f.id = m.folder"
    "  WHERE m.id > (SELECT coalesce (max (message), 0) FROM conversation_member)"
    "  ORDER BY m.id LIMIT ?",
    error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  g_array_set_clear_func (newcomers, newcomer_clear);
  sqlite3_bind_int64 (statement, 1, limit);
  while (row) {
    if (!pb_database_step (index->db, statement, &row, error))
      return NULL;
    if (!row)
      break;
    Newcomer newcomer = {
      .id = sqlite3_column_int64 (statement, 0),
      .shown = sqlite3_column_int64 (statement, 1),
      .account = g_intern_string (pb_index_column_text (statement, 2)),
      .message_id = copy_text (statement, 3),
      .parents = copy_text (statement, 4),
      .subject = copy_text (statement, 5),
      .sender = copy_text (statement, 6),
      .recipients = copy_text (statement, 7),
    };
    g_array_append_val (newcomers, newcomer);
  }
  return g_steal_pointer (&newcomers);
}

/* What was shown without conversations is to be asked for again. */
static gboolean
tell_complete (PbIndex *index, GError **error) {
  if (!index->threads->incomplete)
    return TRUE;
  index->threads->incomplete = FALSE;
  return pb_database_exec (index->db, "UPDATE folder SET generation = generation + 1", error);
}

static gboolean
assign (PbIndex *index, guint *left, GError **error) {
  guint limit = *left;

  if (!pb_thread_sets_refresh (index->threads->sets, error))
    return FALSE;
  g_autoptr (GArray) newcomers = load_newcomers (index, limit, error);
  gboolean ok = newcomers != NULL;
  for (guint i = 0; ok && i < newcomers->len; i++)
    ok = assign_one (index, &g_array_index (newcomers, Newcomer, i), error);
  if (!ok)
    return FALSE;
  *left -= newcomers->len;
  return newcomers->len == limit || tell_complete (index, error);
}

gboolean
pb_threads_assign (PbIndex *index, guint *left, GError **error) {
  PbThreads *self = get_threads (index);

  if (pb_database_get_number (index->db, "SELECT max (id) FROM message", 0) <=
      pb_database_get_number (index->db, "SELECT max (message) FROM conversation_member", 0))
    return TRUE;
  if (!pb_index_begin (index, error))
    return FALSE;
  if (assign (index, left, error))
    return pb_index_commit (index, error);
  pb_index_rollback (index);
  pb_thread_sets_forget (self->sets);
  return FALSE;
}

/* ---- Reading ---- */

/* The names that were given to messages between @low and @high, @low at 0; 0 for none. */
static gint64 *
read_range (PbIndex *index, gint64 low, gint64 high, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    index->db,
    "SELECT message, conversation FROM conversation_member WHERE message BETWEEN ? AND ?", error);
  gboolean row = TRUE;

  if (!statement)
    return NULL;
  g_autofree gint64 *names = g_new0 (gint64, (gsize) (high - low) + 1);
  sqlite3_bind_int64 (statement, 1, low);
  sqlite3_bind_int64 (statement, 2, high);
  while (row) {
    if (!pb_database_step (index->db, statement, &row, error))
      return NULL;
    if (row)
      names[sqlite3_column_int64 (statement, 0) - low] = sqlite3_column_int64 (statement, 1);
  }
  return g_steal_pointer (&names);
}

/* *@name: 0 for none. */
static gboolean
read_one (PbIndex *index, gint64 message, gint64 *name, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (
    index->db, "SELECT conversation FROM conversation_member WHERE message = ?", error);
  gboolean row;

  *name = 0;
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, message);
  if (!pb_database_step (index->db, statement, &row, error))
    return FALSE;
  if (row)
    *name = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

gint64 *
pb_threads_find_all (PbIndex *index, GArray *ids, GError **error) {
  PbThreadSets *sets = get_threads (index)->sets;
  const gint64 *messages = (const gint64 *) ids->data;
  g_autofree gint64 *names = g_new0 (gint64, ids->len + 1);
  g_autofree gint64 *range = NULL;
  gint64 low = G_MAXINT64, high = 0;

  if (!pb_thread_sets_refresh (sets, error))
    return NULL;
  for (guint i = 0; i < ids->len; i++) {
    low = MIN (low, messages[i]);
    high = MAX (high, messages[i]);
  }
  if (ids->len > 0 && high - low < (gint64) ids->len * MAX_GAP) {
    range = read_range (index, low, high, error);
    if (!range)
      return NULL;
  }
  for (guint i = 0; i < ids->len; i++) {
    if (range)
      names[i] = range[messages[i] - low];
    else if (!read_one (index, messages[i], &names[i], error))
      return NULL;
    names[i] = names[i] == 0 ? messages[i] : pb_thread_sets_find (sets, names[i]);
  }
  return g_steal_pointer (&names);
}

typedef struct {
  gint64 shown;
  gint64 id;
} Member;

static int
compare_members (gconstpointer a, gconstpointer b) {
  const Member *one = a, *other = b;

  if (one->shown != other->shown)
    return one->shown < other->shown ? -1 : 1;
  return one->id < other->id ? -1 : one->id > other->id;
}

static gboolean
add_members (PbIndex *index, const char *sql, gint64 number, GArray *members, GError **error) {
  sqlite3_stmt *statement = pb_database_prepare (index->db, sql, error);
  gboolean row = TRUE;

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  while (row) {
    if (!pb_database_step (index->db, statement, &row, error))
      return FALSE;
    if (row) {
      Member member = { sqlite3_column_int64 (statement, 1), sqlite3_column_int64 (statement, 0) };
      g_array_append_val (members, member);
    }
  }
  return TRUE;
}

static gboolean
collect_members (PbIndex *index, gint64 message, GArray *members, GError **error) {
  static const char all[] = "SELECT m.id, m.shown FROM conversation_member AS c"
                            "  JOIN message AS m ON m.id = c.message WHERE c.conversation = ?";
  static const char one[] = "SELECT id, shown FROM message WHERE id = ?";
  PbThreadSets *sets = get_threads (index)->sets;
  gint64 name;

  if (!pb_thread_sets_refresh (sets, error) || !read_one (index, message, &name, error))
    return FALSE;
  if (name == 0)
    return add_members (index, one, message, members, error);
  g_autoptr (GArray) names = pb_thread_sets_list (sets, pb_thread_sets_find (sets, name));
  for (guint i = 0; i < names->len; i++) {
    if (!add_members (index, all, g_array_index (names, gint64, i), members, error))
      return FALSE;
  }
  return TRUE;
}

GArray *
pb_threads_list (PbIndex *index, gint64 message, GError **error) {
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));

  if (!collect_members (index, message, members, error))
    return NULL;
  if (members->len == 0) {
    g_set_error (error, PB_ERROR, PB_ERROR_NOT_FOUND, "no message %" G_GINT64_FORMAT, message);
    return NULL;
  }
  g_array_sort (members, compare_members);
  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), members->len);
  for (guint i = 0; i < members->len; i++)
    g_array_append_val (ids, g_array_index (members, Member, i).id);
  return ids;
}
