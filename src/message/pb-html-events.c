/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The frame around libxml2's HTML parser: its SAX interface, silent, without network, and with a
 * measure of work, since it searches all open elements for every end tag. */

#include "pb-html-events.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "pb-html-guard.h"

/* Open elements looked at over the whole document: a real one of 4 MiB needs a tenth of that. */
#define WORK_LIMIT (64 * 1024 * 1024)

/* Around the whole: without an open element the parser would put text into paragraphs of its own.
 * Nobody hears of it. */
#define FRAME "pb-frame"

typedef struct {
  const PbHtmlHandler *handler;
  gpointer data;
  gint64 work;
} Parser;

static void
stop (htmlParserCtxtPtr context) {
  Parser *self = context->_private;

  self->work = G_MAXINT64 / 2;
  xmlStopParser (context);
}

/* FALSE when nothing more is to be handed on. */
static gboolean
account (htmlParserCtxtPtr context) {
  Parser *self = context->_private;

  self->work += context->nameNr + 1;
  if (self->work <= WORK_LIMIT)
    return TRUE;
  stop (context);
  return FALSE;
}

static void
start_element (void *context, const xmlChar *name, const xmlChar **attributes) {
  Parser *self = ((htmlParserCtxtPtr) context)->_private;

  if (account (context) && strcmp ((const char *) name, FRAME) != 0 &&
      !self->handler->start (self->data, (const char *) name, (const char *const *) attributes))
    stop (context);
}

static void
end_element (void *context, const xmlChar *name) {
  Parser *self = ((htmlParserCtxtPtr) context)->_private;

  if (account (context) && strcmp ((const char *) name, FRAME) != 0 &&
      !self->handler->end (self->data, (const char *) name))
    stop (context);
}

static void
characters (void *context, const xmlChar *text, int length) {
  Parser *self = ((htmlParserCtxtPtr) context)->_private;

  if (account (context) && !self->handler->text (self->data, (const char *) text, (gsize) length))
    stop (context);
}

/* Errors are what real mail is made of; they only count as work. */
static void
G_GNUC_PRINTF (2, 3) error_met (void *context, const char *format, ...) {
  account (context);
}

static gpointer
set_up (gpointer data) {
  xmlInitParser ();
  return NULL;
}

static gsize
usable_length (const char *html) {
  gsize length = strnlen (html, PB_HTML_LIMIT + 1);

  if (length > PB_HTML_LIMIT) {
    length = PB_HTML_LIMIT;
    while (length > 0 && ((guchar) html[length] & 0xc0) == 0x80)
      length--;
  }
  return length;
}

void
pb_html_parse (const char *html, const PbHtmlHandler *handler, gpointer data) {
  static GOnce once = G_ONCE_INIT;
  Parser self = { handler, data, 0 };
  gsize length = usable_length (html);

  g_once (&once, set_up, NULL);
  if (length == 0)
    return;
  htmlParserCtxtPtr context = htmlNewParserCtxt ();
  if (!context)
    g_error ("out of memory");
  g_autoptr (GString) framed = g_string_sized_new (length + 16);
  g_string_append (framed, "<" FRAME ">");
  pb_html_guard_append (framed, html, length);
  *context->sax = (xmlSAXHandler){
    .startElement = start_element,
    .endElement = end_element,
    .characters = characters,
    .ignorableWhitespace = characters,
    .cdataBlock = characters,
    .warning = error_met,
    .error = error_met,
  };
  context->_private = &self;
  htmlDocPtr document =
    htmlCtxtReadMemory (context, framed->str, (int) framed->len, NULL, "UTF-8",
                        HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NODEFDTD |
                          HTML_PARSE_NOIMPLIED | HTML_PARSE_IGNORE_ENC);
  if (document)
    xmlFreeDoc (document);
  htmlFreeParserCtxt (context);
}

const char *
pb_html_get_attribute (const char *const *attributes, const char *name) {
  for (guint i = 0; attributes && attributes[i]; i += 2) {
    if (strcmp (attributes[i], name) == 0)
      return attributes[i + 1] ? attributes[i + 1] : "";
  }
  return NULL;
}
