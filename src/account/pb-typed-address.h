/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What people type or paste where a mail address or a server name is asked for. Forgives blanks at
 * the ends, a display name, "mailto:", and the full-width forms of Chinese and Japanese input
 * methods (＠ ． 。); refuses what could never be right. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *name;    /* of the person, where one came along; "" otherwise */
  char *address; /* as it is to be kept: domain in lower case, an IDN as Unicode */
  char *domain;  /* its domain for machines: lower case ASCII */
} PbTypedAddress;

/* @text is untrusted. PB_ERROR_INVALID when it is no UTF-8 or no address: control characters (CR
 * and LF among them) anywhere, blanks within, nothing or too much on a side of the @ (64 and 255
 * bytes), a domain of a single label, or one that is no name. */
PbTypedAddress *pb_typed_address_new (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pb_typed_address_free (PbTypedAddress *self);

/* A server name likewise ("ｐｏｐ。example.org " gives "pop.example.org"), with what stands behind
 * it (":995"). Only the form of the characters changes: pb_endpoint_parse () judges. An IDN becomes
 * ASCII. */
char *pb_typed_server_clean (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbTypedAddress, pb_typed_address_free)

G_END_DECLS
