"""policy.yaml, `drills:` → when drills begin by themselves, and whom they may disturb."""

from bot.config.spot import Spot
from bot.domain.policy import Drills, DrillTime
from bot.work.schedule import next_due


def read(spot: Spot) -> Drills:
    """The drills; a cron line or a zone that cannot be read is a problem of the file."""
    at = spot.keys("any_hour", "schedule")
    return Drills(at["any_hour"].flag(False), tuple(_time(item) for item in at["schedule"].items()))


def _time(spot: Spot) -> DrillTime:
    at = spot.keys("plan", "service", "cron", "zone")
    time = DrillTime(at["plan"].text(), at["cron"].text(), at["zone"].text("UTC"), at["service"].text())
    if not time.plan:
        spot.wrong("a drill needs `plan`, the id of one")
    try:
        next_due(time.cron, time.zone, 0)
    except ValueError as error:
        at["cron"].wrong(str(error))
    return time
