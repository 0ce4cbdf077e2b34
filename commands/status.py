"""`status <s> [reason]`: where the response stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot import locale
from bot.domain.terms import Status
from bot.errors import BadInput
from bot.flows import change
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.slack.views import words as words_of
from bot.text import Code, t
from commands import Ask, Verb, behind

_CALLED = {status: text.msgid for status, text in words_of.STATUS.items()}
STEPS = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MITIGATING, Status.MONITORING)


@dataclass(frozen=True, slots=True)
class Args:
    status: Status | None = None
    reason: str = ""


def _parse(words: str) -> Args:
    if not words:
        return Args()
    name, _, reason = words.partition(" ")
    found = locale.typed(name, _CALLED)
    if found is None:
        known = ", ".join(status.value for status in STEPS)
        sentence = t("I do not know the status {name}. There are: {known}.", name=Code(name), known=known)
        raise BadInput(sentence, "status identified")
    return Args(found, behind(f"status {name}", reason))


def _click(value: Json) -> Args:
    return Args(Status(value["status"]) if value.get("status") else None)


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(Status(answers["status"]), answers.get("reason", ""))


def _form(args: Args) -> Form | None:
    if args.status is not None:
        return None
    options = {status.value: words_of.STATUS[status] for status in STEPS}
    fields = (
        Field("status", t("Where does it stand?"), "choice", options=options),
        Field("reason", t("What changed?"), optional=True),
    )
    return Form("status", t("Change the status"), t("Change"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    assert args.status is not None
    return await change.set_status(desk, ask.cause_then, ask.number, args.status, args.reason)


command = Verb(
    name="status",
    group="state",
    usage="status <investigating|identified|mitigating|monitoring> [reason]",
    example="status identified the primary is read-only",
    about=t("say where the response stands"),
    permission="respond",
    dated=True,
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
