"""`backfill <title> [sev2] [service] began 02:40 back 04:01`: an incident that is over is entered afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain import moments, named, reading
from bot.domain.terms import Severity
from bot.errors import BadInput
from bot.flows import entering
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb, declaring

EXAMPLE = "backfill Orders were down sev2 orders began 2026-11-20 02:40 back 2026-11-20 04:01"
MOMENTS = ("began", "found", "mitigated", "back")


@dataclass(frozen=True, slots=True)
class Args:
    """told: moment → when, as typed."""

    title: str = ""
    severity: Severity | None = None
    service: str = ""
    told: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


def _parse(text: str) -> Args:
    before, told, after = reading.told(text)
    said = declaring.parse(before)
    if odd := [name for name in told if name not in MOMENTS]:
        known = ", ".join(MOMENTS)
        raise BadInput(t("I cannot enter {name}. There are: {known}.", name=odd[0], known=known), EXAMPLE)
    return Args(said.title, said.severity, said.service, told, after)


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    told = {name: answers[name].strip() for name in MOMENTS if answers.get(name, "").strip()}
    severity, service = Severity(answers["severity"]), answers.get("service", "")
    return Args(answers["title"], severity, service, told, answers.get("words", ""))


def _form(args: Args) -> Form | None:
    if args.title and args.told:
        return None
    severities = {s.value: t("{sev}", sev=s.value.upper()) for s in Severity}
    hint = t("14:02, yesterday 23:50 or 2026-11-20 14:02")
    given = (args.severity or Severity.SEV3).value
    when = [
        Field(
            name,
            named.REACHED[moments.WORDS[name]],
            value=args.told.get(name, ""),
            hint=hint,
            most=30,
            optional=name in ("found", "mitigated"),
        )
        for name in MOMENTS
    ]
    fields = (
        Field("title", t("What was broken?"), value=args.title, most=150),
        Field("severity", t("Severity"), "choice", given, options=severities),
        Field("service", t("Service"), value=args.service, optional=True, most=80),
        *when,
        Field("words", t("What happened?"), "text", value=args.words, optional=True),
    )
    return Form("backfill", t("Enter it afterwards"), t("Enter"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    told = {name: reading.moment(when, ask.zone, ask.at, name) for name, when in args.told.items()}
    if {"began", "back"} <= told.keys():
        reading.refuse_long(args.told["began"], told["began"], told["back"], EXAMPLE, "began")
    return await entering.backfill(desk, ask.cause, args.title, args.severity, args.service, told, args.words)


command = Verb(
    name="backfill",
    group="start",
    usage="backfill <title> [sev2] [service] began <when> [found <when>] [mitigated <when>] back <when> [words]",
    example=EXAMPLE,
    about=t("enter an incident that is over, with its times; nobody is told"),
    permission="declare",
    parse=_parse,
    click=lambda value: Args(),
    run=_run,
    form=_form,
    fill=_fill,
    where="anywhere",
)
