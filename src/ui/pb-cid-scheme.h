/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers "cid:" for the web view from the parts of one message. Only pictures are answered;
 * decoding happens in a worker thread. */

#pragma once

#include <webkit/webkit.h>

#include "pb-document.h"

G_BEGIN_DECLS

/* Finishes @request. @message may be NULL: nothing is found then. */
void pb_cid_scheme_answer (WebKitURISchemeRequest *request,
                           PbMessage *message,
                           const char *pictures_dir);

G_END_DECLS
