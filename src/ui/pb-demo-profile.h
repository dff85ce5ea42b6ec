/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A profile to look around in: a POP3 server of our own on a loopback port, with TLS and a
 * certificate that was made a moment ago, and an account that trusts this certificate and no
 * other. Thrown away at the end. */

#pragma once

#include "pb-profile.h"

G_BEGIN_DECLS

#define PB_TYPE_DEMO_PROFILE (pb_demo_profile_get_type ())
G_DECLARE_FINAL_TYPE (PbDemoProfile, pb_demo_profile, PB, DEMO_PROFILE, GObject)

/* Keeps the server running as long as it lives. */
PbDemoProfile *pb_demo_profile_new (void);

/* Makes everything and opens the profile; no mail is fetched yet. */
void pb_demo_profile_open_async (PbDemoProfile *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/* The profile, new reference. */
PbProfile *pb_demo_profile_open_finish (PbDemoProfile *self,
                                        GAsyncResult *result,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
