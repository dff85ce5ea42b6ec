/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* delay-proxy LISTEN-PORT TARGET-PORT MILLISECONDS: a TCP relay on 127.0.0.1 that holds every byte
 * back for half of a round trip in each direction, without limiting how much is under way. For
 * benchmarks on kernels without netem. One thread, one poll loop; ends with its parent's signal. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINKS 64
#define CHUNK (256 * 1024)
/* What may wait in one direction: 400 MB/s for 50 ms is 20 MB. */
#define MAX_WAITING (64 * 1024 * 1024)

typedef struct Chunk {
  struct Chunk *next;
  double due;
  size_t length, sent;
  char data[];
} Chunk;

/* One direction of one connection. */
typedef struct {
  int from, to;
  Chunk *first, **last;
  size_t waiting;
  int ended; /* @from will say no more */
} Flow;

typedef struct {
  int used;
  Flow flows[2];
} Link;

static Link links[MAX_LINKS];

static double
now (void) {
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static int
loopback_socket (int port, int listening) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (listening ? bind (fd, (void *) &address, sizeof address) || listen (fd, 16)
                : connect (fd, (void *) &address, sizeof address)) {
    perror ("delay-proxy");
    exit (1);
  }
  return fd;
}

static void
prepare (int fd) {
  int one = 1;

  fcntl (fd, F_SETFL, O_NONBLOCK);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void
add_link (int client, int server) {
  for (int i = 0; i < MAX_LINKS; i++) {
    Link *link = &links[i];
    if (link->used)
      continue;
    memset (link, 0, sizeof *link);
    link->used = 1;
    link->flows[0] = (Flow){ .from = client, .to = server };
    link->flows[1] = (Flow){ .from = server, .to = client };
    for (int k = 0; k < 2; k++)
      link->flows[k].last = &link->flows[k].first;
    prepare (client);
    prepare (server);
    return;
  }
  close (client);
  close (server);
}

static void
take (Flow *flow, double delay) {
  Chunk *chunk = malloc (sizeof (Chunk) + CHUNK);
  ssize_t got = read (flow->from, chunk->data, CHUNK);

  if (got <= 0) {
    flow->ended = got == 0 || (errno != EAGAIN && errno != EINTR);
    free (chunk);
    return;
  }
  chunk = realloc (chunk, sizeof (Chunk) + (size_t) got);
  *chunk = (Chunk){ .due = now () + delay, .length = (size_t) got };
  *flow->last = chunk;
  flow->last = &chunk->next;
  flow->waiting += (size_t) got;
}

/* FALSE when the other side is gone. */
static int
give (Flow *flow) {
  while (flow->first && flow->first->due <= now ()) {
    Chunk *chunk = flow->first;
    ssize_t put = write (flow->to, chunk->data + chunk->sent, chunk->length - chunk->sent);
    if (put < 0)
      return errno == EAGAIN || errno == EINTR;
    chunk->sent += (size_t) put;
    flow->waiting -= (size_t) put;
    if (chunk->sent < chunk->length)
      return 1;
    flow->first = chunk->next;
    if (!flow->first)
      flow->last = &flow->first;
    free (chunk);
  }
  return 1;
}

static void
drop (Link *link) {
  for (int k = 0; k < 2; k++) {
    close (link->flows[k].from);
    while (link->flows[k].first) {
      Chunk *next = link->flows[k].first->next;
      free (link->flows[k].first);
      link->flows[k].first = next;
    }
  }
  link->used = 0;
}

/* Fills @polls; returns how long to wait, in milliseconds. */
static int
collect (struct pollfd *polls, int *count) {
  double next = 1e9, time = now ();

  for (int i = 0; i < MAX_LINKS; i++) {
    for (int k = 0; links[i].used && k < 2; k++) {
      Flow *flow = &links[i].flows[k];
      int due = flow->first && flow->first->due <= time;
      if (flow->first && !due && flow->first->due < next)
        next = flow->first->due;
      if (!flow->ended && flow->waiting < MAX_WAITING)
        polls[(*count)++] = (struct pollfd){ .fd = flow->from, .events = POLLIN };
      if (due)
        polls[(*count)++] = (struct pollfd){ .fd = flow->to, .events = POLLOUT };
    }
  }
  return next > 1e8 ? 1000 : (int) ((next - time) * 1000) + 1;
}

static void
serve (double delay) {
  for (int i = 0; i < MAX_LINKS; i++) {
    Link *link = &links[i];
    for (int k = 0; link->used && k < 2; k++) {
      Flow *flow = &link->flows[k];
      if (!flow->ended && flow->waiting < MAX_WAITING)
        take (flow, delay);
      if (!give (flow) || (flow->ended && !flow->first))
        drop (link);
    }
  }
}

int
main (int argc, char **argv) {
  if (argc != 4) {
    fprintf (stderr, "usage: delay-proxy LISTEN-PORT TARGET-PORT MILLISECONDS\n");
    return 2;
  }
  signal (SIGPIPE, SIG_IGN);
  int listener = loopback_socket (atoi (argv[1]), 1);
  double delay = atof (argv[3]) / 2000;
  printf ("ready\n");
  fflush (stdout);
  for (;;) {
    struct pollfd polls[4 * MAX_LINKS + 1] = { { .fd = listener, .events = POLLIN } };
    int count = 1, patience = collect (polls, &count);
    if (poll (polls, (nfds_t) count, patience) < 0 && errno != EINTR)
      return 1;
    if (polls[0].revents & POLLIN)
      add_link (accept4 (listener, NULL, NULL, SOCK_CLOEXEC), loopback_socket (atoi (argv[2]), 0));
    serve (delay);
  }
}
