/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as a message: summary, message, attachments, document. */

#include <string.h>

#include "pb-document.h"
#include "pb-summary.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
look_at (PbMessage *message) {
  GPtrArray *attachments = pb_message_get_attachments (message);
  g_autofree char *headers = pb_message_dup_headers (message);

  for (guint i = 0; i < attachments->len; i++) {
    PbAttachment *attachment = g_ptr_array_index (attachments, i);
    g_autoptr (GBytes) content = pb_attachment_dup_bytes (attachment);
    g_assert_cmpuint (g_bytes_get_size (content), ==, pb_attachment_get_size (attachment));
    g_assert_true (g_utf8_validate (pb_attachment_get_safe_name (attachment), -1, NULL));
    g_assert_null (strchr (pb_attachment_get_safe_name (attachment), '/'));
  }
  for (guint i = 0; i < 4; i++) {
    PbDocumentOptions options = { i & 1, (i & 2) != 0, i == 3, NULL };
    g_autoptr (PbDocument) document = pb_document_new (message, &options);
    g_assert_true (g_utf8_validate (document->html, -1, NULL));
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size) {
  g_autoptr (PbSummary) summary = pb_summary_new_from_data (data, size);
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (PbMessage) message = pb_message_new (bytes, NULL);

  g_assert_true (g_utf8_validate (summary->subject, -1, NULL));
  g_assert_true (g_utf8_validate (summary->preview, -1, NULL));
  g_assert_null (strpbrk (summary->subject, "\r\n"));
  if (message)
    look_at (message);
  g_autoptr (PbMessage) chosen = pb_message_new_as (bytes, "gb18030", NULL);
  g_assert_true (!chosen == !message);
  return 0;
}
