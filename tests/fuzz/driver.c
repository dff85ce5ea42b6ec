/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a fuzz target as an ordinary test: every file of its corpus, then mutations of them for
 * some seconds.
 *
 *   fuzz-TARGET CORPUS DICTIONARY SECONDS [SEED]
 *
 * Without coverage to guide it this finds what is easy to find; libFuzzer takes the same
 * targets. The input that is being run is kept in a file, which stays behind when the target
 * crashes. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#define INPUT_MAX 65536

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static GPtrArray *
read_corpus (const char *folder) {
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    char *contents;
    gsize length;
    if (g_file_get_contents (path, &contents, &length, NULL))
      g_ptr_array_add (corpus, g_bytes_new_take (contents, length));
  }
  return corpus;
}

/* Lines of name="value" or "value", as libFuzzer reads them. */
static GPtrArray *
read_dictionary (const char *path) {
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *contents = NULL;

  if (!g_file_get_contents (path, &contents, NULL, NULL))
    return words;
  g_auto (GStrv) lines = g_strsplit (contents, "\n", -1);
  for (char **line = lines; *line; line++) {
    const char *from = strchr (*line, '"');
    char *to = strrchr (*line, '"');
    if (**line == '#' || !from || to == from)
      continue;
    GByteArray *word = g_byte_array_new ();
    *to = '\0';
    for (const char *p = from + 1; *p; p++) {
      guint8 byte = (guint8) *p;
      if (p[0] == '\\' && p[1] == 'x' && g_ascii_isxdigit (p[2]) && g_ascii_isxdigit (p[3])) {
        byte = (guint8) (g_ascii_xdigit_value (p[2]) * 16 + g_ascii_xdigit_value (p[3]));
        p += 3;
      } else if (p[0] == '\\' && p[1]) {
        byte = (guint8) * ++p;
      }
      g_byte_array_append (word, &byte, 1);
    }
    g_ptr_array_add (words, g_byte_array_free_to_bytes (word));
  }
  return words;
}

static guint
below (GRand *random, guint limit) {
  return limit > 1 ? (guint) g_rand_int_range (random, 0, (gint32) limit) : 0;
}

static void
insert (GByteArray *input, guint at, const guint8 *bytes, gsize length) {
  if (length == 0 || input->len + length > INPUT_MAX)
    return;
  guint before = input->len;
  g_byte_array_set_size (input, before + (guint) length);
  memmove (input->data + at + length, input->data + at, before - at);
  memcpy (input->data + at, bytes, length);
}

static void
insert_one_of (GByteArray *input, guint at, GPtrArray *choices, GRand *random) {
  gsize length;

  if (choices->len == 0)
    return;
  const guint8 *bytes =
    g_bytes_get_data (g_ptr_array_index (choices, below (random, choices->len)), &length);
  insert (input, at, bytes, length);
}

/* Of what begins at @at, 1 to @most bytes. */
static guint
some_bytes (const GByteArray *input, guint at, guint most, GRand *random) {
  guint length = 1 + below (random, most);

  return MIN (input->len - at, length);
}

static void
repeat_part (GByteArray *input, guint at, GRand *random) {
  guint length = some_bytes (input, at, 200, random);
  g_autofree guint8 *part = g_memdup2 (input->data + at, length);

  for (guint times = 1 + below (random, 8); times > 0; times--)
    insert (input, at, part, length);
}

static void
mutate (GByteArray *input, GPtrArray *corpus, GPtrArray *words, GRand *random) {
  guint at = below (random, input->len);

  if (input->len == 0)
    return;
  switch (below (random, 6)) {
  case 0:
    input->data[at] ^= (guint8) (1u << below (random, 8));
    break;
  case 1:
    input->data[at] = (guint8) below (random, 256);
    break;
  case 2:
    g_byte_array_remove_range (input, at, some_bytes (input, at, 30, random));
    break;
  case 3:
    repeat_part (input, at, random);
    break;
  case 4:
    insert_one_of (input, at, words, random);
    break;
  default:
    insert_one_of (input, at, corpus, random);
  }
}

static void
run_input (const guint8 *data, gsize length, int keep) {
  if (ftruncate (keep, 0) != 0 || pwrite (keep, data, length, 0) != (gssize) length)
    g_error ("cannot keep the input");
  LLVMFuzzerTestOneInput (data, length);
}

static guint64
run_mutations (GPtrArray *corpus, GPtrArray *words, guint seconds, guint32 seed, int keep) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  guint64 runs = 0;

  while (corpus->len > 0 && g_get_monotonic_time () < end) {
    gsize length;
    const guint8 *data =
      g_bytes_get_data (g_ptr_array_index (corpus, below (random, corpus->len)), &length);
    g_autoptr (GByteArray) input = g_byte_array_new ();
    g_byte_array_append (input, data, (guint) length);
    for (guint i = 1 + below (random, 8); i > 0; i--)
      mutate (input, corpus, words, random);
    run_input (input->data, input->len, keep);
    runs++;
  }
  return runs;
}

int
main (int argc, char **argv) {
  if (argc < 4) {
    g_printerr ("usage: %s CORPUS DICTIONARY SECONDS [SEED]\n", argv[0]);
    return 2;
  }
  g_log_set_always_fatal (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_autoptr (GPtrArray) corpus = read_corpus (argv[1]);
  g_autoptr (GPtrArray) words = read_dictionary (argv[2]);
  guint seconds = (guint) atoi (argv[3]);
  guint32 seed = argc > 4 ? (guint32) atoi (argv[4]) : 1;
  g_autofree char *path = NULL;
  int keep = g_file_open_tmp ("postbag-fuzz-XXXXXX", &path, NULL);

  if (corpus->len == 0 || keep < 0) {
    g_printerr ("no corpus in %s, or no temporary file\n", argv[1]);
    return 2;
  }
  g_print ("input under test: %s\n", path);
  for (guint i = 0; i < corpus->len; i++) {
    gsize length;
    const guint8 *data = g_bytes_get_data (g_ptr_array_index (corpus, i), &length);
    run_input (data, length, keep);
  }
  guint64 runs = run_mutations (corpus, words, seconds, seed, keep);
  g_print ("%u files, %u words, %" G_GUINT64_FORMAT " mutations with seed %u\n", corpus->len,
           words->len, runs, seed);
  close (keep);
  g_unlink (path);
  return 0;
}
