/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* postbag-cli account add, set, list, show, remove. */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "pb-account-words.h"
#include "pb-cli-commands.h"
#include "pb-cli-limits.h"
#include "pb-cli-options.h"
#include "pb-cli-output.h"
#include "pb-error.h"
#include "pb-secrets.h"

#define TIMEOUT_MAX 3600
#define SHA256_DIGITS 64
#define AUTH_NAMES                                                              \
  "auto|user-pass|plain|login|apop|cram-md5|scram-sha-1|scram-sha-256|xoauth2|" \
  "oauthbearer|gssapi|external"

/* What was typed; NULL and -1 for what was not. */
typedef struct {
  char *address;
  char *name;
  char *server;
  char *security;
  char *user;
  char *auth;
  gboolean token;
  gboolean no_token;
  char *on_server;
  char *certificate;
  char *ca_file;
  char *client_certificate;
  char *enabled;
  int timeout;
  PbCliLimits limits;
} Settings;

static void
settings_clear (Settings *settings) {
  g_free (settings->address);
  g_free (settings->name);
  g_free (settings->server);
  g_free (settings->security);
  g_free (settings->user);
  g_free (settings->auth);
  g_free (settings->on_server);
  g_free (settings->certificate);
  g_free (settings->ca_file);
  g_free (settings->client_certificate);
  g_free (settings->enabled);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Settings, settings_clear)

static GStrv
parse_settings (GStrv args,
                const char *synopsis,
                const char *description,
                Settings *settings,
                int *status) {
  const GOptionEntry entries[] = {
    { "address", 'a', 0, G_OPTION_ARG_STRING, &settings->address,
      N_ ("Mail address of the account"), N_ ("ADDRESS") },
    { "name", 'n', 0, G_OPTION_ARG_STRING, &settings->name, N_ ("Name of the person"),
      N_ ("NAME") },
    { "server", 's', 0, G_OPTION_ARG_STRING, &settings->server, N_ ("POP3 server"),
      N_ ("HOST[:PORT]") },
    { "security", 0, 0, G_OPTION_ARG_STRING, &settings->security,
      N_ ("tls (the usual), starttls, or none, which sends the password in the clear"),
      "tls|starttls|none" },
    { "user", 'u', 0, G_OPTION_ARG_STRING, &settings->user,
      N_ ("User name on the server (the address where it is left out)"), N_ ("USER") },
    { "auth", 0, 0, G_OPTION_ARG_STRING, &settings->auth,
      N_ ("How to sign in (auto: the strongest that is safe and offered)"), AUTH_NAMES },
    { "token", 0, 0, G_OPTION_ARG_NONE, &settings->token,
      N_ ("What is given as the password is an access token (OAuth 2)"), NULL },
    { "no-token", 0, 0, G_OPTION_ARG_NONE, &settings->no_token, N_ ("It is a password again"),
      NULL },
    { "on-server", 0, 0, G_OPTION_ARG_STRING, &settings->on_server,
      N_ ("What happens on the server to mail that is safely here"),
      "keep|delete|delete-after=DAYS" },
    { "trust-certificate", 0, 0, G_OPTION_ARG_STRING, &settings->certificate,
      N_ ("Accept the certificate with this fingerprint although nobody vouches for it"),
      "SHA256" },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &settings->ca_file,
      N_ ("Trust the issuers in this file too"), N_ ("PEM") },
    { "client-certificate", 0, 0, G_OPTION_ARG_FILENAME, &settings->client_certificate,
      N_ ("Show the server the certificate in this file, which has its key too"), N_ ("PEM") },
    { "enabled", 0, 0, G_OPTION_ARG_STRING, &settings->enabled,
      N_ ("Whether mail is fetched at all (off: what is here stays, nothing else happens)"),
      "on|off" },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &settings->timeout,
      N_ ("How long the server may be silent (0: the usual 60)"), N_ ("SECONDS") },
    { NULL },
  };
  GOptionEntry limits[PB_CLI_LIMITS_N_ENTRIES];
  const PbCliSyntax syntax = { synopsis, description, entries, 1, 1, limits };

  settings->timeout = -1;
  pb_cli_limits_init (&settings->limits, limits);
  return pb_cli_parse (args, &syntax, status);
}

static PbSecurity
security_of (PbAccount *account) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (account);

  return endpoint ? endpoint->security : PB_SECURITY_TLS;
}

/* The port goes with the kind of security unless somebody chose another one. */
static PbEndpoint *
change_security (const PbEndpoint *old, PbSecurity security) {
  g_autoptr (PbEndpoint) usual = pb_endpoint_new (old->host, 0, old->security);

  return pb_endpoint_new (old->host, old->port == usual->port ? 0 : old->port, security);
}

static gboolean
apply_server (PbAccount *account, const Settings *settings, GError **error) {
  const PbEndpoint *old = pb_account_get_endpoint (account);
  PbSecurity security = security_of (account);
  g_autoptr (PbEndpoint) endpoint = NULL;

  if (settings->security && !pb_security_from_string (settings->security, &security)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, _ ("--security is tls, starttls or none"));
    return FALSE;
  }
  if (settings->server)
    endpoint = pb_endpoint_parse (settings->server, security, error);
  else if (old && settings->security)
    endpoint = change_security (old, security);
  else
    return TRUE;
  if (!endpoint)
    return FALSE;
  /* "none" is said in so many words here, so it is also leave to send the password like that. */
  g_object_set (account, "endpoint", endpoint, "allow-clear-secret", security == PB_SECURITY_NONE,
                NULL);
  return TRUE;
}

static gboolean
apply_certificate (PbAccount *account, const char *text, GError **error) {
  g_autoptr (GString) digits = g_string_new (NULL);

  for (const char *p = text; *p; p++) {
    if (g_ascii_isxdigit (*p))
      g_string_append_c (digits, g_ascii_tolower (*p));
    else if (*p != ':' && *p != ' ')
      g_string_append_c (digits, '?');
  }
  if (*text && (digits->len != SHA256_DIGITS || strchr (digits->str, '?'))) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID,
                 _ ("--trust-certificate takes a SHA-256 of 64 hexadecimal digits"));
    return FALSE;
  }
  g_object_set (account, "trusted-certificate", *text ? digits->str : NULL, NULL);
  return TRUE;
}

/* A file that one of the account's properties names. */
static gboolean
apply_file (PbAccount *account, const char *property, const char *path, GError **error) {
  g_autofree char *whole = *path ? g_canonicalize_filename (path, NULL) : NULL;

  if (whole && !g_file_test (whole, G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, _ ("there is no file “%s”"), path);
    return FALSE;
  }
  g_object_set (account, property, whole, NULL);
  return TRUE;
}

static gboolean
apply_choices (PbAccount *account, const Settings *settings, GError **error) {
  PbAuth auth;

  if (settings->auth && !pb_auth_from_string (settings->auth, &auth)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, _ ("--auth is one of %s"), AUTH_NAMES);
    return FALSE;
  }
  if (settings->token && settings->no_token) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID,
                 _ ("--token and --no-token cannot both be given"));
    return FALSE;
  }
  if (settings->on_server && !pb_account_set_on_server_text (account, settings->on_server)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID,
                 _ ("--on-server is keep, delete, or delete-after= and a number of days"));
    return FALSE;
  }
  if (settings->timeout < -1 || settings->timeout > TIMEOUT_MAX) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, _ ("--timeout is 0 to %d seconds"),
                 TIMEOUT_MAX);
    return FALSE;
  }
  if (settings->auth)
    g_object_set (account, "auth", settings->auth, NULL);
  if (settings->token || settings->no_token)
    g_object_set (account, "secret-is-token", settings->token, NULL);
  if (settings->timeout >= 0)
    g_object_set (account, "timeout", (guint) settings->timeout, NULL);
  return pb_cli_limits_apply (&settings->limits, account, error);
}

static gboolean
apply_enabled (PbAccount *account, const char *text, GError **error) {
  gboolean on = strcmp (text, "on") == 0;

  if (!on && strcmp (text, "off") != 0) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID, _ ("--enabled is on or off"));
    return FALSE;
  }
  g_object_set (account, "enabled", on, NULL);
  return TRUE;
}

static gboolean
apply (PbAccount *account, const Settings *settings, GError **error) {
  if (pb_account_get_detached (account) && (settings->server || settings->enabled)) {
    g_set_error (error, PB_ERROR, PB_ERROR_INVALID,
                 _ ("this account has given up its server for good"));
    return FALSE;
  }
  if (settings->enabled && !apply_enabled (account, settings->enabled, error))
    return FALSE;
  if (settings->address)
    g_object_set (account, "address", settings->address, NULL);
  if (settings->name)
    g_object_set (account, "name", settings->name, NULL);
  if (settings->user)
    g_object_set (account, "user", settings->user, NULL);
  return apply_server (account, settings, error) && apply_choices (account, settings, error) &&
         (!settings->certificate || apply_certificate (account, settings->certificate, error)) &&
         (!settings->ca_file || apply_file (account, "ca-file", settings->ca_file, error)) &&
         (!settings->client_certificate ||
          apply_file (account, "client-certificate", settings->client_certificate, error));
}

gboolean
pb_cli_save_accounts (PbCli *self, GError **error) {
  pb_account_list_save_async (self->accounts, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  return pb_account_list_save_finish (self->accounts, result, error);
}

static int
refuse_same_mailbox (const char *command, PbAccount *other) {
  g_autofree char *words = pb_account_words_same_mailbox (other);

  return pb_cli_usage_error (command, "%s", words);
}

int
pb_cli_account_add (PbCli *self, GStrv args) {
  g_auto (Settings) settings = { 0 };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = parse_settings (
    args, N_ ("ID --address ADDRESS --server HOST[:PORT]"),
    _ ("Sets up an account. ID is a short name of your choice (a-z, 0-9 and “-”); it also names "
       "the folder "
       "of its mail. The password is not asked for here: see “postbag-cli password”."),
    &settings, &status);

  if (!rest)
    return status;
  if (!pb_account_id_is_valid (rest[0]))
    return pb_cli_usage_error (
      args[0], _ ("“%s” cannot be an ID: only a-z, 0-9 and “-”, at most 64"), rest[0]);
  if (!settings.address || !settings.server)
    return pb_cli_usage_error (args[0], "%s", _ ("--address and --server must be given"));
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);

  g_autoptr (PbAccount) account = pb_account_new (rest[0]);
  if (!settings.user)
    settings.user = g_strdup (settings.address);
  if (!apply (account, &settings, &error))
    return pb_cli_usage_error (args[0], "%s", error->message);
  PbAccount *same = pb_account_list_find_same_mailbox (self->accounts, account);
  if (same)
    return refuse_same_mailbox (args[0], same);
  if (!pb_account_list_add (self->accounts, account, &error))
    return pb_cli_usage_error (args[0], "%s", error->message);
  return pb_cli_save_accounts (self, &error) ? PB_EXIT_DONE : pb_cli_fail (error, rest[0]);
}

int
pb_cli_account_set (PbCli *self, GStrv args) {
  g_auto (Settings) settings = { 0 };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = parse_settings (args, N_ ("ID"),
                                        _ ("Changes what is given and leaves the rest as it is. An "
                                           "empty text after --trust-certificate, --ca-file or "
                                           "--client-certificate takes that setting back."),
                                        &settings, &status);

  if (!rest)
    return status;
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  PbAccount *account = pb_cli_find_account (self, rest[0], &error);
  if (!account)
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[0]);

  g_autoptr (PbAccount) changed = pb_account_copy (account);
  if (!apply (changed, &settings, &error) || !pb_account_validate (changed, &error))
    return pb_cli_usage_error (args[0], "%s", error->message);
  PbAccount *same = pb_account_list_find_same_mailbox (self->accounts, changed);
  if (same)
    return refuse_same_mailbox (args[0], same);
  pb_account_assign (account, changed);
  return pb_cli_save_accounts (self, &error) ? PB_EXIT_DONE : pb_cli_fail (error, rest[0]);
}

static void
print_account_json (PbAccount *account) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const PbEndpoint *endpoint = pb_account_get_endpoint (account);
  g_autofree char *on_server = pb_account_dup_on_server_text (account);

  json_builder_begin_object (builder);
  pb_cli_json_string (builder, "id", pb_account_get_id (account));
  pb_cli_json_string (builder, "name", pb_account_get_name (account));
  pb_cli_json_string (builder, "address", pb_account_get_address (account));
  pb_cli_json_string (builder, "host", endpoint ? endpoint->host : NULL);
  pb_cli_json_int (builder, "port", endpoint ? endpoint->port : 0);
  pb_cli_json_string (builder, "security",
                      endpoint ? pb_security_to_string (endpoint->security) : NULL);
  pb_cli_json_string (builder, "user", pb_account_get_user (account));
  pb_cli_json_string (builder, "auth", pb_auth_to_string (pb_account_get_auth (account)));
  pb_cli_json_string (builder, "on_server", on_server);
  pb_cli_limits_add_json (builder, account);
  pb_cli_json_string (builder, "trusted_certificate", pb_account_get_trusted_certificate (account));
  pb_cli_json_string (builder, "ca_file", pb_account_get_ca_file (account));
  pb_cli_json_boolean (builder, "secret_is_token", pb_account_get_secret_is_token (account));
  pb_cli_json_string (builder, "client_certificate", pb_account_get_client_certificate (account));
  pb_cli_json_int (builder, "timeout", pb_account_get_timeout (account));
  pb_cli_json_boolean (builder, "enabled", pb_account_get_enabled (account));
  pb_cli_json_boolean (builder, "detached", pb_account_get_detached (account));
  json_builder_end_object (builder);
  pb_cli_print_json (builder);
}

static char *
server_of (PbAccount *account) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (account);

  return endpoint ? pb_endpoint_to_string (endpoint) : g_strdup ("?");
}

int
pb_cli_account_list (PbCli *self, GStrv args) {
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, N_ ("One JSON object per line"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = { NULL, _ ("Lists the accounts."), entries, 0, 0 };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  for (guint i = 0; i < count; i++) {
    g_autoptr (PbAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
    g_autofree char *server = server_of (account);
    if (json)
      print_account_json (account);
    else
      pb_cli_print_line (
        "%-16s %-32s %s (%s)", pb_account_get_id (account), pb_account_get_address (account),
        server,
        pb_account_get_enabled (account) ? pb_security_to_string (security_of (account)) : "off");
  }
  return PB_EXIT_DONE;
}

static void
print_account (PbAccount *account) {
  g_autofree char *server = server_of (account);
  g_autofree char *on_server = pb_account_dup_on_server_text (account);
  g_autofree char *state = pb_account_words_state (account);
  const char *certificate = pb_account_get_trusted_certificate (account);
  const char *ca_file = pb_account_get_ca_file (account);

  pb_cli_print_line ("id:                %s", pb_account_get_id (account));
  pb_cli_print_line ("name:              %s", pb_account_get_name (account));
  pb_cli_print_line ("address:           %s", pb_account_get_address (account));
  pb_cli_print_line ("server:            %s", server);
  pb_cli_print_line ("security:          %s", pb_security_to_string (security_of (account)));
  pb_cli_print_line ("user:              %s", pb_account_get_user (account));
  pb_cli_print_line ("auth:              %s", pb_auth_to_string (pb_account_get_auth (account)));
  pb_cli_print_line ("on-server:         %s", on_server);
  pb_cli_limits_print (account);
  if (certificate)
    pb_cli_print_line ("trust-certificate: %s", certificate);
  if (ca_file)
    pb_cli_print_line ("ca-file:           %s", ca_file);
  if (pb_account_get_secret_is_token (account))
    pb_cli_print_line ("token:             yes");
  if (pb_account_get_client_certificate (account))
    pb_cli_print_line ("client-certificate: %s", pb_account_get_client_certificate (account));
  if (pb_account_get_timeout (account))
    pb_cli_print_line ("timeout:           %u", pb_account_get_timeout (account));
  if (state)
    pb_cli_print_line ("%s", state);
}

int
pb_cli_account_show (PbCli *self, GStrv args) {
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, N_ ("One JSON object"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("ID"), _ ("Shows the settings of an account. Passwords are not among them."), entries, 1, 1
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  PbAccount *account = pb_cli_find_account (self, rest[0], &error);
  if (!account)
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[0]);
  if (json)
    print_account_json (account);
  else
    print_account (account);
  return PB_EXIT_DONE;
}

static gboolean
forget_mail (PbCli *self, const char *id, gboolean delete_mail, GError **error) {
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (GAsyncResult) removed = NULL;

  /* Not while another process fetches into it. */
  pb_mail_store_lock_account_async (self->store, id, self->cancellable, pb_cli_done, self);
  locked = pb_cli_await (self);
  if (!pb_mail_store_lock_account_finish (self->store, locked, error))
    return FALSE;
  pb_mail_store_remove_account_async (self->store, id, delete_mail, self->cancellable, pb_cli_done,
                                      self);
  removed = pb_cli_await (self);
  gboolean done = pb_mail_store_remove_account_finish (self->store, removed, error);
  pb_mail_store_unlock_account (self->store, id);
  return done;
}

static gboolean
forget_account (PbCli *self, PbAccount *account, GError **error) {
  g_autoptr (PbSecrets) secrets = pb_secrets_new ();
  g_autoptr (PbAccount) kept = g_object_ref (account);

  pb_account_list_remove (self->accounts, account);
  if (!pb_cli_save_accounts (self, error))
    return FALSE;
  pb_secrets_clear_async (secrets, kept, self->cancellable, pb_cli_done, self);
  g_autoptr (GAsyncResult) result = pb_cli_await (self);
  return pb_secrets_clear_finish (secrets, result, error);
}

int
pb_cli_account_remove (PbCli *self, GStrv args) {
  gboolean delete_mail = FALSE;
  const GOptionEntry entries[] = {
    { "delete-mail", 0, 0, G_OPTION_ARG_NONE, &delete_mail, N_ ("Delete its mail here too"), NULL },
    { NULL },
  };
  const PbCliSyntax syntax = {
    N_ ("ID"),
    _ ("Forgets an account and its password. Its mail stays in its folder unless --delete-mail is "
       "given; nothing changes on the server."),
    entries, 1, 1
  };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) rest = pb_cli_parse (args, &syntax, &status);

  if (!rest)
    return status;
  if (!pb_cli_load_accounts (self, &error))
    return pb_cli_fail (error, NULL);
  PbAccount *account = pb_cli_find_account (self, rest[0], &error);
  if (!account)
    return pb_cli_usage_error (args[0], _ ("there is no account “%s”"), rest[0]);
  if (!pb_cli_open_store (self, &error) || !forget_mail (self, rest[0], delete_mail, &error) ||
      !forget_account (self, account, &error))
    return pb_cli_fail (error, rest[0]);
  return PB_EXIT_DONE;
}
