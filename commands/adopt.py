"""`adopt [title] [sev2] [service]`: the channel that people talk in already is an incident's."""

from dataclasses import replace

from bot.flows import declare, entering
from bot.flows.desk import Desk
from bot.ports import Form, Reply
from bot.text import t
from commands import Ask, Verb, declaring
from commands.declaring import Args


def _form(args: Args) -> Form | None:
    asked = declaring.form(args)
    return replace(asked, verb="adopt", title=t("Adopt this channel"), submit=t("Adopt")) if asked else None


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    wanted = declare.Wanted(args.title, args.severity, args.service, args.private, args.anyway)
    return await entering.adopt(desk, ask.cause, ask.channel, wanted, ask.hidden)


command = Verb(
    name="adopt",
    group="start",
    usage="adopt <title> [sev2] [service] [--private]",
    example="adopt Orders cannot be placed sev2 orders",
    about=t("make the channel that you are in an incident's; of a private channel, a private one"),
    permission="declare",
    parse=declaring.parse,
    click=declaring.click,
    run=_run,
    form=_form,
    fill=declaring.fill,
    where="anywhere",
)
