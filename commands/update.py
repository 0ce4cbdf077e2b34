"""`update <text> [--next 20m]`: tell everybody how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import reading
from bot.domain.events import UpdateSent
from bot.domain.terms import DAY, MINUTE, Micros
from bot.errors import BadInput
from bot.flows import updating
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import Code, t
from commands import Ask, Verb

EXAMPLE = "update We fail over to the standby --next 20m"
LONGEST: Micros = 7 * DAY
"""The next update is promised no longer ahead; nobody would be reminded of one until then."""


@dataclass(frozen=True, slots=True)
class Args:
    doing: str = ""
    broken: str = ""
    next: Micros | None = None
    draft: str = ""
    plain: str = ""
    correct: int = 0  # seq of the update that is set right
    seen: int = 0  # seq of the incident when the form was opened, 0 without one


def _parse(words: str) -> Args:
    text, promised = reading.option(words, "next")
    if promised == "":
        raise BadInput(t("Which time? Write it behind {at}.", at=Code("--next")), EXAMPLE)
    return Args(text, next=None if promised is None else _wait(promised))


def _wait(promised: str, field: str = "") -> Micros:
    wait = reading.length(promised, field)
    if wait > LONGEST:
        raise BadInput(t("{wait} is more than a week ahead.", wait=Code(promised)), EXAMPLE, field=field)
    return wait


def _click(value: Json) -> Args:
    if not value.get("doing"):
        return Args(draft=value.get("draft", ""), correct=int(value.get("correct", 0)))
    doing, broken, plain = (str(value.get(name, "")) for name in ("doing", "broken", "plain"))
    return Args(doing, broken, value.get("next"), plain=plain, seen=int(value.get("seen", 0)))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    promised = answers.get("next", "").strip()
    return Args(
        answers["doing"],
        answers.get("broken", ""),
        _wait(promised, "next") if promised else None,
        plain=answers.get("plain", ""),
        correct=int(value.get("correct", 0)),
        seen=int(value.get("seen", 0)),
    )


def _form(args: Args) -> Form | None:
    if args.doing or args.correct:
        return None
    broken, doing, plain = _words(UpdateSent(doing=args.draft))
    fields = (
        broken,
        doing,
        Field(
            "next",
            t("Next update in"),
            value="" if args.next is None else f"{args.next // MINUTE}m",
            hint=t("For example 20m. Empty: as often as the severity asks."),
            optional=True,
            most=10,
        ),
        plain,
    )
    return Form("update", t("Send an update"), t("Send"), fields, {"seen": args.seen})


def _words(said: UpdateSent) -> tuple[Field, Field, Field]:
    return (
        Field("broken", t("What is broken, and for whom?"), "text", said.broken, optional=True),
        Field("doing", t("What are we doing?"), "text", said.doing),
        Field("plain", t("The same in plain words for people outside"), "text", said.plain, optional=True),
    )


async def _correct(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.doing:
        said = UpdateSent(broken=args.broken, doing=args.doing, plain=args.plain)
        return await updating.correct_update(desk, ask.cause, ask.number, args.correct, said)
    carried = {"correct": args.correct}
    return await updating.update_form(
        desk,
        ask.who,
        ask.number,
        args.correct,
        lambda said: Form("update", t("Correct the update"), t("Correct"), _words(said), carried),
    )


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.correct:
        return await _correct(desk, ask, args)
    said = UpdateSent(broken=args.broken, doing=args.doing, plain=args.plain)
    return await updating.send(desk, ask.cause, ask.number, said, args.next, args.seen)


command = Verb(
    name="update",
    group="say",
    usage="update <text> [--next 20m]",
    example=EXAMPLE,
    about=t("tell everybody; alone: a form"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    stands=lambda args, incident: replace(args, seen=incident.seq),
    fill=_fill,
)
