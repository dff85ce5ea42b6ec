/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What can happen to somebody who opens an attachment. */

#pragma once

#include "pb-attachment.h"

G_BEGIN_DECLS

typedef enum {
  PB_DANGER_NONE,
  PB_DANGER_ASK,     /* opens, but can do more than be read */
  PB_DANGER_PROGRAM, /* runs: never to be opened from here */
} PbDanger;

/* By its name and its first bytes, whatever type is declared. *@sentence says what it is and what
 * it can do, for people; NULL with PB_DANGER_NONE. Quick: decodes no more than the beginning. */
PbDanger pb_attachment_judge (PbAttachment *attachment, char **sentence);

G_END_DECLS
