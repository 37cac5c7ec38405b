"""Reads calendars from standard input (a JSON list of texts) and prints, for each, the spans of its occurrences that
begin in a window: an independent reading of RFC 5545 (Debian's python3-icalendar, python3-recurring-ical-events)."""

import datetime
import json
import sys
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

SITE = ZoneInfo("Europe/London")


def instant(at):
    if not isinstance(at, datetime.datetime):
        at = datetime.datetime(at.year, at.month, at.day)
    if at.tzinfo is None:
        at = at.replace(tzinfo=SITE)
    else:
        # By the clock's face and the zone's name: arithmetic over a clock change may have left a stale offset.
        name = str(at.tzinfo)
        if "/" in name:
            at = at.replace(tzinfo=ZoneInfo(name))
    return at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M")


job = json.load(sys.stdin)
start, end = (datetime.datetime.fromisoformat(day) for day in job["window"])
read = []
for text in job["calendars"]:
    calendar = icalendar.Calendar.from_ical(text)
    found = recurring_ical_events.of(calendar).between(start, end)
    spans = []
    for event in found:
        if str(event.get("STATUS", "")) == "CANCELLED":
            continue
        spans.append([instant(event["DTSTART"].dt), instant(event["DTEND"].dt), str(event["SUMMARY"])])
    read.append(sorted(spans))
json.dump(read, sys.stdout)
