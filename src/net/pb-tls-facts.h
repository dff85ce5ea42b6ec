/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What is to be known of a protected connection, as notes in a transcript: version, cipher, and
 * whose certificate it is, from whom, until when. */

#pragma once

#include <gio/gio.h>

#include "pb-transcript.h"

G_BEGIN_DECLS

/* @stream may be one without TLS: then that is the note. */
void pb_tls_facts_note (PbTranscript *transcript, GIOStream *stream);

G_END_DECLS
