/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Tables only, each sorted by name and searched by halving. */

#include "pb-html-rules.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN_LIMIT 64

typedef struct {
  const char *name;
  int rule;
} Rule;

static const Rule elements[] = {
  { "a", PB_HTML_KEEP },        { "abbr", PB_HTML_KEEP },       { "acronym", PB_HTML_KEEP },
  { "address", PB_HTML_KEEP },  { "applet", PB_HTML_DROP },     { "area", PB_HTML_DROP },
  { "article", PB_HTML_KEEP },  { "aside", PB_HTML_KEEP },      { "audio", PB_HTML_DROP },
  { "b", PB_HTML_KEEP },        { "base", PB_HTML_DROP },       { "basefont", PB_HTML_DROP },
  { "bdi", PB_HTML_KEEP },      { "bdo", PB_HTML_KEEP },        { "bgsound", PB_HTML_DROP },
  { "big", PB_HTML_KEEP },      { "blockquote", PB_HTML_KEEP }, { "body", PB_HTML_BODY },
  { "br", PB_HTML_VOID },       { "button", PB_HTML_DROP },     { "canvas", PB_HTML_DROP },
  { "caption", PB_HTML_KEEP },  { "center", PB_HTML_KEEP },     { "cite", PB_HTML_KEEP },
  { "code", PB_HTML_KEEP },     { "col", PB_HTML_VOID },        { "colgroup", PB_HTML_KEEP },
  { "datalist", PB_HTML_DROP }, { "dd", PB_HTML_KEEP },         { "del", PB_HTML_KEEP },
  { "details", PB_HTML_KEEP },  { "dfn", PB_HTML_KEEP },        { "dir", PB_HTML_KEEP },
  { "div", PB_HTML_KEEP },      { "dl", PB_HTML_KEEP },         { "dt", PB_HTML_KEEP },
  { "em", PB_HTML_KEEP },       { "embed", PB_HTML_DROP },      { "figcaption", PB_HTML_KEEP },
  { "figure", PB_HTML_KEEP },   { "font", PB_HTML_KEEP },       { "footer", PB_HTML_KEEP },
  { "frame", PB_HTML_DROP },    { "frameset", PB_HTML_DROP },   { "h1", PB_HTML_KEEP },
  { "h2", PB_HTML_KEEP },       { "h3", PB_HTML_KEEP },         { "h4", PB_HTML_KEEP },
  { "h5", PB_HTML_KEEP },       { "h6", PB_HTML_KEEP },         { "header", PB_HTML_KEEP },
  { "hr", PB_HTML_VOID },       { "i", PB_HTML_KEEP },          { "iframe", PB_HTML_DROP },
  { "image", PB_HTML_DROP },    { "img", PB_HTML_PICTURE },     { "input", PB_HTML_DROP },
  { "ins", PB_HTML_KEEP },      { "isindex", PB_HTML_DROP },    { "kbd", PB_HTML_KEEP },
  { "keygen", PB_HTML_DROP },   { "li", PB_HTML_KEEP },         { "link", PB_HTML_DROP },
  { "main", PB_HTML_KEEP },     { "map", PB_HTML_DROP },        { "mark", PB_HTML_KEEP },
  { "math", PB_HTML_DROP },     { "menu", PB_HTML_KEEP },       { "menuitem", PB_HTML_DROP },
  { "meta", PB_HTML_DROP },     { "meter", PB_HTML_DROP },      { "nav", PB_HTML_KEEP },
  { "nobr", PB_HTML_KEEP },     { "noembed", PB_HTML_DROP },    { "noframes", PB_HTML_DROP },
  { "object", PB_HTML_DROP },   { "ol", PB_HTML_KEEP },         { "optgroup", PB_HTML_DROP },
  { "option", PB_HTML_DROP },   { "output", PB_HTML_DROP },     { "p", PB_HTML_KEEP },
  { "param", PB_HTML_DROP },    { "portal", PB_HTML_DROP },     { "pre", PB_HTML_KEEP },
  { "progress", PB_HTML_DROP }, { "q", PB_HTML_KEEP },          { "rp", PB_HTML_KEEP },
  { "rt", PB_HTML_KEEP },       { "ruby", PB_HTML_KEEP },       { "s", PB_HTML_KEEP },
  { "samp", PB_HTML_KEEP },     { "script", PB_HTML_DROP },     { "section", PB_HTML_KEEP },
  { "select", PB_HTML_DROP },   { "small", PB_HTML_KEEP },      { "source", PB_HTML_DROP },
  { "span", PB_HTML_KEEP },     { "strike", PB_HTML_KEEP },     { "strong", PB_HTML_KEEP },
  { "style", PB_HTML_STYLE },   { "sub", PB_HTML_KEEP },        { "summary", PB_HTML_KEEP },
  { "sup", PB_HTML_KEEP },      { "svg", PB_HTML_DROP },        { "table", PB_HTML_KEEP },
  { "tbody", PB_HTML_KEEP },    { "td", PB_HTML_KEEP },         { "template", PB_HTML_DROP },
  { "textarea", PB_HTML_DROP }, { "tfoot", PB_HTML_KEEP },      { "th", PB_HTML_KEEP },
  { "thead", PB_HTML_KEEP },    { "time", PB_HTML_KEEP },       { "title", PB_HTML_DROP },
  { "tr", PB_HTML_KEEP },       { "track", PB_HTML_DROP },      { "tt", PB_HTML_KEEP },
  { "u", PB_HTML_KEEP },        { "ul", PB_HTML_KEEP },         { "var", PB_HTML_KEEP },
  { "video", PB_HTML_DROP },    { "wbr", PB_HTML_VOID },
};

static const Rule attributes[] = {
  { "abbr", PB_HTML_ATTRIBUTE_TEXT },
  { "align", PB_HTML_ATTRIBUTE_PLAIN },
  { "alt", PB_HTML_ATTRIBUTE_TEXT },
  { "aria-hidden", PB_HTML_ATTRIBUTE_PLAIN },
  { "aria-label", PB_HTML_ATTRIBUTE_TEXT },
  { "background", PB_HTML_ATTRIBUTE_BACKGROUND },
  { "bgcolor", PB_HTML_ATTRIBUTE_COLOR },
  { "border", PB_HTML_ATTRIBUTE_PLAIN },
  { "bordercolor", PB_HTML_ATTRIBUTE_COLOR },
  { "cellpadding", PB_HTML_ATTRIBUTE_PLAIN },
  { "cellspacing", PB_HTML_ATTRIBUTE_PLAIN },
  { "char", PB_HTML_ATTRIBUTE_PLAIN },
  { "class", PB_HTML_ATTRIBUTE_CLASS },
  { "clear", PB_HTML_ATTRIBUTE_PLAIN },
  { "color", PB_HTML_ATTRIBUTE_COLOR },
  { "colspan", PB_HTML_ATTRIBUTE_PLAIN },
  { "compact", PB_HTML_ATTRIBUTE_PLAIN },
  { "datetime", PB_HTML_ATTRIBUTE_TEXT },
  { "dir", PB_HTML_ATTRIBUTE_PLAIN },
  { "face", PB_HTML_ATTRIBUTE_TEXT },
  { "frame", PB_HTML_ATTRIBUTE_PLAIN },
  { "height", PB_HTML_ATTRIBUTE_PLAIN },
  { "href", PB_HTML_ATTRIBUTE_TARGET },
  { "hspace", PB_HTML_ATTRIBUTE_PLAIN },
  { "id", PB_HTML_ATTRIBUTE_ID },
  { "lang", PB_HTML_ATTRIBUTE_PLAIN },
  { "name", PB_HTML_ATTRIBUTE_ID },
  { "noshade", PB_HTML_ATTRIBUTE_PLAIN },
  { "nowrap", PB_HTML_ATTRIBUTE_PLAIN },
  { "open", PB_HTML_ATTRIBUTE_PLAIN },
  { "reversed", PB_HTML_ATTRIBUTE_PLAIN },
  { "role", PB_HTML_ATTRIBUTE_PLAIN },
  { "rowspan", PB_HTML_ATTRIBUTE_PLAIN },
  { "rules", PB_HTML_ATTRIBUTE_PLAIN },
  { "scope", PB_HTML_ATTRIBUTE_PLAIN },
  { "size", PB_HTML_ATTRIBUTE_PLAIN },
  { "span", PB_HTML_ATTRIBUTE_PLAIN },
  { "start", PB_HTML_ATTRIBUTE_PLAIN },
  { "style", PB_HTML_ATTRIBUTE_STYLE },
  { "summary", PB_HTML_ATTRIBUTE_TEXT },
  { "title", PB_HTML_ATTRIBUTE_TEXT },
  { "type", PB_HTML_ATTRIBUTE_PLAIN },
  { "valign", PB_HTML_ATTRIBUTE_PLAIN },
  { "value", PB_HTML_ATTRIBUTE_PLAIN },
  { "vspace", PB_HTML_ATTRIBUTE_PLAIN },
  { "width", PB_HTML_ATTRIBUTE_PLAIN },
};

static int
compare (const void *key, const void *rule) {
  return strcmp (key, ((const Rule *) rule)->name);
}

PbHtmlRule
pb_html_rule_of_element (const char *name) {
  const Rule *rule = bsearch (name, elements, G_N_ELEMENTS (elements), sizeof (Rule), compare);

  return rule ? (PbHtmlRule) rule->rule : PB_HTML_UNWRAP;
}

PbHtmlAttributeRule
pb_html_rule_of_attribute (const char *element, const char *name) {
  const Rule *rule = bsearch (name, attributes, G_N_ELEMENTS (attributes), sizeof (Rule), compare);
  PbHtmlAttributeRule found = rule ? (PbHtmlAttributeRule) rule->rule : PB_HTML_ATTRIBUTE_DROP;

  if (found == PB_HTML_ATTRIBUTE_TARGET && strcmp (element, "a") != 0)
    return PB_HTML_ATTRIBUTE_DROP;
  return found;
}

gboolean
pb_html_is_plain_value (const char *value) {
  if (strlen (value) > PLAIN_LIMIT)
    return FALSE;
  for (; *value; value++) {
    if (!g_ascii_isalnum (*value) && !strchr (" #%.,-_+*()", *value))
      return FALSE;
  }
  return TRUE;
}
