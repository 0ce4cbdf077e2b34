"""services.yaml → services."""

from bot.config.spot import Spot, did_you_mean
from bot.domain.service import Service, Services

LATER = ("runbooks", "functions", "objectives", "queries", "probes", "agreements")


def read(spot: Spot) -> Services:
    """All services; a dependency on one that is not there is a problem of the file."""
    found: dict[str, Service] = {}
    items = spot.keys("services")["services"].items()
    for item in items:
        service = _service(item)
        if service.id in found:
            item.wrong(f"the id {service.id!r} stands twice")
        found[service.id] = service
    for item in items:
        _check_others(item, found)
    return Services(found)


def _service(spot: Spot) -> Service:
    at = spot.keys("id", "name", "owner", "tier", "env", "channels", "plans", "depends_on", "standby", later=LATER)
    if not at["id"].there:
        spot.wrong("a service needs an `id`")
    name = at["id"].text()
    return Service(
        id=name,
        name=at["name"].text(name),
        owner=at["owner"].text(),
        tier=at["tier"].whole(None, 1, 5),
        env=at["env"].text(),
        channels=at["channels"].texts(),
        plans=at["plans"].texts(),
        depends_on=at["depends_on"].texts(),
        standby=at["standby"].text(),
    )


def _check_others(spot: Spot, known: dict[str, Service]) -> None:
    entries = spot.entries()
    named = [*(entries["depends_on"].items() if "depends_on" in entries else ())]
    named += [entries["standby"]] if "standby" in entries else []
    for other in named:
        if other.text() and other.text() not in known:
            other.wrong(f"there is no service {other.text()!r}{did_you_mean(other.text(), known)}")
