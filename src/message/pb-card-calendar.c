/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Invitations, read by libical. The card says what, when, where and by whom; the file itself stays
 * an attachment that the calendar program opens. */

#include "config.h"

#include "pb-card.h"

#include <glib/gi18n.h>
#include <libical/ical.h>
#include <string.h>

#define CALENDAR_LIMIT (256 * 1024)
#define EVENTS_LIMIT 5
#define TEXT_LIMIT 500
#define LINES_LIMIT 5000

/* libical keeps its own state beside its threads' buffers; one reader at a time. */
static GMutex lock;

static char *
dup_clean (const char *text) {
  g_autofree char *valid = text ? g_utf8_make_valid (text, -1) : NULL;

  return valid ? g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), TEXT_LIMIT)) : NULL;
}

/* In the local zone; a day where there is no time. A time of no zone is the same everywhere. */
static GDateTime *
to_local (icalproperty *property, struct icaltimetype time) {
  icalparameter *parameter =
    property ? icalproperty_get_first_parameter (property, ICAL_TZID_PARAMETER) : NULL;
  const char *name = parameter ? icalparameter_get_tzid (parameter) : NULL;
  const icaltimezone *zone = time.zone;
  g_autoptr (GTimeZone) place = NULL;

  if (icaltime_is_null_time (time) || time.year < 1)
    return NULL;
  if (!time.is_date && (icaltime_is_utc (time) || zone)) {
    time_t when = icaltime_as_timet_with_zone (time, zone);
    g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc ((gint64) when);
    return utc ? g_date_time_to_local (utc) : NULL;
  }
  place = name && !time.is_date ? g_time_zone_new_identifier (name) : NULL;
  if (!place)
    place = g_time_zone_new_local ();
  g_autoptr (GDateTime) there = g_date_time_new (place, time.year, time.month, time.day, time.hour,
                                                 time.minute, MIN (time.second, 59));
  return there ? g_date_time_to_local (there) : NULL;
}

static char *
format_time (GDateTime *when, gboolean is_day) {
  /* Translators: day of the week and date of a meeting, with and without the time of day. */
  return g_date_time_format (when, is_day ? _ ("%A, %-e %B %Y") : _ ("%A, %-e %B %Y, %H:%M"));
}

static gboolean
is_same_day (GDateTime *a, GDateTime *b) {
  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

static char *
describe_time (icalcomponent *event) {
  icalproperty *property = icalcomponent_get_first_property (event, ICAL_DTSTART_PROPERTY);
  icalproperty *last = icalcomponent_get_first_property (event, ICAL_DTEND_PROPERTY);
  struct icaltimetype start = icalcomponent_get_dtstart (event);
  struct icaltimetype end = icalcomponent_get_dtend (event);
  g_autoptr (GDateTime) from = to_local (property, start);
  g_autoptr (GDateTime) to = from ? to_local (last ? last : property, end) : NULL;

  if (!from)
    return NULL;
  if (to && start.is_date) {
    GDateTime *day = g_date_time_add_days (to, -1); /* the end is the day after */
    g_date_time_unref (to);
    to = day;
  }
  g_autofree char *first = format_time (from, start.is_date);
  if (!to || g_date_time_compare (from, to) >= 0)
    return g_steal_pointer (&first);
  g_autofree char *second =
    is_same_day (from, to) ? g_date_time_format (to, "%H:%M") : format_time (to, start.is_date);
  return start.is_date && is_same_day (from, to) ? g_steal_pointer (&first)
                                                 : g_strdup_printf ("%s – %s", first, second);
}

static char *
describe_person (icalproperty *property, const char *address) {
  icalparameter *parameter =
    property ? icalproperty_get_first_parameter (property, ICAL_CN_PARAMETER) : NULL;
  g_autofree char *name = dup_clean (parameter ? icalparameter_get_cn (parameter) : NULL);
  g_autofree char *mail = dup_clean (address);

  if (mail && g_ascii_strncasecmp (mail, "mailto:", 7) == 0)
    memmove (mail, mail + 7, strlen (mail + 7) + 1);
  if (name && *name && mail)
    return g_strdup_printf ("%s <%s>", name, mail);
  return g_steal_pointer (&mail);
}

static char *
describe_guests (icalcomponent *event) {
  guint count = (guint) icalcomponent_count_properties (event, ICAL_ATTENDEE_PROPERTY);

  return count ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u person is invited",
                                               "%u people are invited", count),
                                  count)
               : NULL;
}

static char *
describe_recurrence (icalcomponent *event) {
  icalproperty *property = icalcomponent_get_first_property (event, ICAL_RRULE_PROPERTY);

  if (!property)
    return NULL;
  switch (icalproperty_get_rrule (property).freq) {
  case ICAL_DAILY_RECURRENCE:
    return g_strdup (_ ("daily"));
  case ICAL_WEEKLY_RECURRENCE:
    return g_strdup (_ ("weekly"));
  case ICAL_MONTHLY_RECURRENCE:
    return g_strdup (_ ("monthly"));
  case ICAL_YEARLY_RECURRENCE:
    return g_strdup (_ ("yearly"));
  default:
    return g_strdup (_ ("more than once"));
  }
}

static const char *
name_method (icalcomponent *calendar, icalcomponent *event) {
  gboolean cancelled = icalcomponent_get_status (event) == ICAL_STATUS_CANCELLED;

  switch (icalcomponent_get_method (calendar)) {
  case ICAL_METHOD_REQUEST:
    return cancelled ? _ ("Cancelled") : _ ("Invitation");
  case ICAL_METHOD_REPLY:
    return _ ("Answer to an invitation");
  case ICAL_METHOD_CANCEL:
    return _ ("Cancelled");
  case ICAL_METHOD_COUNTER:
    return _ ("Another time is proposed");
  default:
    return cancelled ? _ ("Cancelled") : _ ("Date");
  }
}

static char *
describe_answer (icalcomponent *calendar, icalcomponent *event) {
  icalproperty *attendee = icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY);
  icalparameter *parameter =
    attendee ? icalproperty_get_first_parameter (attendee, ICAL_PARTSTAT_PARAMETER) : NULL;

  if (icalcomponent_get_method (calendar) != ICAL_METHOD_REPLY || !parameter)
    return NULL;
  g_autofree char *who = describe_person (attendee, icalproperty_get_attendee (attendee));
  switch (icalparameter_get_partstat (parameter)) {
  case ICAL_PARTSTAT_ACCEPTED:
    return g_strdup_printf (_ ("%s will come"), who ? who : "");
  case ICAL_PARTSTAT_DECLINED:
    return g_strdup_printf (_ ("%s will not come"), who ? who : "");
  case ICAL_PARTSTAT_TENTATIVE:
    return g_strdup_printf (_ ("%s may come"), who ? who : "");
  default:
    return NULL;
  }
}

static void
append_event (GString *html, icalcomponent *calendar, icalcomponent *event) {
  icalproperty *organizer = icalcomponent_get_first_property (event, ICAL_ORGANIZER_PROPERTY);
  g_autofree char *summary = dup_clean (icalcomponent_get_summary (event));
  g_autofree char *place = dup_clean (icalcomponent_get_location (event));
  g_autofree char *when = describe_time (event);
  g_autofree char *repeats = describe_recurrence (event);
  g_autofree char *by =
    describe_person (organizer, organizer ? icalproperty_get_organizer (organizer) : NULL);
  g_autofree char *guests = describe_guests (event);
  g_autofree char *answer = describe_answer (calendar, event);
  g_autofree char *title = g_markup_printf_escaped (
    "<section class=\"pb-card\"><p class=\"pb-kind\">%s</p><h2 dir=\"auto\">%s</h2>\n<table>",
    name_method (calendar, event), summary && *summary ? summary : _ ("(no title)"));

  g_string_append (html, title);
  pb_card_append_row (html, _ ("When"), when);
  pb_card_append_row (html, _ ("Repeats"), repeats);
  pb_card_append_row (html, _ ("Where"), place);
  pb_card_append_row (html, _ ("By"), by);
  pb_card_append_row (html, _ ("Guests"), answer ? NULL : guests);
  pb_card_append_row (html, _ ("Answer"), answer);
  g_string_append (html, "</table></section>\n");
}

static void
append_events (GString *html, icalcomponent *calendar, icalcomponent_kind kind, guint *shown) {
  icalcomponent *event = icalcomponent_get_first_component (calendar, kind);

  for (; event && *shown < EVENTS_LIMIT; (*shown)++) {
    append_event (html, calendar, event);
    event = icalcomponent_get_next_component (calendar, kind);
  }
}

/* Nesting is what libical follows by calling itself: a calendar has two or three levels. */
static gboolean
is_sane (const char *text) {
  guint lines = 0, begins = 0;

  for (const char *p = text; p; p = strchr (p, '\n')) {
    p += *p == '\n';
    lines++;
    begins += g_ascii_strncasecmp (p, "BEGIN:", 6) == 0;
  }
  return lines <= LINES_LIMIT && begins <= 200;
}

void
pb_card_append_calendar (GString *html, const char *calendar, gsize length) {
  g_autofree char *text = g_strndup (calendar, MIN (length, CALENDAR_LIMIT));
  guint shown = 0;

  if (!is_sane (text))
    return;
  g_mutex_lock (&lock);
  icalerror_set_errors_are_fatal (FALSE);
  icalcomponent *root = icalparser_parse_string (text);
  icalcomponent *inner = root;
  if (root && icalcomponent_isa (root) == ICAL_XROOT_COMPONENT)
    inner = icalcomponent_get_first_component (root, ICAL_VCALENDAR_COMPONENT);
  if (inner && icalcomponent_isa (inner) == ICAL_VCALENDAR_COMPONENT) {
    append_events (html, inner, ICAL_VEVENT_COMPONENT, &shown);
    append_events (html, inner, ICAL_VTODO_COMPONENT, &shown);
  }
  g_clear_pointer (&root, icalcomponent_free);
  g_mutex_unlock (&lock);
}
