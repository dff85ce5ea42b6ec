/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes a message's markup anew from parser events: what comes out was put there by this file,
 * never copied through. Which names are allowed stands in pb-html-rules.c, which style in
 * pb-css-filter.c, which addresses in pb-link.c. */

#include "pb-html-filter.h"

#include <string.h>

#include "pb-css-filter.h"
#include "pb-html-events.h"
#include "pb-html-rules.h"
#include "pb-link.h"

#define DEPTH_LIMIT 256
#define NAME_LIMIT 32
#define ID_LIMIT 128
#define TEXT_LIMIT 4096
#define CLASS_LIMIT 1024
#define STYLE_LIMIT (512 * 1024)

typedef struct {
  char name[NAME_LIMIT]; /* as the parser calls it */
  const char *tag;       /* what was written for it; NULL for nothing */
  gboolean folds;        /* there is a fold around it */
} OpenElement;

typedef struct {
  GString *out;
  GString *style; /* as it came */
  PbCssFindings findings;
  OpenElement open[DEPTH_LIMIT];
  guint depth;
  char dropped[NAME_LIMIT]; /* the element being dropped; "" for none */
  guint dropped_depth;      /* how many of that name are open */
  gboolean collects_style;
  const PbHtmlHooks *hooks;
  gboolean in_fold;
  GString *link_text; /* of the link that is open; NULL for none */
  char *link_target;
} Filter;

static void
append_escaped (GString *out, const char *text, gsize length) {
  for (gsize i = 0; i < length; i++) {
    switch (text[i]) {
    case '&':
      g_string_append (out, "&amp;");
      break;
    case '<':
      g_string_append (out, "&lt;");
      break;
    case '>':
      g_string_append (out, "&gt;");
      break;
    case '"':
      g_string_append (out, "&quot;");
      break;
    case '\'':
      g_string_append (out, "&#39;");
      break;
    case '`':
      g_string_append (out, "&#96;");
      break;
    default:
      if (!g_ascii_iscntrl (text[i]) || text[i] == '\n' || text[i] == '\t')
        g_string_append_c (out, text[i]);
    }
  }
}

static void
append_attribute (GString *out, const char *name, const char *value) {
  g_string_append_printf (out, " %s=\"", name);
  append_escaped (out, value, strlen (value));
  g_string_append_c (out, '"');
}

static void
append_text_attribute (GString *out, const char *name, const char *value) {
  g_autofree char *copy = g_strndup (value, strnlen (value, TEXT_LIMIT));
  g_autofree char *valid = g_utf8_make_valid (copy, -1);

  append_attribute (out, name, valid);
}

static void
append_id (GString *out, const char *name, const char *value) {
  g_autoptr (GString) id = g_string_new (NULL);

  if (!g_str_has_prefix (value, PB_CSS_ID_PREFIX))
    g_string_append (id, PB_CSS_ID_PREFIX);
  g_string_append (id, value);
  if (strlen (value) > ID_LIMIT || strpbrk (value, " \t\n\r\f"))
    return;
  append_attribute (out, name, id->str);
}

/* Without classes of the program's own, except those this filter gives out itself. */
static void
append_class (GString *out, const char *value, const char *extra) {
  g_autofree char *copy = g_strndup (value, strnlen (value, CLASS_LIMIT));
  g_autofree char *valid = g_utf8_make_valid (copy, -1);
  g_auto (GStrv) words = g_strsplit_set (valid, " \t\n\r\f", -1);
  g_autoptr (GString) classes = g_string_new (extra);

  for (guint i = 0; words[i]; i++) {
    gboolean ours = g_str_has_prefix (words[i], "pb-") && strcmp (words[i], "pb-body") != 0;

    if (!*words[i] || ours || g_strcmp0 (words[i], extra) == 0)
      continue;
    if (classes->len > 0)
      g_string_append_c (classes, ' ');
    g_string_append (classes, words[i]);
  }
  if (classes->len > 0)
    append_attribute (out, "class", classes->str);
}

static void
append_style (Filter *self, const char *value) {
  g_autofree char *style =
    pb_css_filter_declarations (value, strnlen (value, TEXT_LIMIT * 4), &self->findings);
  g_autofree char *valid = g_utf8_make_valid (style, -1);

  if (*valid)
    append_attribute (self->out, "style", valid);
}

static void
append_target (GString *out, const char *value) {
  g_autofree char *target = pb_link_clean_target (value);

  if (!target)
    return;
  append_attribute (out, "href", target);
  append_attribute (out, "rel", "noopener noreferrer");
}

static void
append_one (Filter *self, const char *element, const char *name, const char *value) {
  gboolean remote;

  switch (pb_html_rule_of_attribute (element, name)) {
  case PB_HTML_ATTRIBUTE_TEXT:
    append_text_attribute (self->out, name, value);
    break;
  case PB_HTML_ATTRIBUTE_COLOR:
    self->findings.sets_colors |= *value != '\0';
    G_GNUC_FALLTHROUGH;
  case PB_HTML_ATTRIBUTE_PLAIN:
    if (pb_html_is_plain_value (value))
      append_attribute (self->out, name, value);
    break;
  case PB_HTML_ATTRIBUTE_STYLE:
    append_style (self, value);
    break;
  case PB_HTML_ATTRIBUTE_ID:
    append_id (self->out, name, value);
    break;
  case PB_HTML_ATTRIBUTE_TARGET:
    append_target (self->out, value);
    break;
  case PB_HTML_ATTRIBUTE_BACKGROUND:
    g_free (pb_link_clean_picture (value, &remote));
    self->findings.remote_images += remote;
    break;
  case PB_HTML_ATTRIBUTE_CLASS: /* written first, with the element */
  case PB_HTML_ATTRIBUTE_DROP:
    break;
  }
}

static gboolean
is_repeated (const char *const *attributes, guint index) {
  for (guint i = 0; i < index; i += 2) {
    if (strcmp (attributes[i], attributes[index]) == 0)
      return TRUE;
  }
  return FALSE;
}

/* @extra_class may be NULL. */
static void
append_attributes (Filter *self,
                   const char *element,
                   const char *const *attributes,
                   const char *extra_class) {
  const char *class = pb_html_get_attribute (attributes, "class");

  append_class (self->out, class ? class : "", extra_class);
  for (guint i = 0; attributes && attributes[i] && i < 128; i += 2) {
    if (!is_repeated (attributes, i))
      append_one (self, element, attributes[i], attributes[i + 1] ? attributes[i + 1] : "");
  }
}

static gboolean
is_at_most (const char *size, int limit) {
  return size && g_ascii_isdigit (*size) && !strchr (size, '%') &&
         g_ascii_strtoll (size, NULL, 10) <= limit;
}

/* A dot, or not shown at all: made to be fetched, not to be seen. */
static gboolean
is_tiny (const char *const *attributes) {
  const char *width = pb_html_get_attribute (attributes, "width");
  const char *height = pb_html_get_attribute (attributes, "height");
  const char *style = pb_html_get_attribute (attributes, "style");
  g_autofree char *rules = g_ascii_strdown (style ? style : "", -1);
  char *to = rules;

  for (const char *p = rules; *p; p++) {
    if (!g_ascii_isspace (*p))
      *to++ = *p;
  }
  *to = '\0';
  return (is_at_most (width, 2) && is_at_most (height, 2)) || is_at_most (width, 0) ||
         is_at_most (height, 0) || strstr (rules, "display:none") ||
         strstr (rules, "visibility:hidden") ||
         (strstr (rules, "width:1px") && strstr (rules, "height:1px"));
}

static char *
find_picture (Filter *self, const char *source, gboolean tiny, gboolean *remote) {
  g_autofree char *picture = pb_link_clean_picture (source, remote);
  g_autofree char *address =
    self->hooks && self->hooks->picture ? pb_link_normalise (source) : NULL;
  char *known = address ? self->hooks->picture (address, *remote, tiny, self->hooks->data) : NULL;

  if (!known)
    return g_steal_pointer (&picture);
  *remote = FALSE;
  return known;
}

/* A picture that is not here keeps its place. */
static void
append_picture (Filter *self, const char *const *attributes) {
  const char *source = pb_html_get_attribute (attributes, "src");
  const char *set = pb_html_get_attribute (attributes, "srcset");
  gboolean remote = FALSE, tiny = is_tiny (attributes);
  g_autofree char *picture = source ? find_picture (self, source, tiny, &remote) : NULL;

  if (!picture && !remote && set)
    g_free (pb_link_clean_picture (set, &remote));
  self->findings.remote_images += remote;
  g_string_append (self->out, "<img");
  append_attributes (self, "img", attributes, picture ? NULL : "pb-remote");
  if (picture)
    append_attribute (self->out, "src", picture);
  g_string_append_c (self->out, '>');
}

/* ---- Links ---- */

static void
end_link (Filter *self) {
  if (!self->link_text)
    return;
  self->hooks->link (self->link_target, self->link_text->str, self->hooks->data);
  g_string_free (self->link_text, TRUE);
  self->link_text = NULL;
  g_clear_pointer (&self->link_target, g_free);
}

static void
begin_link (Filter *self, const char *const *attributes) {
  const char *href = pb_html_get_attribute (attributes, "href");

  end_link (self);
  if (!self->hooks || !self->hooks->link || !href)
    return;
  self->link_target = pb_link_clean_target (href);
  if (self->link_target && *self->link_target != '#')
    self->link_text = g_string_new (NULL);
  else
    g_clear_pointer (&self->link_target, g_free);
}

static OpenElement *
open_element (Filter *self, const char *name, const char *tag) {
  OpenElement *element = &self->open[self->depth++];

  g_strlcpy (element->name, name, sizeof element->name);
  element->tag = tag;
  return element;
}

static void
close_element (Filter *self) {
  const OpenElement *element = &self->open[--self->depth];

  g_string_append_printf (self->out, "</%s>", element->tag);
  if (element->folds) {
    g_string_append (self->out, "</details>");
    self->in_fold = FALSE;
  }
}

/* What mail programs write around the letter that is answered. */
static gboolean
is_quote (const char *name, const char *const *attributes) {
  const char *type = pb_html_get_attribute (attributes, "type");
  const char *class = pb_html_get_attribute (attributes, "class");

  return strcmp (name, "blockquote") == 0 && ((type && g_ascii_strcasecmp (type, "cite") == 0) ||
                                              (class && strstr (class, "gmail_quote")));
}

static gboolean
begin_fold (Filter *self, const char *name, const char *const *attributes) {
  if (!self->hooks || !self->hooks->fold || self->in_fold || !is_quote (name, attributes))
    return FALSE;
  g_string_append (self->out, "<details class=\"pb-fold\"><summary>");
  append_escaped (self->out, self->hooks->fold, strlen (self->hooks->fold));
  g_string_append (self->out, "</summary>");
  self->in_fold = TRUE;
  return TRUE;
}

static void
begin_dropping (Filter *self, const char *name, gboolean collects_style) {
  g_strlcpy (self->dropped, name, sizeof self->dropped);
  self->dropped_depth = 1;
  self->collects_style = collects_style;
}

/* The name as a constant of this program rather than of the message. */
static const char *
tag_of (const char *name) {
  return g_intern_string (name);
}

static gboolean
start (gpointer data, const char *name, const char *const *attributes) {
  Filter *self = data;
  PbHtmlRule rule = pb_html_rule_of_element (name);

  if (self->dropped_depth > 0) {
    self->dropped_depth += strcmp (name, self->dropped) == 0;
    return TRUE;
  }
  switch (rule) {
  case PB_HTML_UNWRAP:
    break;
  case PB_HTML_DROP:
  case PB_HTML_STYLE:
    begin_dropping (self, name, rule == PB_HTML_STYLE);
    break;
  case PB_HTML_PICTURE:
    append_picture (self, attributes);
    break;
  case PB_HTML_VOID:
  case PB_HTML_KEEP:
  case PB_HTML_BODY:
    if (rule != PB_HTML_VOID && self->depth == DEPTH_LIMIT)
      break;
    const char *tag = rule == PB_HTML_BODY ? "div" : tag_of (name);
    if (strcmp (name, "a") == 0)
      begin_link (self, attributes);
    gboolean folds = rule != PB_HTML_VOID && begin_fold (self, name, attributes);
    g_string_append_printf (self->out, "<%s", tag);
    append_attributes (self, tag, attributes, rule == PB_HTML_BODY ? "pb-body" : NULL);
    g_string_append_c (self->out, '>');
    if (rule != PB_HTML_VOID)
      open_element (self, name, tag)->folds = folds;
    break;
  }
  return TRUE;
}

/* Ends every element down to the one of that name; nothing when there is none. */
static gboolean
end (gpointer data, const char *name) {
  Filter *self = data;
  guint level = self->depth;

  if (self->dropped_depth > 0) {
    self->dropped_depth -= strcmp (name, self->dropped) == 0;
    return TRUE;
  }
  if (strcmp (name, "a") == 0)
    end_link (self);
  while (level > 0 && strcmp (self->open[level - 1].name, name) != 0)
    level--;
  while (level > 0 && self->depth >= level)
    close_element (self);
  return TRUE;
}

static gboolean
text (gpointer data, const char *bytes, gsize length) {
  Filter *self = data;

  if (self->dropped_depth == 0 && self->link_text && self->link_text->len < TEXT_LIMIT)
    g_string_append_len (self->link_text, bytes, (gssize) MIN (length, TEXT_LIMIT));
  if (self->dropped_depth == 0)
    append_escaped (self->out, bytes, length);
  else if (self->collects_style && self->style->len + length <= STYLE_LIMIT)
    g_string_append_len (self->style, bytes, (gssize) length);
  return TRUE;
}

PbFilteredHtml *
pb_html_filter (const char *html) {
  return pb_html_filter_with (html, NULL);
}

PbFilteredHtml *
pb_html_filter_with (const char *html, const PbHtmlHooks *hooks) {
  g_return_val_if_fail (html != NULL, NULL);

  static const PbHtmlHandler handler = { start, end, text };
  g_autofree Filter *self = g_new0 (Filter, 1);
  PbFilteredHtml *result = g_new0 (PbFilteredHtml, 1);

  self->out = g_string_new (NULL);
  self->style = g_string_new (NULL);
  self->hooks = hooks;
  pb_html_parse (html, &handler, self);
  end_link (self);
  while (self->depth > 0)
    close_element (self);

  g_autofree char *sheet =
    pb_css_filter_sheet (self->style->str, self->style->len, &self->findings);
  g_autofree char *valid = g_utf8_make_valid (sheet, -1);
  g_string_free (self->style, TRUE);
  result->markup = self->out;
  result->style = g_string_new (valid);
  result->remote_images = self->findings.remote_images;
  result->sets_colors = self->findings.sets_colors;
  return result;
}

void
pb_filtered_html_free (PbFilteredHtml *self) {
  if (!self)
    return;
  g_string_free (self->markup, TRUE);
  g_string_free (self->style, TRUE);
  g_free (self);
}
