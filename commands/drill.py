"""`drill <plan> [service]`, and in its channel `drill stop`, `drill finding`, `drill sign`."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import BadInput
from bot.flows import drill
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb

WORDS = ("stop", "finding", "sign")


@dataclass(frozen=True, slots=True)
class Args:
    """what: one of WORDS, or "" to begin a drill; rest: its words, or the plan."""

    what: str
    rest: str = ""


def _parse(words: str) -> Args:
    first, _, rest = words.strip().partition(" ")
    if not first:
        raise BadInput(t("Which plan is drilled? `plans` lists them all."), "drill database-failover")
    return Args(first.lower(), rest.strip()) if first.lower() in WORDS else Args("", words.strip())


def _click(value: Json) -> Args:
    return Args(str(value.get("what", "")), str(value.get("rest", "")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(str(value["what"]), answers["rest"])


def _form(args: Args) -> Form | None:
    if args.what != "finding" or args.rest:
        return None
    field = Field("rest", t("What has to be mended?"), "lines", hint=t("The standby's number was wrong"))
    return Form("drill", t("Add a finding"), t("Add"), (field,), {"what": "finding"})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if not args.what:
        plan, _, service = args.rest.partition(" ")
        return await drill.begin(desk, ask.cause, plan, service.strip())
    if ask.incident is None:
        raise BadInput(t("Say it in the drill's channel, or with its number."), f"drill {args.what} INC-7")
    does = {"stop": drill.stop, "finding": drill.finding, "sign": drill.sign}[args.what]
    return await does(desk, ask.cause, ask.number, args.rest)


command = Verb(
    name="drill",
    group="start",
    usage="drill <plan> [service]",
    example="drill database-failover orders",
    about=t(
        "begin a drill of a plan with its own alert; in its channel: `drill stop`, `drill finding <text>`, `drill sign`"
    ),
    permission="command",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
    where="anywhere",
)
