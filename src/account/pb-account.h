/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One account: where its mail comes from and what happens to it there. No password is ever in it. A
 * plain object of properties in the main context; what may be set is checked by pb_account_validate
 * (). */

#pragma once

#include <glib-object.h>

#include "pb-auth.h"
#include "pb-endpoint.h"

G_BEGIN_DECLS

/* What happens on the server to a message that is durable here. */
typedef enum {
  PB_ON_SERVER_KEEP,
  PB_ON_SERVER_DELETE,
  PB_ON_SERVER_DELETE_AFTER, /* "delete-after-days" days after it became durable here */
} PbOnServer;

#define PB_TYPE_ON_SERVER (pb_on_server_get_type ())
GType pb_on_server_get_type (void);

#define PB_TYPE_ACCOUNT (pb_account_get_type ())
G_DECLARE_FINAL_TYPE (PbAccount, pb_account, PB, ACCOUNT, GObject)

/* @id: [a-z0-9-], 1 to 64 characters, never changes: it names the folder on disk. */
PbAccount *pb_account_new (const char *id);

/* TRUE when @id may name an account. */
gboolean pb_account_id_is_valid (const char *id);

/* Properties, all notifying when they change: "id" (construct only), "name" (of the person, may be
 * empty), "address", "label" (what the account is called in lists; the address where empty),
 * "endpoint" (PbEndpoint or NULL), "user", "on-server" (PbOnServer), "delete-after-days" (1 to
 * 3650), "allow-clear-secret", "trusted-certificate" (SHA-256 in hex, or NULL; it goes when
 * "endpoint" gets another host or port, as it was accepted for that server), "ca-file" (path or
 * NULL), "timeout" (seconds, 0 for the usual ones), "enabled", "auth" (a name as in pb-auth.h,
 * "auto" for NULL), "secret-is-token" (an access token, not a password; it only matters to "auto",
 * which cannot tell), "client-certificate" (path of a PEM file with certificate and key, or NULL),
 * "oauth" (how the browser signs in, as in pb-oauth-source.h, or NULL: then what is kept for the
 * account is no password but what access tokens are had for),
 * "detached" (there is no server any more; the mail stays). A string property takes NULL as ""
 * unless NULL is named here; then "" is NULL. */

/* Of fetching: "headers-only" (only heads come, until the rest is asked for), "delete-with-local"
 * (what is deleted here for good goes from the server too), "max-size" (guint64, octets; of larger
 * messages only the head comes; 0 for no limit), "keep-messages" and "keep-bytes" (guint64; what
 * may stay on the server, oldest first and only what is here goes; 0 for no limit). */
const char *pb_account_get_id (PbAccount *self);
const char *pb_account_get_name (PbAccount *self);
const char *pb_account_get_address (PbAccount *self);
const char *pb_account_get_label (PbAccount *self); /* never empty: label, else address, else id */
const PbEndpoint *pb_account_get_endpoint (PbAccount *self);
const char *pb_account_get_user (PbAccount *self);
PbOnServer pb_account_get_on_server (PbAccount *self);
guint pb_account_get_delete_after_days (PbAccount *self);
gboolean pb_account_get_allow_clear_secret (PbAccount *self);
const char *pb_account_get_trusted_certificate (PbAccount *self);
const char *pb_account_get_ca_file (PbAccount *self);
guint pb_account_get_timeout (PbAccount *self);
/* FALSE, also while detached: no check, no connection; its mail stays as it is. */
gboolean pb_account_get_enabled (PbAccount *self);
gboolean pb_account_get_detached (PbAccount *self);
PbAuth pb_account_get_auth (PbAccount *self); /* PB_AUTH_AUTO where "auth" is no name of any */
gboolean pb_account_get_secret_is_token (PbAccount *self);
const char *pb_account_get_client_certificate (PbAccount *self);
char *pb_account_dup_oauth (PbAccount *self) G_GNUC_WARN_UNUSED_RESULT;
/* What a secret of this account is for: its server, and where the browser signs in what is kept is
 * for that service too. A secret for one place is never used at another. */
char *pb_account_dup_secret_place (PbAccount *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean pb_account_get_headers_only (PbAccount *self);
gboolean pb_account_get_delete_with_local (PbAccount *self);
guint64 pb_account_get_max_size (PbAccount *self);
guint pb_account_get_keep_messages (PbAccount *self);
guint64 pb_account_get_keep_bytes (PbAccount *self);

/* For good: forgets the server and everything about it (certificates, user, policy), so that only
 * name, address and label are left for the mail that is here. */
void pb_account_detach (PbAccount *self);

/* PB_ERROR_INVALID, naming the property, when this account cannot be used: no address (with
 * something on both sides of an @), no server or user unless it is detached, a fingerprint or way
 * to sign in that is none; control characters or more than 1024 bytes in any text. */
gboolean pb_account_validate (PbAccount *self, GError **error);

/* Copies every property but the id from @other. */
void pb_account_assign (PbAccount *self, PbAccount *other);
PbAccount *pb_account_copy (PbAccount *self);

/* "keep", "delete", "delete-after=DAYS" and back; FALSE and nothing changed for anything else. */
char *pb_account_dup_on_server_text (PbAccount *self);
gboolean pb_account_set_on_server_text (PbAccount *self, const char *text);

G_END_DECLS
