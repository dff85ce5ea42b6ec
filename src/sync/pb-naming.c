/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps: TOP for what has no id → match → TOP for what may be renumbered → adopt. Each is passed
 * over where there is nothing for it to do. */

#include "pb-naming.h"

#include "pb-error.h"
#include "pb-fingerprint.h"

/* So many new ids, and so many known ones missing, look like renumbering. */
#define RENUMBERED_MIN 10

/* How long TOP is not believed after it was wrong, and not used after a session was lost at it. */
#define TOP_DISTRUST_SECONDS (30 * 24 * 60 * 60)
#define TOP_LOSS_SECONDS (24 * 60 * 60)

typedef enum {
  STEP_BEGIN,
  STEP_NAME,      /* TOP for messages without an id */
  STEP_MATCH,     /* the listing against the ledger */
  STEP_RECOGNISE, /* TOP for messages with a new id */
  STEP_ADOPT,     /* their fingerprints against the ledger */
  STEP_END,
} Step;

struct _PbNaming {
  GObject parent_instance;

  PbPop3Session *session;
  PbMailStore *store;
  char *account_id;
  PbListing *given;
  PbListing *listing; /* the result; NULL until it is matched */
  GArray *rows;       /* of PbLedgerRow; NULL until it is matched */
  guint missing;
  PbNames names;
  GTask *task;
  GError *error;
  Step step;

  gboolean may_top;
  gboolean top_works; /* it answered once */
  gboolean distrusts_top;
  gboolean ids_repeat;   /* none is believed */
  gboolean repeated;     /* in this listing */
  guint nameless;        /* messages without an id of their own */
  GArray *targets;       /* of guint: numbers whose headers are wanted */
  guint asked;           /* of them: so many were asked for in the flight that is under way */
  PbFingerprint *print;  /* of the message that is coming by TOP */
  GHashTable *prints;    /* number → GBytes: fingerprints that tell something */
  GPtrArray *identities; /* what adopting was asked for */
  GArray *adopted;       /* of guint: indexes of their rows */
  PbFingerprint *check;  /* of the message that is coming by RETR */
};

G_DEFINE_FINAL_TYPE (PbNaming, pb_naming, G_TYPE_OBJECT)

static void advance (PbNaming *self);

static void
pb_naming_finalize (GObject *object) {
  PbNaming *self = PB_NAMING (object);

  g_clear_object (&self->session);
  g_clear_object (&self->store);
  g_clear_error (&self->error);
  g_clear_pointer (&self->given, pb_listing_unref);
  g_clear_pointer (&self->listing, pb_listing_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->targets, g_array_unref);
  g_clear_pointer (&self->print, pb_fingerprint_free);
  g_clear_pointer (&self->prints, g_hash_table_unref);
  g_clear_pointer (&self->identities, g_ptr_array_unref);
  g_clear_pointer (&self->adopted, g_array_unref);
  g_clear_pointer (&self->check, pb_fingerprint_free);
  g_free (self->account_id);
  G_OBJECT_CLASS (pb_naming_parent_class)->finalize (object);
}

static void
pb_naming_class_init (PbNamingClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_naming_finalize;
}

static void
pb_naming_init (PbNaming *self) {
  self->targets = g_array_new (FALSE, FALSE, sizeof (guint));
  self->prints = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
}

PbNaming *
pb_naming_new (PbPop3Session *session,
               PbMailStore *store,
               const char *account_id,
               PbListing *listing,
               gboolean may_top,
               gboolean ids_repeat) {
  g_return_val_if_fail (PB_IS_POP3_SESSION (session), NULL);
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);
  g_return_val_if_fail (account_id != NULL && listing != NULL, NULL);

  PbNaming *self = g_object_new (PB_TYPE_NAMING, NULL);
  self->session = g_object_ref (session);
  self->store = g_object_ref (store);
  self->account_id = g_strdup (account_id);
  self->given = pb_listing_ref (listing);
  self->may_top = may_top;
  self->ids_repeat = ids_repeat;
  return self;
}

/* ---- Headers ---- */

static void
top_data (guint number, const guint8 *data, gsize length, gpointer user_data) {
  PbNaming *self = user_data;

  if (!self->print)
    self->print = pb_fingerprint_new ();
  pb_fingerprint_feed (self->print, data, length);
}

static void
top_end (guint number, const GError *refused, gpointer user_data) {
  PbNaming *self = user_data;
  gboolean telling = FALSE;

  self->top_works |= !refused;
  if (!refused && self->print) {
    g_autoptr (GBytes) fingerprint = pb_fingerprint_finish (self->print, &telling);
    if (telling)
      g_hash_table_insert (self->prints, GUINT_TO_POINTER (number), g_steal_pointer (&fingerprint));
  }
  g_clear_pointer (&self->print, pb_fingerprint_free);
}

static void ask_tops (PbNaming *self);

static void
tops_came (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbNaming) self = data;

  if (pb_pop3_session_retrieve_finish (self->session, result, &self->error)) {
    g_array_remove_range (self->targets, 0, self->asked);
    self->may_top = self->top_works;
  } else {
    self->distrusts_top = g_error_matches (self->error, PB_ERROR, PB_ERROR_TIMEOUT) ||
                          g_error_matches (self->error, PB_ERROR, PB_ERROR_CONNECT) ||
                          g_error_matches (self->error, PB_ERROR, PB_ERROR_PROTOCOL);
  }
  if (!self->error && self->may_top && self->targets->len > 0)
    ask_tops (self);
  else
    advance (self);
}

/* The first one alone: a server without TOP is not to be asked for each. */
static void
ask_tops (PbNaming *self) {
  static const PbPop3Sink sink = { .data = top_data, .end = top_end };

  self->asked = self->top_works ? self->targets->len : 1;
  pb_pop3_session_retrieve_async (self->session, (const guint *) self->targets->data, NULL,
                                  self->asked, 0, &sink, self, g_task_get_cancellable (self->task),
                                  tops_came, g_object_ref (self));
}

/* ---- Names ---- */

static GBytes *
dup_uid (const PbListingEntry *entry) {
  return entry->uid_length > 0 ? g_bytes_new (entry->uid, entry->uid_length) : NULL;
}

/* How often each id, or each fingerprint, occurs: GHashTable of GBytes to a number. */
static GHashTable *
count_uids (PbListing *listing) {
  GHashTable *counts =
    g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);

  for (guint i = 0; i < pb_listing_get_length (listing); i++) {
    PbListingEntry entry;
    pb_listing_get (listing, i, &entry);
    GBytes *uid = dup_uid (&entry);
    if (!uid)
      continue;
    guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, uid));
    g_hash_table_replace (counts, uid, GUINT_TO_POINTER (count + 1));
  }
  return counts;
}

static GHashTable *
count_prints (PbNaming *self) {
  GHashTable *counts = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  GHashTableIter iter;
  gpointer print;

  g_hash_table_iter_init (&iter, self->prints);
  while (g_hash_table_iter_next (&iter, NULL, &print)) {
    guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, print));
    g_hash_table_insert (counts, print, GUINT_TO_POINTER (count + 1));
  }
  return counts;
}

static gboolean
occurs_once (GHashTable *counts, GBytes *key) {
  return key && GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) == 1;
}

static void
collect_nameless (PbNaming *self) {
  g_autoptr (GHashTable) counts = count_uids (self->given);

  for (guint i = 0; i < pb_listing_get_length (self->given); i++) {
    PbListingEntry entry;
    pb_listing_get (self->given, i, &entry);
    g_autoptr (GBytes) uid = dup_uid (&entry);
    if (self->ids_repeat || !occurs_once (counts, uid))
      g_array_append_val (self->targets, entry.number);
  }
  self->nameless = self->targets->len;
}

static GBytes *
choose_name (PbNaming *self, const PbListingEntry *entry, GHashTable *uids, GHashTable *prints) {
  g_autoptr (GBytes) uid = dup_uid (entry);
  GBytes *print = g_hash_table_lookup (self->prints, GUINT_TO_POINTER (entry->number));

  if (!self->ids_repeat && occurs_once (uids, uid))
    return g_steal_pointer (&uid);
  return occurs_once (prints, print) ? pb_fingerprint_to_identity (print) : NULL;
}

/* RFC 1939 allows one id for copies of one message, not for different ones. */
static void
find_repeated (PbNaming *self) {
  g_autoptr (GHashTable) firsts =
    g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);

  for (guint i = 0; i < pb_listing_get_length (self->given) && !self->repeated; i++) {
    PbListingEntry entry;
    gpointer first;
    pb_listing_get (self->given, i, &entry);
    GBytes *uid = dup_uid (&entry);
    GBytes *print = g_hash_table_lookup (self->prints, GUINT_TO_POINTER (entry.number));
    if (!uid)
      continue;
    if (g_hash_table_lookup_extended (firsts, uid, NULL, &first))
      self->repeated = !first || !print || !g_bytes_equal (first, print);
    g_hash_table_insert (firsts, uid, print);
  }
}

/* Sizes as given, ids as chosen. */
static void
complete_listing (PbNaming *self) {
  guint length = pb_listing_get_length (self->given), named = 0, printed = 0;

  if (self->nameless == 0) {
    self->listing = pb_listing_ref (self->given);
    self->names = length > 0 ? PB_NAMES_IDS : PB_NAMES_NONE;
    return;
  }
  g_autoptr (GHashTable) uids = count_uids (self->given);
  g_autoptr (GHashTable) prints = count_prints (self);
  find_repeated (self);
  self->listing = pb_listing_new ();
  for (guint i = 0; i < length; i++) {
    PbListingEntry entry;
    pb_listing_get (self->given, i, &entry);
    g_autoptr (GBytes) name = choose_name (self, &entry, uids, prints);
    gsize size = 0;
    const guint8 *data = name ? g_bytes_get_data (name, &size) : (const guint8 *) "";
    pb_listing_set_uid (self->listing, entry.number, data, size);
    if (entry.has_size)
      pb_listing_set_size (self->listing, entry.number, entry.size);
    gboolean is_print =
      name && g_hash_table_contains (self->prints, GUINT_TO_POINTER (entry.number));
    named += name && !is_print;
    printed += is_print;
  }
  self->names = named * 2 > length               ? PB_NAMES_IDS
                : (named + printed) * 2 > length ? PB_NAMES_FINGERPRINTS
                                                 : PB_NAMES_CONTENT;
}

/* ---- The ledger ---- */

static void
matched (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbNaming) self = data;

  self->rows = pb_mail_store_match_listing_finish (self->store, result, &self->error);
  if (self->rows)
    self->missing = pb_mail_store_match_listing_get_missing (self->store, result);
  advance (self);
}

static gboolean
is_new (PbNaming *self, guint index, PbListingEntry *entry) {
  pb_listing_get (self->listing, index, entry);
  return entry->uid_length > 0 &&
         g_array_index (self->rows, PbLedgerRow, index).state == PB_LEDGER_UNKNOWN;
}

/* Most of what was there is gone, and much is there that was not. */
static gboolean
looks_renumbered (PbNaming *self) {
  guint fresh = 0, known = 0;
  PbListingEntry entry;

  for (guint i = 0; i < self->rows->len; i++) {
    PbLedgerState state = g_array_index (self->rows, PbLedgerRow, i).state;
    fresh += is_new (self, i, &entry);
    known += state == PB_LEDGER_STORED || state == PB_LEDGER_DELETED_HERE;
  }
  return fresh >= RENUMBERED_MIN && self->missing >= RENUMBERED_MIN && self->missing > known;
}

static void
collect_new (PbNaming *self) {
  PbListingEntry entry;

  g_array_set_size (self->targets, 0);
  if (!self->may_top || !looks_renumbered (self))
    return;
  for (guint i = 0; i < self->rows->len; i++) {
    if (is_new (self, i, &entry) &&
        !g_hash_table_contains (self->prints, GUINT_TO_POINTER (entry.number)))
      g_array_append_val (self->targets, entry.number);
  }
}

static void
adopted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbNaming) self = data;
  g_autoptr (GArray) rows = pb_mail_store_adopt_finish (self->store, result, &self->error);

  for (guint i = 0; rows && i < rows->len; i++) {
    const PbLedgerRow *now = &g_array_index (rows, PbLedgerRow, i);
    PbLedgerRow *row =
      &g_array_index (self->rows, PbLedgerRow, g_array_index (self->adopted, guint, i));
    if (now->state == PB_LEDGER_UNKNOWN)
      continue;
    row->state = now->state;
    row->durable = now->durable;
    row->stored = now->stored;
    if (row->first_seen == 0)
      row->first_seen = now->first_seen;
  }
  advance (self);
}

/* FALSE where there is nothing to adopt. */
static gboolean
start_adopting (PbNaming *self) {
  g_autoptr (GPtrArray) prints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  PbListingEntry entry;

  self->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->adopted = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < self->rows->len; i++) {
    GBytes *print = is_new (self, i, &entry)
                      ? g_hash_table_lookup (self->prints, GUINT_TO_POINTER (entry.number))
                      : NULL;
    if (!print)
      continue;
    g_ptr_array_add (self->identities, dup_uid (&entry));
    g_ptr_array_add (prints, g_bytes_ref (print));
    g_array_append_val (self->adopted, i);
  }
  if (prints->len == 0)
    return FALSE;
  pb_mail_store_adopt_async (self->store, self->account_id, self->identities, prints,
                             g_task_get_cancellable (self->task), adopted, g_object_ref (self));
  return TRUE;
}

/* ---- The steps ---- */

static void
finish (PbNaming *self) {
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (self->error)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->rows), (GDestroyNotify) g_array_unref);
}

/* Enters @step; FALSE where it has nothing to do. */
static gboolean
enter (PbNaming *self, Step step) {
  switch (step) {
  case STEP_NAME:
    collect_nameless (self);
    if (!self->may_top || self->targets->len == 0)
      return FALSE;
    ask_tops (self);
    return TRUE;
  case STEP_MATCH:
    complete_listing (self);
    pb_mail_store_match_listing_async (self->store, self->account_id, self->listing,
                                       g_task_get_cancellable (self->task), matched,
                                       g_object_ref (self));
    return TRUE;
  case STEP_RECOGNISE:
    collect_new (self);
    if (self->targets->len == 0)
      return FALSE;
    ask_tops (self);
    return TRUE;
  case STEP_ADOPT:
    return start_adopting (self);
  case STEP_END:
    finish (self);
    return TRUE;
  case STEP_BEGIN:
  default:
    g_assert_not_reached ();
  }
}

static void
advance (PbNaming *self) {
  do
    self->step = self->error ? STEP_END : self->step + 1;
  while (!enter (self, self->step));
}

void
pb_naming_run_async (PbNaming *self,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data) {
  g_return_if_fail (PB_IS_NAMING (self));
  g_return_if_fail (self->step == STEP_BEGIN);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, pb_naming_run_async);
  advance (self);
}

GArray *
pb_naming_run_finish (PbNaming *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

PbListing *
pb_naming_get_listing (PbNaming *self) {
  g_return_val_if_fail (PB_IS_NAMING (self), NULL);

  return self->listing;
}

PbNames
pb_naming_get_names (PbNaming *self) {
  g_return_val_if_fail (PB_IS_NAMING (self), PB_NAMES_NONE);

  return self->names;
}

gboolean
pb_naming_has_repeated_ids (PbNaming *self) {
  g_return_val_if_fail (PB_IS_NAMING (self), FALSE);

  return self->repeated;
}

/* ---- What comes afterwards ---- */

void
pb_naming_check_data (PbNaming *self, guint number, const guint8 *data, gsize length) {
  g_return_if_fail (PB_IS_NAMING (self));

  if (!g_hash_table_contains (self->prints, GUINT_TO_POINTER (number)))
    return;
  if (!self->check)
    self->check = pb_fingerprint_new ();
  pb_fingerprint_feed (self->check, data, length);
}

void
pb_naming_check_end (PbNaming *self, guint number) {
  g_return_if_fail (PB_IS_NAMING (self));

  GBytes *claimed = g_hash_table_lookup (self->prints, GUINT_TO_POINTER (number));
  g_autoptr (PbFingerprint) check = g_steal_pointer (&self->check);
  if (!claimed || !check)
    return;
  g_autoptr (GBytes) real = pb_fingerprint_finish (check, NULL);
  self->distrusts_top |= !g_bytes_equal (real, claimed);
}

gboolean
pb_naming_distrusts_top (PbNaming *self) {
  g_return_val_if_fail (PB_IS_NAMING (self), FALSE);

  return self->distrusts_top;
}

void
pb_naming_note (PbNaming *self, PbServerNotes *notes, PbAccount *account, gint64 now) {
  g_return_if_fail (PB_IS_NAMING (self));
  g_return_if_fail (PB_IS_SERVER_NOTES (notes));

  if (self->distrusts_top)
    pb_server_notes_set (notes, account, PB_NOTE_TOP_LIES,
                         now + (self->error ? TOP_LOSS_SECONDS : TOP_DISTRUST_SECONDS));
  if (self->repeated)
    pb_server_notes_set (notes, account, PB_NOTE_IDS_REPEAT, 1);
  if (self->names != PB_NAMES_NONE)
    pb_server_notes_set (notes, account, PB_NOTE_NAMES, self->names);
}
