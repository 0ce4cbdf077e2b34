"""How numbers are said: spans with their bounds, what is missing, lists."""

from collections.abc import Sequence

from bot.domain.terms import MINUTE, Micros, Milestone
from bot.metrics.measures import ORDER_VIOLATION, Length
from bot.text import Span, Text, t

_NAMES = {
    Milestone.STARTED: t("when it began"),
    Milestone.FIRST_SIGNAL: t("the first signal of monitoring"),
    Milestone.DETECTED: t("when it was found"),
    Milestone.DECLARED: t("when it was declared"),
    Milestone.ACKNOWLEDGED: t("when somebody acknowledged it"),
    Milestone.QUORUM: t("when all who were needed were there"),
    Milestone.DIAGNOSED: t("when the cause was known"),
    Milestone.MITIGATED: t("when the impact stopped"),
    Milestone.RECOVERED: t("since when it is back"),
}


def length(found: Length, target: Micros | None = None) -> Text | None:
    """`at least 14 min, corrected (target 5 min)`; None if there is no length."""
    if found.micros is None:
        return None
    said = _bounded(found)
    if found.net is not None and found.net != found.micros:
        said = t("{length} ({net} net of outages)", length=said, net=Span(found.net))
    if found.edited:
        said = t("{length}, corrected", length=said)
    return said if target is None else t("{length} (target {target})", length=said, target=Span(target))


def _bounded(found: Length) -> Text:
    span = Span(found.micros or 0)
    match found.bound:
        case "at_least":
            return t("at least {span}", span=span)
        case "at_most":
            return t("at most {span}", span=_no_less(found.micros or 0))
        case "about":
            return t("about {span}", span=span)
    return t("{span}", span=span)


def _no_less(micros: Micros) -> Span:
    """A length that is shown in whole minutes and must not be shown too short."""
    return Span(micros if micros < MINUTE else -(-micros // MINUTE) * MINUTE)


def lack(found: Length) -> Text | None:
    """Why there is no length: `when it began`, or which two moments contradict each other; None if there is one."""
    if not found.lack:
        return None
    if found.lack == ORDER_VIOLATION:
        first, second = found.which
        return t("{second} lies before {first}", first=_NAMES[first], second=_NAMES[second])
    return together([_NAMES[name] for name in found.which])


def moment(milestone: Milestone) -> Text:
    """`when it began`."""
    return _NAMES[milestone]


def together(parts: Sequence[Text]) -> Text:
    """`one · two · three`; there must be one."""
    *before, said = parts
    for part in reversed(before):
        said = t("{first} · {rest}", first=part, rest=said)
    return said


def whole(share: float) -> str:
    """`80 %`, with a space that does not break."""
    return f"{round(share * 100)}\u00a0%"
