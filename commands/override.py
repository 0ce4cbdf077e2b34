"""`override [2.3] <reason>`: break-glass, for those whom policy.yaml names."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.flows import override
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb, stepping


@dataclass(frozen=True, slots=True)
class Args:
    step: str = ""
    reason: str = ""


def _parse(words: str) -> Args:
    at, reason = stepping.typed(words)
    return Args(at.step, reason.strip())


def _click(value: Json) -> Args:
    return Args(str(value.get("step", "")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    return Args(str(value.get("step", "")), answers["reason"])


def _form(args: Args) -> Form | None:
    if args.reason:
        return None
    field = Field("reason", t("Why can it not wait for the approvals?"))
    return Form("override", t("Override"), t("Run it"), (field,), {"step": args.step})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await override.override(desk, ask.cause, ask.number, args.step, args.reason)


command = Verb(
    name="override",
    group="plan",
    usage="override [2.3] <reason>",
    example="override 2.3 nobody answers and the market opens",
    about=t("run the action that waits without its approvals, if policy.yaml names you for it"),
    permission="respond",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
)
