/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows the console's events and hands it what is typed; it decides nothing. */

#include "config.h"

#include "pb-console-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-console-words.h"
#include "pb-dialogue.h"
#include "pb-format.h"

#define HISTORY_MAX 100

struct _PbConsoleWindow {
  AdwWindow parent;

  AdwWindowTitle *title;
  AdwFlap *flap;
  GtkListBox *commands;
  GtkTextView *text;
  GtkRevealer *question;
  GtkLabel *question_text;
  GtkWidget *no;
  GtkButton *yes;
  GtkLabel *hint;
  GtkEntry *entry;
  GtkLabel *status;
  GtkButton *take_back;
  GtkWidget *again;

  PbProfile *profile;
  PbAccount *account;
  PbConsole *console;
  GPtrArray *history; /* of char *, oldest first */
  guint position;     /* in the history; its length while a new line is typed */
  guint clock;
};

G_DEFINE_FINAL_TYPE (PbConsoleWindow, pb_console_window, ADW_TYPE_WINDOW)

/* ---- What is going on ---- */

static char *
describe_state (PbConsoleWindow *self) {
  const char *host = pb_account_get_endpoint (self->account)->host;
  guint idle = pb_console_get_idle_seconds (self->console);

  switch (pb_console_get_state (self->console)) {
  case PB_CONSOLE_STATE_CONNECTING:
    return g_strdup_printf (_ ("Connecting to %s…"), host);
  case PB_CONSOLE_STATE_READY:
  case PB_CONSOLE_STATE_ASKING:
    return g_strdup_printf (
      _ ("Signed in to %s · idle %u s · other programs cannot use this mailbox now"), host, idle);
  case PB_CONSOLE_STATE_BUSY:
    return g_strdup_printf (_ ("Waiting for %s…"), host);
  case PB_CONSOLE_STATE_CLOSING:
    return g_strdup (_ ("Closing…"));
  case PB_CONSOLE_STATE_CLOSED:
    break;
  }
  return g_strdup (_ ("Not connected"));
}

static gboolean
update_status_cb (gpointer data) {
  PbConsoleWindow *self = data;
  g_autofree char *text = describe_state (self);
  guint marks = pb_console_get_marks (self->console);
  gboolean open = pb_console_get_state (self->console) < PB_CONSOLE_STATE_CLOSING;

  gtk_label_set_label (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->take_back), open && marks > 0);
  if (marks > 0) {
    g_autofree char *label =
      g_strdup_printf (ngettext ("Take %u Mark Back", "Take %u Marks Back", marks), marks);
    gtk_button_set_label (self->take_back, label);
  }
  return G_SOURCE_CONTINUE;
}

static void
state_cb (PbConsoleWindow *self) {
  PbConsoleState state = pb_console_get_state (self->console);
  gboolean asking = state == PB_CONSOLE_STATE_ASKING;
  gboolean closed = state == PB_CONSOLE_STATE_CLOSED;

  gtk_revealer_set_reveal_child (self->question, asking);
  gtk_widget_set_sensitive (GTK_WIDGET (self->entry), !asking && state < PB_CONSOLE_STATE_CLOSING);
  gtk_widget_set_visible (self->again, closed);
  if (asking)
    gtk_widget_grab_focus (self->no);
  else if (closed)
    gtk_widget_grab_focus (self->again);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  update_status_cb (self);
}

/* ---- Events ---- */

static PbDialogueVoice
voice_of (const PbConsoleEvent *event) {
  switch (event->kind) {
  case PB_CONSOLE_COMMAND:
    return PB_DIALOGUE_SENT;
  case PB_CONSOLE_STATUS:
    return PB_DIALOGUE_RECEIVED;
  case PB_CONSOLE_LINE:
    return PB_DIALOGUE_MORE;
  case PB_CONSOLE_NOT_SENT:
  case PB_CONSOLE_ASK_DELETE:
  case PB_CONSOLE_ASK_QUIT:
  case PB_CONSOLE_IDLE:
    return PB_DIALOGUE_PROBLEM;
  case PB_CONSOLE_CLOSED:
    return event->error ? PB_DIALOGUE_PROBLEM : PB_DIALOGUE_NOTE;
  default:
    return PB_DIALOGUE_NOTE;
  }
}

static void
ask (PbConsoleWindow *self, const PbConsoleEvent *event, const char *text) {
  gtk_label_set_label (self->question_text, text);
  gtk_button_set_label (self->yes, event->kind == PB_CONSOLE_ASK_DELETE ? _ ("_Mark for Deletion")
                                                                        : _ ("_Finish and Delete"));
}

static void
event_cb (PbConsole *console, const PbConsoleEvent *event, PbConsoleWindow *self) {
  g_autofree char *line = pb_console_words_line (event);
  g_autofree char *explanation = pb_console_words_explain (event);

  pb_dialogue_append (self->text, voice_of (event), line);
  if (explanation)
    pb_dialogue_append (self->text, PB_DIALOGUE_NOTE, explanation);
  if (event->kind == PB_CONSOLE_ASK_DELETE || event->kind == PB_CONSOLE_ASK_QUIT)
    ask (self, event, line);
}

static void
no_cb (PbConsoleWindow *self) {
  pb_console_answer (self->console, FALSE);
}

static void
yes_cb (PbConsoleWindow *self) {
  pb_console_answer (self->console, TRUE);
}

static void
take_back_cb (PbConsoleWindow *self) {
  if (pb_console_get_state (self->console) == PB_CONSOLE_STATE_ASKING)
    pb_console_answer (self->console, FALSE);
  pb_console_submit (self->console, "RSET");
}

/* ---- Typing ---- */

/* What is not sent may hold a password, and is forgotten. */
static void
remember (PbConsoleWindow *self, const char *line) {
  PbConsoleCommand command;

  if (pb_console_words_find_command (line, &command) && command.usable)
    g_ptr_array_add (self->history, g_strdup (line));
  if (self->history->len > HISTORY_MAX)
    g_ptr_array_remove_index (self->history, 0);
  self->position = self->history->len;
}

static void
entered_cb (PbConsoleWindow *self) {
  g_autofree char *line =
    g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  if (!*line || pb_console_get_state (self->console) != PB_CONSOLE_STATE_READY)
    return;
  remember (self, line);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  pb_console_submit (self->console, line);
}

static void
set_line (PbConsoleWindow *self, const char *line) {
  gtk_editable_set_text (GTK_EDITABLE (self->entry), line);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

static void
step_history (PbConsoleWindow *self, int step) {
  int next = CLAMP ((int) self->position + step, 0, (int) self->history->len);

  self->position = (guint) next;
  set_line (self, self->position < self->history->len ? self->history->pdata[next] : "");
}

static gboolean
begins (const PbConsoleCommand *command, const char *typed) {
  return command->usable && g_ascii_strncasecmp (command->name, typed, strlen (typed)) == 0;
}

/* The names that @typed may become, and the first of them. */
static char *
find_completions (const char *typed, const char **first) {
  g_autoptr (GString) names = g_string_new (NULL);
  PbConsoleCommand command;

  *first = NULL;
  for (guint i = 0; *typed && pb_console_words_get_command (i, &command); i++) {
    if (!begins (&command, typed))
      continue;
    if (!*first)
      *first = command.name;
    g_string_append_printf (names, "%s%s", names->len ? " · " : "", command.syntax);
  }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* The explanation comes before the command goes. */
static void
update_hint_cb (PbConsoleWindow *self) {
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  PbConsoleCommand command;
  const char *first;

  if (pb_console_words_find_command (typed, &command)) {
    g_autofree char *text = g_strdup_printf ("%s: %s", command.syntax, command.explanation);
    gtk_label_set_label (self->hint, text);
    return;
  }
  g_autofree char *names = find_completions (typed, &first);
  g_autofree char *text = *names ? g_strdup_printf (_ ("Tab completes: %s"), names)
                                 : g_strdup (_ ("Each command is explained here before it is sent. "
                                                "Up and Down go through what was typed."));
  gtk_label_set_label (self->hint, text);
}

static gboolean
complete (PbConsoleWindow *self) {
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  PbConsoleCommand command;
  const char *first;

  if (strchr (typed, ' ') || pb_console_words_find_command (typed, &command))
    return FALSE;
  g_autofree char *names = find_completions (typed, &first);
  if (first)
    set_line (self, first);
  return first != NULL;
}

static gboolean
key_pressed_cb (PbConsoleWindow *self, guint keyval, guint keycode, GdkModifierType modifiers) {
  if (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK))
    return FALSE;
  if (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up)
    step_history (self, -1);
  else if (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
    step_history (self, 1);
  else
    return keyval == GDK_KEY_Tab && complete (self);
  return TRUE;
}

/* ---- The commands ---- */

static GtkWidget *
make_command_row (const PbConsoleCommand *command) {
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), command->syntax);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), command->summary);
  gtk_widget_set_tooltip_text (row, command->explanation);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  command->syntax, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  command->explanation, -1);
  return row;
}

static void
fill_commands (PbConsoleWindow *self) {
  PbConsoleCommand command;

  for (guint i = 0; pb_console_words_get_command (i, &command); i++) {
    if (command.usable)
      gtk_list_box_append (self->commands, make_command_row (&command));
  }
}

static void
command_activated_cb (PbConsoleWindow *self, GtkListBoxRow *row) {
  const char *syntax = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));
  gsize name = strcspn (syntax, " ");
  g_autofree char *line = g_strdup_printf ("%.*s%s", (int) name, syntax, syntax[name] ? " " : "");

  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  gtk_entry_grab_focus_without_selecting (self->entry);
  set_line (self, line);
}

static void
folded_cb (PbConsoleWindow *self) {
  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_folded (self->flap));
}

static void
toggle_commands_action (GtkWidget *widget, const char *name, GVariant *parameter) {
  PbConsoleWindow *self = PB_CONSOLE_WINDOW (widget);

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

/* The question takes room away from below. */
static void
follow_cb (PbConsoleWindow *self) {
  pb_dialogue_scroll_to_end (self->text);
}

/* ---- Object ---- */

/* The service keeps the console until it has said goodbye. */
static void
leave (PbConsoleWindow *self) {
  if (!self->console)
    return;
  g_signal_handlers_disconnect_by_data (self->console, self);
  pb_console_close (self->console);
  g_clear_object (&self->console);
}

static void
connect_console (PbConsoleWindow *self) {
  leave (self);
  self->console = pb_sync_service_open_console (pb_profile_get_sync (self->profile), self->account);
  g_signal_connect_object (self->console, "event", G_CALLBACK (event_cb), self, 0);
  g_signal_connect_object (self->console, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  state_cb (self);
}

static void
again_cb (PbConsoleWindow *self) {
  connect_console (self);
}

static void
pb_console_window_dispose (GObject *object) {
  PbConsoleWindow *self = PB_CONSOLE_WINDOW (object);

  g_clear_handle_id (&self->clock, g_source_remove);
  leave (self);
  g_clear_object (&self->profile);
  g_clear_object (&self->account);
  G_OBJECT_CLASS (pb_console_window_parent_class)->dispose (object);
}

static void
pb_console_window_finalize (GObject *object) {
  g_ptr_array_unref (PB_CONSOLE_WINDOW (object)->history);
  G_OBJECT_CLASS (pb_console_window_parent_class)->finalize (object);
}

static void
pb_console_window_class_init (PbConsoleWindowClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pb_console_window_dispose;
  object_class->finalize = pb_console_window_finalize;
  gtk_widget_class_install_action (widget_class, "console.toggle-commands", NULL,
                                   toggle_commands_action);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-console-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, title);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, commands);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, text);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, question);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, question_text);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, no);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, yes);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, hint);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, status);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, take_back);
  gtk_widget_class_bind_template_child (widget_class, PbConsoleWindow, again);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, command_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, no_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_hint_cb);
  gtk_widget_class_bind_template_callback (widget_class, yes_cb);
}

static void
pb_console_window_init (PbConsoleWindow *self) {
  self->history = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  pb_dialogue_prepare (self->text);
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->text)),
                           "notify::page-size", G_CALLBACK (follow_cb), self, G_CONNECT_SWAPPED);
  fill_commands (self);
  update_hint_cb (self);
}

PbConsoleWindow *
pb_console_window_new (PbProfile *profile, PbAccount *account) {
  g_return_val_if_fail (PB_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (PB_IS_ACCOUNT (account), NULL);

  PbConsoleWindow *self = g_object_new (PB_TYPE_CONSOLE_WINDOW, NULL);
  self->profile = g_object_ref (profile);
  self->account = g_object_ref (account);
  adw_window_title_set_subtitle (self->title, pb_account_get_label (account));
  connect_console (self);
  self->clock = g_timeout_add_seconds (1, update_status_cb, self);
  return self;
}
