/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The lists of elements and attributes that markup of messages may have. Within this layer only. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PB_HTML_UNWRAP, /* not on the list: the element goes, what is in it stays */
  PB_HTML_KEEP,
  PB_HTML_VOID,    /* kept, has no content */
  PB_HTML_BODY,    /* becomes a div */
  PB_HTML_DROP,    /* goes with everything in it */
  PB_HTML_STYLE,   /* goes; its text is style */
  PB_HTML_PICTURE, /* img */
} PbHtmlRule;

PbHtmlRule pb_html_rule_of_element (const char *name);

typedef enum {
  PB_HTML_ATTRIBUTE_DROP,
  PB_HTML_ATTRIBUTE_TEXT,  /* anything a person may read */
  PB_HTML_ATTRIBUTE_PLAIN, /* numbers, key words, colours */
  PB_HTML_ATTRIBUTE_COLOR, /* the same; sets a colour */
  PB_HTML_ATTRIBUTE_STYLE,
  PB_HTML_ATTRIBUTE_CLASS,
  PB_HTML_ATTRIBUTE_ID,
  PB_HTML_ATTRIBUTE_TARGET,     /* of a link */
  PB_HTML_ATTRIBUTE_BACKGROUND, /* a picture; goes */
} PbHtmlAttributeRule;

/* src and srcset are not asked for here: they are read with their element. */
PbHtmlAttributeRule pb_html_rule_of_attribute (const char *element, const char *name);

/* TRUE for a value of numbers, key words or a colour. */
gboolean pb_html_is_plain_value (const char *value);

G_END_DECLS
