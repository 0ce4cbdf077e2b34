"""`merge INC-7`: that one is the same as this one."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import phrase
from bot.errors import BadInput
from bot.flows import merging
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import Code, t
from commands import Ask, Verb

EXAMPLE = "merge INC-7"


@dataclass(frozen=True, slots=True)
class Args:
    """others: () asks; sure: all were shown."""

    others: tuple[int, ...] = ()
    sure: bool = False


def _parse(words: str) -> Args:
    if not words:
        return Args()
    other, rest = phrase.incident(words, bare=True)
    if other is None or rest:
        raise BadInput(
            t("I cannot read {word} as an incident. Name it: INC-7.", word=Code(words)), EXAMPLE, field="other"
        )
    return Args((other,))


def _click(value: Json) -> Args:
    return Args(tuple(int(other) for other in value.get("others", ())), bool(value.get("sure")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return _parse(answers["other"].strip())


def _form(args: Args) -> Form | None:
    if args.others:
        return None
    other = Field("other", t("Which one is the same as this?"), hint=t("INC-7"), most=20)
    return Form("merge", t("Fold another one in"), t("Show both"), (other,))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.sure:
        return await merging.merge(desk, ask.cause, ask.number, args.others)
    return await merging.propose(desk, ask.cause, ask.number, args.others, ask.number)


command = Verb(
    name="merge",
    group="state",
    usage="merge INC-7",
    example=EXAMPLE,
    about=t("fold another incident into this one; both are shown first"),
    permission="command",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
