"""`join`: I am here; `join watching`: and I only look on."""

from bot.errors import BadInput
from bot.flows import people
from bot.flows.desk import Desk
from bot.ports import Json, Reply
from bot.text import Code, t
from commands import Ask, Verb


def _parse(words: str) -> bool:
    said = words.lower().strip()
    if said in ("", "watching", "just watching", "watch"):
        return bool(said)
    raise BadInput(t("I cannot read {words} here. To take a role, say `take`.", words=Code(words)), "join watching")


def _click(value: Json) -> bool:
    return bool(value.get("watch"))


async def _run(desk: Desk, ask: Ask, watch: bool) -> Reply:
    return await people.join(desk, ask.cause, ask.number, watch)


command = Verb(
    name="join",
    group="who",
    usage="join [watching]",
    example="join",
    about=t("say that you are here, to help or only to look on"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
)
