/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The answers of DNS in the order in which they are to be used. What a resolver hands out is
 * untrusted: names that are none are left out. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PB_DNS_ANSWERS_MAX 16

typedef struct {
  guint rank; /* priority of SRV, preference of MX */
  guint weight;
  char *host;   /* lower case, without a dot at its end */
  guint16 port; /* 0 for MX */
} PbDnsAnswer;

/* @records: as of g_resolver_lookup_records () for G_RESOLVER_RECORD_SRV or _MX. GPtrArray of
 * PbDnsAnswer, the lowest rank first, at most PB_DNS_ANSWERS_MAX. A target of "." (no such service)
 * is no answer. */
GPtrArray *pb_dns_answers_from_srv (GList *records) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *pb_dns_answers_from_mx (GList *records) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE when @host is @domain or below it. */
gboolean pb_dns_is_within (const char *host, const char *domain);

G_END_DECLS
