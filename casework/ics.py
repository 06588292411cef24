"""Due dates as an iCalendar file (RFC 5545), for the calendar an officer already looks at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from casework.calendar import ONE
from casework.due import Due


def to_ics(dues: Iterable[Due], stamp: datetime) -> bytes:
    """The dates still open, one event each; the same dates give the same events, so a re-import doubles none.

    Args:
        dues: what is due; what is done or stands still is left out.
        stamp: when the file is made, from the door's clock, with its zone.
    """
    from icalendar import Calendar, Event  # only who asks for the file waits for it

    calendar = Calendar()
    calendar.add("prodid", "-//Cailiang//deadlines//ZH")
    calendar.add("version", "2.0")
    for due in dues:
        if due.day is None or due.done_on:
            continue
        event = Event()
        event.add("uid", f"{due.case or 'organ'}/{due.name}/{due.party or 0}/{due.key}/{due.start}@cailiang")
        event.add("dtstamp", stamp.astimezone(UTC))
        if due.moment:
            event.add("dtstart", due.moment.replace(tzinfo=stamp.tzinfo).astimezone(UTC))
            event.add("duration", timedelta(0))
        else:
            event.add("dtstart", due.day)
            event.add("dtend", due.day + ONE)
        whose = f"（{due.paper}）" if due.paper else ""
        event.add("summary", f"{due.sense}：{due.label}{whose} {due.case}".strip())
        said = [f"{s.text}（{s.citation}）" if s.citation else s.text for s in due.steps]
        event.add("description", "\n".join([*said, *([f"注意：{due.warning}"] if due.warning else [])]))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
