/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a password from standard input: byte by byte, so that what follows it is left to the
 * next one, and without echo on a terminal. */

#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "pb-cli.h"
#include "pb-error.h"

#define SECRET_MAX 16384

static gboolean
readable_cb (int fd, GIOCondition condition, gpointer data) {
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer data) {
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

/* Waits in the main loop, so that a signal is noticed. */
static gboolean
wait_for_input (PbCli *self, GError **error) {
  guint input =
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, readable_cb, self->loop);
  GSource *cancel = g_cancellable_source_new (self->cancellable);

  g_source_set_callback (cancel, G_SOURCE_FUNC (cancelled_cb), self->loop, NULL);
  g_source_attach (cancel, NULL);
  g_main_loop_run (self->loop);
  g_source_remove (input);
  g_source_destroy (cancel);
  g_source_unref (cancel);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* TRUE at the end of the line or of the input. */
static gboolean
take_byte (char *buffer, gsize *length, gboolean *ended, GError **error) {
  char byte;
  gssize got = read (STDIN_FILENO, &byte, 1);

  if (got < 0 && errno == EINTR)
    return FALSE;
  *ended = got <= 0;
  if (got <= 0 || byte == '\n')
    return TRUE;
  if (*length >= SECRET_MAX || byte == '\0') {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, "the password is too long or has a NUL in it");
    return TRUE;
  }
  buffer[(*length)++] = byte;
  return FALSE;
}

static PbSecret *
read_line (PbCli *self, GError **error) {
  g_autofree char *buffer = g_malloc0 (SECRET_MAX + 1);
  gboolean ended = FALSE, complete = FALSE;
  GError *problem = NULL;
  PbSecret *secret = NULL;
  gsize length = 0;

  while (!complete && !problem) {
    if (wait_for_input (self, &problem))
      complete = take_byte (buffer, &length, &ended, &problem);
  }
  if (length > 0 && buffer[length - 1] == '\r')
    buffer[--length] = '\0';
  if (!problem && strchr (buffer, '\r'))
    problem = g_error_new_literal (PB_ERROR, PB_ERROR_INVALID, "the password has a line end in it");
  if (!problem && (length > 0 || !ended))
    secret = pb_secret_new (buffer);
  pb_secret_wipe (buffer);
  if (problem)
    g_propagate_error (error, problem);
  return secret;
}

PbSecret *
pb_cli_read_secret (PbCli *self, const char *prompt, GError **error) {
  struct termios before, quiet;

  if (!isatty (STDIN_FILENO) || tcgetattr (STDIN_FILENO, &before) != 0)
    return read_line (self, error);

  fprintf (stderr, "%s ", prompt);
  fflush (stderr);
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  PbSecret *secret = read_line (self, error);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  fputc ('\n', stderr);
  return secret;
}
