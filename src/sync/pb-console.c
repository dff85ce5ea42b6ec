/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One line at a time: understood, asked about where it could lose mail, sent, its reply handed out.
 * Every asynchronous step holds a reference. */

#include "pb-console.h"

#include "pb-account-session.h"
#include "pb-console-copies.h"
#include "pb-console-line.h"
#include "pb-console-reply.h"
#include "pb-error.h"

struct _PbConsole {
  GObject parent_instance;

  PbAccount *account;
  PbSecrets *secrets;
  PbMailStore *store;

  PbConsoleState state;
  PbPop3Session *session;
  GCancellable *cancellable;
  gboolean locked;
  gboolean leaving; /* close () was called: no QUIT was typed */

  PbConsoleLine *line; /* asked about, or being answered */
  PbConsoleReply *reply;
  PbConsoleCopies *copies;
  GHashTable *marks; /* numbers of messages that the server has marked */

  guint idle_limit; /* ms */
  guint idle_timer;
  gint64 last_use; /* µs, monotonic */
};

G_DEFINE_FINAL_TYPE (PbConsole, pb_console, G_TYPE_OBJECT)

enum { PROP_STATE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { EVENT, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- Telling ---- */

static void
emit (const PbConsoleEvent *event, gpointer data) {
  g_signal_emit (data, signals[EVENT], 0, event);
}

static void
emit_kind (PbConsole *self, PbConsoleKind kind, guint64 count) {
  const PbConsoleEvent event = { .kind = kind, .count = count };

  emit (&event, self);
}

/* The same about the line at hand. */
static void
emit_line (PbConsole *self, PbConsoleEvent *event) {
  event->command = self->line->command;
  event->argument = self->line->argument;
  event->text = self->line->text;
  event->number = self->line->number;
  emit (event, self);
}

static gboolean idle_cb (gpointer data);

/* The clock runs only while it is the person's turn. */
static void
set_state (PbConsole *self, PbConsoleState state) {
  gboolean waits = state == PB_CONSOLE_STATE_READY || state == PB_CONSOLE_STATE_ASKING;

  g_clear_handle_id (&self->idle_timer, g_source_remove);
  self->last_use = g_get_monotonic_time ();
  if (waits)
    self->idle_timer = g_timeout_add (self->idle_limit, idle_cb, self);
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* ---- Closing ---- */

/* @error is NULL when it ended as it should; then @gone messages were deleted. */
static void
end (PbConsole *self, const GError *error, guint gone) {
  gboolean left = self->leaving && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  const PbConsoleEvent event = { .kind = PB_CONSOLE_CLOSED,
                                 .count = gone,
                                 .error = left ? NULL : error };

  if (self->state == PB_CONSOLE_STATE_CLOSED)
    return;
  set_state (self, PB_CONSOLE_STATE_CLOSED);
  g_clear_pointer (&self->reply, pb_console_reply_free);
  g_clear_pointer (&self->line, pb_console_line_free);
  g_clear_pointer (&self->copies, pb_console_copies_free);
  if (self->session)
    pb_pop3_session_close (self->session);
  if (self->locked)
    pb_mail_store_unlock_account (self->store, pb_account_get_id (self->account));
  self->locked = FALSE;
  emit (&event, self);
}

static void
left (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConsole) self = data;

  /* Nothing was marked any more: it does not matter whether the server says goodbye. */
  pb_pop3_session_quit_finish (PB_POP3_SESSION (source), result, NULL);
  end (self, NULL, 0);
}

static void
say_goodbye (PbConsole *self) {
  pb_pop3_session_quit_async (self->session, NULL, left, g_object_ref (self));
}

static void
taken_back (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConsole) self = data;
  g_autoptr (GError) error = NULL;

  if (!pb_pop3_session_reset_finish (PB_POP3_SESSION (source), result, &error)) {
    /* Without QUIT the server forgets the marks as well. */
    end (self, error, 0);
    return;
  }
  emit_kind (self, PB_CONSOLE_TAKEN_BACK, g_hash_table_size (self->marks));
  g_hash_table_remove_all (self->marks);
  say_goodbye (self);
}

void
pb_console_close (PbConsole *self) {
  g_return_if_fail (PB_IS_CONSOLE (self));

  if (self->leaving || self->state == PB_CONSOLE_STATE_CLOSED)
    return;
  gboolean waits = self->state == PB_CONSOLE_STATE_READY || self->state == PB_CONSOLE_STATE_ASKING;
  self->leaving = TRUE;
  set_state (self, PB_CONSOLE_STATE_CLOSING);
  if (!waits)
    g_cancellable_cancel (self->cancellable);
  else if (g_hash_table_size (self->marks) > 0)
    pb_pop3_session_reset_async (self->session, NULL, taken_back, g_object_ref (self));
  else
    say_goodbye (self);
}

static gboolean
idle_cb (gpointer data) {
  g_autoptr (PbConsole) self = g_object_ref (data);

  self->idle_timer = 0;
  emit_kind (self, PB_CONSOLE_IDLE, 0);
  pb_console_close (self);
  return G_SOURCE_REMOVE;
}

/* ---- Opening: password, lock, session ---- */

static void
opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConsole) self = data;
  g_autoptr (GError) error = NULL;

  if (!pb_pop3_session_open_finish (PB_POP3_SESSION (source), result, &error) || self->leaving) {
    end (self, error, 0);
    return;
  }
  const PbConsoleEvent event = { .kind = PB_CONSOLE_OPENED,
                                 .text = pb_account_get_endpoint (self->account)->host };
  set_state (self, PB_CONSOLE_STATE_READY);
  emit (&event, self);
}

static void
locked (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConsole) self = data;
  g_autoptr (GError) error = NULL;

  self->locked = pb_mail_store_lock_account_finish (self->store, result, &error);
  if (!self->locked) {
    end (self, error, 0);
    return;
  }
  pb_pop3_session_open_async (self->session, self->cancellable, opened, g_object_ref (self));
}

static void
sign_in (PbConsole *self, PbSecret *secret) {
  self->session = pb_account_session_new (self->account, secret);
  pb_mail_store_lock_account_async (self->store, pb_account_get_id (self->account),
                                    self->cancellable, locked, g_object_ref (self));
}

static void
secret_found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConsole) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PbSecret) secret = pb_secrets_lookup_finish (self->secrets, result, &error);

  if (secret)
    sign_in (self, secret);
  else
    end (self, error, 0);
}

void
pb_console_open (PbConsole *self) {
  g_return_if_fail (PB_IS_CONSOLE (self));
  g_return_if_fail (self->session == NULL && self->state == PB_CONSOLE_STATE_CONNECTING);

  if (pb_auth_needs_secret (pb_account_get_auth (self->account)))
    pb_secrets_lookup_async (self->secrets, self->account, self->cancellable, secret_found,
                             g_object_ref (self));
  else
    sign_in (self, NULL);
}

/* ---- Sending ---- */

static void
line_cb (const guint8 *data, gsize length, gpointer user_data) {
  pb_console_reply_take_line (PB_CONSOLE (user_data)->reply, data, length);
}

static void
body_cb (const guint8 *data, gsize length, gpointer user_data) {
  pb_console_reply_take_body (PB_CONSOLE (user_data)->reply, data, length);
}

/* What the server has said yes to. */
static void
note_done (PbConsole *self) {
  if (g_str_equal (self->line->command, "DELE"))
    g_hash_table_add (self->marks, GUINT_TO_POINTER (self->line->number));
  else if (g_str_equal (self->line->command, "RSET"))
    g_hash_table_remove_all (self->marks);
}

/* QUIT was confirmed: so are the deletions. */
static void
finish (PbConsole *self) {
  guint gone = g_hash_table_size (self->marks);

  if (self->copies)
    pb_console_copies_note_removed (self->copies, self->marks);
  end (self, NULL, gone);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConsole) self = data;
  g_autoptr (GError) error = NULL;
  gboolean done = pb_pop3_session_raw_finish (PB_POP3_SESSION (source), result, &error);

  if (self->state == PB_CONSOLE_STATE_CLOSED)
    return;
  pb_console_reply_end (self->reply);
  g_clear_pointer (&self->reply, pb_console_reply_free);
  if (self->leaving || (!done && !g_error_matches (error, PB_ERROR, PB_ERROR_REFUSED))) {
    end (self, error, 0);
    return;
  }
  if (done && g_str_equal (self->line->command, "QUIT")) {
    finish (self);
    return;
  }
  if (done)
    note_done (self);
  g_clear_pointer (&self->line, pb_console_line_free);
  set_state (self, PB_CONSOLE_STATE_READY);
}

static void
send_line (PbConsole *self) {
  static const PbPop3RawSink sink = { line_cb, body_cb };
  PbConsoleEvent event = { .kind = PB_CONSOLE_COMMAND };

  set_state (self, PB_CONSOLE_STATE_BUSY);
  emit_line (self, &event);
  self->reply = pb_console_reply_new (self->line, emit, self);
  pb_pop3_session_raw_async (self->session, self->line->text, &sink, self, self->cancellable,
                             answered, g_object_ref (self));
}

/* ---- Asking ---- */

static void
ask_delete (PbConsole *self) {
  PbConsoleEvent event = {
    .kind = PB_CONSOLE_ASK_DELETE,
    .copy = pb_console_copies_find (self->copies, self->line->number),
  };

  set_state (self, PB_CONSOLE_STATE_ASKING);
  emit_line (self, &event);
}

static void
copies_found (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbConsole) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PbConsoleCopies) copies = pb_console_copies_finish (result, &error);

  if (self->state == PB_CONSOLE_STATE_CLOSED)
    return;
  if (!copies || self->leaving) {
    end (self, error, 0);
    return;
  }
  self->copies = g_steal_pointer (&copies);
  ask_delete (self);
}

static void
look_up_copies (PbConsole *self) {
  set_state (self, PB_CONSOLE_STATE_BUSY);
  pb_console_copies_async (self->session, self->store, pb_account_get_id (self->account),
                           self->cancellable, copies_found, g_object_ref (self));
}

static void
ask_quit (PbConsole *self) {
  PbConsoleEvent event = { .kind = PB_CONSOLE_ASK_QUIT, .count = g_hash_table_size (self->marks) };

  set_state (self, PB_CONSOLE_STATE_ASKING);
  emit_line (self, &event);
}

void
pb_console_answer (PbConsole *self, gboolean yes) {
  g_return_if_fail (PB_IS_CONSOLE (self));

  if (self->state != PB_CONSOLE_STATE_ASKING)
    return;
  if (yes) {
    send_line (self);
    return;
  }
  PbConsoleEvent event = { .kind = PB_CONSOLE_CANCELLED };
  set_state (self, PB_CONSOLE_STATE_READY);
  emit_line (self, &event);
  g_clear_pointer (&self->line, pb_console_line_free);
}

/* ---- Typing ---- */

static void
refuse (PbConsole *self, const PbConsoleLine *line, PbConsoleRefusal refusal) {
  const PbConsoleEvent event = {
    .kind = PB_CONSOLE_NOT_SENT,
    .command = line->command,
    .argument = line->argument,
    .text = line->text,
    .refusal = refusal,
  };

  emit (&event, self);
}

void
pb_console_submit (PbConsole *self, const char *typed) {
  g_return_if_fail (PB_IS_CONSOLE (self));
  g_return_if_fail (typed != NULL);

  g_autoptr (PbConsoleLine) line = pb_console_line_new (typed);
  if (self->state >= PB_CONSOLE_STATE_CLOSING)
    refuse (self, line, PB_CONSOLE_REFUSED_CLOSED);
  else if (self->state != PB_CONSOLE_STATE_READY)
    refuse (self, line, PB_CONSOLE_REFUSED_BUSY);
  else if (line->refused) {
    set_state (self, PB_CONSOLE_STATE_READY);
    refuse (self, line, line->refusal);
  } else {
    self->line = g_steal_pointer (&line);
    gboolean deletes = g_str_equal (self->line->command, "DELE");
    gboolean quits = g_str_equal (self->line->command, "QUIT");
    if (deletes && !self->copies)
      look_up_copies (self);
    else if (deletes)
      ask_delete (self);
    else if (quits && g_hash_table_size (self->marks) > 0)
      ask_quit (self);
    else
      send_line (self);
  }
}

/* ---- Object ---- */

static void
pb_console_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  switch (id) {
  case PROP_STATE:
    g_value_set_int (value, (int) PB_CONSOLE (object)->state);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
pb_console_dispose (GObject *object) {
  PbConsole *self = PB_CONSOLE (object);

  g_clear_handle_id (&self->idle_timer, g_source_remove);
  if (self->session)
    pb_pop3_session_close (self->session);
  if (self->locked)
    pb_mail_store_unlock_account (self->store, pb_account_get_id (self->account));
  self->locked = FALSE;
  G_OBJECT_CLASS (pb_console_parent_class)->dispose (object);
}

static void
pb_console_finalize (GObject *object) {
  PbConsole *self = PB_CONSOLE (object);

  g_clear_pointer (&self->reply, pb_console_reply_free);
  g_clear_pointer (&self->line, pb_console_line_free);
  g_clear_pointer (&self->copies, pb_console_copies_free);
  g_hash_table_unref (self->marks);
  g_clear_object (&self->session);
  g_object_unref (self->cancellable);
  g_clear_object (&self->account);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (pb_console_parent_class)->finalize (object);
}

static void
pb_console_class_init (PbConsoleClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pb_console_get_property;
  object_class->dispose = pb_console_dispose;
  object_class->finalize = pb_console_finalize;
  props[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, PB_CONSOLE_STATE_CONNECTING, PB_CONSOLE_STATE_CLOSED,
                      PB_CONSOLE_STATE_CONNECTING,
                      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[EVENT] = g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
pb_console_init (PbConsole *self) {
  self->cancellable = g_cancellable_new ();
  self->marks = g_hash_table_new (NULL, NULL);
  self->idle_limit = PB_CONSOLE_IDLE_SECONDS * 1000;
}

PbConsole *
pb_console_new (PbAccount *account, PbSecrets *secrets, PbMailStore *store) {
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (PB_IS_SECRETS (secrets), NULL);
  g_return_val_if_fail (PB_IS_MAIL_STORE (store), NULL);

  PbConsole *self = g_object_new (PB_TYPE_CONSOLE, NULL);
  self->account = g_object_ref (account);
  self->secrets = g_object_ref (secrets);
  self->store = g_object_ref (store);
  return self;
}

PbConsoleState
pb_console_get_state (PbConsole *self) {
  g_return_val_if_fail (PB_IS_CONSOLE (self), PB_CONSOLE_STATE_CLOSED);

  return self->state;
}

PbAccount *
pb_console_get_account (PbConsole *self) {
  g_return_val_if_fail (PB_IS_CONSOLE (self), NULL);

  return self->account;
}

guint
pb_console_get_marks (PbConsole *self) {
  g_return_val_if_fail (PB_IS_CONSOLE (self), 0);

  return g_hash_table_size (self->marks);
}

guint
pb_console_get_idle_seconds (PbConsole *self) {
  g_return_val_if_fail (PB_IS_CONSOLE (self), 0);

  return (guint) ((g_get_monotonic_time () - self->last_use) / G_USEC_PER_SEC);
}

char *
pb_console_dup_transcript (PbConsole *self) {
  g_return_val_if_fail (PB_IS_CONSOLE (self), NULL);

  return self->session ? pb_transcript_to_text (pb_pop3_session_get_transcript (self->session))
                       : NULL;
}

void
pb_console_set_idle_limit (PbConsole *self, guint milliseconds) {
  g_return_if_fail (PB_IS_CONSOLE (self));
  g_return_if_fail (milliseconds > 0);

  self->idle_limit = milliseconds;
}
