/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What the readers of other programs' files share. */

#include "pb-other-account.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEEN_MAX 200000
#define UID_MAX_BYTES 1024
#define DAYS_MAX 3650

PbOtherAccount *
pb_other_account_new (const char *program) {
  PbOtherAccount *self = g_new0 (PbOtherAccount, 1);

  self->program = program;
  self->on_server = PB_ON_SERVER_KEEP;
  self->seen = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return self;
}

void
pb_other_account_free (PbOtherAccount *self) {
  if (!self)
    return;
  g_free (self->label);
  g_free (self->name);
  g_free (self->address);
  pb_endpoint_free (self->endpoint);
  g_free (self->user);
  g_ptr_array_unref (self->seen);
  g_free (self);
}

gboolean
pb_other_account_is_usable (const PbOtherAccount *self) {
  return self->endpoint && self->user && *self->user && g_utf8_validate (self->user, -1, NULL);
}

void
pb_other_account_set_server (PbOtherAccount *self,
                             const char *host,
                             guint port,
                             PbSecurity security) {
  g_autofree char *text = NULL;

  g_clear_pointer (&self->endpoint, pb_endpoint_free);
  if (!host || port > G_MAXUINT16)
    return;
  text = strchr (host, ':') ? g_strdup_printf ("[%s]", host) : g_strdup (host);
  g_autoptr (PbEndpoint) parsed = pb_endpoint_parse (text, security, NULL);
  if (parsed)
    self->endpoint = pb_endpoint_new (parsed->host, (guint16) port, security);
}

void
pb_other_account_add_seen (PbOtherAccount *self, const char *uid, gsize length) {
  if (length > 0 && length <= UID_MAX_BYTES && self->seen->len < SEEN_MAX)
    g_ptr_array_add (self->seen, g_bytes_new (uid, length));
}

PbAccount *
pb_other_account_make (const PbOtherAccount *self, const char *id) {
  g_return_val_if_fail (self != NULL, NULL);

  PbAccount *account = pb_account_new (id);
  const char *address = self->address && *self->address ? self->address : self->user;
  guint days = CLAMP (self->delete_after_days, 1, DAYS_MAX);
  g_object_set (account, "address", address, "label", self->label, "name", self->name, "endpoint",
                self->endpoint, "user", self->user, "on-server", self->on_server, NULL);
  if (self->on_server == PB_ON_SERVER_DELETE_AFTER)
    g_object_set (account, "delete-after-days", days, NULL);
  return account;
}

char *
pb_other_read_file (const char *path, gsize max, gsize *length) {
  /* Not to be held up by a pipe that somebody put there. */
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat info;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) || (guint64) info.st_size > max) {
    close (fd);
    return NULL;
  }
  gsize size = (gsize) info.st_size, done = 0;
  char *text = g_malloc (size + 1);
  while (done < size) {
    gssize count = read (fd, text + done, size - done);
    if (count <= 0)
      break;
    done += (gsize) count;
  }
  close (fd);
  text[done] = '\0';
  *length = done;
  return text;
}
