"""`times began 02:40 mitigated 03:10 because …`: the moments, and setting them right."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain import moments, named, reading
from bot.domain.terms import DAY
from bot.errors import BadInput
from bot.flows import course
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb, behind

EXAMPLE = "times began 02:40 mitigated 03:10 because the graph says so"
_BECAUSE = re.compile(r"(?i)^(?:because|since|,|:)\s*")


@dataclass(frozen=True, slots=True)
class Args:
    """told: milestone → when, as typed; ask: show the form. Nothing told: they are shown."""

    told: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    ask: bool = False


def _parse(text: str) -> Args:
    before, told, after = reading.told(text)
    reason = _BECAUSE.sub("", after)
    if before:
        raise BadInput(t("Name a moment and when it was, and say why."), EXAMPLE)
    for name, when in told.items():
        moments.milestone(name)
        _refuse_unread(when)
    return Args(told, behind(f"times {text.removesuffix(after).strip()}", reason))


def _refuse_unread(when: str) -> None:
    """A form that opens says nothing is wrong. Whether it is a time at all depends on no zone and no day."""
    try:
        reading.moment(when, "UTC", DAY)
    except BadInput as bad:
        raise BadInput(bad.sentence, EXAMPLE) from bad


def _click(value: Json) -> Args:
    return Args(ask=bool(value.get("ask")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    told = {name: answers[name].strip() for name in moments.WORDS if answers.get(name, "").strip()}
    return Args(told, answers.get("reason", ""))


def _form(args: Args) -> Form | None:
    if not args.ask and (not args.told or args.reason):
        return None
    hint = t("14:02, yesterday 23:50, 2026-11-20 14:02 or -5m; left empty, it stays")
    names = {name: named.REACHED[milestone] for name, milestone in moments.WORDS.items()}
    fields = [
        Field(name, label, value=args.told.get(name, ""), hint=hint if n == 0 else None, optional=True, most=30)
        for n, (name, label) in enumerate(names.items())
    ]
    fields.append(Field("reason", t("How do you know?"), value=args.reason))
    return Form("times", t("Set the times right"), t("Save"), tuple(fields))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if not args.told:
        return await course.moments_of(desk, ask.cause, ask.number)
    latest = await course.latest(desk, ask.number, ask.at)
    told = {name: reading.moment(when, ask.zone, ask.at, name, latest) for name, when in args.told.items()}
    return await course.set_moments(desk, ask.cause, ask.number, told, args.reason)


command = Verb(
    name="times",
    group="state",
    usage="times [<began|found|together|known|mitigated|back> 02:40 …] [because …]",
    example=EXAMPLE,
    about=t("see the moments that the numbers are made of, and set them right, with the reason"),
    permission="edit_times",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
