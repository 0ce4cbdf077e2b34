"""When a schedule is due next: cron lines in a time zone, calculated by APScheduler's CronTrigger."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from bot.domain.terms import Micros

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")


def next_due(cron: str, zone: str, after: Micros) -> Micros | None:
    """The first moment after `after` that a cron line of five fields names in `zone`; None if there is none.

    Weekdays are cron's: 0 and 7 are Sunday. ValueError: the line or the zone cannot be read, or both the day of the month and
    the weekday are restricted (which cron reads as *or*; say one of them).
    """
    moment = _EPOCH + timedelta(microseconds=after + 1)
    due = _trigger(cron, zone).get_next_fire_time(None, moment)
    return None if due is None else (due - _EPOCH) // timedelta(microseconds=1)


def _trigger(cron: str, zone: str) -> CronTrigger:
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(f"a schedule has five fields (minute hour day month weekday), this has {len(fields)}: {cron}")
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise ValueError(f"say either the day of the month or the weekday, not both: {cron}")
    try:
        where = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"no such time zone: {zone}") from None
    return CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday), timezone=where)


def _weekdays(field: str) -> str:
    """Cron's weekdays as names: APScheduler counts from Monday, cron from Sunday."""
    if field == "*":
        return field
    return ",".join(dict.fromkeys(_DAYS[day] for part in field.lower().split(",") for day in _range(part)))


def _range(part: str) -> range:
    found = _PART.fullmatch(part)
    if not found:
        raise ValueError(f"not a weekday: {part}")
    if found["first"] == "*":
        first, last = 0, 6
    else:
        first = _day(found["first"])
        last = _day(found["last"]) if found["last"] else (6 if found["step"] else first)
    last += 7 if last == 0 < first else 0  # Fri-Sun
    step = int(found["step"] or 1)
    if last < first or step == 0:
        raise ValueError(f"not a range of weekdays: {part}")
    return range(first, last + 1, step)


def _day(name: str) -> int:
    if name.isdigit() and int(name) <= 7:
        return int(name)
    if name in _DAYS:
        return _DAYS.index(name)
    raise ValueError(f"not a weekday: {name}")
