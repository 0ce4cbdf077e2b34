"""`back [2.3] <reason>`: the plan goes back to a step."""

from bot.flows import walk
from bot.flows.desk import Desk
from bot.ports import Field, Form, Reply
from bot.text import t
from commands import Ask, Verb, stepping
from commands.stepping import Reasoned


def _form(args: Reasoned) -> Form | None:
    if args.reason:
        return None
    field = Field("reason", t("Why does the plan go back?"))
    return Form("back", t("Go back a step"), t("Go back"), (field,), stepping.carried(args.at))


async def _run(desk: Desk, ask: Ask, args: Reasoned) -> Reply:
    return await walk.back(desk, ask.cause, ask.number, args.at.run, args.at.step, args.at.left, args.reason)


command = Verb(
    name="back",
    group="plan",
    usage="back [2.3] <reason>",
    example="back 2.3 the primary came up again",
    about=t("do the step before once more, or the one named"),
    permission="respond",
    parse=stepping.reasoned("back"),
    click=stepping.reasoned_click,
    run=_run,
    form=_form,
    stands=stepping.reasoned_leaving,
    fill=stepping.reasoned_fill,
)
