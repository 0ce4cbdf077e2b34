"""`run <action> [param=value …]`: ask for an action of the plan; policy says who must approve."""

from dataclasses import dataclass, field

from bot.errors import BadInput
from bot.flows import execute
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import Code, t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    action: str
    params: dict[str, str] = field(default_factory=dict)


def _parse(words: str) -> Args:
    parts = words.split()
    if not parts:
        raise BadInput(t("Which action?"), "run restart host=gw-3")
    params: dict[str, str] = {}
    for part in parts[1:]:
        name, equals, value = part.partition("=")
        if not equals:
            raise BadInput(t("I cannot read {part} as a parameter.", part=Code(part)), "run restart host=gw-3")
        if not (name and value):
            raise BadInput(t("{part} gives no value.", part=Code(part)), "run restart host=gw-3")
        params[name] = value
    return Args(parts[0], params)


def _click(value: Json) -> Args:
    return Args(value["action"], dict(value.get("params", {})))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await execute.ask_to_run(desk, ask.cause, ask.number, args.action, args.params)


command = Verb(
    name="run",
    group="plan",
    usage="run <action> [param=value …]",
    example="run restart host=gw-3",
    about=t("ask for an action of the plan"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
)
