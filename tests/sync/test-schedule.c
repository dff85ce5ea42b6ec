/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* When checks are due: single rules, then a month of sleep, outages, refusals and clock changes on
 * a clock that is only a number. */

#include "pb-schedule.h"

#define START 1800000000
#define TEN (10 * 60)
#define MONTH (30 * 24 * 60 * 60)

static PbScheduleFacts
usual (void) {
  return (PbScheduleFacts){
    .now = START, .interval = TEN, .at_start = TRUE, .started = START, .salt = 7
  };
}

static void
assert_between (gint64 value, gint64 low, gint64 high) {
  g_assert_cmpint (value, >=, low);
  g_assert_cmpint (value, <=, high);
}

static void
test_start (void) {
  PbScheduleFacts facts = usual ();

  g_assert_cmpint (pb_schedule_next (&facts), ==, START);
  facts.at_start = FALSE;
  assert_between (pb_schedule_next (&facts), START + 540, START + 660);
  facts.interval = 0;
  g_assert_cmpint (pb_schedule_next (&facts), ==, PB_SCHEDULE_NEVER);
  facts.at_start = TRUE;
  g_assert_cmpint (pb_schedule_next (&facts), ==, START);
  facts.last = START + 1;
  facts.now = START + 1;
  facts.woken = START + 1;
  g_assert_cmpint (pb_schedule_next (&facts), ==, PB_SCHEDULE_NEVER);
}

static void
test_interval (void) {
  gint64 earliest = G_MAXINT64, latest = 0;

  for (guint i = 0; i < 1000; i++) {
    PbScheduleFacts facts = usual ();
    facts.last = facts.now = START + 17 * i;
    gint64 wait = pb_schedule_next (&facts) - facts.now;
    earliest = MIN (earliest, wait);
    latest = MAX (latest, wait);
    g_assert_cmpint (pb_schedule_next (&facts), ==, facts.now + wait);
  }
  /* The whole range is used. */
  assert_between (earliest, 540, 545);
  assert_between (latest, 655, 660);
}

static void
test_accounts_out_of_step (void) {
  guint different = 0;

  for (guint32 salt = 1; salt < 100; salt++) {
    PbScheduleFacts facts = usual ();
    facts.last = START;
    gint64 one = pb_schedule_next (&facts);
    facts.salt = salt;
    different += pb_schedule_next (&facts) != one;
  }
  g_assert_cmpuint (different, >, 90);
}

static void
test_returns (void) {
  PbScheduleFacts facts = usual ();

  facts.last = START;
  facts.now = START + 120;
  facts.woken = START + 120;
  assert_between (pb_schedule_next (&facts), START + 125, START + 128);
  facts.woken = 0;
  facts.connected = START + 119;
  assert_between (pb_schedule_next (&facts), START + 124, START + 127);
  /* Twice within a few seconds is once. */
  facts.last = START + 118;
  facts.failures = 5;
  g_assert_cmpint (pb_schedule_next (&facts), ==, START + 118 + PB_SCHEDULE_GAP_SECONDS);
}

static void
test_back_off (void) {
  static const gint64 minutes[] = { 1, 2, 4, 8, 16, 30, 30, 30 };
  PbScheduleFacts facts = usual ();

  facts.last = START;
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++) {
    facts.failures = i + 1;
    assert_between (pb_schedule_next (&facts), START + minutes[i] * 54, START + minutes[i] * 60);
  }
  facts.failures = G_MAXUINT;
  assert_between (pb_schedule_next (&facts), START + 30 * 54, START + 30 * 60);
}

static void
test_states (void) {
  PbScheduleFacts facts = usual ();

  facts.asleep = TRUE;
  g_assert_cmpint (pb_schedule_next (&facts), ==, PB_SCHEDULE_NEVER);
  facts.asleep = FALSE;
  facts.blocked = TRUE;
  g_assert_cmpint (pb_schedule_next (&facts), ==, PB_SCHEDULE_NEVER);
  facts.blocked = FALSE;
  facts.offline = TRUE;
  g_assert_cmpint (pb_schedule_next (&facts), ==, START + PB_SCHEDULE_BACK_OFF_SECONDS);
  facts.offline = FALSE;
  facts.not_before = START + 900;
  g_assert_cmpint (pb_schedule_next (&facts), ==, START + 900);
  facts.now = START + 100000;
  g_assert_cmpint (pb_schedule_next (&facts), ==, facts.now);
}

static void
test_clock_set_back (void) {
  PbScheduleFacts facts = usual ();

  facts.last = START + 86400;
  g_assert_cmpint (pb_schedule_next (&facts), ==, START);
  /* The check that follows puts it right, though the program began in the future. */
  facts.started = START + 80000;
  facts.last = START;
  assert_between (pb_schedule_next (&facts), START + 540, START + 660);
  facts.woken = facts.connected = START + 80000;
  assert_between (pb_schedule_next (&facts), START + 540, START + 660);
}

/* ---- A month ---- */

/* The world: true time runs on, the clock may be wrong, the rest comes and goes. */
typedef struct {
  GRand *rand;
  gint64 passed;   /* seconds since the beginning */
  gint64 offset;   /* of the clock */
  gint64 delay;    /* LOGIN-DELAY of the server, obeyed by not_before */
  gboolean broken; /* the server */
  PbScheduleFacts facts;
  gint64 last_check;  /* true times */
  gint64 quiet_since; /* awake, online, server well, clock untouched */
  guint checks, refused, late;
} World;

static gint64
clock_of (const World *world) {
  return START + world->passed + world->offset;
}

static void
disturb (World *world) {
  PbScheduleFacts *facts = &world->facts;
  gint64 now = clock_of (world);

  world->quiet_since = world->passed;
  switch (g_rand_int_range (world->rand, 0, 8)) {
  case 0:
    facts->asleep = TRUE;
    break;
  case 1:
    if (facts->asleep)
      facts->woken = now;
    facts->asleep = FALSE;
    break;
  case 2:
    facts->offline = TRUE;
    break;
  case 3:
    if (facts->offline)
      facts->connected = now;
    facts->offline = FALSE;
    break;
  case 4:
    world->broken = TRUE;
    break;
  case 5:
    world->broken = FALSE;
    break;
  case 6:
    world->offset += g_rand_int_range (world->rand, -7200, 7200);
    break;
  default:
    world->offset = 0;
    break;
  }
}

static void
check (World *world) {
  PbScheduleFacts *facts = &world->facts;

  g_assert_false (facts->asleep);
  g_assert_false (facts->blocked);
  if (world->checks > 0 && world->quiet_since < world->last_check)
    g_assert_cmpint (world->passed - world->last_check, >=, PB_SCHEDULE_GAP_SECONDS);
  if (world->checks > 0 && world->quiet_since < world->last_check && world->delay > 0)
    g_assert_cmpint (world->passed - world->last_check, >=, world->delay);
  facts->last = clock_of (world);
  facts->failures = world->broken || facts->offline ? facts->failures + 1 : 0;
  world->last_check = world->passed;
  world->checks++;
}

/* One step to the next check, or to the next time when something happens in the world. */
static void
step (World *world, gint64 next_event) {
  PbScheduleFacts *facts = &world->facts;

  facts->now = clock_of (world);
  /* As pb-patience does it: a session that ends in the future bans nothing. */
  facts->not_before =
    world->delay && facts->last && facts->last <= facts->now ? facts->last + world->delay : 0;
  gint64 next = pb_schedule_next (facts);

  g_assert_cmpint (next, >=, facts->now);
  if (next - facts->now > next_event - world->passed) {
    world->passed = next_event;
    return;
  }
  world->passed += next - facts->now;
  check (world);
}

static void
test_month (gconstpointer data) {
  World world = { .facts = usual () };
  guint seed = GPOINTER_TO_UINT (data);

  world.rand = g_rand_new_with_seed (seed);
  world.delay = seed % 3 == 0 ? 300 : 0;
  while (world.passed < MONTH) {
    gint64 next_event = world.passed + g_rand_int_range (world.rand, 1, 4 * 60 * 60);
    gint64 began = world.passed;
    gint64 before = world.last_check;
    while (world.passed < next_event)
      step (&world, next_event);
    /* Awake, and the clock left alone: however it was before, in 33 minutes there was a check. */
    if (!world.facts.asleep && next_event - began > 33 * 60)
      g_assert_cmpint (world.last_check, >, MAX (before, began - 1));
    /* And with all well it is as often as it should be. */
    if (!world.facts.asleep && !world.facts.offline && !world.broken)
      g_assert_cmpint (next_event - world.last_check, <=, 33 * 60);
    disturb (&world);
  }
  g_test_message ("seed %u: %u checks", seed, world.checks);
  /* No storm: not even as many as an undisturbed month has (4320), and a few for events. */
  g_assert_cmpuint (world.checks, >, 500);
  g_assert_cmpuint (world.checks, <, 4320 + 600);
  g_rand_free (world.rand);
}

/* A week without disturbance at each interval. */
static void
test_undisturbed (void) {
  for (gint64 minutes = 1; minutes <= 1440; minutes *= 3) {
    PbScheduleFacts facts = usual ();
    gint64 week = 7 * 24 * 60 * 60;
    gint64 checks = 0;

    facts.interval = minutes * 60;
    while (facts.now < START + week) {
      facts.now = pb_schedule_next (&facts);
      facts.last = facts.now;
      checks++;
    }
    assert_between (checks, week / facts.interval * 90 / 100,
                    week / facts.interval * 110 / 100 + 2);
  }
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedule/start", test_start);
  g_test_add_func ("/schedule/interval", test_interval);
  g_test_add_func ("/schedule/accounts-out-of-step", test_accounts_out_of_step);
  g_test_add_func ("/schedule/returns", test_returns);
  g_test_add_func ("/schedule/back-off", test_back_off);
  g_test_add_func ("/schedule/states", test_states);
  g_test_add_func ("/schedule/clock-set-back", test_clock_set_back);
  g_test_add_func ("/schedule/undisturbed", test_undisturbed);
  for (guint seed = 1; seed <= 30; seed++) {
    g_autofree char *path = g_strdup_printf ("/schedule/month/%u", seed);
    g_test_add_data_func (path, GUINT_TO_POINTER (seed), test_month);
  }
  return g_test_run ();
}
