/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Sentences around the names that the table has: menus and secrets are called what the provider
 * calls them, in whatever language that is. */

#include "config.h"

#include "pb-provider-words.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-format.h"

/* About the secret, or about fetching. */
static const struct {
  const char *name;
  gboolean of_secret;
  const char *sentence;
} quirks[] = {
  { "phone-check", TRUE, N_ ("Your provider checks it with a text message to your phone.") },
  { "shown-once", TRUE, N_ ("It is shown only once: paste it here right away.") },
  { "code-falls-with-password", TRUE,
    N_ ("It stops working when you change the password of the account; then make a new one.") },
  { "two-step-first", TRUE, N_ ("It can only be made once two-step verification is on.") },
  { "locks-out", TRUE,
    N_ ("Several wrong attempts lock the mailbox for an hour, so check it before you try.") },
  { "app-password-may-end", TRUE,
    N_ ("The provider is giving up such passwords: where it is refused, only signing in in the "
        "browser is left.") },
  { "no-passwords", TRUE, N_ ("No password of any kind works over POP3 there.") },
  { "passwordless-locks", TRUE,
    N_ ("An account whose password was switched off cannot sign in from mail programs.") },
  { "two-step-switches-off", TRUE,
    N_ ("Switching on two-factor authentication switches POP3 off again.") },
  { "desktop-browser", FALSE, N_ ("The switch is only there in a browser on a computer.") },
  { "window-on-server", FALSE,
    N_ ("A setting of the web page decides whether all mail or only recent mail is given out; "
        "choose all.") },
  { "admin-may-forbid", FALSE,
    N_ ("The administrator of your domain may have forbidden mail programs.") },
  { "oldest-batches", FALSE,
    N_ ("The server gives out old mail in batches of some 250, so the first fetch takes many "
        "rounds.") },
  { "spam-left-out", FALSE, N_ ("Spam and trash are not given out.") },
  { "fetched-once", FALSE,
    N_ ("What was fetched once is not given out again, whatever is deleted here.") },
  { "deletes-follow-web", FALSE,
    N_ ("A setting of the web page decides what deleting does there.") },
  { "deletes-web-too", FALSE, N_ ("What is deleted over POP3 also goes from the web inbox.") },
  { "deletes-ignored", FALSE,
    N_ ("The server does not delete anything, even where it says that it did.") },
  { "recent-mode", FALSE,
    N_ ("With “recent:” before the user name the server gives the last 30 days to every "
        "program.") },
  { "folders-on-server", FALSE, N_ ("The web page lets you choose which folders are given out.") },
  { "paid-only", FALSE, N_ ("Only paid accounts have POP3.") },
  { "slow-checks", FALSE, N_ ("The server wants to be asked no oftener than every 15 minutes.") },
  { "off-when-unused", FALSE, N_ ("POP3 is switched off again when it is not used for a while.") },
  { "closes-when-unused", FALSE, N_ ("An account that is not used for months is closed.") },
  { "extra-protection-blocks", FALSE,
    N_ ("The additional protection of the mailbox keeps every mail program out.") },
  { "may-end", FALSE, N_ ("The provider wants to end POP3.") },
  { "moving-to-yahoo", FALSE,
    N_ ("Mailboxes are being moved to Yahoo Mail, where other servers and rules apply.") },
  /* These are in the sentence of pb_provider_words_refusal () already. */
  { "imap-only", FALSE, NULL },
  { "bridge-only", FALSE, NULL },
  { "own-app-only", FALSE, NULL },
  { "closed", FALSE, NULL },
};

static char *
in_isolate (const char *text) {
  return pb_format_isolate (text);
}

char *
pb_provider_words_secret (const PbProvider *provider) {
  if (provider && *provider->secret_name)
    return g_strdup (provider->secret_name);
  switch (provider ? provider->secret : PB_SECRET_PASSWORD) {
  case PB_SECRET_APP_PASSWORD:
    return g_strdup (_ ("App password"));
  case PB_SECRET_APP_PASSWORD_2FA:
    return g_strdup (_ ("Password or app password"));
  case PB_SECRET_CODE:
  case PB_SECRET_MAYBE_CODE:
    return g_strdup (_ ("Password for mail programs"));
  case PB_SECRET_PASSWORD:
  case PB_SECRET_OAUTH:
  case PB_SECRET_NONE:
  default:
    return g_strdup (_ ("Password"));
  }
}

static char *
say_which (const PbProvider *provider) {
  g_autofree char *secret = pb_provider_words_secret (provider);
  g_autofree char *quoted = in_isolate (secret);

  switch (provider->secret) {
  case PB_SECRET_CODE:
  case PB_SECRET_APP_PASSWORD:
    /* Translators: a provider, then the name of its secret. */
    return g_strdup_printf (_ ("%s wants “%s” here, not the password that you use in the browser."),
                            provider->name, quoted);
  case PB_SECRET_MAYBE_CODE:
  case PB_SECRET_APP_PASSWORD_2FA:
    /* Translators: a provider, then the name of its secret. */
    return g_strdup_printf (_ ("Where two-step or client protection is on, %s wants “%s” here, "
                               "otherwise your password."),
                            provider->name, quoted);
  case PB_SECRET_OAUTH:
    return g_strdup_printf (_ ("%s only lets you sign in in the browser."), provider->name);
  case PB_SECRET_PASSWORD:
  case PB_SECRET_NONE:
  default:
    return NULL;
  }
}

static char *
say_where (const PbProvider *provider) {
  g_autofree char *path = in_isolate (provider->pop_path);

  if (!*provider->secret_url)
    return NULL;
  /* The menus that switch POP3 on are those of the secret only where there is no other page. */
  if (*provider->pop_path && strcmp (provider->secret_url, provider->url) == 0)
    /* Translators: a web address, then the menus to open there. */
    return g_strdup_printf (_ ("Get it at %s: %s."), provider->secret_url, path);
  return g_strdup_printf (_ ("Get it at %s."), provider->secret_url);
}

static const char *
find_quirk (const PbProvider *provider, gboolean of_secret, guint *from) {
  for (; *from < G_N_ELEMENTS (quirks); (*from)++) {
    if (quirks[*from].of_secret == of_secret && quirks[*from].sentence &&
        pb_provider_has_quirk (provider, quirks[*from].name))
      return _ (quirks[(*from)++].sentence);
  }
  return NULL;
}

/* As much as goes into one line of help. */
static char *
say_odd (const PbProvider *provider) {
  guint at = 0;
  g_autoptr (GString) text = g_string_new (NULL);
  const char *sentence;

  while ((sentence = find_quirk (provider, TRUE, &at)))
    g_string_append_printf (text, "%s%s", text->len ? " " : "", sentence);
  return text->len ? g_strdup (text->str) : NULL;
}

GStrv
pb_provider_words_steps (const PbProvider *provider) {
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  g_autofree char *which = provider ? say_which (provider) : NULL;

  if (which) {
    g_autofree char *where = provider->secret == PB_SECRET_OAUTH ? NULL : say_where (provider);
    g_autofree char *odd = say_odd (provider);
    g_strv_builder_add (lines, which);
    if (where)
      g_strv_builder_add (lines, where);
    if (odd)
      g_strv_builder_add (lines, odd);
  }
  return g_strv_builder_end (lines);
}

char *
pb_provider_words_switch (const PbProvider *provider) {
  if (!provider)
    return NULL;
  g_autofree char *path = in_isolate (provider->pop_path);
  switch (provider->pop) {
  case PB_POP_SWITCH_ON:
    if (!*provider->pop_path)
      return g_strdup_printf (_ ("POP3 has to be switched on first, in the settings at %s."),
                              provider->url);
    /* Translators: a web address, then the menus to open there. */
    return g_strdup_printf (_ ("POP3 has to be switched on first, at %s: %s."), provider->url,
                            path);
  case PB_POP_ADMIN:
    return g_strdup (_ ("The administrator of your domain has to allow POP3 first."));
  case PB_POP_UNKNOWN:
  case PB_POP_ON:
  case PB_POP_NONE:
  case PB_POP_BRIDGE:
  case PB_POP_CLOSED:
  default:
    return NULL;
  }
}

char *
pb_provider_words_refusal (const PbProvider *provider) {
  if (!provider || pb_provider_has_pop (provider))
    return NULL;
  if (provider->pop == PB_POP_CLOSED)
    return g_strdup_printf (_ ("%s takes no mail any more."), provider->name);
  if (provider->pop == PB_POP_BRIDGE)
    return g_strdup_printf (
      _ ("%s has no POP3, and its Bridge speaks IMAP only, so Postbag cannot fetch mail there."),
      provider->name);
  if (pb_provider_has_quirk (provider, "own-app-only"))
    return g_strdup_printf (
      _ ("%s can only be read with its own programs, so Postbag cannot fetch mail there."),
      provider->name);
  return g_strdup_printf (_ ("%s has no POP3, only IMAP, so Postbag cannot fetch mail there."),
                          provider->name);
}

GStrv
pb_provider_words_quirks (const PbProvider *provider) {
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  const char *sentence;
  guint at = 0;

  while (provider && (sentence = find_quirk (provider, FALSE, &at)))
    g_strv_builder_add (lines, sentence);
  return g_strv_builder_end (lines);
}

gboolean
pb_provider_words_know_quirk (const char *quirk) {
  for (guint i = 0; i < G_N_ELEMENTS (quirks); i++) {
    if (strcmp (quirks[i].name, quirk) == 0)
      return TRUE;
  }
  return FALSE;
}

char *
pb_provider_words_sure (const PbProvider *provider) {
  if (!provider || !pb_provider_has_pop (provider) || provider->sure_servers != PB_SURE_BACKGROUND)
    return NULL;
  return g_strdup (_ ("These servers are not confirmed: compare them with what your provider "
                      "says."));
}

char *
pb_discovery_words_question (const PbDiscoveryStep *step) {
  g_autofree char *what = pb_format_clean (step->what);

  switch (step->kind) {
  case PB_STEP_TABLE:
    return g_strdup_printf (_ ("Built-in list: %s"), what);
  case PB_STEP_SRV:
    return g_strdup_printf (_ ("DNS, the server of the domain: %s"), what);
  case PB_STEP_AUTOCONFIG:
    return g_strdup_printf (_ ("Web server of the domain: %s"), what);
  case PB_STEP_MX:
    return g_strdup_printf (_ ("DNS, who takes its mail: %s"), what);
  case PB_STEP_PROBE:
  default:
    return g_strdup_printf (_ ("Usual name: %s"), what);
  }
}

char *
pb_discovery_words_answer (const PbDiscoveryStep *step) {
  g_autofree char *answer = pb_format_clean (step->answer);

  switch (step->outcome) {
  case PB_STEP_ASKING:
    return g_strdup (_ ("asking…"));
  case PB_STEP_FOUND:
    return g_strdup_printf (_ ("found %s"), answer);
  case PB_STEP_NOTHING:
    return *answer ? g_strdup_printf (_ ("nothing of use (%s)"), answer)
                   : g_strdup (_ ("no such entry"));
  case PB_STEP_FAILED:
  default:
    return g_strdup_printf (_ ("no answer of use (%s)"), answer);
  }
}

char *
pb_discovery_words_untrusted (const char *host, const char *domain) {
  g_autofree char *there = in_isolate (host);
  g_autofree char *here = in_isolate (domain);

  /* Translators: a server, then the domain of the address. */
  return g_strdup_printf (_ ("Only DNS says that %s keeps the mail of %s, and DNS can be forged. "
                             "Your password goes there: is that the server of your provider?"),
                          there, here);
}
