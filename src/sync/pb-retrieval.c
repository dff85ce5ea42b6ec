/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The flights of one session, and what comes of each message. One flight asks for messages of one
 * kind (TOP or RETR); a head that the server refuses to send is asked for as a whole message in a
 * flight of its own, where it is small. */

#include "pb-retrieval.h"

#include "pb-error.h"

/* A message may be larger than the server says, but not without end. */
#define BEYOND_FACTOR 50
#define BEYOND_BYTES ((guint64) 32 * 1024 * 1024)
#define UNKNOWN_BYTES ((guint64) 2 * 1024 * 1024 * 1024)

struct _PbRetrieval {
  GObject parent_instance;

  PbPop3Session *session;
  PbMailStore *store;
  char *account_id;
  PbFetchPlan *plan;
  PbRemoval *removal;
  gboolean remove_at_once;
  PbOperation *operation;
  PbNaming *naming; /* NULL where nobody compares */
  PbDelivery *delivery;
  GTask *task;
  GError *error; /* the first failure */

  guint next;      /* in plan->retrieve: what no flight has asked for yet */
  GArray *instead; /* guint: to be retrieved whole because the head was refused */
  GArray *numbers; /* guint: of the flight under way */
  int lines;       /* of that flight */
  guint ended;     /* how many of it have ended */
  guint lost_at;
  guint done; /* how many of the plan have ended for good */

  guint open_number; /* the message that is being written; 0 for none */
  guint64 received;  /* of that message */
  GSource *breaking; /* about to close the session, because the message does not end */
  gboolean is_endless;

  PbFetchResult result;
  GPtrArray *refused;
};

G_DEFINE_FINAL_TYPE (PbRetrieval, pb_retrieval, G_TYPE_OBJECT)

static void start_flight (PbRetrieval *self);

static gint64
now_seconds (void) {
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
fail (PbRetrieval *self, GError *error) {
  if (!self->error)
    self->error = error;
  else
    g_error_free (error);
}

/* Without QUIT the server forgets every deletion mark. */
static void
fail_storage (PbRetrieval *self, GError *error) {
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pb_pop3_session_close (self->session);
  fail (self, error);
}

/* ---- The store ---- */

static void
committed_cb (PbRetrieval *self, GArray *numbers, guint duplicates, PbDelivery *delivery) {
  guint completed = 0;

  for (guint i = 0; i < numbers->len; i++)
    completed += pb_fetch_plan_is_completing (self->plan, g_array_index (numbers, guint, i));
  duplicates = MIN (duplicates, numbers->len);
  completed = MIN (completed, numbers->len - duplicates);
  self->result.completed += completed;
  self->result.duplicates += duplicates;
  self->result.stored += numbers->len - duplicates - completed;
  if (self->remove_at_once && !self->error)
    pb_removal_request (self->removal, (const guint *) numbers->data, numbers->len);
}

static void
room_cb (PbRetrieval *self, PbDelivery *delivery) {
  if (!self->is_endless)
    pb_pop3_session_set_paused (self->session, FALSE);
}

static void
failed_cb (PbRetrieval *self, const GError *error, PbDelivery *delivery) {
  fail_storage (self, g_error_copy (error));
}

static void
start_delivery (PbRetrieval *self) {
  self->delivery = pb_mail_store_deliver (self->store, self->account_id);
  pb_removal_trust_delivery (self->removal, self->delivery);
  g_signal_connect_object (self->delivery, "committed", G_CALLBACK (committed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->delivery, "room", G_CALLBACK (room_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->delivery, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
delivered (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbRetrieval) self = data;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  GError *error = NULL;

  if (!pb_delivery_finish_finish (self->delivery, result, &error))
    fail_storage (self, error);
  if (self->error)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_boolean (task, TRUE);
}

/* ---- One message ---- */

static gboolean
break_off (gpointer data) {
  PbRetrieval *self = data;

  pb_pop3_session_close (self->session);
  return G_SOURCE_REMOVE;
}

static gboolean
goes_on_for_ever (PbRetrieval *self, guint number) {
  guint64 size = pb_fetch_plan_get_size (self->plan, number);

  return self->received > (size > 0 ? size * BEYOND_FACTOR + BEYOND_BYTES : UNKNOWN_BYTES);
}

/* The session cannot be closed from within its own call. */
static void
give_up_on_message (PbRetrieval *self) {
  self->is_endless = TRUE;
  pb_pop3_session_set_paused (self->session, TRUE);
  self->breaking = g_idle_source_new ();
  g_source_set_callback (self->breaking, break_off, self, NULL);
  g_source_attach (self->breaking, g_main_context_get_thread_default ());
}

static void
begin (PbRetrieval *self, guint number) {
  g_autoptr (GBytes) identity = pb_fetch_plan_dup_identity (self->plan, number);

  self->open_number = number;
  pb_delivery_begin (self->delivery, number, identity, self->lines != PB_WHOLE_MESSAGE);
}

static void
data_arrived (guint number, const guint8 *data, gsize length, gpointer user_data) {
  PbRetrieval *self = user_data;

  if (self->is_endless)
    return;
  if (self->open_number != number)
    begin (self, number);
  pb_delivery_write (self->delivery, data, length);
  if (self->naming)
    pb_naming_check_data (self->naming, number, data, length);
  self->received += length;
  self->result.bytes += length;
  pb_operation_advance (self->operation, 0, length);
  if (pb_delivery_is_full (self->delivery))
    pb_pop3_session_set_paused (self->session, TRUE);
  if (goes_on_for_ever (self, number))
    give_up_on_message (self);
}

static void
note_refused (PbRetrieval *self, guint number, const char *reason, guint seconds) {
  g_autoptr (GBytes) identity = pb_fetch_plan_dup_identity (self->plan, number);
  gint64 next_try = identity ? now_seconds () + seconds : 0;

  self->result.refused++;
  g_ptr_array_add (
    self->refused,
    pb_refused_message_new (number, pb_fetch_plan_get_size (self->plan, number), reason, next_try));
  /* One without an identity cannot be remembered; it is asked for again at every check. */
  if (identity)
    pb_mail_store_note_refused (self->store, self->account_id, identity, reason, next_try);
}

/* Servers without TOP refuse it, and servers that cannot read a message do: asking for the whole
 * of it tells which, where that costs little. */
static void
head_refused (PbRetrieval *self, guint number) {
  guint64 size = pb_fetch_plan_get_size (self->plan, number);

  if (size < PB_WHOLE_INSTEAD_BYTES) {
    g_array_append_val (self->instead, number);
    return;
  }
  self->result.skipped++;
  g_ptr_array_add (self->refused, pb_refused_message_new (number, size, NULL, 0));
}

static void
message_refused (PbRetrieval *self, guint number, const GError *refused) {
  const char *reason = pb_error_get_server_text (refused);
  guint asked = pb_error_get_retry_after (refused);

  if (self->lines != PB_WHOLE_MESSAGE)
    head_refused (self, number);
  else
    note_refused (self, number, reason ? reason : refused->message,
                  asked > 0 ? MIN (asked, PB_REFUSED_RETRY_SECONDS) : PB_REFUSED_RETRY_SECONDS);
}

static void
message_ended (guint number, const GError *refused, gpointer user_data) {
  PbRetrieval *self = user_data;

  if (self->is_endless)
    return;
  if (self->naming)
    pb_naming_check_end (self->naming, number);
  if (refused)
    message_refused (self, number, refused);
  else if (self->open_number == number)
    pb_delivery_end (self->delivery);
  else if (pb_fetch_plan_get_size (self->plan, number) > 0)
    note_refused (self, number, "the server sent nothing for it", PB_REFUSED_RETRY_SECONDS);
  else {
    begin (self, number);
    pb_delivery_end (self->delivery);
  }
  self->open_number = 0;
  self->received = 0;
  self->ended++;
  pb_operation_advance (self->operation, 1, 0);
}

/* ---- Flights ---- */

/* Where the session is over, the message that should have come next is the one it was lost at. */
static void
note_loss (PbRetrieval *self, const GError *error) {
  if ((g_error_matches (error, PB_ERROR, PB_ERROR_CONNECT) ||
       g_error_matches (error, PB_ERROR, PB_ERROR_TIMEOUT) ||
       g_error_matches (error, PB_ERROR, PB_ERROR_PROTOCOL)) &&
      self->ended < self->numbers->len && !self->error)
    self->lost_at = g_array_index (self->numbers, guint, self->ended);
}

static void
retrieved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbRetrieval) self = data;
  GError *error = NULL;

  if (!pb_pop3_session_retrieve_finish (self->session, result, &error)) {
    if (self->is_endless) {
      g_clear_error (&error);
      error = g_error_new_literal (PB_ERROR, PB_ERROR_PROTOCOL, "a message does not end");
    }
    note_loss (self, error);
    fail (self, error);
  }
  pb_delivery_discard (self->delivery);
  self->open_number = 0;
  self->done += self->ended;
  start_flight (self);
}

/* FALSE when nothing is left. */
static gboolean
choose_flight (PbRetrieval *self, GArray *sizes) {
  GArray *all = self->plan->retrieve, *lines = self->plan->lines;

  g_array_set_size (self->numbers, 0);
  self->ended = 0;
  if (self->instead->len > 0) {
    self->lines = PB_WHOLE_MESSAGE;
    for (guint i = 0; i < self->instead->len; i++) {
      guint64 size = pb_fetch_plan_get_size (self->plan, g_array_index (self->instead, guint, i));
      g_array_append_val (sizes, size);
    }
    g_array_append_vals (self->numbers, self->instead->data, self->instead->len);
    self->done -= MIN (self->done, self->instead->len);
    g_array_set_size (self->instead, 0);
    return TRUE;
  }
  if (self->next == all->len)
    return FALSE;
  self->lines = g_array_index (lines, int, self->next);
  for (; self->next < all->len && g_array_index (lines, int, self->next) == self->lines;
       self->next++) {
    g_array_append_vals (self->numbers, &g_array_index (all, guint, self->next), 1);
    g_array_append_vals (sizes, &g_array_index (self->plan->sizes, guint64, self->next), 1);
  }
  return TRUE;
}

static void
start_flight (PbRetrieval *self) {
  static const PbPop3Sink sink = { .data = data_arrived, .end = message_ended };
  GCancellable *cancellable = g_task_get_cancellable (self->task);
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (self->error || !choose_flight (self, sizes)) {
    pb_delivery_finish_async (self->delivery, delivered, g_object_ref (self));
    return;
  }
  pb_pop3_session_retrieve_async (self->session, (const guint *) self->numbers->data,
                                  (const guint64 *) sizes->data, self->numbers->len, self->lines,
                                  &sink, self, cancellable, retrieved, g_object_ref (self));
}

/* ---- Object ---- */

static void
pb_retrieval_finalize (GObject *object) {
  PbRetrieval *self = PB_RETRIEVAL (object);

  if (self->breaking)
    g_source_destroy (self->breaking);
  g_clear_pointer (&self->breaking, g_source_unref);
  g_clear_object (&self->naming);
  g_clear_object (&self->session);
  g_clear_object (&self->store);
  g_clear_object (&self->removal);
  g_clear_object (&self->operation);
  g_clear_object (&self->delivery);
  g_clear_pointer (&self->plan, pb_fetch_plan_unref);
  g_clear_pointer (&self->instead, g_array_unref);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self->account_id);
  G_OBJECT_CLASS (pb_retrieval_parent_class)->finalize (object);
}

static void
pb_retrieval_class_init (PbRetrievalClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_retrieval_finalize;
}

static void
pb_retrieval_init (PbRetrieval *self) {
  self->instead = g_array_new (FALSE, FALSE, sizeof (guint));
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  self->refused = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_refused_message_free);
}

PbRetrieval *
pb_retrieval_new (PbPop3Session *session,
                  PbMailStore *store,
                  const char *account_id,
                  PbFetchPlan *plan,
                  PbRemoval *removal,
                  gboolean remove_at_once,
                  PbOperation *operation) {
  g_return_val_if_fail (PB_IS_POP3_SESSION (session), NULL);
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);
  g_return_val_if_fail (account_id != NULL && plan != NULL, NULL);
  g_return_val_if_fail (PB_IS_REMOVAL (removal), NULL);
  g_return_val_if_fail (PB_IS_OPERATION (operation), NULL);

  PbRetrieval *self = g_object_new (PB_TYPE_RETRIEVAL, NULL);
  self->session = g_object_ref (session);
  self->store = g_object_ref (store);
  self->account_id = g_strdup (account_id);
  self->plan = pb_fetch_plan_ref (plan);
  self->removal = g_object_ref (removal);
  self->remove_at_once = remove_at_once;
  self->operation = g_object_ref (operation);
  return self;
}

void
pb_retrieval_set_naming (PbRetrieval *self, PbNaming *naming) {
  g_return_if_fail (PB_IS_RETRIEVAL (self));
  g_return_if_fail (PB_IS_NAMING (naming));

  g_set_object (&self->naming, naming);
}

void
pb_retrieval_run_async (PbRetrieval *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  g_return_if_fail (PB_IS_RETRIEVAL (self));
  g_return_if_fail (!self->delivery);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, pb_retrieval_run_async);
  /* What ended it is told, also when it was cancelled in the same moment. */
  g_task_set_check_cancellable (self->task, FALSE);
  start_delivery (self);
  start_flight (self);
}

gboolean
pb_retrieval_run_finish (PbRetrieval *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pb_retrieval_take_result (PbRetrieval *self, PbFetchResult *result) {
  g_return_if_fail (PB_IS_RETRIEVAL (self));

  result->stored += self->result.stored;
  result->completed += self->result.completed;
  result->duplicates += self->result.duplicates;
  result->refused += self->result.refused;
  result->skipped += self->result.skipped;
  result->bytes += self->result.bytes;
  self->result = (PbFetchResult){ 0 };
}

GPtrArray *
pb_retrieval_get_refused (PbRetrieval *self) {
  g_return_val_if_fail (PB_IS_RETRIEVAL (self), NULL);

  return self->refused;
}

guint
pb_retrieval_get_lost_at (PbRetrieval *self) {
  g_return_val_if_fail (PB_IS_RETRIEVAL (self), 0);

  return self->lost_at;
}

guint
pb_retrieval_get_left (PbRetrieval *self) {
  g_return_val_if_fail (PB_IS_RETRIEVAL (self), 0);

  guint gone = self->done + (self->lost_at != 0);
  return self->plan->retrieve->len - MIN (gone, self->plan->retrieve->len);
}

void
pb_retrieval_note_loss (PbRetrieval *self, gboolean refused) {
  g_return_if_fail (PB_IS_RETRIEVAL (self));
  g_return_if_fail (self->lost_at > 0 && self->error);

  const char *reason = self->error->message;
  g_autoptr (GBytes) identity = pb_fetch_plan_dup_identity (self->plan, self->lost_at);
  if (refused)
    note_refused (self, self->lost_at, reason, PB_REFUSED_RETRY_SECONDS);
  else if (identity)
    pb_mail_store_note_refused (self->store, self->account_id, identity, reason, now_seconds ());
}
