/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Name, address, password: then the server is found, tried, and one question asked: what is to
 * happen to the mail there. Nothing is saved before that. */

#pragma once

#include <adwaita.h>

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_ACCOUNT_ASSISTANT (pb_account_assistant_get_type ())
G_DECLARE_FINAL_TYPE (PbAccountAssistant, pb_account_assistant, PB, ACCOUNT_ASSISTANT, AdwWindow)

/* Signals:
 * "saved" (PbAccount): it is listed and saved; the window is about to close.
 * "by-hand" (char *name, char *address): a person would rather fill in everything; the window is
 * about to close. */
PbAccountAssistant *pb_account_assistant_new (GtkWindow *parent, PbProfile *profile);

G_END_DECLS
