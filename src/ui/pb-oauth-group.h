/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in with the browser instead of a password: with which service, as which client, and the
 * way there and back. Postbag has no client ids of its own; whoever signs in types one. */

#pragma once

#include <adwaita.h>

#include "pb-account.h"
#include "pb-oauth.h"

G_BEGIN_DECLS

#define PB_TYPE_OAUTH_GROUP (pb_oauth_group_get_type ())
G_DECLARE_FINAL_TYPE (PbOauthGroup, pb_oauth_group, PB, OAUTH_GROUP, AdwPreferencesGroup)

/* Signal "changed": a person changed something, or came back from the browser. */

/* From the account into the form, and back. */
void pb_oauth_group_load (PbOauthGroup *self, PbAccount *account);
void pb_oauth_group_store (PbOauthGroup *self, PbAccount *account);

/* Chooses a service ("google", as in PbProvider); "" and unknown ones for a password. */
void pb_oauth_group_set_service (PbOauthGroup *self, const char *service);

/* Whom the page should ask, and with which issuers (NULL for those of the system) the service may
 * be trusted. */
void pb_oauth_group_set_user (PbOauthGroup *self, const char *user);
void pb_oauth_group_set_ca_file (PbOauthGroup *self, const char *ca_file);

/* TRUE when the browser signs in. */
gboolean pb_oauth_group_is_active (PbOauthGroup *self);

/* After the browser came back, until something is changed; NULL else. Owned by the group: what is
 * to be kept for the account, and a token to try it with. */
PbSecret *pb_oauth_group_get_kept (PbOauthGroup *self);
PbSecret *pb_oauth_group_get_access (PbOauthGroup *self);

/* For tests: another browser than that of the person. */
void pb_oauth_group_set_browser (PbOauthGroup *self, PbOauthOpenFunc open, gpointer data);

G_END_DECLS
