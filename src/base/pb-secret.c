/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* A wiped string. Where secrets are kept between runs is the business of the account layer. */

#include "pb-secret.h"

#include <string.h>

struct _PbSecret {
  gatomicrefcount refs;
  gsize length;
  char text[];
};

PbSecret *
pb_secret_new (const char *text) {
  g_return_val_if_fail (text != NULL, NULL);

  gsize length = strlen (text);
  PbSecret *self = g_malloc (sizeof (PbSecret) + length + 1);
  g_atomic_ref_count_init (&self->refs);
  self->length = length;
  memcpy (self->text, text, length + 1);
  return self;
}

PbSecret *
pb_secret_ref (PbSecret *self) {
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pb_secret_unref (PbSecret *self) {
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  explicit_bzero (self->text, self->length);
  g_free (self);
}

const char *
pb_secret_peek (const PbSecret *self) {
  return self->text;
}

gboolean
pb_secret_is_sendable (const PbSecret *self) {
  return strpbrk (self->text, "\r\n") == NULL;
}

void
pb_secret_wipe (char *text) {
  if (text)
    explicit_bzero (text, strlen (text));
}
