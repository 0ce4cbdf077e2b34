"""`resolve [--at 14:02]`: service is back; the response ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import reading
from bot.domain.terms import Micros
from bot.errors import BadInput
from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import Code, t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    """when: filled in; at: a moment that a button carries; ask: show the form; asked: the question answered, if any;
    anyway: although somebody keeps it open."""

    when: str = ""
    at: Micros | None = None
    ask: bool = False
    asked: int = 0
    anyway: bool = False


def _parse(words: str) -> Args:
    if words:
        raise BadInput(t("Since when is it back? Write the time behind {at}.", at=Code("--at")), "resolve --at 04:01")
    return Args()


def _click(value: Json) -> Args:
    return Args(
        at=value.get("at"),
        ask=bool(value.get("ask")),
        asked=int(value.get("asked", 0)),
        anyway=bool(value.get("anyway")),
    )


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(answers["when"], asked=int(value.get("asked", 0)))


def _form(args: Args) -> Form | None:
    if not args.ask:
        return None
    when = Field("when", t("Since when is it back to normal?"), hint=t("14:02, yesterday 23:50 or -5m"), most=30)
    return Form("resolve", t("Back to normal"), t("Resolve"), (when,), {"asked": args.asked})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    at = reading.moment(args.when, ask.zone, ask.at) if args.when else args.at or ask.said
    return await change.resolve(desk, ask.cause, ask.number, at, args.asked, args.anyway)


command = Verb(
    name="resolve",
    group="state",
    usage="resolve [--at 14:02]",
    example="resolve --at 04:01",
    about=t("the service is back, now or at a time before"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
