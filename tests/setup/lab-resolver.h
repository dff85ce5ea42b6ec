/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A resolver that knows what the test told it, and nothing of the world. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LAB_TYPE_RESOLVER (lab_resolver_get_type ())
G_DECLARE_FINAL_TYPE (LabResolver, lab_resolver, LAB, RESOLVER, GResolver)

/* Every name below "example.org" that was added is 127.0.0.1; every other name does not exist. */
LabResolver *lab_resolver_new (void);
void lab_resolver_add_host (LabResolver *self, const char *host);
void lab_resolver_add_srv (LabResolver *self,
                           const char *name,
                           guint16 priority,
                           guint16 weight,
                           guint16 port,
                           const char *target);
void lab_resolver_add_mx (LabResolver *self, const char *name, guint16 rank, const char *target);

/* Lookups of records are never answered. */
void lab_resolver_fall_silent (LabResolver *self);

/* Everything that was asked for, one a line. */
const char *lab_resolver_get_log (LabResolver *self);

G_END_DECLS
