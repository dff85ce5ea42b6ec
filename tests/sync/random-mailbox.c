/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The Maildir is read as any other program would read it: nothing of the store takes part. */

#include "random-mailbox.h"

#include <string.h>

static void
mail_free (gpointer data) {
  RandomMail *mail = data;

  g_bytes_unref (mail->text);
  g_free (mail->uid);
  g_free (mail);
}

void
random_mailbox_init (RandomMailbox *self, guint32 seed, PbDemoServer *server, char *maildir) {
  self->dice = g_rand_new_with_seed (seed);
  self->server = g_object_ref (server);
  self->maildir = maildir;
  self->mails = g_ptr_array_new_with_free_func (mail_free);
  self->session = g_ptr_array_new ();
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
random_mailbox_clear (RandomMailbox *self) {
  g_rand_free (self->dice);
  g_object_unref (self->server);
  g_free (self->maildir);
  g_ptr_array_unref (self->session);
  g_ptr_array_unref (self->mails);
  g_hash_table_unref (self->seen);
}

guint
random_mailbox_throw (RandomMailbox *self, guint limit) {
  return limit > 1 ? (guint) g_rand_int_range (self->dice, 0, (gint32) limit) : 0;
}

/* ---- Messages ---- */

static void
add_lines (RandomMailbox *self, GString *text) {
  static const char *const lines[] = { ".",       "..",          ". ",           "",
                                       "...",     ".+OK",        "+OK 3",        "-ERR",
                                       "plain",   "From here",   "\xe4\xff",     "tab\tand more",
                                       "mid\rcr", ".\rstill so", "\xe4\xbd\xa0", ">From" };

  for (guint i = random_mailbox_throw (self, 40); i > 0; i--) {
    g_string_append (text, lines[random_mailbox_throw (self, G_N_ELEMENTS (lines))]);
    g_string_append_c (text, '\n');
  }
}

static void
add_body (RandomMailbox *self, GString *text) {
  switch (random_mailbox_throw (self, 8)) {
  case 0: /* not even the empty line */
    return;
  case 1:
    g_string_append_c (text, '\n');
    return;
  case 2:
    g_string_append (text, "\n.");
    return;
  case 3:
    g_string_append_c (text, '\n');
    for (guint i = 1000 + random_mailbox_throw (self, 100000); i > 0; i--)
      g_string_append_c (text, 'x');
    return;
  case 4:
    g_string_append_len (text, "\nnul\0s\n\0\n", 9);
    return;
  default:
    g_string_append_c (text, '\n');
    add_lines (self, text);
  }
}

static RandomMail *
mail_new (RandomMailbox *self) {
  RandomMail *mail = g_new0 (RandomMail, 1);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "X-Number: %u\n", self->mails->len);
  if (random_mailbox_throw (self, 3))
    g_string_append_printf (text, "From: sender@example.org\nSubject: %u\n", self->mails->len);
  add_body (self, text);
  if (text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
  mail->text = g_string_free_to_bytes (text);
  mail->uid = g_strdup_printf ("%u!%u", random_mailbox_throw (self, 1000), self->mails->len);
  return mail;
}

void
random_mailbox_grow (RandomMailbox *self, guint count) {
  for (guint i = 0; i < count; i++) {
    RandomMail *mail = mail_new (self);
    g_ptr_array_add (self->mails, mail);
    pb_demo_server_add_message (self->server, mail->text, mail->uid);
  }
}

static gboolean
is_on_server (RandomMailbox *self, const RandomMail *mail) {
  return pb_demo_server_has_message (self->server, mail->uid);
}

void
random_mailbox_greet (RandomMailbox *self) {
  g_ptr_array_set_size (self->session, 0);
  for (guint i = 0; i < self->mails->len; i++) {
    RandomMail *mail = self->mails->pdata[i];
    mail->marked = FALSE;
    if (is_on_server (self, mail))
      g_ptr_array_add (self->session, mail);
  }
}

RandomMail *
random_mailbox_get (RandomMailbox *self, guint number) {
  return number >= 1 && number <= self->session->len ? self->session->pdata[number - 1] : NULL;
}

void
random_mailbox_update (RandomMailbox *self) {
  pb_demo_server_clear (self->server);
  for (guint i = 0; i < self->session->len; i++) {
    RandomMail *mail = self->session->pdata[i];
    if (!mail->marked)
      pb_demo_server_add_message (self->server, mail->text, mail->uid);
  }
}

/* ---- The Maildir ---- */

static RandomMail *
find_text (RandomMailbox *self, GBytes *text) {
  for (guint i = 0; i < self->mails->len; i++) {
    RandomMail *mail = self->mails->pdata[i];
    if (g_bytes_equal (mail->text, text))
      return mail;
  }
  return NULL;
}

/* The base name stays when a message is read or flagged. */
static gboolean
is_seen (RandomMailbox *self, const char *name) {
  char *base = g_strndup (name, strcspn (name, ":"));

  return !g_hash_table_add (self->seen, base);
}

static void
look_into (RandomMailbox *self, const char *part) {
  g_autofree char *path = g_build_filename (self->maildir, part, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    char *contents;
    gsize length;
    if (is_seen (self, name))
      continue;
    g_assert_true (g_file_get_contents (file, &contents, &length, NULL));
    g_autoptr (GBytes) text = g_bytes_new_take (contents, length);
    RandomMail *mail = find_text (self, text);
    if (!mail)
      g_error ("%s is no message that was sent", file);
    if (mail->durable)
      g_error ("%s is here for the second time: %s", mail->uid, file);
    mail->durable = TRUE;
  }
}

static void
look (RandomMailbox *self) {
  look_into (self, "new");
  look_into (self, "cur");
}

gboolean
random_mailbox_is_durable (RandomMailbox *self, RandomMail *mail) {
  if (!mail->durable)
    look (self);
  return mail->durable;
}

void
random_mailbox_assert_nothing_lost (RandomMailbox *self) {
  look (self);
  for (guint i = 0; i < self->mails->len; i++) {
    const RandomMail *mail = self->mails->pdata[i];
    if (!mail->durable && !is_on_server (self, mail))
      g_error ("%s is lost", mail->uid);
  }
}

static guint
count_files (RandomMailbox *self, const char *part) {
  g_autofree char *path = g_build_filename (self->maildir, part, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (dir && g_dir_read_name (dir))
    count++;
  return count;
}

void
random_mailbox_assert_exactly_once (RandomMailbox *self) {
  guint here = 0;

  random_mailbox_assert_nothing_lost (self);
  for (guint i = 0; i < self->mails->len; i++) {
    const RandomMail *mail = self->mails->pdata[i];
    if (!mail->durable && !mail->refused)
      g_error ("%s did not come", mail->uid);
    here += mail->durable;
  }
  g_assert_cmpuint (count_files (self, "new") + count_files (self, "cur"), ==, here);
  g_assert_cmpuint (count_files (self, "tmp"), ==, 0);
}
