"""`declare <title> [sev2] [service]`: a person opens an incident."""

from bot.flows import declare
from bot.flows.desk import Desk
from bot.ports import Reply
from bot.text import t
from commands import Ask, Verb, declaring
from commands.declaring import Args


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    wanted = declare.Wanted(
        args.title, args.severity, args.service, args.private, args.anyway, args.told, alert=args.alert
    )
    return await declare.declare(desk, ask.cause, wanted)


command = Verb(
    name="declare",
    group="start",
    usage="declare <title> [sev2] [service] [--private]",
    example="declare Orders cannot be placed sev1 orders",
    about=t("open an incident; severity and service only as last words"),
    permission="declare",
    parse=declaring.parse,
    click=declaring.click,
    run=_run,
    form=declaring.form,
    fill=declaring.fill,
    where="anywhere",
    loads=True,
)
