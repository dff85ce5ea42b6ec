/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What people read about a provider while they set up an account: what its secret is called, how to
 * get it, what to know before; and what was asked of whom while a server was looked for. Nothing
 * here needs a network. */

#pragma once

#include "pb-discovery-step.h"
#include "pb-provider.h"

G_BEGIN_DECLS

/* The label of the password field, without a colon: the provider's own word ("授权码") or a general
 * one ("App password"). @provider NULL: "Password". */
char *pb_provider_words_secret (const PbProvider *provider) G_GNUC_WARN_UNUSED_RESULT;

/* Up to three sentences for below that field, NULL-terminated, none where the ordinary password is
 * all it takes: that it is not the usual password, where to get it, and what is odd about it. */
GStrv pb_provider_words_steps (const PbProvider *provider) G_GNUC_WARN_UNUSED_RESULT;

/* That POP3 has to be switched on first, and where; NULL where nothing has to be. */
char *pb_provider_words_switch (const PbProvider *provider) G_GNUC_WARN_UNUSED_RESULT;

/* Why there is nothing to set up, where the provider has no POP3; NULL for others. */
char *pb_provider_words_refusal (const PbProvider *provider) G_GNUC_WARN_UNUSED_RESULT;

/* Limits and quirks that matter for fetching, one sentence each, NULL-terminated. */
GStrv pb_provider_words_quirks (const PbProvider *provider) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE for a quirk without words. */
gboolean pb_provider_words_know_quirk (const char *quirk);

/* The servers of the table that nobody was found to confirm: one sentence that says so; NULL for
 * others. */
char *pb_provider_words_sure (const PbProvider *provider) G_GNUC_WARN_UNUSED_RESULT;

/* A step as a line without a full stop: "DNS: _pop3s._tcp.example.org". */
char *pb_discovery_words_question (const PbDiscoveryStep *step) G_GNUC_WARN_UNUSED_RESULT;

/* And its answer: "found pop.example.org:995", "no such entry". */
char *pb_discovery_words_answer (const PbDiscoveryStep *step) G_GNUC_WARN_UNUSED_RESULT;

/* What is to be confirmed before a password goes to @host, which only DNS names for the mail of
 * @domain. */
char *pb_discovery_words_untrusted (const char *host, const char *domain) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
