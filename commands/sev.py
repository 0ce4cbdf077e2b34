"""`sev <n> [reason]`: how bad it is; alone, the four definitions with buttons."""

from dataclasses import dataclass

from bot.domain import reading
from bot.domain.terms import Severity
from bot.errors import BadInput
from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import Code, t
from commands import Ask, Verb, behind


@dataclass(frozen=True, slots=True)
class Args:
    severity: Severity | None = None
    reason: str = ""


def _parse(words: str) -> Args:
    if not words:
        return Args()
    first, _, reason = words.partition(" ")
    severity = reading.severity(first)
    if severity is None:
        raise BadInput(t("I do not know the severity {name}. There are sev1 to sev4.", name=Code(first)), "sev 2")
    return Args(severity, behind(f"sev {severity.rank}", reason))


def _click(value: Json) -> Args:
    return Args(Severity(value["severity"]) if value.get("severity") else None)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.severity is None and ask.said is not None:
        raise BadInput(t("Which severity? With a time it must be said in one line."), "sev 2 --at 14:02")
    if args.severity is None:
        return change.severities(desk, ask.number)
    return await change.set_severity(desk, ask.cause_then, ask.number, args.severity, args.reason)


command = Verb(
    name="sev",
    group="state",
    usage="sev [1|2|3|4] [reason]",
    example="sev 2 only one region is affected",
    about=t("change the severity; alone: the four definitions with buttons"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
)
