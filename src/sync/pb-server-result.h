/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What came of applying the marks of a server mailbox. Plain values. */

#pragma once

#include "pb-fetch-result.h"

G_BEGIN_DECLS

typedef struct {
  PbFetchResult fetched;
  guint marked;  /* the server will delete so many at QUIT */
  guint refused; /* so many should be deleted and stay: the server refused, or no copy came */
} PbServerResult;

G_END_DECLS
