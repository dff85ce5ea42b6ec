/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How long a reader waits: from the bytes of a message to its text on the screen, in the real view,
 * with the web view warm. Prints figures; fails only where a wrong message is shown. */

#include <adwaita.h>
#include <stdio.h>
#include <string.h>

#include "pb-message-view.h"

#define ORDINARY 200
#define MANY 1000
#define LARGE_BYTES (50 * 1024 * 1024)

typedef struct {
  GtkWidget *window;
  PbMessageView *view;
  guint shown;
} Bench;

static void
shown_cb (Bench *bench) {
  bench->shown++;
}

static GBytes *
make_letter (guint number) {
  GString *letter = g_string_new (NULL);

  g_string_append_printf (letter,
                          "From: Li Na <li.na@example.org>\nTo: robin@example.org\n"
                          "Subject: Letter %u\nDate: Fri, 5 Jan 2024 10:00:00 +0000\n"
                          "Content-Type: %s; charset=utf-8\n\n",
                          number, number % 2 ? "text/html" : "text/plain");
  for (guint i = 0; i < 60; i++)
    g_string_append_printf (letter,
                            number % 2 ? "<p style='color:#333'>Line %u of letter %u</p>\n"
                                       : "Line %u of letter %u\n",
                            i, number);
  return g_string_free_to_bytes (letter);
}

static GBytes *
make_large (void) {
  GString *letter =
    g_string_new ("Subject: large\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n"
                  "The film is attached.\n--x\nContent-Type: video/mp4\n"
                  "Content-Transfer-Encoding: base64\n\n");
  char line[77];

  memset (line, 'A', 76);
  line[76] = '\n';
  while (letter->len < LARGE_BYTES)
    g_string_append_len (letter, line, sizeof line);
  g_string_append (letter, "--x--\n");
  return g_string_free_to_bytes (letter);
}

static double
show (Bench *bench, GBytes *bytes) {
  gint64 start = g_get_monotonic_time ();
  guint before = bench->shown;

  pb_message_view_show_bytes (bench->view, bytes);
  while (bench->shown == before)
    g_main_context_iteration (NULL, TRUE);
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static int
compare (gconstpointer a, gconstpointer b) {
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
settle (guint milliseconds) {
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
}

static void
measure_ordinary (Bench *bench) {
  double times[ORDINARY];

  for (guint i = 0; i < ORDINARY; i++) {
    g_autoptr (GBytes) bytes = make_letter (i);
    times[i] = show (bench, bytes);
  }
  qsort (times, ORDINARY, sizeof times[0], compare);
  printf ("ordinary message   median %6.1f ms   95 %% %6.1f ms   (goal 50)\n", times[ORDINARY / 2],
          times[ORDINARY * 95 / 100]);
}

static void
measure_large (Bench *bench) {
  g_autoptr (GBytes) bytes = make_large ();
  double times[5];

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    times[i] = show (bench, bytes);
  qsort (times, G_N_ELEMENTS (times), sizeof times[0], compare);
  printf ("50 MB message      median %6.1f ms                    (goal 300)\n", times[2]);
}

/* The key held down: one message asked for after the other, before the last one has come. */
static void
measure_arrow (Bench *bench) {
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 200; i++) {
    g_autoptr (GBytes) bytes = make_letter (i);
    pb_message_view_show_bytes (bench->view, bytes);
    settle (5);
  }
  guint before = bench->shown;
  settle (2000);
  printf ("200 in a row       %.1f s, the last one shown: %s\n",
          (double) (g_get_monotonic_time () - start) / 1e6,
          bench->shown > before ? "yes" : "earlier");
}

static double
resident (void) {
  g_autofree char *status = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  line = status ? strstr (status, "VmRSS:") : NULL;
  return line ? g_ascii_strtod (line + 6, NULL) / 1024 : 0;
}

static void
measure_memory (Bench *bench) {
  double before;

  for (guint i = 0; i < 100; i++) {
    g_autoptr (GBytes) bytes = make_letter (i);
    show (bench, bytes);
  }
  before = resident ();
  for (guint i = 0; i < MANY; i++) {
    g_autoptr (GBytes) bytes = make_letter (i);
    show (bench, bytes);
  }
  printf ("%u opened        %.0f MB before, %.0f MB after\n", MANY, before, resident ());
}

int
main (int argc, char *argv[]) {
  Bench bench = { 0 };

  adw_init ();
  bench.view = g_object_new (PB_TYPE_MESSAGE_VIEW, NULL);
  bench.window = gtk_window_new ();
  g_signal_connect_swapped (bench.view, "body-shown", G_CALLBACK (shown_cb), &bench);
  gtk_window_set_default_size (GTK_WINDOW (bench.window), 700, 800);
  gtk_window_set_child (GTK_WINDOW (bench.window), GTK_WIDGET (bench.view));
  gtk_window_present (GTK_WINDOW (bench.window));
  pb_message_view_warm_up (bench.view);
  settle (3000);
  measure_ordinary (&bench);
  measure_large (&bench);
  measure_arrow (&bench);
  measure_memory (&bench);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  return 0;
}
