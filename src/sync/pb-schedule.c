/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of pb-schedule.h, from the weakest to the strongest. Chance is a function of the
 * account and of its last check, so that asking twice gives the same time. */

#include "pb-schedule.h"

#define BACK_OFF_FIRST_SECONDS 60
#define SPREAD_SECONDS 3

static guint32
scramble (guint32 value) {
  value = (value ^ (value >> 16)) * 0x45d9f3bU;
  value = (value ^ (value >> 16)) * 0x45d9f3bU;
  return value ^ (value >> 16);
}

/* 0 to @range, both included. */
static gint64
chance (const PbScheduleFacts *facts, gint64 range) {
  return (gint64) (scramble (facts->salt ^ (guint32) facts->last) % (guint64) (range + 1));
}

static gint64
back_off (const PbScheduleFacts *facts) {
  guint doublings = MIN (facts->failures - 1, 5);
  gint64 pause = MIN ((gint64) BACK_OFF_FIRST_SECONDS << doublings, PB_SCHEDULE_BACK_OFF_SECONDS);

  return facts->last + pause - chance (facts, pause / 10);
}

/* When all this began, as far as the next check goes. */
static gint64
base_of (const PbScheduleFacts *facts) {
  return facts->last > 0 ? facts->last : facts->started;
}

/* A tenth of the interval earlier or later. */
static gint64
regular (const PbScheduleFacts *facts) {
  if (facts->interval == 0)
    return PB_SCHEDULE_NEVER;
  if (facts->failures > 0)
    return back_off (facts);
  return base_of (facts) + facts->interval - facts->interval / 10 +
         chance (facts, facts->interval / 5);
}

/* What makes a check worth while now, rather than by the clock; 0 for nothing. */
static gint64
occasion (const PbScheduleFacts *facts) {
  gint64 came_back = MAX (facts->woken, facts->connected);

  if (facts->interval > 0 && came_back > 0 && came_back >= facts->last && came_back <= facts->now)
    return came_back + PB_SCHEDULE_SETTLE_SECONDS + chance (facts, SPREAD_SECONDS);
  return facts->at_start && facts->last == 0 ? facts->started : 0;
}

gint64
pb_schedule_next (const PbScheduleFacts *facts) {
  gint64 next = regular (facts);
  gint64 event = occasion (facts);

  if (facts->asleep || facts->blocked)
    return PB_SCHEDULE_NEVER;
  if (event > 0)
    next = event; /* also where the clock says that it is high time: the network needs a moment */
  if (next == PB_SCHEDULE_NEVER)
    return next;
  if (facts->last > 0)
    next = MAX (next, facts->last + PB_SCHEDULE_GAP_SECONDS);
  if (facts->offline)
    next = MAX (next, base_of (facts) + PB_SCHEDULE_BACK_OFF_SECONDS);
  if (base_of (facts) > facts->now)
    next = facts->now;
  return MAX (MAX (next, facts->not_before), facts->now);
}
