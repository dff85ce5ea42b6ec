/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The one place where GMime is set up. Within this layer only. */

#pragma once

#include <gmime/gmime.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeObject, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InternetAddressList, g_object_unref)

/* Before every other use of GMime; any thread, as often as wanted. */
void pb_gmime_init (void);

/* Tolerant of what real mail holds; belongs to this file, not to be changed. */
GMimeParserOptions *pb_gmime_get_options (void);

G_END_DECLS
