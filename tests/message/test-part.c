/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The structure of messages: by cases, at the limits, and the ranges held against GMime's. */

#include <pthread.h>
#include <string.h>

#include "pb-gmime.h"
#include "pb-header-fields.h"
#include "pb-message-bounds.h"
#include "pb-part.h"

/* "type[children]" with the body of each leaf in quotes. */
static void
describe (GString *out, const PbPart *part, const char *data) {
  g_string_append (out, part->type);
  if (!part->is_container) {
    g_string_append_printf (out, "'%.*s'", (int) (part->end - part->start), data + part->start);
    return;
  }
  g_string_append_c (out, '[');
  for (guint i = 0; i < part->children->len; i++) {
    if (i > 0)
      g_string_append_c (out, ' ');
    describe (out, g_ptr_array_index (part->children, i), data);
  }
  g_string_append_c (out, ']');
}

#define MIXED "Content-Type: multipart/mixed; boundary=x\n\n"

static const struct {
  const char *what;
  const char *data;
  const char *expected;
} cases[] = {
  { "nothing", "", "text/plain''" },
  { "only a blank line", "\n", "text/plain''" },
  { "only a header", "Subject: x", "text/plain''" },
  { "only a header and its end", "Subject: x\n\n", "text/plain''" },
  { "plain", "Subject: x\n\nHello\n", "text/plain'Hello\n'" },
  { "plain, CRLF", "Subject: x\r\n\r\nHello\r\n", "text/plain'Hello\r\n'" },
  { "blank lines first", "\n\nSubject: x\n\nHello\n", "text/plain'Hello\n'" },
  { "mbox line", "From a@b Mon Jan 1\nSubject: x\n\nHello", "text/plain'Hello'" },
  { "quoted mbox line", ">From a@b Mon Jan 1\nSubject: x\n\nHello", "text/plain'Hello'" },
  { "line that is no field", "Subject: x\nrubbish\nContent-Type: text/html\n\nHello",
    "text/html'Hello'" },
  { "no blank line", "Subject: x\nHello there\nyou", "text/plain'Hello there\nyou'" },
  { "space before the colon", "Content-Type : text/html\n\nx", "text/html'x'" },
  { "type that is none", "Content-Type: text\n\nx", "text/plain'x'" },
  { "empty type", "Content-Type:\n\nx", "text/plain'x'" },
  { "type in capitals", "CONTENT-TYPE: TEXT/HTML\n\nx", "text/html'x'" },
  { "the last of two types", "Content-Type: text/html\nContent-Type: text/plain\n\nx",
    "text/plain'x'" },
  { "a leaf that is then called a container", "Content-Type: text/html\n" MIXED "--x\n\na\n--x--\n",
    "multipart/mixed[text/plain'a']" },
  { "a container that is then called a leaf",
    "Content-Type: multipart/mixed; boundary=x\nContent-Type: text/plain\n\na\n",
    "text/plain'a\n'" },
  { "two parts", MIXED "--x\n\na\n--x\n\nb\n--x--\n",
    "multipart/mixed[text/plain'a' text/plain'b']" },
  { "two parts, CRLF",
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\na\r\n--x\r\n\r\nb\r\n--x--\r\n",
    "multipart/mixed[text/plain'a' text/plain'b']" },
  { "CRLF, but for the last boundary",
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\na\r\n--x--",
    "multipart/mixed[text/plain'a']" },
  { "CRLF only for the boundaries", MIXED "--x\r\n\na\n--x\r\n\n--x\r\n\n\n--x--\r\n",
    "multipart/mixed[text/plain'a' text/plain'' text/plain'']" },
  { "preamble and epilogue", MIXED "pre\n--x\n\na\n--x--\npost\n",
    "multipart/mixed[text/plain'a']" },
  { "blanks after the boundary", MIXED "--x  \n\na\n--x-- \t\n", "multipart/mixed[text/plain'a']" },
  { "missing end", MIXED "--x\n\na\n--x\n\nb\n", "multipart/mixed[text/plain'a' text/plain'b\n']" },
  { "empty part", MIXED "--x\n\n--x\n\nb\n--x--", "multipart/mixed[text/plain'' text/plain'b']" },
  { "nothing between boundaries", MIXED "--x\n--x\n\nb\n--x--", "multipart/mixed[text/plain'b']" },
  { "part without blank line", MIXED "--x\nContent-Type: text/html\n--x--",
    "multipart/mixed'--x\nContent-Type: text/html\n--x--'" },
  { "longer boundary is another", MIXED "--x\n\na\n--xy\nb\n--x--",
    "multipart/mixed[text/plain'a\n--xy\nb']" },
  { "boundary inside a line", MIXED "--x\n\na --x\n--x--", "multipart/mixed[text/plain'a --x']" },
  { "text after the end", MIXED "--x\n\na\n--x--\n--x\n\nb\n", "multipart/mixed[text/plain'a']" },
  { "boundary never comes", MIXED "Hello\n", "multipart/mixed'Hello\n'" },
  { "no boundary", "Content-Type: multipart/mixed\n\nHello\n", "multipart/mixed'Hello\n'" },
  { "wrong boundary", "Content-Type: multipart/mixed; boundary=z\n\npre\n--x\n\na\n--x--\n",
    "multipart/mixed[text/plain'a']" },
  { "boundary not named", "Content-Type: multipart/mixed\n\n--x\n\na\n--x\n\nb\n--x--\n",
    "multipart/mixed[text/plain'a' text/plain'b']" },
  { "boundary not named and no end", "Content-Type: multipart/mixed\n\n--x\n\na\n",
    "multipart/mixed'--x\n\na\n'" },
  { "only the end", MIXED "Hello\n--x--\n", "multipart/mixed'Hello\n--x--\n'" },
  { "nested",
    MIXED "--x\nContent-Type: multipart/alternative; "
          "boundary=y\n\n--y\n\na\n--y\n\nb\n--y--\n--x\n\nc\n--x--",
    "multipart/mixed[multipart/alternative[text/plain'a' text/plain'b'] text/plain'c']" },
  { "nested without its end",
    MIXED "--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\na\n--x\n\nc\n--x--",
    "multipart/mixed[multipart/alternative[text/plain'a'] text/plain'c']" },
  { "nested with the same boundary",
    MIXED "--x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x--\n",
    "multipart/mixed[multipart/mixed[text/plain'a']]" },
  { "attached message", MIXED "--x\nContent-Type: message/rfc822\n\nSubject: y\n\nb\n--x--",
    "multipart/mixed[message/rfc822'Subject: y\n\nb']" },
  { "digest", "Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: y\n\nb\n--x--",
    "multipart/digest[message/rfc822'Subject: y\n\nb']" },
  { "no blank line, and a container", "Content-Type: multipart/mixed; boundary=x\nHello there\n",
    "multipart/mixed'Hello there\n'" },
  { "no blank line before the first part",
    "Content-Type: multipart/mixed; boundary=x\n--x\n\na\n--x\n\nb\n--x--\n",
    "multipart/mixed[text/plain'a' text/plain'b']" },
  { "no blank line in a part", MIXED "--x\nContent-Type: text/html\na\n\nb\n--x--",
    "multipart/mixed[text/html'a\n\nb']" },
  { "nested, wrong boundary",
    MIXED "--x\nContent-Type: multipart/mixed; boundary=y\n\n--z\n\na\n--z--\n--x\n\nc\n--x--",
    "multipart/mixed[multipart/mixed[text/plain'a'] text/plain'c']" },
  { "nested, boundary never comes",
    MIXED
    "--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\na\r\n--xy\r\n--x\r\n\r\nc\r\n--x--",
    "multipart/mixed[multipart/mixed'a\r\n--xy' text/plain'c']" },
  { "wrong boundary in a wrong boundary",
    "Content-Type: multipart/mixed\n\n--x\nContent-Type: "
    "multipart/mixed\n\n--y\n\na\n--y--\n--x--\n",
    "multipart/mixed[multipart/mixed'--y\n\na\n--y--']" },
  { "boundary in quotes", "Content-Type: multipart/mixed; boundary=\"a b\"\n\n--a b\n\nx\n--a b--",
    "multipart/mixed[text/plain'x']" },
};

static void
test_cases (void) {
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PbPart) root = pb_part_parse (cases[i].data, strlen (cases[i].data), NULL);
    g_autoptr (GString) tree = g_string_new (NULL);

    g_test_message ("%s", cases[i].what);
    describe (tree, root, cases[i].data);
    g_assert_cmpstr (tree->str, ==, cases[i].expected);
  }
}

static char *
make_deep (guint depth) {
  GString *data = g_string_new ("");

  for (guint i = 0; i < depth; i++)
    g_string_append_printf (data, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
  g_string_append (data, "Content-Type: text/plain\n\nend\n");
  return g_string_free (data, FALSE);
}

static void
test_depth (void) {
  g_autofree char *fits = make_deep (PB_PART_DEPTH_LIMIT);
  g_autofree char *deep = make_deep (20000);
  PbPartProblems problems;

  g_autoptr (PbPart) root = pb_part_parse (fits, strlen (fits), &problems);
  g_assert_cmpuint (problems, ==, 0);
  g_autoptr (PbPart) deep_root = pb_part_parse (deep, strlen (deep), &problems);
  g_assert_cmpuint (problems & PB_PART_TOO_DEEP, ==, PB_PART_TOO_DEEP);
  const PbPart *part = deep_root;
  for (guint i = 0; i < PB_PART_DEPTH_LIMIT; i++)
    part = g_ptr_array_index (part->children, 0);
  g_assert_true (part->is_too_deep);
  g_assert_false (part->is_container);
}

/* Whatever the bytes are, every part lies inside them. */
static void
check_ranges (const PbPart *part, gsize length) {
  g_assert_cmpuint (part->start, <=, part->end);
  g_assert_cmpuint (part->end, <=, length);
  for (guint i = 0; part->is_container && i < part->children->len; i++)
    check_ranges (g_ptr_array_index (part->children, i), length);
}

static void *
parse_deep (void *data) {
  const GString *deep = data;
  g_autoptr (PbPart) root = pb_part_parse (deep->str, deep->len, NULL);

  check_ranges (root, deep->len);
  return NULL;
}

/* GMime parses and frees by recursion, up to 1,024 levels: on the stack of a thread that has
 * little. */
static void
test_small_stack (void) {
  for (guint i = 0; i < 2; i++) {
    g_autofree char *containers = make_deep (10000);
    g_autoptr (GString) data = g_string_new (i == 0 ? containers : NULL);
    pthread_attr_t attributes;
    pthread_t thread;

    for (guint k = 0; i == 1 && k < 10000; k++)
      g_string_append (data, "Content-Type: message/rfc822\n\n");
    while (data->len < 5000000)
      g_string_append (data, "--b\n");
    g_assert_cmpint (pthread_attr_init (&attributes), ==, 0);
    g_assert_cmpint (pthread_attr_setstacksize (&attributes, 512 * 1024), ==, 0);
    g_assert_cmpint (pthread_create (&thread, &attributes, parse_deep, data), ==, 0);
    g_assert_cmpint (pthread_join (thread, NULL), ==, 0);
    pthread_attr_destroy (&attributes);
  }
}

static void
test_count (void) {
  g_autoptr (GString) data = g_string_new (MIXED);
  PbPartProblems problems;

  for (guint i = 0; i < 100000; i++)
    g_string_append (data, "--x\n\na\n");
  g_autoptr (PbPart) root = pb_part_parse (data->str, data->len, &problems);
  g_assert_cmpuint (problems, ==, PB_PART_TOO_MANY);
  g_assert_cmpuint (root->children->len, ==, PB_PART_COUNT_LIMIT - 1);
}

/* Fields cost GMime as much as parts do, in the message's header and in that of a part. */
static void
test_fields (void) {
  static const char *const heads[] = { "", MIXED "--x\n\na\n--x\n" };
  const PbPartProblems expected[] = { PB_PART_HEADER_TOO_LONG, PB_PART_TOO_MANY };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
    g_autoptr (GString) data = g_string_new (heads[i]);
    PbPartProblems problems;

    for (guint k = 0; k < 300000; k++)
      g_string_append (data, "X:\n");
    g_string_append (data, "\nend\n");
    g_autoptr (PbPart) root = pb_part_parse (data->str, data->len, &problems);
    g_assert_cmpuint (problems, ==, expected[i]);
    const PbPart *last = i > 0 ? g_ptr_array_index (root->children, 1) : root;
    g_assert_cmpint (g_mime_header_list_get_count (pb_part_get_fields (last)), <=, 100000);
    g_assert_cmpuint (last->end, ==, data->len);
  }
}

/* So do parameters, of which a single line can hold any number. */
static void
test_parameters (void) {
  g_autoptr (GString) data = g_string_new (MIXED "--x\nContent-Disposition: attachment");
  PbPartProblems problems;

  for (guint i = 0; i < 700000; i++)
    g_string_append (data, "; a*1*=bcd");
  g_string_append (data, "\n\n--x--\n");
  g_autoptr (PbPart) root = pb_part_parse (data->str, data->len, &problems);
  g_assert_cmpuint (problems, ==, PB_PART_TOO_MANY);
  g_assert_cmpuint (root->end, ==, data->len);
  g_assert_false (root->is_container);
}

static void
test_header_limit (void) {
  g_autoptr (GString) data = g_string_new ("Subject: x\n");
  PbPartProblems problems;

  while (data->len < 3 * PB_HEADER_LIMIT)
    g_string_append (data, "X-Filler: something that is long but not very useful\n");
  g_string_append (data, "\nbody\n");
  g_autoptr (PbPart) root = pb_part_parse (data->str, data->len, &problems);
  g_assert_cmpuint (problems, ==, PB_PART_HEADER_TOO_LONG);
  g_assert_cmpuint (root->start, <=, PB_HEADER_LIMIT);
  g_assert_cmpuint (root->end, ==, data->len);
}

static void
test_properties (void) {
  static const char data[] = "Content-Type: image/png; name=\"a.png\"\n"
                             "Content-Transfer-Encoding: BASE64 \n"
                             "Content-Disposition: Attachment; filename*=utf-8''%C3%BC.png\n"
                             "Content-ID: <x@example.org>\n\nAAAA";
  g_autoptr (PbPart) part = pb_part_parse (data, sizeof data - 1, NULL);
  g_autofree char *name = pb_part_dup_name (part);
  g_autofree char *id = pb_part_dup_content_id (part);

  g_assert_true (pb_part_is (part, "image/"));
  g_assert_cmpint (part->encoding, ==, PB_ENCODING_BASE64);
  g_assert_cmpint (part->disposition, ==, PB_DISPOSITION_ATTACHMENT);
  g_assert_cmpstr (name, ==, "ü.png");
  g_assert_cmpstr (id, ==, "x@example.org");
}

/* The same tree from GMime's own streams. */
static void
describe_gmime (GString *out, GMimeObject *object) {
  g_autofree char *type =
    g_mime_content_type_get_mime_type (g_mime_object_get_content_type (object));

  g_string_append (out, type);
  if (GMIME_IS_MULTIPART (object)) {
    GMimeMultipart *multipart = GMIME_MULTIPART (object);

    g_string_append_c (out, '[');
    for (int i = 0; i < g_mime_multipart_get_count (multipart); i++) {
      if (i > 0)
        g_string_append_c (out, ' ');
      describe_gmime (out, g_mime_multipart_get_part (multipart, i));
    }
    g_string_append_c (out, ']');
    return;
  }
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new ();
  GMimeDataWrapper *content = g_mime_part_get_content (GMIME_PART (object));
  g_mime_stream_reset (g_mime_data_wrapper_get_stream (content));
  g_mime_stream_write_to_stream (g_mime_data_wrapper_get_stream (content), stream);
  GByteArray *bytes = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
  g_string_append_printf (out, "'%.*s'", (int) bytes->len, (char *) bytes->data);
}

static void
append_random_part (GString *out, GRand *rand, guint depth, guint *serial) {
  static const char *const leaves[] = { "text/plain", "text/html", "image/png", "application/pdf" };
  guint kind = (guint) g_rand_int_range (rand, 0, depth < 5 ? 10 : 6);

  if (kind < 6) {
    if (kind > 0)
      g_string_append_printf (out, "Content-Type: %s\n", leaves[kind % 4]);
    g_string_append (out, "Content-Description: x\n\n");
    for (guint n = (guint) g_rand_int_range (rand, 0, 5); n > 0; n--)
      g_string_append (out, n % 2 ? "some text\n" : "--no boundary\n\n");
    return;
  }
  if (kind == 6) {
    g_string_append (out, "Content-Type: message/rfc822\n\nSubject: inner\n\ninner text\n");
    return;
  }
  guint number = (*serial)++;
  g_string_append_printf (out, "Content-Type: multipart/%s; boundary=\"b_%u\"\n\n",
                          kind == 7   ? "mixed"
                          : kind == 8 ? "alternative"
                                      : "related",
                          number);
  if (g_rand_boolean (rand))
    g_string_append (out, "preamble\n");
  for (guint n = (guint) g_rand_int_range (rand, 1, 5); n > 0; n--) {
    g_string_append_printf (out, "--b_%u\n", number);
    append_random_part (out, rand, depth + 1, serial);
  }
  if (g_rand_int_range (rand, 0, 4) > 0)
    g_string_append_printf (out, "\n--b_%u--\n", number);
  if (g_rand_boolean (rand))
    g_string_append (out, "epilogue\n");
}

static void
test_like_gmime (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  pb_gmime_init ();
  for (guint i = 0; i < 3000; i++) {
    g_autoptr (GString) data = g_string_new ("Subject: x\n");
    g_autoptr (GString) ours = g_string_new (NULL), theirs = g_string_new (NULL);
    guint serial = 0;

    append_random_part (data, rand, 0, &serial);
    g_autoptr (PbPart) root = pb_part_parse (data->str, data->len, NULL);
    describe (ours, root, data->str);

    g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (data->str, data->len);
    g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
    g_autoptr (GMimeObject) object = g_mime_parser_construct_part (parser, NULL);
    describe_gmime (theirs, object);
    if (strcmp (ours->str, theirs->str) != 0)
      g_test_message ("%s", data->str);
    g_assert_cmpstr (ours->str, ==, theirs->str);
  }
}

static void
test_mutations (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 5000; i++) {
    g_autoptr (GString) data = g_string_new (NULL);
    guint serial = 0;

    append_random_part (data, rand, 0, &serial);
    for (guint n = (guint) g_rand_int_range (rand, 0, 8); n > 0 && data->len > 0; n--)
      data->str[g_rand_int_range (rand, 0, (gint32) data->len)] =
        "\n\r-:; \"b=\0\377"[g_rand_int_range (rand, 0, 11)];
    gsize length = (gsize) g_rand_int_range (rand, 0, (gint32) data->len + 1);
    g_autofree char *exact = g_memdup2 (data->str, length);
    g_autoptr (PbPart) root = pb_part_parse (exact, length, NULL);
    check_ranges (root, length);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/part/cases", test_cases);
  g_test_add_func ("/part/depth", test_depth);
  g_test_add_func ("/part/small-stack", test_small_stack);
  g_test_add_func ("/part/count", test_count);
  g_test_add_func ("/part/fields", test_fields);
  g_test_add_func ("/part/parameters", test_parameters);
  g_test_add_func ("/part/header-limit", test_header_limit);
  g_test_add_func ("/part/properties", test_properties);
  g_test_add_func ("/part/like-gmime", test_like_gmime);
  g_test_add_func ("/part/mutations", test_mutations);
  return g_test_run ();
}
