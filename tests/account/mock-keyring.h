/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A keyring service with moods, as real ones have them at times; it knows one entry. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  MOCK_KEYRING_OPEN,
  MOCK_KEYRING_LOCKED,   /* whoever is asked to unlock it says no */
  MOCK_KEYRING_REFUSING, /* reads, but writes nothing */
} MockKeyringMood;

typedef struct {
  MockKeyringMood mood;
  char *stored;    /* the secret of its entry, NULL for none */
  guint questions; /* that a person was asked */
  GDBusConnection *connection;
} MockKeyring;

/* On @connection (taken over), served in the main context. */
MockKeyring *mock_keyring_new (GDBusConnection *connection);
void mock_keyring_free (MockKeyring *self);

G_END_DECLS
