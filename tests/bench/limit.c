/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* limit PORT USER PASSWORD FOLDER: the fastest honest way to empty a POP3 mailbox over TLS that we
 * know: all RETRs in flight, each message into a file of its own as it comes, one syncfs at the
 * end. No index, no ledger, no duplicates, no error handling: a yardstick for benchmarks, not a
 * mail program. */

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER (1024 * 1024)

static gnutls_session_t tls;
static char buffer[BUFFER];
static size_t held;

static void
connect_to (int port) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
  gnutls_certificate_credentials_t credentials;
  int fd = socket (AF_INET, SOCK_STREAM, 0), one = 1, status;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (connect (fd, (void *) &address, sizeof address))
    err (1, "connect");
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  gnutls_certificate_allocate_credentials (&credentials);
  gnutls_init (&tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
  gnutls_set_default_priority (tls);
  gnutls_credentials_set (tls, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_transport_set_int (tls, fd);
  do
    status = gnutls_handshake (tls);
  while (status < 0 && !gnutls_error_is_fatal (status));
  if (status < 0)
    errx (1, "handshake: %s", gnutls_strerror (status));
  fcntl (fd, F_SETFL, O_NONBLOCK);
}

/* Waits until the socket can be read, or written as well. */
static void
wait_for (int writing) {
  struct pollfd p = { .fd = gnutls_transport_get_int (tls), .events = POLLIN };

  if (writing)
    p.events |= POLLOUT;
  poll (&p, 1, -1);
}

/* Reads more, sending what is left of *@output meanwhile. */
static void
more (const char **output, size_t *left) {
  for (;;) {
    if (*left) {
      ssize_t put = gnutls_record_send (tls, *output, *left > 16384 ? 16384 : *left);
      if (put > 0) {
        *output += put;
        *left -= (size_t) put;
      }
    }
    ssize_t got = gnutls_record_recv (tls, buffer + held, BUFFER - held);
    if (got > 0) {
      held += (size_t) got;
      return;
    }
    if (got != GNUTLS_E_AGAIN && got != GNUTLS_E_INTERRUPTED)
      errx (1, "the server went away");
    wait_for (*left > 0);
  }
}

static void
drop (size_t length) {
  held -= length;
  memmove (buffer, buffer + length, held);
}

/* One line of a reply; what it says stays in @line. */
static void
reply (char *line, size_t size, const char **output, size_t *left) {
  char *end;

  while (!(end = memchr (buffer, '\n', held)))
    more (output, left);
  size_t length = (size_t) (end - buffer) + 1;
  snprintf (line, size, "%.*s", (int) length, buffer);
  drop (length);
  if (line[0] != '+')
    errx (1, "the server said %s", line);
}

static void
ask (const char *command, char *line, size_t size) {
  size_t left = strlen (command);

  reply (line, size, &command, &left);
}

/* A dot-terminated body into @fd, as it comes. The bytes before the last four may be written at
 * once. */
static void
body (int fd, const char **output, size_t *left) {
  char last[2] = "\r\n";

  for (;;) {
    char *end = NULL;
    if (held >= 3 && last[1] == '\n' && memcmp (buffer, ".\r\n", 3) == 0) {
      drop (3);
      return;
    }
    end = memmem (buffer, held, "\r\n.\r\n", 5);
    size_t length = end ? (size_t) (end - buffer) + 2 : held > 4 ? held - 4 : 0;
    if (length && write (fd, buffer, length) < 0)
      err (1, "write");
    if (length)
      last[1] = buffer[length - 1];
    drop (end ? length + 3 : length);
    if (end)
      return;
    more (output, left);
  }
}

int
main (int argc, char **argv) {
  char line[1024], name[64];
  size_t count = 0, left;

  if (argc != 5)
    errx (2, "usage: limit PORT USER PASSWORD FOLDER");
  connect_to (atoi (argv[1]));
  if (mkdirat (AT_FDCWD, argv[4], 0700) || chdir (argv[4]))
    err (1, "%s", argv[4]);
  ask ("", line, sizeof line);
  snprintf (name, sizeof name, "USER %s\r\n", argv[2]);
  ask (name, line, sizeof line);
  snprintf (name, sizeof name, "PASS %s\r\n", argv[3]);
  ask (name, line, sizeof line);
  ask ("STAT\r\n", line, sizeof line);
  count = strtoul (line + 4, NULL, 10);
  char *commands = malloc (count * 16 + 16), *end = commands;
  for (size_t i = 1; i <= count; i++)
    end += sprintf (end, "RETR %zu\r\n", i);
  const char *output = commands;
  left = (size_t) (end - commands);
  for (size_t i = 1; i <= count; i++) {
    snprintf (name, sizeof name, "%zu", i);
    int fd = open (name, O_CREAT | O_EXCL | O_WRONLY, 0600);
    reply (line, sizeof line, &output, &left);
    body (fd, &output, &left);
    close (fd);
  }
  int here = open (".", O_RDONLY);
  if (syncfs (here))
    err (1, "syncfs");
  ask ("QUIT\r\n", line, sizeof line);
  free (commands);
  return 0;
}
