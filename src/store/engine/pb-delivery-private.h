/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* How the store begins a delivery. */

#pragma once

#include "pb-delivery.h"
#include "pb-worker.h"

G_BEGIN_DECLS

PbDelivery *pb_delivery_new (PbWorker *worker, const char *account_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
