/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The choice of what to show. The rules are those of "postbag-cli show --json": containers are
 * entered, attached messages are not, an attachment is what says so and what is neither body text
 * nor a signature. */

#include "pb-body.h"

#include <string.h>

#include "pb-header-text.h"
#include "pb-text-decoder.h"
#include "pb-transfer.h"

static void walk (PbBody *self, PbPart *part);

static PbBodyBlock *
block_new (void) {
  PbBodyBlock *block = g_new0 (PbBodyBlock, 1);

  block->plain = g_ptr_array_new ();
  block->rich = g_ptr_array_new ();
  return block;
}

static void
block_free (gpointer data) {
  PbBodyBlock *block = data;

  g_ptr_array_unref (block->plain);
  g_ptr_array_unref (block->rich);
  g_free (block);
}

static PbBody *
body_new (void) {
  PbBody *self = g_new0 (PbBody, 1);

  self->blocks = g_ptr_array_new_with_free_func (block_free);
  self->attachments = g_array_new (FALSE, FALSE, sizeof (PbBodyAttachment));
  return self;
}

void
pb_body_free (PbBody *self) {
  if (!self)
    return;
  g_ptr_array_unref (self->blocks);
  g_array_unref (self->attachments);
  g_free (self);
}

gboolean
pb_body_is_signature (const PbPart *part) {
  return strcmp (part->type, "application/pgp-signature") == 0 ||
         strcmp (part->type, "application/pkcs7-signature") == 0 ||
         strcmp (part->type, "application/x-pkcs7-signature") == 0;
}

gboolean
pb_body_is_html (const PbPart *part) {
  return strcmp (part->type, "text/html") == 0;
}

/* A container whose boundary never comes is shown as the text it is. */
static gboolean
is_plain (const PbPart *part) {
  return strcmp (part->type, "text/plain") == 0 ||
         (pb_part_is (part, "multipart/") && !part->is_container && !part->is_too_deep);
}

static void
add_attachment (PbBody *self, PbPart *part, gboolean related) {
  PbBodyAttachment attachment = { part, related };

  g_array_append_val (self->attachments, attachment);
}

static void
walk_leaf (PbBody *self, PbPart *part) {
  if (part->disposition == PB_DISPOSITION_ATTACHMENT) {
    add_attachment (self, part, FALSE);
  } else if (pb_body_is_html (part) || is_plain (part)) {
    PbBodyBlock *block = block_new ();
    g_ptr_array_add (pb_body_is_html (part) ? block->rich : block->plain, part);
    g_ptr_array_add (self->blocks, block);
  } else if (!pb_body_is_signature (part)) {
    add_attachment (self, part, FALSE);
  }
}

static gboolean
has_form (const PbBody *self, gboolean rich) {
  for (guint i = 0; i < self->blocks->len; i++) {
    PbBodyBlock *block = g_ptr_array_index (self->blocks, i);
    if ((rich ? block->rich : block->plain)->len > 0)
      return TRUE;
  }
  return FALSE;
}

static void
move_blocks (PbBody *from, PbBody *to) {
  g_ptr_array_extend_and_steal (to->blocks, g_ptr_array_ref (from->blocks));
  from->blocks = g_ptr_array_new_with_free_func (block_free);
}

/* All blocks of @from as one form of one block. */
static void
append_form (const PbBody *from, gboolean rich, GPtrArray *to) {
  for (guint i = 0; i < from->blocks->len; i++) {
    PbBodyBlock *block = g_ptr_array_index (from->blocks, i);
    g_ptr_array_extend (to, rich && block->rich->len > 0 ? block->rich : block->plain, NULL, NULL);
  }
}

/* The first alternative with plain text, the last with HTML. */
static void
merge_alternatives (PbBody *self, GPtrArray *choices) {
  PbBody *plain = NULL, *rich = NULL;

  for (guint i = 0; i < choices->len; i++) {
    PbBody *choice = g_ptr_array_index (choices, i);

    if (!plain && has_form (choice, FALSE))
      plain = choice;
    if (has_form (choice, TRUE))
      rich = choice;
  }
  if (!plain || !rich || plain == rich) {
    if (plain || rich)
      move_blocks (plain ? plain : rich, self);
    return;
  }
  PbBodyBlock *block = block_new ();
  append_form (plain, FALSE, block->plain);
  append_form (rich, TRUE, block->rich);
  g_ptr_array_add (self->blocks, block);
}

static void
walk_alternative (PbBody *self, PbPart *part) {
  g_autoptr (GPtrArray) choices = g_ptr_array_new_with_free_func ((GDestroyNotify) pb_body_free);

  for (guint i = 0; i < part->children->len; i++) {
    PbBody *choice = body_new ();

    walk (choice, g_ptr_array_index (part->children, i));
    g_array_append_vals (self->attachments, choice->attachments->data, choice->attachments->len);
    g_ptr_array_add (choices, choice);
  }
  merge_alternatives (self, choices);
}

static gboolean
may_be_root (const PbPart *part) {
  return part->is_container || (part->disposition != PB_DISPOSITION_ATTACHMENT &&
                                (pb_body_is_html (part) || is_plain (part)));
}

/* The one that "start" names, else the first, unless that could not be shown and another can. */
static PbPart *
find_root (const PbPart *part) {
  g_autofree char *start = pb_part_dup_parameter (part, "start");

  if (start) {
    g_strdelimit (start, "<>", ' ');
    g_strstrip (start);
    for (guint i = 0; i < part->children->len; i++) {
      PbPart *child = g_ptr_array_index (part->children, i);
      g_autofree char *id = pb_part_dup_content_id (child);
      if (g_strcmp0 (id, start) == 0)
        return child;
    }
  }
  for (guint i = 0; i < part->children->len; i++) {
    PbPart *child = g_ptr_array_index (part->children, i);
    if (may_be_root (child))
      return child;
  }
  return part->children->len > 0 ? g_ptr_array_index (part->children, 0) : NULL;
}

static void
add_related (PbBody *self, PbPart *part) {
  for (guint i = 0; part->is_container && i < part->children->len; i++)
    add_related (self, g_ptr_array_index (part->children, i));
  if (!part->is_container && !pb_body_is_signature (part))
    add_attachment (self, part, TRUE);
}

static void
walk_related (PbBody *self, PbPart *part) {
  PbPart *root = find_root (part);

  for (guint i = 0; i < part->children->len; i++) {
    PbPart *child = g_ptr_array_index (part->children, i);

    if (child == root)
      walk (self, child);
    else
      add_related (self, child);
  }
}

static void
walk (PbBody *self, PbPart *part) {
  if (!part->is_container) {
    walk_leaf (self, part);
  } else if (strcmp (part->type, "multipart/alternative") == 0) {
    walk_alternative (self, part);
  } else if (strcmp (part->type, "multipart/related") == 0) {
    walk_related (self, part);
  } else {
    for (guint i = 0; i < part->children->len; i++)
      walk (self, g_ptr_array_index (part->children, i));
  }
}

PbBody *
pb_body_choose (PbPart *root) {
  PbBody *self = body_new ();

  walk (self, root);
  return self;
}

/* CRLF to LF, and a lone CR to LF. */
static void
normalise_line_ends (char *text) {
  char *to = text;

  for (const char *p = text; *p; p++) {
    if (*p == '\r' && p[1] == '\n')
      continue;
    *to++ = *p == '\r' ? '\n' : *p;
  }
  *to = '\0';
}

char *
pb_body_dup_text (const PbPart *part, const char *data, gsize limit, gboolean *cut) {
  g_autofree char *charset = pb_part_dup_parameter (part, "charset");
  g_autoptr (GString) bytes = NULL;
  const char *from = data + part->start;
  gsize length = part->end - part->start;
  char *text;

  if (part->encoding == PB_ENCODING_NONE) {
    if (cut)
      *cut = length > limit;
    text = pb_text_decode (from, MIN (length, limit), charset);
  } else {
    bytes = pb_transfer_decode_all (part->encoding, from, length, limit, cut);
    text = pb_text_decode (bytes->str, bytes->len, charset);
  }
  if (strchr (text, '\r'))
    normalise_line_ends (text);
  return text;
}
