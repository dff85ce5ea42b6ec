/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A mail provider as the table knows it: where its POP3 server is, how one signs in there, and what
 * is odd about it. Data only; the sentences that people read are made of it in the words layer
 * (pb-provider-words.h). An immutable value that belongs to its table. */

#pragma once

#include "pb-endpoint.h"

G_BEGIN_DECLS

/* Whether POP3 can be had. */
typedef enum {
  PB_POP_UNKNOWN,   /* nothing is known of a switch */
  PB_POP_ON,        /* always on */
  PB_POP_SWITCH_ON, /* the person has to switch it on, at pop_path */
  PB_POP_ADMIN,     /* the administrator of the domain has to allow it */
  PB_POP_NONE,      /* there is no POP3 */
  PB_POP_BRIDGE,    /* there is no POP3, and what the provider has instead does not speak it */
  PB_POP_CLOSED,    /* the provider takes no mail any more */
} PbPop;

/* What is asked for where others ask for the password. */
typedef enum {
  PB_SECRET_PASSWORD,         /* the password of the mailbox */
  PB_SECRET_CODE,             /* another secret that the provider has a name for (secret_name) */
  PB_SECRET_MAYBE_CODE,       /* that, where it was set up; otherwise the password */
  PB_SECRET_APP_PASSWORD,     /* a password made for one program, always */
  PB_SECRET_APP_PASSWORD_2FA, /* that, where two-step verification is on; otherwise the password */
  PB_SECRET_OAUTH,            /* only a sign-in in the browser */
  PB_SECRET_NONE,             /* nothing, as there is nothing to sign in to */
} PbSecretKind;

/* How the user name is made of the address. */
typedef enum {
  PB_USER_ADDRESS,
  PB_USER_LOCAL_PART,
  PB_USER_LOCAL_DOT_DOMAIN, /* "li.example.org" for li@example.org */
  PB_USER_OTHER,            /* not made of it: the person has to be asked */
} PbUserForm;

/* How much is behind what the table says. */
typedef enum {
  PB_SURE_BACKGROUND, /* nobody was found who confirms it */
  PB_SURE_ONE,        /* one source */
  PB_SURE_TWO,        /* two sources agree */
} PbSure;

/* All text is UTF-8 and never NULL ("" for none), all arrays are NULL-terminated. */
typedef struct {
  char *id;         /* "qq" */
  char *name;       /* "QQ Mail"; of the provider, not translated */
  GStrv domains;    /* lower case; "*.example.org" for every domain below */
  GStrv mx;         /* what the names of its mail exchangers end in */
  GStrv servers;    /* "host:port" or "host:port:starttls", best first; "%DOMAIN%" stands for the
                      * domain of the address */
  PbPop pop;        /* NONE, BRIDGE and CLOSED have no servers */
  char *pop_path;   /* the menus to go through, in the provider's own words */
  char *url;        /* where those menus are */
  char *secret_url; /* where the secret is made; url where that is not elsewhere */
  PbSecretKind secret;
  char *secret_name; /* the provider's own word ("授权码"); "" where a general one will do */
  PbUserForm user;
  char *oauth;         /* key of the service that signs in ("google"); "" for none */
  guint check_minutes; /* the least time between two checks; 0 where nothing is known */
  GStrv quirks;        /* names as in pb-provider-words.c ("shown-once") */
  PbSure sure_servers;
  PbSure sure_secret;
} PbProvider;

/* TRUE when mail can be fetched from there over POP3. */
gboolean pb_provider_has_pop (const PbProvider *self);

/* TRUE when the browser is the only way to sign in. @self may be NULL. */
gboolean pb_provider_needs_browser (const PbProvider *self);

gboolean pb_provider_has_quirk (const PbProvider *self, const char *quirk);

/* The servers to try for an address at @domain (ASCII), best first: GPtrArray of PbEndpoint, empty
 * where there are none. */
GPtrArray *pb_provider_list_endpoints (const PbProvider *self,
                                       const char *domain) G_GNUC_WARN_UNUSED_RESULT;

/* The user name for @address; NULL with PB_USER_OTHER. */
char *pb_provider_make_user (const PbProvider *self, const char *address) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a form that comes from elsewhere. */
char *pb_user_form_apply (PbUserForm form, const char *address) G_GNUC_WARN_UNUSED_RESULT;

/* ---- For the table ---- */

/* Reads one group of a key file. PB_ERROR_INVALID names the key that cannot be used. */
PbProvider *pb_provider_new_from_keys (GKeyFile *keys,
                                       const char *group,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pb_provider_free (PbProvider *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbProvider, pb_provider_free)

G_END_DECLS
