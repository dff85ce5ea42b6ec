/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Fuzz target: each line of the input is read as everything that a line of a server can be.
 * Nothing that is handed out may lie outside of the line, and what may be shown is UTF-8 without
 * control characters. */

#include <string.h>

#include "pb-pop3-refusal.h"
#include "pb-pop3-response.h"

#define SHOWN_MAX 300

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
check_within (const PbPop3Span *span, const guint8 *line, gsize length) {
  if (span->length > 0)
    g_assert (span->data >= line && span->data + span->length <= line + length);
}

static void
check_shown (const char *text) {
  g_assert (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p; p++)
    g_assert ((guchar) *p >= ' ' && *p != 0x7f);
}

static void
check_status (const guint8 *line, gsize length) {
  PbPop3Status status;
  guint count;
  guint64 octets;

  if (!pb_pop3_status_parse (&status, line, length))
    return;
  check_within (&status.code, line, length);
  check_within (&status.text, line, length);
  pb_pop3_stat_parse (&status.text, &count, &octets);
  g_autofree char *shown = pb_pop3_span_to_printable (&status.text, SHOWN_MAX);
  check_shown (shown);
  g_autoptr (GError) refused = pb_pop3_refusal_new (PB_ERROR_REFUSED, &status, "RETR");
  g_autoptr (GError) sign_in = pb_pop3_refusal_new_sign_in (&status, "PASS", FALSE, 60);
  g_assert (refused->domain == PB_ERROR && sign_in->domain == PB_ERROR);
  check_shown (sign_in->message);
}

static void
check_row (const guint8 *line, gsize length) {
  PbPop3Row row;

  if (pb_pop3_row_parse_list (&row, line, length))
    g_assert (row.number >= 1 && row.number <= G_MAXINT && (row.has_size || row.size == 0));
  if (!pb_pop3_row_parse_uidl (&row, line, length))
    return;
  g_assert (row.number >= 1 && row.number <= G_MAXINT);
  g_assert (row.uid.length <= PB_POP3_UID_MAX);
  check_within (&row.uid, line, length);
}

static void
check_capability (const guint8 *line, gsize length) {
  g_autofree char *capability = pb_pop3_capability_parse (line, length);
  const char *const all[] = { capability, NULL };
  const char *argument;

  if (!capability)
    return;
  g_assert (*capability && *capability != ' ');
  check_shown (capability);
  if (pb_pop3_capabilities_find (all, "SASL", &argument))
    g_assert (argument >= capability && argument <= capability + strlen (capability));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size) {
  const guint8 *end = data + size;

  while (data < end) {
    const guint8 *lf = memchr (data, '\n', (size_t) (end - data));
    gsize length = (gsize) ((lf ? lf : end) - data);
    /* In a block of its own size, so that a sanitizer sees a byte too many. */
    g_autofree guint8 *line = g_malloc (MAX (length, 1));
    memcpy (line, data, length);

    check_status (line, length);
    check_row (line, length);
    check_capability (line, length);
    data += length + 1;
  }
  return 0;
}
