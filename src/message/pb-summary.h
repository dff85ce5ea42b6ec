/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What a list row shows of a message, and what threading needs: an immutable value, shared by
 * reference, safe in every thread. All strings are valid UTF-8 without line ends or control
 * characters, never NULL. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct {
  const char *subject;      /* "" without one */
  const char *from_name;    /* "" where there is only an address */
  const char *from_address; /* "" where there is none that can be read */
  const char *to;           /* all recipients as one line, at most 1,000 bytes */
  const char *preview;      /* first words of the body, at most 200 characters */
  const char *message_id;   /* without brackets; "" without one */
  const char
    *references; /* In-Reply-To and References: ids separated by a space, at most 4,000 bytes */
  gint64 date;   /* of the Date header, seconds since 1970; G_MININT64 without a readable one */
  gboolean has_attachment; /* something worth saving is in it */
} PbSummary;

/* Reads a message, or as much of its beginning as there is (the first 128 KiB are enough): @data
 * need not be a whole message; it is untrusted. A leading mbox "From " line is skipped. Pure; any
 * thread; always succeeds. */
PbSummary *pb_summary_new_from_data (const guint8 *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;

/* Copies the strings (NULL counts as ""). For the store, which reads them from its index. */
PbSummary *pb_summary_new (const PbSummary *values) G_GNUC_WARN_UNUSED_RESULT;

PbSummary *pb_summary_ref (const PbSummary *self);
void pb_summary_unref (PbSummary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PbSummary, pb_summary_unref)

G_END_DECLS
