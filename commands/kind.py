"""`kind <k> <reason>`: what the incident really is."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot import locale
from bot.domain.terms import Kind
from bot.errors import BadInput
from bot.flows import ending
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import Code, t
from commands import Ask, Verb, behind

KINDS = {
    Kind.REAL.value: t("Real"),
    Kind.DRILL.value: t("A drill"),
    Kind.TEST.value: t("A test"),
    Kind.BACKFILL.value: t("Entered afterwards"),
}


@dataclass(frozen=True, slots=True)
class Args:
    kind: Kind | None = None
    reason: str = ""


def _parse(words: str) -> Args:
    name, _, reason = words.partition(" ")
    if not name:
        return Args()
    found = locale.typed(name, {kind: text.msgid for kind, text in KINDS.items()})
    if found is None:
        known = ", ".join(KINDS)
        raise BadInput(t("I do not know the kind {name}. There are: {known}.", name=Code(name), known=known), EXAMPLE)
    return Args(Kind(found), behind(f"kind {name}", reason))


def _click(value: Json) -> Args:
    return Args(Kind(value["kind"]) if value.get("kind") else None)


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(Kind(answers["kind"]), answers["reason"])


def _form(args: Args) -> Form | None:
    if args.kind is not None and args.reason:
        return None
    chosen = args.kind.value if args.kind else ""
    fields = (
        Field("kind", t("What is it?"), "choice", chosen, options=KINDS),
        Field("reason", t("Why?"), hint=t("Only what is real counts in the numbers of production."), value=args.reason),
    )
    return Form("kind", t("What it really is"), t("Change"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    assert args.kind is not None
    return await ending.set_kind(desk, ask.cause, ask.number, args.kind, args.reason)


EXAMPLE = "kind drill we practised the failover"
command = Verb(
    name="kind",
    group="state",
    usage="kind <real|drill|test|backfill> <reason>",
    example=EXAMPLE,
    about=t("correct what it is; only what is real counts"),
    permission="command",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
