/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a message ends: a dot alone that was not stuffed must neither cut a message nor make its
 * rest the reply to something else, wherever the bytes are split. */

#include "pb-error.h"
#include "pb-pop3-machine.h"

#include <string.h>

typedef struct {
  const char *name;
  guint messages; /* asked for at once */
  guint64 listed; /* octets of each, as LIST said */
  const char *received;
  const char *events; /* bodies, "done", "refused", "failed" */
  const char *answer; /* to the NOOP that is sent then; NULL where none is */
  const char *events_then;
} Case;

static const Case cases[] = {
  { "as-long-as-listed", 1, 5, "+OK\r\none\r\n.\r\n", "[one]done ", NULL, NULL },
  { "longer-than-listed", 1, 2, "+OK\r\none\r\n.\r\n", "[one]done ", NULL, NULL },
  { "of-unknown-size", 1, 0, "+OK\r\none\r\n.\r\n", "[one]done ", NULL, NULL },
  { "bare-line-feeds", 1, 4, "+OK\none\n.\n", "[one]done ", NULL, NULL },
  { "shorter-by-one", 1, 6, "+OK\r\none\r\n.\r\n", "[one]", "+OK noop\r\n", "done " },
  { "noop-is-refused", 1, 6, "+OK\r\none\r\n.\r\n", "[one]", "-ERR noop\r\n", "done " },
  { "rest-comes-late", 1, 100, "+OK\r\none\r\n.\r\n", "[one]", "two\r\n.\r\n+OK\r\n", "failed " },
  { "empty-and-short", 1, 100, "+OK\r\n.\r\n", "", "+OK\r\n", "done " },
  { "sizes-too-large-in-flight", 2, 100, "+OK\r\none\r\n.\r\n+OK\r\ntwo\r\n.\r\n",
    "[one]done [two]", "+OK\r\n", "done " },
  { "the-second-is-refused", 2, 100, "+OK\r\none\r\n.\r\n-ERR gone\r\n", "[one]done refused ", NULL,
    NULL },
  { "goes-on-behind-a-dot", 2, 100, "+OK\r\none\r\n.\r\ntwo\r\n.\r\n+OK\r\n", "[one]failed ", NULL,
    NULL },
  { "goes-on-with-a-signature", 2, 100, "+OK\r\none\r\n.\r\n-- \r\nme\r\n.\r\n", "[one]failed ",
    NULL, NULL },
  { "goes-on-with-another-dot", 2, 100, "+OK\r\none\r\n.\r\n.\r\n", "[one]failed ", NULL, NULL },
  { "goes-on-with-an-empty-line", 2, 100, "+OK\r\none\r\n.\r\n\r\nx\r\n", "[one]failed ", NULL,
    NULL },
  { "glued-dot", 1, 9, "+OK\r\none.\r\n", "[one.]", NULL, NULL },
};

typedef struct {
  PbPop3Machine *machine;
  GString *events;
  GString *sent;
  gboolean in_body;
} Play;

static void
add_body (Play *play, const PbPop3Event *event) {
  if (!play->in_body)
    g_string_append_c (play->events, '[');
  play->in_body = TRUE;
  for (gsize i = 0; i < event->length; i++)
    g_string_append_c (play->events, event->data[i] == '\n' ? '|' : (char) event->data[i]);
}

static void
end_body (Play *play) {
  if (!play->in_body)
    return;
  g_assert_true (g_str_has_suffix (play->events->str, "|"));
  play->events->str[play->events->len - 1] = ']';
  play->in_body = FALSE;
}

static void
take (Play *play) {
  PbPop3Event event;
  PbPop3EventType type;
  gsize length;

  while ((type = pb_pop3_machine_next (play->machine, &event)) != PB_POP3_EVENT_NEED_IO) {
    if (type == PB_POP3_EVENT_BODY) {
      add_body (play, &event);
      continue;
    }
    end_body (play);
    if (type == PB_POP3_EVENT_FAILED) {
      g_assert_error (event.error, PB_ERROR, PB_ERROR_PROTOCOL);
      g_string_append (play->events, "failed ");
      break;
    }
    if (type == PB_POP3_EVENT_READY)
      continue;
    if (type == PB_POP3_EVENT_DONE)
      g_string_append (play->events, event.error ? "refused " : "done ");
  }
  const guint8 *bytes = pb_pop3_machine_peek_output (play->machine, &length);
  g_string_append_len (play->sent, (const char *) bytes, (gssize) length);
  if (length > 0)
    pb_pop3_machine_sent (play->machine, length);
}

static void
feed (Play *play, const char *text, gsize length) {
  gsize size;

  if (length == 0 || strstr (play->events->str, "failed"))
    return;
  memcpy (pb_pop3_machine_get_space (play->machine, &size), text, length);
  pb_pop3_machine_received (play->machine, length);
  take (play);
}

static void
expect (Play *play, const char *events) {
  end_body (play);
  g_assert_cmpstr (play->events->str, ==, events);
  g_string_truncate (play->events, 0);
}

static void
play_case (const Case *this, gsize split) {
  static const char capa[] = "+OK\r\nPIPELINING\r\nUSER\r\n.\r\n";
  g_autoptr (PbSecret) secret = pb_secret_new ("secret");
  const PbPop3MachineConfig config = {
    .security = PB_SECURITY_TLS,
    .user = "reader",
    .secret = secret,
    .auth = PB_AUTH_USER_PASS,
  };
  Play play = { pb_pop3_machine_new (&config), g_string_new (NULL), g_string_new (NULL), FALSE };
  const char *const hello[] = { "+OK hello\r\n", capa, "+OK\r\n", "+OK\r\n", capa };

  for (guint i = 0; i < G_N_ELEMENTS (hello); i++)
    feed (&play, hello[i], strlen (hello[i]));
  for (guint i = 1; i <= this->messages; i++)
    pb_pop3_machine_enqueue_retrieve (play.machine, i, -1, this->listed, i);
  take (&play);
  g_string_truncate (play.sent, 0);
  feed (&play, this->received, split);
  feed (&play, this->received + split, strlen (this->received) - split);
  expect (&play, this->events);
  g_assert_cmpstr (play.sent->str, ==, this->answer ? "NOOP\r\n" : "");
  if (this->answer) {
    feed (&play, this->answer, strlen (this->answer));
    expect (&play, this->events_then);
    g_assert_cmpstr (play.sent->str, ==, "NOOP\r\n");
  }
  pb_pop3_machine_free (play.machine);
  g_string_free (play.events, TRUE);
  g_string_free (play.sent, TRUE);
}

/* Wherever the bytes are split. */
static void
test_case (gconstpointer data) {
  const Case *this = data;

  for (gsize split = 0; split <= strlen (this->received); split++)
    play_case (this, split);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/pop3-body-end/%s", cases[i].name);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  return g_test_run ();
}
