"""oncall.yaml → who is called."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.config.spot import Spot, did_you_mean
from bot.domain.directory import is_person
from bot.domain.ladder import REPEAT, WAIT
from bot.domain.oncall import Callee, OnCall, Schedule, Step

KINDS = {kind: kind for kind in ("static", "usergroup", "ical", "pagerduty")}


def read(spot: Spot) -> OnCall:
    """People, rotas and whom to call next."""
    at = spot.keys("people", "schedules", "escalations")
    people = {name: _callee(name, entry) for name, entry in at["people"].entries().items()}
    schedules: dict[str, Schedule] = {}
    for item in at["schedules"].items():
        schedule = _schedule(item, people)
        if schedule.id in schedules:
            item.wrong(f"the id {schedule.id!r} stands twice")
        schedules[schedule.id] = schedule
    escalations = at["escalations"].entries()
    repeat, nobody = escalations.pop("repeat", None), escalations.pop("nobody", None)
    return OnCall(
        people,
        schedules,
        {name: tuple(_level(item) for item in entry.items()) for name, entry in escalations.items()},
        repeat.span(REPEAT) if repeat else REPEAT,
        nobody.text() if nobody else "",
    )


def _callee(name: str, spot: Spot) -> Callee:
    at = spot.keys("slack", "zone", "notify")
    slack = at["slack"].text()
    if not is_person(slack):
        (at["slack"] if at["slack"].there else spot).wrong("a Slack user id such as U012AB3CD is expected as `slack`")
    zone = at["zone"].text()
    if zone and not _is_zone(zone):
        at["zone"].wrong("a time zone such as Europe/Berlin is expected here")
    return Callee(name, slack, zone, tuple(item.reference() for item in at["notify"].items()))


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):
        return False


def _schedule(spot: Spot, people: Mapping[str, Callee]) -> Schedule:
    at = spot.keys("id", "kind", "people", "group", later=("url", "zone", "cache"))
    if not at["id"].there:
        spot.wrong("a schedule needs an `id`")
    kind = at["kind"].one_of(KINDS, "static")
    if kind in ("ical", "pagerduty"):
        at["kind"].warn(f"{kind} is not yet used by this version: nobody is on this rota")
    ids = tuple(_person(item, people) for item in at["people"].items())
    return Schedule(at["id"].text(), ids, at["group"].text().removeprefix("@"))


def _person(spot: Spot, people: Mapping[str, Callee]) -> str:
    name = spot.text()
    if name in people:
        return people[name].slack
    if name and not is_person(name):
        spot.wrong(f"{name!r} stands not under `people`{did_you_mean(name, people)}")
    return name


def _level(spot: Spot) -> Step:
    at = spot.keys("call", "wait")
    if not at["call"].there:
        spot.wrong("a level needs `call`: a rota, a group or a person")
    return Step(at["call"].text(), at["wait"].span(WAIT))
