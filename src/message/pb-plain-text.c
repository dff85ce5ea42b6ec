/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines, quotes and signatures. Links inside a line are found in pb-text-links.c. */

#include "config.h"

#include "pb-plain-text.h"

#include <string.h>

#include <glib/gi18n.h>

#include "pb-text-links.h"

#define QUOTE_LIMIT 24

/* A quote of more lines is folded away: the reader knows it, or opens it. */
#define FOLD_LINES 8

typedef struct {
  GString *out;
  guint depth;      /* open blockquotes */
  gboolean in_text; /* a run of lines is open */
  gboolean in_signature;
  gboolean in_fold;
} Writer;

/* How deep the line is quoted; *@text is behind the marks and the one space after them. */
static guint
count_quotes (const char *line, const char *end, const char **text) {
  const char *p = line;
  guint depth = 0;

  while (p < end && *p == '>') {
    depth++;
    p++;
    if (p < end && *p == ' ')
      p++;
  }
  *text = p;
  return depth;
}

static void
end_run (Writer *self) {
  if (!self->in_text)
    return;
  g_string_append (self->out, "</div>\n");
  self->in_text = FALSE;
}

static guint
count_quoted_lines (const char *line) {
  guint lines = 0;

  for (; *line == '>'; lines++) {
    line += strcspn (line, "\n");
    line += *line != '\0';
  }
  return lines;
}

static void
begin_fold (Writer *self, const char *line) {
  guint lines = count_quoted_lines (line);

  if (lines <= FOLD_LINES)
    return;
  g_autofree char *label = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%u quoted line", "%u quoted lines", lines), lines);
  g_string_append_printf (self->out, "<details class=\"pb-fold\"><summary>%s</summary>", label);
  self->in_fold = TRUE;
}

/* @line: where that depth begins. */
static void
go_to_depth (Writer *self, guint depth, const char *line) {
  depth = MIN (depth, QUOTE_LIMIT);
  if (depth != self->depth)
    end_run (self);
  if (self->depth == 0 && depth > 0)
    begin_fold (self, line);
  for (; self->depth < depth; self->depth++)
    g_string_append (self->out, "<blockquote class=\"pb-quote\">");
  for (; self->depth > depth; self->depth--)
    g_string_append (self->out, "</blockquote>\n");
  if (depth == 0 && self->in_fold) {
    g_string_append (self->out, "</details>\n");
    self->in_fold = FALSE;
  }
}

static void
write_line (Writer *self, const char *text, const char *end) {
  if (self->in_text)
    g_string_append_c (self->out, '\n');
  else
    g_string_append (self->out, "<div class=\"pb-text\" dir=\"auto\">");
  self->in_text = TRUE;
  pb_text_links_append (self->out, text, (gsize) (end - text));
}

static gboolean
is_signature_mark (const char *line, const char *end) {
  return end - line == 3 && memcmp (line, "-- ", 3) == 0;
}

static void
begin_signature (Writer *self) {
  go_to_depth (self, 0, NULL);
  end_run (self);
  g_string_append (self->out, "<div class=\"pb-signature\">");
  self->in_signature = TRUE;
}

char *
pb_plain_text_to_html (const char *text) {
  g_return_val_if_fail (text != NULL, NULL);

  Writer self = { .out = g_string_sized_new (strlen (text) + 64) };

  while (*text) {
    const char *end = text + strcspn (text, "\n");
    const char *next = *end ? end + 1 : end;
    const char *content;

    if (end > text && end[-1] == '\r')
      end--;
    if (!self.in_signature && is_signature_mark (text, end)) {
      begin_signature (&self);
    } else {
      go_to_depth (&self, count_quotes (text, end, &content), text);
      write_line (&self, content, end);
    }
    text = next;
  }
  go_to_depth (&self, 0, NULL);
  end_run (&self);
  if (self.in_signature)
    g_string_append (self.out, "</div>\n");
  return g_string_free (self.out, FALSE);
}

/* A line of format=flowed text. */
typedef struct {
  const char *text;
  gsize length;
  guint depth;
  gboolean flows; /* into the next one */
} FlowedLine;

static const char *
read_flowed_line (const char *p, FlowedLine *line) {
  const char *end = p + strcspn (p, "\n");
  const char *next = *end ? end + 1 : end;

  if (end > p && end[-1] == '\r')
    end--;
  line->depth = 0;
  for (; p < end && *p == '>'; p++)
    line->depth++;
  if (p < end && *p == ' ')
    p++; /* stuffing */
  line->text = p;
  line->length = (gsize) (end - p);
  line->flows =
    line->length > 0 && end[-1] == ' ' && !(line->length == 3 && memcmp (p, "-- ", 3) == 0);
  return next;
}

static void
begin_paragraph (GString *out, const FlowedLine *line) {
  for (guint i = 0; i < line->depth; i++)
    g_string_append_c (out, '>');
  /* What only looks like a quote stays stuffed. */
  if (line->depth > 0 || (line->length > 0 && *line->text == '>'))
    g_string_append_c (out, ' ');
}

char *
pb_plain_text_unflow (const char *text, gboolean delsp) {
  g_return_val_if_fail (text != NULL, NULL);

  GString *out = g_string_sized_new (strlen (text) + 1);
  FlowedLine last = { .flows = FALSE };

  while (*text) {
    FlowedLine line;
    gboolean mark, continues;

    text = read_flowed_line (text, &line);
    mark = line.length == 3 && memcmp (line.text, "-- ", 3) == 0;
    continues = last.flows && last.depth == line.depth && !mark;
    if (!continues) {
      if (last.flows)
        g_string_append_c (out, '\n');
      begin_paragraph (out, &line);
    } else if (delsp) {
      g_string_truncate (out, out->len - 1);
    }
    g_string_append_len (out, line.text, (gssize) line.length);
    if (!line.flows)
      g_string_append_c (out, '\n');
    last = line;
  }
  return g_string_free (out, FALSE);
}
