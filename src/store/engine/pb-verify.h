/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One verification, slice by slice, on the store thread. See pb-mail-store-verify.h. */

#pragma once

#include "pb-engine-private.h"
#include "pb-mail-store-verify.h"

G_BEGIN_DECLS

typedef struct _PbVerify PbVerify;

PbVerify *pb_verify_new (gboolean repair) G_GNUC_WARN_UNUSED_RESULT;
void pb_verify_free (PbVerify *self);

/* One slice. *@more: another one follows. */
gboolean pb_verify_step (PbVerify *self, PbEngine *engine, gboolean *more, GError **error);

/* Between steps. */
void pb_verify_get_progress (PbVerify *self, guint *done, guint *total);

/* After the last one. */
PbVerifyReport *pb_verify_steal_report (PbVerify *self);

G_END_DECLS
