"""routes.yaml → what alerts mean."""

from bot.config.spot import Spot
from bot.domain import matcher
from bot.domain.route import Do, Route, Routes
from bot.domain.terms import Severity


def read(spot: Spot) -> Routes:
    """All routes, in order."""
    at = spot.keys("routes", later=("mappings", "silences"))
    routes = tuple(_route(item) for item in at["routes"].items())
    for item, route, after in zip(at["routes"].items(), routes, routes[1:], strict=False):
        if not (route.match or route.source or route.go_on):
            item.warn(f"this route takes every alert, so the one in line {after.line} is never reached")
    return Routes(routes)


def _route(spot: Spot) -> Route:
    at = spot.keys(
        *(
            "match",
            "source",
            "service",
            "severity",
            "group_by",
            "do",
            "triage",
            "reopen_within",
            "stale_after",
            "continue",
        ),
        later=("hold",),
    )
    return Route(
        match=tuple(found for item in at["match"].items() if (found := item.read(matcher.parse, None))),
        source=at["source"].text(),
        service=at["service"].text(),
        severity=_severities(at["severity"]),
        group_by=at["group_by"].texts(),
        do=at["do"].word(Do, None),
        triage=at["triage"].flag(None),
        reopen_within=at["reopen_within"].span(None),
        stale_after=at["stale_after"].span(None),
        go_on=at["continue"].flag(False),
        line=spot.line,
    )


def _severities(spot: Spot) -> dict[str, Severity]:
    read = {word.lower(): entry.word(Severity, None) for word, entry in spot.entries().items()}
    return {word: severity for word, severity in read.items() if severity}
