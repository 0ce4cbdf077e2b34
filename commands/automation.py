"""`automation off|dry-run|ask|auto <reason>`: how far automation goes in all incidents; `automation allow <plan> <reason>`."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.policy import Mode
from bot.errors import BadInput
from bot.flows import switch
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import Code, t
from commands import Ask, Verb

MODES = {"dryrun": Mode.DRY_RUN, "dry": Mode.DRY_RUN, **{mode.value: mode for mode in Mode}}
EXAMPLE = "automation off the gateways are being replaced"


@dataclass(frozen=True, slots=True)
class Args:
    """Neither mode nor plan: only say how it stands. plan: whose breaker is closed."""

    mode: Mode | None = None
    plan: str = ""
    reason: str = ""


def _parse(words: str) -> Args:
    first, _, rest = words.strip().partition(" ")
    if not first:
        return Args()
    if first.lower() == "allow":
        plan, _, reason = rest.strip().partition(" ")
        if not plan:
            raise BadInput(t("Which plan?"), "automation allow restart the disk was replaced")
        return Args(plan=plan, reason=reason.strip())
    mode = MODES.get(first.lower())
    if mode is None:
        raise BadInput(
            t("I do not know {word}. Say off, dry-run, ask or auto, and why.", word=Code(first[:40])), EXAMPLE
        )
    return Args(mode, reason=rest.strip())


def _click(value: Json) -> Args:
    return Args(Mode(value["mode"]) if "mode" in value else None, str(value.get("plan", "")))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    at = _click(value)
    return Args(at.mode, at.plan, answers["reason"])


def _form(args: Args) -> Form | None:
    if args.reason or not (args.mode or args.plan):
        return None
    carried = {"mode": args.mode.value} if args.mode else {"plan": args.plan}
    title = t("Automation: {mode}", mode=args.mode.value) if args.mode else t("Allow it again")
    return Form("automation", title, t("Do it"), (Field("reason", t("Why?")),), carried)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.plan:
        return await switch.allow(desk, ask.cause, args.plan, args.reason)
    if args.mode:
        return await switch.turn(desk, ask.cause, args.mode, args.reason)
    return await switch.show(desk)


command = Verb(
    name="automation",
    group="plan",
    usage="automation [off|dry-run|ask|auto|allow <plan>] <reason>",
    example=EXAMPLE,
    about=t("how far automation goes in all incidents, or allow a plan's actions again"),
    permission="command",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
    where="anywhere",
)
