/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables of sentences, and a function for each kind of event. */

#include "config.h"

#include "pb-console-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-format.h"
#include "pb-problem.h"

static const PbConsoleCommand commands[] = {
  { "STAT", "STAT", N_ ("Count messages"),
    N_ ("Asks how many messages are in the mailbox and how many bytes they take together."), TRUE },
  { "LIST", "LIST [n]", N_ ("Sizes"),
    N_ ("Lists the messages with their numbers and sizes, or the one with the number that follows. "
        "Numbers count within this session only."),
    TRUE },
  { "UIDL", "UIDL [n]", N_ ("Unique ids"),
    N_ ("Lists the id that the server keeps for each message. Postbag remembers these ids to know "
        "what it has fetched already."),
    TRUE },
  { "TOP", "TOP n lines", N_ ("Headers and first lines"),
    N_ ("Shows the headers of a message and as many lines of its text as the second number says. "
        "The message stays as it is."),
    TRUE },
  { "RETR", "RETR n", N_ ("Whole message"),
    N_ ("Retrieves a whole message; at most 200 lines of it are shown, and nothing is kept. Some "
        "servers, such as Gmail, count it as fetched from then on."),
    TRUE },
  { "DELE", "DELE n", N_ ("Mark for deletion"),
    N_ ("Marks a message for deletion. It goes when the session ends with QUIT; until then RSET "
        "takes the mark back."),
    TRUE },
  { "RSET", "RSET", N_ ("Take marks back"), N_ ("Takes back all deletion marks of this session."),
    TRUE },
  { "NOOP", "NOOP", N_ ("Do nothing"),
    N_ ("Does nothing but ask for an answer: it tells whether the server still listens."), TRUE },
  { "QUIT", "QUIT", N_ ("Finish"),
    N_ ("Ends the session. Messages that were marked by DELE are deleted for good by it."), TRUE },
  { "CAPA", "CAPA", N_ ("Abilities"),
    N_ ("Asks which extensions the server has, one in each line."), TRUE },
  { "LANG", "LANG [tag]", N_ ("Language of replies"),
    N_ ("Lists the languages in which the server can answer, or chooses one by its tag, such as "
        "“de” or “zh-CN”."),
    TRUE },
  { "UTF8", "UTF8", N_ ("Names and headers in UTF-8"),
    N_ ("Tells the server that user names and headers may be in UTF-8. It belongs before the "
        "sign-in."),
    FALSE },
  { "STLS", "STLS", N_ ("Begin encryption"),
    N_ ("Turns an open connection into an encrypted one. It belongs before the sign-in."), FALSE },
  { "USER", "USER name", N_ ("Sign in: name"),
    N_ ("Tells the name of the mailbox, as the first half of signing in."), FALSE },
  { "PASS", "PASS password", N_ ("Sign in: password"),
    N_ ("Tells the password as it is, as the second half of signing in."), FALSE },
  { "APOP", "APOP name digest", N_ ("Sign in: digest"),
    N_ ("Signs in without telling the password: a digest (MD5) of it and of the server’s greeting "
        "is sent. It is old and weak."),
    FALSE },
  { "AUTH", "AUTH mechanism", N_ ("Sign in: other ways"),
    N_ ("Signs in by one of the mechanisms that CAPA lists behind SASL."), FALSE },
};

/* RFC 2449, 3206, 6856. */
static const struct {
  const char *code;
  const char *meaning;
} codes[] = {
  { "IN-USE",
    N_ ("[IN-USE]: another program has the mailbox open. It is free again when that one has "
        "finished.") },
  { "LOGIN-DELAY",
    N_ ("[LOGIN-DELAY]: signing in again so soon is not allowed here; some minutes later it is.") },
  { "SYS/TEMP", N_ ("[SYS/TEMP]: trouble on the server that will pass; try again later.") },
  { "SYS/PERM",
    N_ ("[SYS/PERM]: trouble on the server that does not pass by itself; its owner can help.") },
  { "AUTH", N_ ("[AUTH]: user or password is wrong, not the rest.") },
  { "UTF8", N_ ("[UTF8]: the message has UTF-8 in its headers and is only given out after UTF8.") },
};

static const struct {
  const char *command;
  const char *meaning;
} good_replies[] = {
  { "STAT", N_ ("Two numbers: how many messages there are, and how many bytes together.") },
  { "LIST", N_ ("In each line: the number of a message and its size in bytes.") },
  { "UIDL", N_ ("In each line: the number of a message and its id, which stays the same in later "
                "sessions.") },
  { "TOP", N_ ("The headers, an empty line, then the first lines of the text.") },
  { "RETR", N_ ("The message as the server has it: headers, an empty line, then the rest.") },
  { "DELE", N_ ("The message is marked and goes with QUIT. RSET takes the mark back.") },
  { "RSET", N_ ("No message is marked for deletion any more.") },
  { "NOOP", N_ ("The server is there.") },
  { "QUIT", N_ ("The session is over; what was marked is deleted now.") },
  { "CAPA", N_ ("In each line: an extension that the server has, and what belongs to it.") },
  { "LANG", N_ ("The language of the replies, or in each line one that may be chosen.") },
};

static gboolean
give (guint index, PbConsoleCommand *command) {
  *command = commands[index];
  command->summary = _ (command->summary);
  command->explanation = _ (command->explanation);
  return TRUE;
}

gboolean
pb_console_words_get_command (guint index, PbConsoleCommand *command) {
  g_return_val_if_fail (command != NULL, FALSE);

  return index < G_N_ELEMENTS (commands) && give (index, command);
}

gboolean
pb_console_words_find_command (const char *line, PbConsoleCommand *command) {
  g_return_val_if_fail (line != NULL, FALSE);
  g_return_val_if_fail (command != NULL, FALSE);

  line += strspn (line, " \t");
  gsize length = strcspn (line, " \t");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strlen (commands[i].name) == length &&
        g_ascii_strncasecmp (commands[i].name, line, length) == 0)
      return give (i, command);
  }
  return FALSE;
}

/* ---- Explanations ---- */

static char *
explain_command (const PbConsoleEvent *event) {
  PbConsoleCommand command;

  return pb_console_words_find_command (event->command, &command) ? g_strdup (command.explanation)
                                                                  : NULL;
}

static const char *
code_meaning (const char *code) {
  for (guint i = 0; code && i < G_N_ELEMENTS (codes); i++) {
    if (strcmp (codes[i].code, code) == 0)
      return _ (codes[i].meaning);
  }
  return NULL;
}

static const char *
good_meaning (const PbConsoleEvent *event) {
  if (!event->multi_line && g_strcmp0 (event->command, "LIST") == 0)
    return _ ("The number of the message and its size in bytes.");
  if (!event->multi_line && g_strcmp0 (event->command, "UIDL") == 0)
    return _ ("The number of the message and its id.");
  for (guint i = 0; i < G_N_ELEMENTS (good_replies); i++) {
    if (g_strcmp0 (good_replies[i].command, event->command) == 0)
      return _ (good_replies[i].meaning);
  }
  return _ ("The server did it.");
}

static char *
explain_status (const PbConsoleEvent *event) {
  const char *meaning = code_meaning (event->code);

  if (event->ok)
    return g_strdup_printf (_ ("+OK: yes. %s"), good_meaning (event));
  if (meaning)
    return g_strdup_printf (_ ("-ERR: no. %s"), meaning);
  return g_strdup (_ ("-ERR: no. The server did nothing; why, it says behind it."));
}

static char *
explain_arguments (const PbConsoleEvent *event) {
  PbConsoleCommand command;

  if (!event->command || !pb_console_words_find_command (event->command, &command))
    return NULL;
  return g_strdup_printf (_ ("Nothing was sent: it is written “%s”. %s"), command.syntax,
                          command.explanation);
}

static const char *
refusal_words (PbConsoleRefusal refusal) {
  switch (refusal) {
  case PB_CONSOLE_REFUSED_UNKNOWN:
    return _ ("Nothing was sent: this is no command of POP3.");
  case PB_CONSOLE_REFUSED_SIGNED_IN:
    return _ ("Nothing was sent: the session is signed in already, and what signs in is not typed "
              "here. What followed the command was forgotten.");
  case PB_CONSOLE_REFUSED_TLS:
    return _ ("Nothing was sent: encryption is begun before signing in, and Postbag has done that "
              "where the account asks for it.");
  case PB_CONSOLE_REFUSED_UTF8:
    return _ ("Nothing was sent: UTF8 is only allowed before signing in.");
  case PB_CONSOLE_REFUSED_CONTROLS:
    return _ ("Nothing was sent: a command is one short line without control characters.");
  case PB_CONSOLE_REFUSED_BUSY:
    return _ ("Nothing was sent: the last command is not answered yet.");
  case PB_CONSOLE_REFUSED_CLOSED:
    return _ ("Nothing was sent: there is no session any more.");
  case PB_CONSOLE_REFUSED_ARGUMENTS:
    break;
  }
  return _ ("Nothing was sent: these arguments do not belong to the command.");
}

static char *
explain_refusal (const PbConsoleEvent *event) {
  char *text = event->refusal == PB_CONSOLE_REFUSED_ARGUMENTS ? explain_arguments (event) : NULL;

  return text ? text : g_strdup (refusal_words (event->refusal));
}

static const char *
copy_words (PbConsoleCopy copy) {
  switch (copy) {
  case PB_CONSOLE_COPY_HERE:
    return _ ("A complete copy is on this computer.");
  case PB_CONSOLE_COPY_DELETED:
    return _ ("It was on this computer and was deleted here for good: this is the last copy that "
              "Postbag knows of.");
  case PB_CONSOLE_COPY_NONE:
    return _ ("No complete copy is on this computer: this may be the only one.");
  case PB_CONSOLE_COPY_UNKNOWN:
    break;
  }
  return _ ("Whether a copy is on this computer cannot be told: it may be the only one.");
}

static char *
ask_delete (const PbConsoleEvent *event) {
  return g_strdup_printf (_ ("Mark message %u for deletion? %s"), event->number,
                          copy_words (event->copy));
}

/* The count of an event is 64 bits wide; plural forms need less. */
static gulong
plural (guint64 count) {
  return (gulong) MIN (count, G_MAXINT);
}

static char *
ask_quit (const PbConsoleEvent *event) {
  g_autofree char *count = pb_format_count (event->count);

  return g_strdup_printf (
    ngettext ("Finish? %s message will be deleted for good. RSET would take the mark back.",
              "Finish? %s messages will be deleted for good. RSET would take the marks back.",
              plural (event->count)),
    count);
}

char *
pb_console_words_explain (const PbConsoleEvent *event) {
  g_return_val_if_fail (event != NULL, NULL);

  switch (event->kind) {
  case PB_CONSOLE_OPENED:
    return g_strdup (_ ("Signed in. While the console is open no other program, and no check for "
                        "mail, can use this mailbox. It closes after five minutes without a "
                        "command; nothing is sent to keep it open."));
  case PB_CONSOLE_COMMAND:
    return explain_command (event);
  case PB_CONSOLE_STATUS:
    return explain_status (event);
  case PB_CONSOLE_NOT_SENT:
    return explain_refusal (event);
  case PB_CONSOLE_CANCELLED:
    return g_strdup (_ ("Nothing was sent."));
  case PB_CONSOLE_LINE:
  case PB_CONSOLE_FOLDED:
  case PB_CONSOLE_ASK_DELETE:
  case PB_CONSOLE_ASK_QUIT:
  case PB_CONSOLE_TAKEN_BACK:
  case PB_CONSOLE_IDLE:
  case PB_CONSOLE_CLOSED:
    break;
  }
  return NULL;
}

/* ---- Lines ---- */

static char *
folded_line (const PbConsoleEvent *event) {
  g_autofree char *count = pb_format_count (event->count);

  return g_strdup_printf (ngettext ("… %s more line", "… %s more lines", plural (event->count)),
                          count);
}

static char *
closed_line (const PbConsoleEvent *event) {
  g_autofree char *count = pb_format_count (event->count);

  if (event->error) {
    g_autoptr (PbProblem) problem = pb_problem_new (event->error, NULL);
    return g_strdup_printf (_ ("Closed: %s."), problem->title);
  }
  if (event->count > 0)
    return g_strdup_printf (ngettext ("Closed. %s message was deleted from the server.",
                                      "Closed. %s messages were deleted from the server.",
                                      plural (event->count)),
                            count);
  return g_strdup (_ ("Closed. Nothing was deleted."));
}

static char *
taken_back_line (const PbConsoleEvent *event) {
  g_autofree char *count = pb_format_count (event->count);

  return g_strdup_printf (ngettext ("%s deletion mark was taken back, since QUIT was not typed.",
                                    "%s deletion marks were taken back, since QUIT was not typed.",
                                    plural (event->count)),
                          count);
}

char *
pb_console_words_line (const PbConsoleEvent *event) {
  g_return_val_if_fail (event != NULL, NULL);

  switch (event->kind) {
  case PB_CONSOLE_OPENED:
    return g_strdup_printf (_ ("Connected to %s"), event->text);
  case PB_CONSOLE_COMMAND:
  case PB_CONSOLE_STATUS:
  case PB_CONSOLE_LINE:
  case PB_CONSOLE_NOT_SENT:
    return g_strdup (event->text);
  case PB_CONSOLE_FOLDED:
    return folded_line (event);
  case PB_CONSOLE_ASK_DELETE:
    return ask_delete (event);
  case PB_CONSOLE_ASK_QUIT:
    return ask_quit (event);
  case PB_CONSOLE_CANCELLED:
    return g_strdup (_ ("Left as it is"));
  case PB_CONSOLE_TAKEN_BACK:
    return taken_back_line (event);
  case PB_CONSOLE_IDLE:
    return g_strdup (_ ("Nothing was typed for five minutes: the console closes."));
  case PB_CONSOLE_CLOSED:
    return closed_line (event);
  }
  g_assert_not_reached ();
}
