"""`done [2.3] [evidence]`: tick a step."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.flows import walk
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb, stepping
from commands.stepping import At


@dataclass(frozen=True, slots=True)
class Args:
    """needs: the button says that evidence must be given."""

    at: At
    evidence: str = ""
    needs: bool = False


def _parse(words: str) -> Args:
    at, evidence = stepping.typed(words, "done")
    return Args(at, evidence)


def _click(value: Json) -> Args:
    return Args(stepping.clicked(value), value.get("evidence", ""), bool(value.get("needs")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(stepping.clicked(value), answers["evidence"])


def _form(args: Args) -> Form | None:
    if not args.needs or args.evidence:
        return None
    field = Field("evidence", t("What did you see? A link or text."), "text")
    return Form("done", t("Done"), t("Tick"), (field,), stepping.carried(args.at))


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await walk.done(desk, ask.cause_then, ask.number, args.at.run, args.at.step, args.at.visit, args.evidence)


command = Verb(
    name="done",
    group="plan",
    usage="done [2.3] [evidence]",
    example="done 2.3 promoted at 03:04:11",
    about=t("tick the current step, or the one named; a link or text is its evidence"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
