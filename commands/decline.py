"""`decline <why>`: it is no incident; four reasons."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import phrase
from bot.errors import BadInput
from bot.flows import ending, merging
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb, behind

WHY = {
    "false_alarm": t("A false alarm: nothing was broken"),
    "mistake": t("Opened by mistake"),
    "not_incident": t("Broken, but not an incident"),
    "same": t("The same as another incident"),
}
_WORDS = (
    (re.compile(r"(?i)(a )?false[ _-]?alarm\b"), "false_alarm"),
    (re.compile(r"(?i)(opened )?(by )?mistake\b"), "mistake"),
    (re.compile(r"(?i)not[ _-]?(an )?incident\b"), "not_incident"),
    (re.compile(r"(?i)(the )?same( as)?\b"), "same"),
)


@dataclass(frozen=True, slots=True)
class Args:
    """why: "" asks; other: the number of the incident that it is the same as; sure: although somebody has just ended it;
    seen: seq of the incident when the form was opened, 0 without one."""

    why: str = ""
    reason: str = ""
    other: int = 0
    sure: bool = False
    seen: int = 0


def _parse(words: str) -> Args:
    if not words:
        return Args()
    for pattern, why in _WORDS:
        if found := pattern.match(words):
            rest = words[found.end() :].strip(" ,.:;-–")
            return _args(why, rest if why == "same" else behind(f"decline {found[0].strip()}", rest))
    raise BadInput(t("Why is it none? false alarm, mistake, not an incident, or same as INC-7."), "decline false alarm")


def _args(why: str, reason: str) -> Args:
    if why != "same":
        return Args(why, reason)
    other, rest = phrase.incident(reason, bare=True)
    if other is None:
        raise BadInput(t("The same as which one? Name it: INC-7."), "decline same as INC-7", field="other")
    return Args(why, rest, other)


def _click(value: Json) -> Args:
    return Args(str(value.get("why", "")), str(value.get("reason", "")), sure=bool(value.get("sure")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    why, other = answers["why"], answers.get("other", "")
    args = _args("same", other) if why == "same" else _args(why, answers.get("reason", ""))
    return replace(args, seen=int(value.get("seen", 0)))


def _form(args: Args) -> Form | None:
    if args.why:
        return None
    fields = (
        Field("why", t("Why is it none?"), "choice", options=WHY),
        Field("other", t("The same as which one?"), hint=t("INC-7"), optional=True, most=20),
        Field("reason", t("What should others know?"), optional=True),
    )
    return Form("decline", t("Not an incident"), t("End it"), fields, {"seen": args.seen})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.why == "same":
        return await merging.propose(desk, ask.cause, args.other, (ask.number,), ask.number)
    return await ending.decline(desk, ask.cause_then, ask.number, args.why, args.reason, args.sure, args.seen)


command = Verb(
    name="decline",
    group="state",
    usage="decline [false alarm|mistake|not an incident|same as INC-7] [reason]",
    example="decline false alarm it was the backup",
    about=t("it is no incident; it counts in no number"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    stands=lambda args, incident: replace(args, seen=incident.seq),
    fill=_fill,
    dated=True,
)
