/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* When an account is checked next. A pure function: no clock, no network, no timer. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Nothing but an event (an answer, the network, a person) brings the next check. */
#define PB_SCHEDULE_NEVER G_MAXINT64

/* A network or a computer that just came back needs a moment. */
#define PB_SCHEDULE_SETTLE_SECONDS 5
/* No two checks of one account follow each other faster, whatever happens. */
#define PB_SCHEDULE_GAP_SECONDS 30
/* The longest pause after errors. */
#define PB_SCHEDULE_BACK_OFF_SECONDS (30 * 60)

/* Times are seconds since 1970 as the wall clock gives them, 0 for "never". */
typedef struct {
  gint64 now;
  gint64 interval;   /* seconds between checks; 0: only at the start, and when asked to */
  gboolean at_start; /* a check when the program starts */
  gint64 started;    /* when the program started */
  gint64 woken;      /* when the computer came back from sleep */
  gint64 connected;  /* when the network came back */
  gboolean asleep;   /* or about to be */
  gboolean offline;
  gboolean blocked;  /* a check runs, or another password is waited for */
  gint64 last;       /* when the last check ended */
  guint failures;    /* checks in a row that failed */
  gint64 not_before; /* what the server asked for */
  guint32 salt;      /* of the account, so that accounts do not march in step */
} PbScheduleFacts;

/* The time of the next check, never before now; PB_SCHEDULE_NEVER for none. Start, return of the
 * network and of the computer bring a check at once, if the last one was before. After errors it is
 * tried again after 1, 2, 4 … 30 minutes. Without a network the desktop may still be mistaken, so
 * that it is tried once in a while. A time that lies ahead comes from a clock that was set back
 * since: then a check is due. */
gint64 pb_schedule_next (const PbScheduleFacts *facts);

G_END_DECLS
