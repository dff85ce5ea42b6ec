/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as an mbox, in every flavour: it ends, and what comes out is no more than went in. */

#include <sys/mman.h>
#include <unistd.h>

#include "pb-mbox-reader.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
read_all (PbMboxReader *reader, size_t size) {
  const guint8 *piece;
  gsize length, total = 0;

  while (pb_mbox_reader_next (reader, NULL)) {
    g_assert_cmpuint (total, <=, size);
    do {
      g_assert_true (pb_mbox_reader_read (reader, &piece, &length, NULL));
      total += length;
    } while (length > 0);
  }
  g_assert_cmpuint (total, <=, size);
  g_assert_cmpuint (pb_mbox_reader_get_position (reader), <=, size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size) {
  for (int flavour = PB_MBOX_AUTO; flavour <= PB_MBOX_CL2; flavour++) {
    int fd = memfd_create ("mbox", MFD_CLOEXEC);
    g_assert_cmpint (size == 0 ? 0 : write (fd, data, size), ==, (gssize) size);
    g_autoptr (PbMboxReader) reader = pb_mbox_reader_new (fd, (PbMboxFlavour) flavour);
    read_all (reader, size);
  }
  return 0;
}
