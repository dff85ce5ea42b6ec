/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli account discover: what is asked of whom for an address, and what came out. Sets up
 * nothing. */

#include "config.h"

#include <glib/gi18n.h>

#include "pb-cli-commands.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-discovery.h"
#include "pb-provider-words.h"
#include "pb-typed-address.h"

static void
print_step (const PbDiscoveryStep *step) {
  g_autofree char *question = pb_discovery_words_question (step);
  g_autofree char *answer = pb_discovery_words_answer (step);

  pb_cli_print_line ("%s: %s", question, answer);
}

static void
print_step_json (const PbDiscoveryStep *step) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "step", pb_step_kind_to_string (step->kind));
  pb_cli_json_string (builder, "asked", step->asked);
  pb_cli_json_string (builder, "what", step->what);
  pb_cli_json_string (builder, "outcome", pb_step_outcome_to_string (step->outcome));
  pb_cli_json_string (builder, "answer", step->answer);
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

static void
print_offer_json (const PbDiscoveryOffer *offer) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "offer", pb_step_kind_to_string (offer->source));
  pb_cli_json_string (builder, "host", offer->endpoint->host);
  pb_cli_json_int (builder, "port", offer->endpoint->port);
  pb_cli_json_string (builder, "security", pb_security_to_string (offer->endpoint->security));
  pb_cli_json_string (builder, "user", offer->user);
  pb_cli_json_string (builder, "provider", offer->provider ? offer->provider->id : NULL);
  pb_cli_json_boolean (builder, "untrusted_name", offer->untrusted_name);
  pb_cli_json_boolean (builder, "bad_certificate", offer->bad_certificate);
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

static void
print_offer (const PbDiscoveryOffer *offer, const char *domain) {
  g_autofree char *server = pb_endpoint_to_string (offer->endpoint);

  pb_cli_print_line ("--server %s --security %s --user %s", server,
                     pb_security_to_string (offer->endpoint->security),
                     offer->user ? offer->user : "?");
  if (offer->untrusted_name) {
    g_autofree char *warning = pb_discovery_words_untrusted (offer->endpoint->host, domain);
    pb_cli_print_line ("  %s", warning);
  }
  if (offer->bad_certificate)
    pb_cli_print_line ("  %s", _ ("Its certificate is not trusted."));
}

static void
print_lines (GStrv lines) {
  for (guint i = 0; lines[i]; i++)
    pb_cli_print_line ("%s", lines[i]);
}

static void
print_provider (const PbProvider *provider) {
  g_autofree char *refusal = pb_provider_words_refusal (provider);
  g_autofree char *to_switch = pb_provider_words_switch (provider);
  g_autofree char *sure = pb_provider_words_sure (provider);
  g_autofree char *secret = pb_provider_words_secret (provider);
  g_auto (GStrv) steps = pb_provider_words_steps (provider);
  g_auto (GStrv) quirks = pb_provider_words_quirks (provider);

  if (refusal) {
    pb_cli_print_line ("%s", refusal);
    return;
  }
  /* Translators: what stands at the password field. */
  pb_cli_print_line (_ ("Secret: %s"), secret);
  print_lines (steps);
  if (to_switch)
    pb_cli_print_line ("%s", to_switch);
  print_lines (quirks);
  if (sure)
    pb_cli_print_line ("%s", sure);
}

static void
print_all (PbDiscovery *discovery, GPtrArray *offers, const char *domain, gboolean json) {
  GPtrArray *steps = pb_discovery_get_steps (discovery);
  const PbProvider *provider = pb_discovery_get_provider (discovery);

  for (guint i = 0; i < steps->len; i++) {
    if (json)
      print_step_json (steps->pdata[i]);
    else
      print_step (steps->pdata[i]);
  }
  for (guint i = 0; i < offers->len; i++) {
    if (json)
      print_offer_json (offers->pdata[i]);
    else
      print_offer (offers->pdata[i], domain);
  }
  if (provider && !json)
    print_provider (provider);
}

int
pb_cli_account_discover (PbCli *self, GStrv args) {
  gboolean json = FALSE, offline = FALSE;
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, N_ ("One JSON object per line"), NULL },
    { "offline", 0, 0, G_OPTION_ARG_NONE, &offline, N_ ("Ask only the built-in list"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("ADDRESS"),
    _ ("Finds the POP3 server of a mail address, and says what was asked of whom. Nothing but the "
       "domain is told to anybody, and nothing is set up."),
    entries, 1, 1
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  g_autoptr (PbTypedAddress) typed = pb_typed_address_new (rest[0], &error);
  if (!typed)
    return pb_cli_usage_error (args[0], "%s", _ ("that is not a mail address"));
  g_autoptr (PbDiscovery) discovery = pb_discovery_new (typed->address, typed->domain);
  pb_discovery_set_offline (discovery, offline);
  pb_discovery_run_async (discovery, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  g_autoptr (GPtrArray) offers = pb_discovery_run_finish (discovery, result, &error);
  if (!offers)
    return pb_cli_fail (error, NULL);
  print_all (discovery, offers, typed->domain, json);
  return offers->len > 0 ? PB_EXIT_DONE : PB_EXIT_INCOMPLETE;
}
