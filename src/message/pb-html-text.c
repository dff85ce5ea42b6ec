/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* HTML to plain text: what pb_html_to_text () of pb-html-filter.h does. Layout is reduced to
 * lines, blank lines, list marks and quote marks. */

#include "pb-html-filter.h"

#include <string.h>

#include "pb-html-events.h"

#define QUOTE_LIMIT 16
#define LIST_LIMIT 64

typedef struct {
  GString *out;
  GString *line;
  gsize limit;
  gboolean space;     /* white space to come before the next word */
  gboolean paragraph; /* a blank line to come before the next line */
  guint quotes;
  guint preformatted;
  guint hidden; /* open elements whose text is not shown */
  guint lists;
  int numbers[LIST_LIMIT]; /* of the next item; 0 in a list without numbers */
} Writer;

typedef enum {
  KIND_OTHER,
  KIND_BLOCK,     /* on lines of its own */
  KIND_PARAGRAPH, /* with a blank line around it */
  KIND_HIDDEN,
  KIND_CELL,
} Kind;

static const struct {
  const char *name;
  Kind kind;
} kinds[] = {
  { "address", KIND_BLOCK },    { "article", KIND_BLOCK },   { "aside", KIND_BLOCK },
  { "blockquote", KIND_BLOCK }, { "body", KIND_BLOCK },      { "caption", KIND_BLOCK },
  { "center", KIND_BLOCK },     { "dd", KIND_BLOCK },        { "details", KIND_BLOCK },
  { "dir", KIND_BLOCK },        { "div", KIND_BLOCK },       { "dl", KIND_BLOCK },
  { "dt", KIND_BLOCK },         { "fieldset", KIND_BLOCK },  { "figcaption", KIND_BLOCK },
  { "figure", KIND_BLOCK },     { "footer", KIND_BLOCK },    { "form", KIND_BLOCK },
  { "h1", KIND_PARAGRAPH },     { "h2", KIND_PARAGRAPH },    { "h3", KIND_PARAGRAPH },
  { "h4", KIND_PARAGRAPH },     { "h5", KIND_PARAGRAPH },    { "h6", KIND_PARAGRAPH },
  { "header", KIND_BLOCK },     { "hr", KIND_BLOCK },        { "legend", KIND_BLOCK },
  { "li", KIND_BLOCK },         { "main", KIND_BLOCK },      { "menu", KIND_BLOCK },
  { "nav", KIND_BLOCK },        { "ol", KIND_BLOCK },        { "p", KIND_PARAGRAPH },
  { "pre", KIND_PARAGRAPH },    { "section", KIND_BLOCK },   { "summary", KIND_BLOCK },
  { "table", KIND_BLOCK },      { "tbody", KIND_BLOCK },     { "tfoot", KIND_BLOCK },
  { "thead", KIND_BLOCK },      { "tr", KIND_BLOCK },        { "ul", KIND_BLOCK },
  { "td", KIND_CELL },          { "th", KIND_CELL },         { "applet", KIND_HIDDEN },
  { "audio", KIND_HIDDEN },     { "button", KIND_HIDDEN },   { "head", KIND_HIDDEN },
  { "iframe", KIND_HIDDEN },    { "math", KIND_HIDDEN },     { "noembed", KIND_HIDDEN },
  { "noframes", KIND_HIDDEN },  { "object", KIND_HIDDEN },   { "script", KIND_HIDDEN },
  { "select", KIND_HIDDEN },    { "style", KIND_HIDDEN },    { "svg", KIND_HIDDEN },
  { "template", KIND_HIDDEN },  { "textarea", KIND_HIDDEN }, { "title", KIND_HIDDEN },
  { "video", KIND_HIDDEN },
};

static Kind
kind_of (const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (strcmp (kinds[i].name, name) == 0)
      return kinds[i].kind;
  }
  return KIND_OTHER;
}

static void
append_quote_marks (Writer *self) {
  for (guint i = 0; i < MIN (self->quotes, QUOTE_LIMIT); i++)
    g_string_append (self->out, "> ");
}

static void
end_line (Writer *self) {
  gsize length = self->line->len;

  while (length > 0 && self->line->str[length - 1] == ' ')
    length--;
  self->space = FALSE;
  if (length == 0) {
    g_string_truncate (self->line, 0);
    return;
  }
  if (self->paragraph && self->out->len > 0) {
    append_quote_marks (self);
    if (self->out->str[self->out->len - 1] == ' ')
      g_string_truncate (self->out, self->out->len - 1);
    g_string_append_c (self->out, '\n');
  }
  self->paragraph = FALSE;
  append_quote_marks (self);
  g_string_append_len (self->out, self->line->str, (gssize) length);
  g_string_append_c (self->out, '\n');
  g_string_truncate (self->line, 0);
}

/* An explicit line break also makes blank lines. */
static void
break_line (Writer *self) {
  if (self->line->len == 0)
    self->paragraph = self->out->len > 0;
  else
    end_line (self);
}

static gboolean
has_room (const Writer *self) {
  return self->out->len + self->line->len < self->limit;
}

static void
begin_item (Writer *self) {
  int *number = self->lists > 0 ? &self->numbers[MIN (self->lists, LIST_LIMIT) - 1] : NULL;

  for (guint i = 1; i < MIN (self->lists, 8); i++)
    g_string_append (self->line, "  ");
  if (number && *number > 0)
    g_string_append_printf (self->line, "%d. ", (*number)++);
  else
    g_string_append (self->line, "• ");
}

static void
begin_list (Writer *self, gboolean numbered) {
  self->lists++;
  if (self->lists <= LIST_LIMIT)
    self->numbers[self->lists - 1] = numbered;
}

static gboolean
start (gpointer data, const char *name, const char *const *attributes) {
  Writer *self = data;
  Kind kind = kind_of (name);

  if (kind == KIND_HIDDEN || self->hidden > 0) {
    self->hidden += kind == KIND_HIDDEN;
    return TRUE;
  }
  if (kind == KIND_BLOCK || kind == KIND_PARAGRAPH)
    end_line (self);
  self->paragraph |= kind == KIND_PARAGRAPH;
  if (kind == KIND_CELL && self->line->len > 0)
    g_string_append (self->line, "  ");

  if (strcmp (name, "br") == 0)
    break_line (self);
  else if (strcmp (name, "hr") == 0)
    g_string_append (self->line, "———");
  else if (strcmp (name, "pre") == 0)
    self->preformatted++;
  else if (strcmp (name, "blockquote") == 0)
    self->quotes++;
  else if (strcmp (name, "ul") == 0 || strcmp (name, "ol") == 0)
    begin_list (self, name[0] == 'o');
  else if (strcmp (name, "li") == 0)
    begin_item (self);
  return has_room (self);
}

static gboolean
end (gpointer data, const char *name) {
  Writer *self = data;
  Kind kind = kind_of (name);

  if (self->hidden > 0) {
    self->hidden -= kind == KIND_HIDDEN;
    return TRUE;
  }
  if (kind == KIND_BLOCK || kind == KIND_PARAGRAPH)
    end_line (self);
  self->paragraph |= kind == KIND_PARAGRAPH;

  if (strcmp (name, "pre") == 0)
    self->preformatted -= self->preformatted > 0;
  else if (strcmp (name, "blockquote") == 0)
    self->quotes -= self->quotes > 0;
  else if (strcmp (name, "ul") == 0 || strcmp (name, "ol") == 0)
    self->lists -= self->lists > 0;
  return has_room (self);
}

static void
append_character (Writer *self, const char *p, gsize length) {
  if (self->preformatted > 0) {
    if (*p == '\n')
      break_line (self);
    else
      g_string_append_len (self->line, p, (gssize) length);
    return;
  }
  /* A no-break space is a space to a reader of lines. */
  gboolean wide = length == 2 && memcmp (p, "\302\240", 2) == 0;
  if (wide || g_ascii_isspace (*p)) {
    self->space = self->line->len > 0;
    return;
  }
  if (self->space && self->line->str[self->line->len - 1] != ' ')
    g_string_append_c (self->line, ' ');
  self->space = FALSE;
  g_string_append_len (self->line, p, (gssize) length);
}

static gboolean
text (gpointer data, const char *bytes, gsize length) {
  Writer *self = data;

  for (const char *p = bytes; self->hidden == 0 && p < bytes + length;) {
    const char *next = MIN (g_utf8_next_char (p), bytes + length);

    append_character (self, p, (gsize) (next - p));
    p = next;
    if (!has_room (self))
      return FALSE;
  }
  return TRUE;
}

char *
pb_html_to_text (const char *html, gsize limit) {
  g_return_val_if_fail (html != NULL, NULL);

  static const PbHtmlHandler handler = { start, end, text };
  Writer self = { .out = g_string_new (NULL), .line = g_string_new (NULL), .limit = limit };

  pb_html_parse (html, &handler, &self);
  end_line (&self);
  g_string_free (self.line, TRUE);
  if (self.out->len > limit) {
    const char *end = g_utf8_find_prev_char (self.out->str, self.out->str + limit + 1);
    g_string_truncate (self.out, end ? (gsize) (end - self.out->str) : 0);
  }
  while (self.out->len > 0 && self.out->str[self.out->len - 1] == '\n')
    g_string_truncate (self.out, self.out->len - 1);
  return g_string_free (self.out, FALSE);
}
