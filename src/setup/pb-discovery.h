/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the POP3 server of a mail address. Asks, in this order and only until there is an answer:
 * the built-in table; DNS for the server that the domain names; the web server of the domain, over
 * HTTPS; DNS for who takes the mail of the domain, if that is a provider of the table; and the
 * usual names and ports, with TLS only. Nothing secret is sent anywhere, not even the part of the
 * address before the @. Every question is a step that can be shown. One run per object; main
 * context. */

#pragma once

#include <gio/gio.h>

#include "pb-discovery-step.h"
#include "pb-provider.h"

G_BEGIN_DECLS

/* A server to try. */
typedef struct {
  PbEndpoint *endpoint; /* TLS or STARTTLS, never in the clear */
  char *user;           /* NULL where a person has to be asked */
  PbStepKind source;
  const PbProvider *provider; /* of the table, or NULL */
  gboolean untrusted_name;    /* DNS alone, which can be forged, says that the mail of this domain
                               * is at a host outside of it: to be confirmed by the person before a
                               * password goes there */
  gboolean bad_certificate;   /* it answered, but its certificate is not trusted */
  /*< private >*/
  guint rank;
} PbDiscoveryOffer;

void pb_discovery_offer_free (PbDiscoveryOffer *self);

#define PB_TYPE_DISCOVERY (pb_discovery_get_type ())
G_DECLARE_FINAL_TYPE (PbDiscovery, pb_discovery, PB, DISCOVERY, GObject)

/* @address and @domain as in PbTypedAddress. Signal "step" (guint): the step with this index is new
 * or got its answer. */
PbDiscovery *pb_discovery_new (const char *address, const char *domain);

/* Only the table is asked. To be called before the run. */
void pb_discovery_set_offline (PbDiscovery *self, gboolean offline);

/* Of PbDiscoveryStep, in the order in which they were asked; grows during the run. Owned by
 * @self. */
GPtrArray *pb_discovery_get_steps (PbDiscovery *self);

/* Whose mail this is as far as the table knows, during and after the run: also set where there are
 * no offers because the provider has no POP3 (pb_provider_has_pop ()). NULL for nobody known. */
const PbProvider *pb_discovery_get_provider (PbDiscovery *self);

/* Finishes with the offers, best first: GPtrArray of PbDiscoveryOffer, owned by the caller, empty
 * when nothing was found. Takes some 15 s at most. Fails only with G_IO_ERROR_CANCELLED. */
void pb_discovery_run_async (PbDiscovery *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GPtrArray *pb_discovery_run_finish (PbDiscovery *self, GAsyncResult *result, GError **error);

/* For tests, which also replace the default GResolver: other ports than 443, 995 and 110, and a
 * file of further trusted issuers. */
typedef struct {
  guint16 https_port;
  guint16 tls_port;
  guint16 starttls_port;
  const char *ca_file;
} PbDiscoveryLab;

void pb_discovery_set_lab (PbDiscovery *self, const PbDiscoveryLab *lab);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbDiscoveryOffer, pb_discovery_offer_free)

G_END_DECLS
