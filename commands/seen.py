"""`seen <customer|business|colleague|partner> <text>`: somebody outside monitoring sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import telling as rules
from bot.domain.told import SEEN_BY
from bot.flows import declare, telling
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.slack.views.lines_told import SEEN
from bot.text import t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    """message: that says so; who: "" asks; too: the button of the announcement, which asks nothing."""

    who: str = ""
    text: str = ""
    message: declare.Told | None = None
    too: bool = False


def _parse(words: str) -> Args:
    who, _, text = words.partition(" ")
    return Args(rules.whose(who), text.strip()) if who else Args()


def _click(value: Json) -> Args:
    message = declare.told(*value["told"]) if value.get("told") else None
    return Args(str(value.get("who", "")), message.text if message else "", message, bool(value.get("too")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(rules.whose(answers["who"]), answers["text"], _click(value).message)


def _form(args: Args) -> Form | None:
    if args.too or (args.who and args.text):
        return None
    fields = (
        Field("who", t("Who sees it?"), "choice", args.who or SEEN_BY[0], options=SEEN),
        Field("text", t("What do they see?"), "text", args.text),
    )
    return Form("seen", t("A report"), t("Add"), fields, {"told": args.message.value} if args.message else {})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.too:
        return await telling.seen_too(desk, ask.cause, ask.number)
    return await telling.seen(desk, ask.cause, ask.number, args.who, args.text, ask.said, args.message)


command = Verb(
    name="seen",
    group="say",
    usage="seen <customer|business|colleague|partner> <text> [--at 14:02]",
    example=rules.SEEN,
    about=t("somebody sees it whom no alert told: it counts in how it was found"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
