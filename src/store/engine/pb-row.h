/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Making of PbMessageRow, which only the store does. */

#pragma once

#include "pb-message-row.h"

G_BEGIN_DECLS

/* Copies @values and takes a reference of its summary. */
PbMessageRow *pb_message_row_new (const PbMessageRow *values) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
