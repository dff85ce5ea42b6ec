/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading of single lines from a POP3 server, without their line ends. Lines are untrusted. What
 * real servers do beyond the standard is read (several blanks, text behind the numbers, odd
 * ids); a number that does not fit is not. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Part of the line that was read; neither NUL-terminated nor UTF-8. */
typedef struct {
  const guint8 *data;
  gsize length;
} PbPop3Span;

typedef struct {
  gboolean ok;     /* +OK, otherwise -ERR */
  PbPop3Span code; /* without brackets (RFC 2449, RFC 3206); empty where there is none */
  PbPop3Span text; /* what follows, code included, without blanks around it */
} PbPop3Status;

/* FALSE when the line is neither +OK nor -ERR. */
gboolean pb_pop3_status_parse (PbPop3Status *self, const guint8 *line, gsize length);

/* "+ challenge" (RFC 5034): @challenge is what follows, empty for a bare "+". FALSE for other
 * lines, status lines among them. */
gboolean pb_pop3_challenge_parse (PbPop3Span *challenge, const guint8 *line, gsize length);

/* "count octets" as in the text of STAT's reply. The octets may be missing (0). */
gboolean pb_pop3_stat_parse (const PbPop3Span *text, guint *count, guint64 *octets);

typedef struct {
  guint number; /* 1 to G_MAXINT */
  gboolean has_size;
  guint64 size;
  PbPop3Span uid; /* empty where there is none */
} PbPop3Row;

/* A unique id longer than this (RFC 1939 allows 70) is taken for none. */
#define PB_POP3_UID_MAX 1024

/* Rows of LIST and UIDL. FALSE when there is no message number that can be used. A size that is
 * missing, negative or too large leaves @has_size FALSE. The unique id is everything after the
 * number, blanks within included: cutting it could make two ids equal. */
gboolean pb_pop3_row_parse_list (PbPop3Row *self, const guint8 *line, gsize length);
gboolean pb_pop3_row_parse_uidl (PbPop3Row *self, const guint8 *line, gsize length);

/* A line of CAPA's reply made presentable: the name in upper case, arguments as they are with
 * single blanks between them. NULL when there is no name. */
char *pb_pop3_capability_parse (const guint8 *line, gsize length);

/* Whether @capabilities (NULL-terminated, or NULL) names @name; @argument (may be NULL) is then
 * set to what follows the name, "" for nothing, owned by the array. */
gboolean pb_pop3_capabilities_find (const char *const *capabilities,
                                    const char *name,
                                    const char **argument);

/* What @capabilities (as above) say for how long the server keeps mail and how far apart log-ins
 * must be (RFC 2449), FALSE and nothing changed when they do not: days, or PB_POP3_EXPIRE_NEVER, or
 * 0 for a server that keeps nothing that was retrieved; seconds, at most a day. */
#define PB_POP3_EXPIRE_NEVER G_MAXINT
gboolean pb_pop3_capabilities_get_expire (const char *const *capabilities, int *days);
gboolean pb_pop3_capabilities_get_login_delay (const char *const *capabilities, guint *seconds);

/* A copy fit to be shown and kept: valid UTF-8 as it is, otherwise with U+FFFD for each byte
 * above 0x7f; control characters become blanks; at most @limit bytes of the line are used. */
char *pb_pop3_span_to_printable (const PbPop3Span *span, gsize limit);

G_END_DECLS
