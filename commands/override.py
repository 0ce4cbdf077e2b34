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
    """at: what the form was opened for, None without one."""

    step: str = ""
    reason: str = ""
    at: override.Place | None = None


def _parse(words: str) -> Args:
    at, reason = stepping.typed(words, "override")
    return Args(at.step, reason.strip())


def _click(value: Json) -> Args:
    return Args(str(value.get("step", "")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    run, step, visit, digest = value["at"]
    return Args(str(step), answers["reason"], (int(run), str(step), int(visit), str(digest)))


def _form(action: str, at: override.Place) -> Form:
    label = t("Why can {action} of step {step} not wait for the approvals?", action=action, step=at[1])
    return Form("override", t("Override"), t("Run it"), (Field("reason", label),), {"at": list(at)})


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if not args.reason:
        return await override.ask(desk, ask.cause, ask.number, args.step, _form)
    return await override.override(desk, ask.cause, ask.number, args.step, args.reason, args.at)


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
    fill=_fill,
)
