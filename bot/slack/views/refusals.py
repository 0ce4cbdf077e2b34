"""Why an action was not run: what, why, what now. The codes are those of the gates (bot/domain/approval.py)."""

from collections.abc import Callable, Mapping

from bot.domain.events import ActionRefused
from bot.text import Code, Span, Text, When, t

Params = Mapping[str, str]


def refusal(refused: ActionRefused) -> Text:
    """`Not run: gw-3 was restarted 12 min ago (pause is 30 min). You can: wait until 03:32, or …`."""
    why = WHY.get(refused.code)
    reason = why(refused.params) if why else t("{code}", code=Code(_told(refused)))
    return t("Not run: {action}: {reason}", action=Code(refused.action), reason=reason)


def _told(refused: ActionRefused) -> str:
    told = " ".join(f"{name}={value}" for name, value in sorted(refused.params.items()))
    return f"{refused.code} {told}".strip()


def _span(params: Params, name: str) -> Span:
    return Span(int(params.get(name, "0")))


def _when(params: Params, name: str) -> When:
    return When(int(params.get(name, "0")))


def _cooldown(p: Params) -> Text:
    return t(
        "it was done on {target} {ago} ago (pause is {pause}). You can: wait until {until}, or do it by hand.",
        target=Code(p.get("target", "?")),
        ago=_span(p, "ago"),
        pause=_span(p, "pause"),
        until=_when(p, "until"),
    )


def _rate(p: Params) -> Text:
    return t(
        "it ran {count} times in {per} already. You can: wait until {until}, or do it by hand.",
        count=p.get("count", "?"),
        per=_span(p, "per"),
        until=_when(p, "until"),
    )


def _program(p: Params) -> Text:
    return t(
        "policy.yaml allows no program {program}. You can: have this line added under automation: programs: [{program}].",
        program=Code(p.get("program", "?")),
    )


def _host(p: Params) -> Text:
    return t(
        "policy.yaml does not allow the host {host}. You can: have it added under automation: http_hosts: [{host}].",
        host=Code(p.get("host", "?")),
    )


WHY: dict[str, Callable[[Params], Text]] = {
    "cooldown": _cooldown,
    "rate": _rate,
    "program": _program,
    "host": _host,
    "off": lambda p: t("automation is off. You can: do it by hand, or switch it on with a reason."),
    "dry_run": lambda p: t("automation is in dry-run. You can: do it by hand."),
    "lock": lambda p: t(
        "{holder} is doing the same now. You can: wait for it.", holder=Code(p.get("holder", "another"))
    ),
    "breaker": lambda p: t("it failed too often; only a person can allow it again. You can: do it by hand."),
    "expired": lambda p: t("the approval is too old. You can: ask again."),
    "changed": lambda p: t("it is no longer what was approved. You can: ask again."),
}
