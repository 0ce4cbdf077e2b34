"""`skip [2.3] <reason>`: leave a step out."""

from bot.flows import walk
from bot.flows.desk import Desk
from bot.ports import Field, Form, Reply
from bot.text import t
from commands import Ask, Verb, stepping
from commands.stepping import Reasoned


def _form(args: Reasoned) -> Form | None:
    if args.reason or args.asked:
        return None
    hint = t("Needed, unless the step is optional.")
    field = Field("reason", t("Why is it left out?"), hint=hint, optional=True)
    return Form("skip", t("Skip a step"), t("Skip"), (field,), stepping.carried(args.at))


async def _run(desk: Desk, ask: Ask, args: Reasoned) -> Reply:
    return await walk.skip(desk, ask.cause_then, ask.number, args.at.run, args.at.step, args.at.visit, args.reason)


command = Verb(
    name="skip",
    group="plan",
    usage="skip [2.3] <reason>",
    example="skip 2.3 the standby is already primary",
    about=t("leave a step out, with the reason"),
    permission="respond",
    dated=True,
    parse=stepping.reasoned("skip"),
    click=stepping.reasoned_click,
    run=_run,
    form=_form,
    stands=stepping.reasoned_here,
    fill=stepping.reasoned_fill,
)
