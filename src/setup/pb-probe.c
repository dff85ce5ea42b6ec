/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One knock: a connector, and one or two lines read byte-wise from what it opened. */

#include "pb-probe.h"

#include <string.h>

#include "pb-connector.h"
#include "pb-error.h"

#define LINE_MAX_BYTES 512
#define STLS "STLS\r\n"

typedef struct {
  PbConnector *connector;
  PbSecurity security;
  GIOStream *stream;
  gboolean greeted;
  char line[LINE_MAX_BYTES];
  gsize length;
} Probe;

static void
probe_free (gpointer data) {
  Probe *probe = data;

  if (probe->stream)
    pb_connector_drop (probe->stream);
  g_clear_object (&probe->stream);
  g_object_unref (probe->connector);
  g_free (probe);
}

static void read_more (GTask *task);

static void
secured (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = pb_connector_secure_finish (PB_CONNECTOR (source), result, &error);

  if (!stream) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  pb_connector_drop (stream);
  g_task_return_boolean (task, TRUE);
}

static void
asked (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  read_more (task);
}

/* A whole line is here. */
static void
take_line (GTask *task) {
  Probe *probe = g_task_get_task_data (task);
  gboolean good = probe->length >= 3 && memcmp (probe->line, "+OK", 3) == 0;

  probe->length = 0;
  if (!probe->greeted && !good) {
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_PROTOCOL, "no POP3 server is there");
    return;
  }
  if (probe->security == PB_SECURITY_TLS) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  if (!probe->greeted) {
    probe->greeted = TRUE;
    g_output_stream_write_all_async (g_io_stream_get_output_stream (probe->stream), STLS,
                                     strlen (STLS), PB_NET_PRIORITY, g_task_get_cancellable (task),
                                     asked, g_object_ref (task));
    return;
  }
  if (!good) {
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_UNSUPPORTED, "it has no STLS");
    return;
  }
  pb_connector_secure_async (probe->connector, probe->stream, g_task_get_cancellable (task),
                             secured, g_object_ref (task));
}

static void
line_read (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize count = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (count < 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (count == 0 || probe->length + 1 >= sizeof probe->line)
    g_task_return_new_error (task, PB_ERROR, PB_ERROR_PROTOCOL, "no POP3 server is there");
  else if (probe->line[probe->length++] == '\n')
    take_line (task);
  else
    read_more (task);
}

/* One byte at a time: what follows the line belongs to TLS. */
static void
read_more (GTask *task) {
  Probe *probe = g_task_get_task_data (task);

  g_input_stream_read_async (g_io_stream_get_input_stream (probe->stream),
                             probe->line + probe->length, 1, PB_NET_PRIORITY,
                             g_task_get_cancellable (task), line_read, g_object_ref (task));
}

static void
connected (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GTask) task = data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  probe->stream = pb_connector_connect_finish (PB_CONNECTOR (source), result, &error);
  if (!probe->stream)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    read_more (task);
}

void
pb_probe_async (const PbEndpoint *endpoint,
                const char *ca_file,
                guint seconds,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data) {
  g_return_if_fail (endpoint != NULL && endpoint->security != PB_SECURITY_NONE);

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Probe *probe = g_new0 (Probe, 1);

  g_task_set_source_tag (task, pb_probe_async);
  g_task_set_task_data (task, probe, probe_free);
  probe->connector = pb_connector_new (endpoint, NULL, ca_file, seconds);
  probe->security = endpoint->security;
  pb_connector_connect_async (probe->connector, cancellable, connected, g_object_ref (task));
}

gboolean
pb_probe_finish (GAsyncResult *result, GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
