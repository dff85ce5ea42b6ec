/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Checking and sorting. */

#include "pb-dns-answer.h"

#include <string.h>

static void
answer_free (gpointer data) {
  PbDnsAnswer *answer = data;

  g_free (answer->host);
  g_free (answer);
}

static int
compare (gconstpointer a, gconstpointer b) {
  const PbDnsAnswer *left = *(PbDnsAnswer *const *) a, *right = *(PbDnsAnswer *const *) b;

  if (left->rank != right->rank)
    return left->rank < right->rank ? -1 : 1;
  return left->weight != right->weight ? (left->weight > right->weight ? -1 : 1)
                                       : strcmp (left->host, right->host);
}

/* NULL for what is no name of a host. */
static char *
clean_host (const char *target) {
  g_autofree char *host = g_ascii_strdown (target, -1);
  gsize length = strlen (host);

  if (length > 0 && host[length - 1] == '.')
    host[--length] = '\0';
  if (length == 0 || length > 253 || host[0] == '.' || host[0] == '-' ||
      strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != length)
    return NULL;
  return g_steal_pointer (&host);
}

static void
add (GPtrArray *answers, guint rank, guint weight, guint16 port, const char *target) {
  char *host = clean_host (target);

  if (!host)
    return;
  PbDnsAnswer *answer = g_new0 (PbDnsAnswer, 1);
  answer->rank = rank;
  answer->weight = weight;
  answer->port = port;
  answer->host = host;
  g_ptr_array_add (answers, answer);
}

static GPtrArray *
finish (GPtrArray *answers) {
  g_ptr_array_sort (answers, compare);
  if (answers->len > PB_DNS_ANSWERS_MAX)
    g_ptr_array_set_size (answers, PB_DNS_ANSWERS_MAX);
  return answers;
}

GPtrArray *
pb_dns_answers_from_srv (GList *records) {
  GPtrArray *answers = g_ptr_array_new_with_free_func (answer_free);

  for (GList *one = records; one; one = one->next) {
    guint16 priority, weight, port;
    const char *target;
    g_variant_get (one->data, "(qqq&s)", &priority, &weight, &port, &target);
    if (port > 0)
      add (answers, priority, weight, port, target);
  }
  return finish (answers);
}

GPtrArray *
pb_dns_answers_from_mx (GList *records) {
  GPtrArray *answers = g_ptr_array_new_with_free_func (answer_free);

  for (GList *one = records; one; one = one->next) {
    guint16 preference;
    const char *target;
    g_variant_get (one->data, "(q&s)", &preference, &target);
    add (answers, preference, 0, 0, target);
  }
  return finish (answers);
}

gboolean
pb_dns_is_within (const char *host, const char *domain) {
  gsize length = strlen (host), tail = strlen (domain);

  return length >= tail && g_ascii_strcasecmp (host + length - tail, domain) == 0 &&
         (length == tail || host[length - tail - 1] == '.');
}
