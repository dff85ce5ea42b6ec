/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of phases, each of which asks one or more questions at once and is over when all of them
 * are answered or its time is up. A phase that finds something is the last one. */

#include "pb-discovery.h"

#include <string.h>

#include "pb-autoconfig.h"
#include "pb-dns-answer.h"
#include "pb-error.h"
#include "pb-probe.h"
#include "pb-provider-table.h"

#define PHASE_SECONDS 5
#define RANK_SECOND 100 /* what stands back behind everything of the first kind */
#define RANK_BAD 10000

struct _PbDiscovery {
  GObject parent_instance;
  char *address;
  char *domain;
  gboolean offline;
  PbDiscoveryLab lab;
  char *ca_file;
  GPtrArray *steps;
  const PbProvider *provider;

  GTask *task; /* while it runs */
  PbStepKind phase;
  GPtrArray *offers;
  GCancellable *cancellable; /* of the phase */
  GSource *clock;            /* of the phase */
  gboolean timed_out;
  guint pending; /* questions of the phase */
  gulong outer_handler;
};

G_DEFINE_FINAL_TYPE (PbDiscovery, pb_discovery, G_TYPE_OBJECT)

enum { SIGNAL_STEP, LAST_SIGNAL };
static guint signals[LAST_SIGNAL];

/* One question on its way. */
typedef struct {
  PbDiscovery *self;
  guint step;
  guint rank;
  PbEndpoint *endpoint; /* of a probe */
  PbSecurity security;  /* of SRV */
} Question;

static void advance (PbDiscovery *self);

void
pb_discovery_offer_free (PbDiscoveryOffer *self) {
  if (!self)
    return;
  pb_endpoint_free (self->endpoint);
  g_free (self->user);
  g_free (self);
}

/* ---- Steps and offers ---- */

static guint
add_step (PbDiscovery *self, const char *asked, const char *what) {
  guint index = self->steps->len;

  g_ptr_array_add (self->steps, pb_discovery_step_new (self->phase, asked, what));
  g_signal_emit (self, signals[SIGNAL_STEP], 0, index);
  return index;
}

static void
answer_step (PbDiscovery *self, guint step, PbStepOutcome outcome, const char *text) {
  pb_discovery_step_set (self->steps->pdata[step], outcome, text);
  g_signal_emit (self, signals[SIGNAL_STEP], 0, step);
}

static PbDiscoveryOffer *
add_offer (PbDiscovery *self, const PbEndpoint *endpoint, const char *user, guint rank) {
  PbDiscoveryOffer *offer = g_new0 (PbDiscoveryOffer, 1);

  offer->endpoint = pb_endpoint_copy (endpoint);
  offer->user = g_strdup (user);
  offer->source = self->phase;
  offer->provider = self->provider;
  offer->rank = rank;
  g_ptr_array_add (self->offers, offer);
  return offer;
}

/* Everything the table says of @provider. */
static void
offer_provider (PbDiscovery *self, const PbProvider *provider) {
  g_autoptr (GPtrArray) endpoints = pb_provider_list_endpoints (provider, self->domain);
  g_autofree char *user = pb_provider_make_user (provider, self->address);

  self->provider = provider;
  for (guint i = 0; i < endpoints->len; i++)
    add_offer (self, endpoints->pdata[i], user, i);
}

static char *
describe_provider (const PbProvider *provider, GPtrArray *offers) {
  const PbDiscoveryOffer *first = offers->len > 0 ? offers->pdata[0] : NULL;
  g_autofree char *server = first ? pb_endpoint_to_string (first->endpoint) : NULL;

  return server ? g_strdup_printf ("%s: %s", provider->name, server) : g_strdup (provider->name);
}

static int
compare_offers (gconstpointer a, gconstpointer b) {
  const PbDiscoveryOffer *left = *(PbDiscoveryOffer *const *) a;
  const PbDiscoveryOffer *right = *(PbDiscoveryOffer *const *) b;

  return left->rank < right->rank ? -1 : left->rank > right->rank;
}

/* ---- Questions ---- */

static Question *
ask (PbDiscovery *self, const char *asked, const char *what, guint rank) {
  Question *question = g_new0 (Question, 1);

  question->self = g_object_ref (self);
  question->step = add_step (self, asked, what);
  question->rank = rank;
  self->pending++;
  return question;
}

/* @error NULL: it was answered. */
static void
settle (Question *question, PbStepOutcome outcome, const char *text, const GError *error) {
  g_autoptr (PbDiscovery) self = question->self;
  gboolean unasked = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (unasked)
    text = self->timed_out ? "no answer in time" : "not waited for";
  else if (error)
    text = error->message;
  answer_step (self, question->step, error ? PB_STEP_FAILED : outcome, text);
  pb_endpoint_free (question->endpoint);
  g_free (question);
  if (--self->pending == 0)
    advance (self);
}

/* The resolver says "no such thing" by an error. */
static gboolean
means_nothing (const GError *error) {
  return g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
}

static void
offer_srv (PbDiscovery *self, const PbDnsAnswer *answer, PbSecurity security, guint rank) {
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new (answer->host, answer->port, security);
  const PbProvider *provider =
    pb_provider_table_find_server (pb_provider_table_get_default (), answer->host);
  g_autofree char *user =
    provider ? pb_provider_make_user (provider, self->address) : g_strdup (self->address);
  PbDiscoveryOffer *offer = add_offer (self, endpoint, user, rank);

  offer->provider = provider;
  offer->untrusted_name = !provider && !pb_dns_is_within (answer->host, self->domain);
}

static void
srv_found (GObject *source, GAsyncResult *result, gpointer data) {
  Question *question = data;
  g_autoptr (GError) error = NULL;
  GList *records = g_resolver_lookup_records_finish (G_RESOLVER (source), result, &error);
  g_autoptr (GPtrArray) answers = pb_dns_answers_from_srv (records);
  const PbDnsAnswer *first = answers->len > 0 ? answers->pdata[0] : NULL;
  g_autofree char *text = first ? g_strdup_printf ("%s:%u", first->host, first->port) : NULL;

  g_list_free_full (records, (GDestroyNotify) g_variant_unref);
  for (guint i = 0; i < answers->len; i++)
    offer_srv (question->self, answers->pdata[i], question->security, question->rank + i);
  settle (question, first ? PB_STEP_FOUND : PB_STEP_NOTHING, text,
          means_nothing (error) ? NULL : error);
}

static void
ask_srv (PbDiscovery *self) {
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  const struct {
    const char *service;
    PbSecurity security;
  } services[] = { { "_pop3s._tcp.", PB_SECURITY_TLS }, { "_pop3._tcp.", PB_SECURITY_STARTTLS } };

  for (guint i = 0; i < G_N_ELEMENTS (services); i++) {
    g_autofree char *name = g_strconcat (services[i].service, self->domain, NULL);
    Question *question = ask (self, "", name, i * RANK_SECOND);
    question->security = services[i].security;
    g_resolver_lookup_records_async (resolver, name, G_RESOLVER_RECORD_SRV, self->cancellable,
                                     srv_found, question);
  }
}

static void
offer_autoconfig (PbDiscovery *self, GPtrArray *servers, guint rank) {
  for (guint i = 0; i < servers->len; i++) {
    const PbAutoconfigServer *server = servers->pdata[i];
    PbDiscoveryOffer *offer = add_offer (self, server->endpoint, server->user, rank + i);
    offer->provider =
      pb_provider_table_find_server (pb_provider_table_get_default (), server->endpoint->host);
  }
}

static void
autoconfig_fetched (GObject *source, GAsyncResult *result, gpointer data) {
  Question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pb_autoconfig_fetch_finish (result, &error);
  gsize length = 0;
  const char *xml = bytes ? g_bytes_get_data (bytes, &length) : NULL;
  g_autoptr (GPtrArray) servers =
    bytes ? pb_autoconfig_parse (xml ? xml : "", length, question->self->address, &error) : NULL;
  g_autofree char *text = NULL;

  if (servers && servers->len > 0) {
    const PbAutoconfigServer *first = servers->pdata[0];
    text = pb_endpoint_to_string (first->endpoint);
    offer_autoconfig (question->self, servers, question->rank);
  }
  gboolean nothing = g_error_matches (error, PB_ERROR, PB_ERROR_NOT_FOUND);
  settle (question, text ? PB_STEP_FOUND : PB_STEP_NOTHING, text, nothing ? NULL : error);
}

static void
ask_autoconfig (PbDiscovery *self) {
  g_auto (GStrv) urls = pb_autoconfig_make_urls (self->domain, self->lab.https_port);

  for (guint i = 0; urls[i]; i++) {
    g_autoptr (GUri) uri = g_uri_parse (urls[i], G_URI_FLAGS_NONE, NULL);
    Question *question =
      ask (self, uri ? g_uri_get_host (uri) : self->domain, urls[i], i * RANK_SECOND);
    pb_autoconfig_fetch_async (urls[i], self->ca_file, self->cancellable, autoconfig_fetched,
                               question);
  }
}

static void
mx_found (GObject *source, GAsyncResult *result, gpointer data) {
  Question *question = data;
  PbDiscovery *self = question->self;
  g_autoptr (GError) error = NULL;
  GList *records = g_resolver_lookup_records_finish (G_RESOLVER (source), result, &error);
  g_autoptr (GPtrArray) answers = pb_dns_answers_from_mx (records);
  const PbDnsAnswer *first = answers->len > 0 ? answers->pdata[0] : NULL;
  const PbProvider *provider =
    first ? pb_provider_table_find_mx (pb_provider_table_get_default (), first->host) : NULL;

  g_list_free_full (records, (GDestroyNotify) g_variant_unref);
  if (provider)
    offer_provider (self, provider);
  g_autofree char *known = provider ? describe_provider (provider, self->offers) : NULL;
  settle (question, known ? PB_STEP_FOUND : PB_STEP_NOTHING,
          known   ? known
          : first ? first->host
                  : NULL,
          means_nothing (error) ? NULL : error);
}

static void
ask_mx (PbDiscovery *self) {
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  g_resolver_lookup_records_async (resolver, self->domain, G_RESOLVER_RECORD_MX, self->cancellable,
                                   mx_found, ask (self, "", self->domain, 0));
}

/* Nothing that could still answer is better than what was found. */
static void
stop_if_decided (PbDiscovery *self) {
  guint best = RANK_BAD;

  for (guint i = 0; i < self->offers->len; i++)
    best = MIN (best, ((PbDiscoveryOffer *) self->offers->pdata[i])->rank);
  if (best < RANK_SECOND)
    g_cancellable_cancel (self->cancellable);
}

static void
probed (GObject *source, GAsyncResult *result, gpointer data) {
  Question *question = data;
  PbDiscovery *self = question->self;
  g_autoptr (GError) error = NULL;
  gboolean there = pb_probe_finish (result, &error);
  gboolean distrusted = g_error_matches (error, PB_ERROR, PB_ERROR_CERTIFICATE);

  if (there || distrusted) {
    PbDiscoveryOffer *offer = add_offer (self, question->endpoint, self->address,
                                         question->rank + (distrusted ? RANK_BAD : 0));
    offer->bad_certificate = distrusted;
  }
  g_autofree char *text = pb_endpoint_to_string (question->endpoint);
  settle (question, PB_STEP_FOUND, text, error);
}

static void
probed_then_decide (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (PbDiscovery) self = g_object_ref (((Question *) data)->self);

  probed (source, result, data);
  if (self->pending > 0)
    stop_if_decided (self);
}

static void
ask_probe (PbDiscovery *self, const char *prefix, guint16 port, PbSecurity security, guint rank) {
  g_autofree char *host = g_strconcat (prefix, self->domain, NULL);
  g_autoptr (PbEndpoint) endpoint = pb_endpoint_new (host, port, security);
  g_autofree char *what = pb_endpoint_to_string (endpoint);
  Question *question = ask (self, host, what, rank);

  question->endpoint = g_steal_pointer (&endpoint);
  pb_probe_async (question->endpoint, self->ca_file, PHASE_SECONDS, self->cancellable,
                  probed_then_decide, question);
}

static void
ask_probes (PbDiscovery *self) {
  static const char *const prefixes[] = { "pop.", "pop3.", "mail.", "" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    ask_probe (self, prefixes[i], self->lab.tls_port, PB_SECURITY_TLS, i);
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    ask_probe (self, prefixes[i], self->lab.starttls_port, PB_SECURITY_STARTTLS, RANK_SECOND + i);
}

static void
ask_table (PbDiscovery *self) {
  const PbProvider *provider =
    pb_provider_table_find_domain (pb_provider_table_get_default (), self->domain);
  guint step = add_step (self, "", self->domain);

  if (provider)
    offer_provider (self, provider);
  g_autofree char *text = provider ? describe_provider (provider, self->offers) : NULL;
  answer_step (self, step, provider ? PB_STEP_FOUND : PB_STEP_NOTHING, text);
}

/* ---- Phases ---- */

static void
end_phase (PbDiscovery *self) {
  if (self->clock)
    g_source_destroy (self->clock);
  g_clear_pointer (&self->clock, g_source_unref);
  g_clear_object (&self->cancellable);
}

static void
finish (PbDiscovery *self) {
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  GCancellable *outer = g_task_get_cancellable (task);

  end_phase (self);
  if (outer)
    g_signal_handler_disconnect (outer, self->outer_handler);
  g_ptr_array_sort (self->offers, compare_offers);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&self->offers),
                           (GDestroyNotify) g_ptr_array_unref);
}

static gboolean
time_is_up_cb (gpointer data) {
  PbDiscovery *self = data;

  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer, gpointer data) {
  PbDiscovery *self = data;

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
}

static void
begin_phase (PbDiscovery *self) {
  self->timed_out = FALSE;
  self->cancellable = g_cancellable_new ();
  self->clock = g_timeout_source_new_seconds (PHASE_SECONDS);
  g_source_set_callback (self->clock, time_is_up_cb, self, NULL);
  g_source_attach (self->clock, g_main_context_get_thread_default ());
  switch (self->phase) {
  case PB_STEP_SRV:
    ask_srv (self);
    break;
  case PB_STEP_AUTOCONFIG:
    ask_autoconfig (self);
    break;
  case PB_STEP_MX:
    ask_mx (self);
    break;
  case PB_STEP_PROBE:
    ask_probes (self);
    break;
  case PB_STEP_TABLE:
  default:
    g_assert_not_reached ();
  }
}

static void
advance (PbDiscovery *self) {
  gboolean known = self->provider != NULL || self->offers->len > 0;

  end_phase (self);
  if (known || self->offline || self->phase == PB_STEP_PROBE ||
      g_cancellable_is_cancelled (g_task_get_cancellable (self->task))) {
    finish (self);
    return;
  }
  self->phase++;
  begin_phase (self);
}

static gboolean
begin_cb (gpointer data) {
  PbDiscovery *self = data;

  ask_table (self);
  advance (self);
  return G_SOURCE_REMOVE;
}

/* ---- The object ---- */

static void
pb_discovery_finalize (GObject *object) {
  PbDiscovery *self = PB_DISCOVERY (object);

  g_free (self->address);
  g_free (self->domain);
  g_free (self->ca_file);
  g_ptr_array_unref (self->steps);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  G_OBJECT_CLASS (pb_discovery_parent_class)->finalize (object);
}

static void
pb_discovery_class_init (PbDiscoveryClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = pb_discovery_finalize;
  signals[SIGNAL_STEP] = g_signal_new ("step", PB_TYPE_DISCOVERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
pb_discovery_init (PbDiscovery *self) {
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_discovery_step_free);
  self->offers = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_discovery_offer_free);
  self->lab = (PbDiscoveryLab){ .https_port = 443, .tls_port = 995, .starttls_port = 110 };
}

PbDiscovery *
pb_discovery_new (const char *address, const char *domain) {
  g_return_val_if_fail (address != NULL && domain != NULL, NULL);

  PbDiscovery *self = g_object_new (PB_TYPE_DISCOVERY, NULL);
  self->address = g_strdup (address);
  self->domain = g_strdup (domain);
  return self;
}

void
pb_discovery_set_offline (PbDiscovery *self, gboolean offline) {
  g_return_if_fail (PB_IS_DISCOVERY (self));

  self->offline = offline;
}

void
pb_discovery_set_lab (PbDiscovery *self, const PbDiscoveryLab *lab) {
  g_return_if_fail (PB_IS_DISCOVERY (self));

  self->lab = *lab;
  g_free (self->ca_file);
  self->ca_file = g_strdup (lab->ca_file);
}

GPtrArray *
pb_discovery_get_steps (PbDiscovery *self) {
  g_return_val_if_fail (PB_IS_DISCOVERY (self), NULL);

  return self->steps;
}

const PbProvider *
pb_discovery_get_provider (PbDiscovery *self) {
  g_return_val_if_fail (PB_IS_DISCOVERY (self), NULL);

  return self->provider;
}

void
pb_discovery_run_async (PbDiscovery *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data) {
  g_return_if_fail (PB_IS_DISCOVERY (self));
  g_return_if_fail (self->task == NULL && self->steps->len == 0);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, pb_discovery_run_async);
  if (cancellable)
    self->outer_handler =
      g_signal_connect (cancellable, "cancelled", G_CALLBACK (outer_cancelled_cb), self);
  g_autoptr (GSource) begin = g_idle_source_new ();
  g_source_set_callback (begin, begin_cb, g_object_ref (self), g_object_unref);
  g_source_attach (begin, g_main_context_get_thread_default ());
}

GPtrArray *
pb_discovery_run_finish (PbDiscovery *self, GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
