"""The switch of all automation, and the breakers: only people turn them, and each turn is written down with its reason.

policy.yaml says how far automation may go at most; the switch says how far it goes now, and can only hold it lower.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.events import AutomationSet, BreakerClosed, Draft
from bot.domain.policy import Automation, Mode
from bot.domain.state import Incident
from bot.domain.terms import ORG
from bot.errors import BadInput, Refused
from bot.flows import plans_news
from bot.flows.case import ALREADY, Case, surely
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Button, Cause, Json, Reply, Tx
from bot.text import Code, Strong, Text, When, Who, t

MOST = 500
"""Incidents that are told of it."""
ALL = "*"
"""The key of the switch among the breakers: no plan can have this id."""

_MODES = {
    Mode.OFF: t("*off*: nothing runs, not even what only reads"),
    Mode.DRY_RUN: t("dry-run: what only reads runs; of the rest it is told what would run"),
    Mode.ASK: t("ask: what changes something runs once people have said yes"),
    Mode.AUTO: t("auto: plan and policy may let something run without a yes"),
}


async def automation(case: Case) -> Automation:
    """What policy.yaml allows, with the mode as it is now."""
    allowed = case.desk.organisation.policy.automation
    return replace(allowed, mode=await _now(case.tx, allowed.mode))


async def _now(tx: Tx, most: Mode) -> Mode:
    row = await tx.breaker(ALL)
    return most if row is None else Mode(row["state"]).within(most)


async def turn(desk: Desk, cause: Cause, mode: Mode, reason: str) -> Reply:
    """`automation off|dry-run|ask|auto <reason>`. It is announced, and told where a plan is walked."""

    async def work(tx: Tx) -> Reply:
        row = await tx.breaker(ALL)
        before = row["state"] if row else ""
        most = desk.organisation.policy.automation.mode
        was, now = await _now(tx, most), mode.within(most)
        turned = (Draft(AutomationSet(mode.value, before, reason)),)
        told = await _cases(desk, tx, cause, lambda incident: incident.walking is not None) if now is not was else []
        for case in told:
            await case.record(turned)
        for event in await tx.append(ORG, turned, cause):
            if now is not was:
                await tx.enqueue(await plans_news.told(desk, tx, event, ""))
        await tx.set_breaker(ALL, mode.value, cause.actor)
        for case in told:
            await case.follow()
        if now is not mode:
            held = t("policy.yaml says {most}, and nobody can go further than that here.", most=Strong(most.value))
            return Reply((t("Automation stays at {mode}.", mode=Strong(now.value)), held))
        return Reply(
            (t("Automation is set to {mode} for all incidents, from now on.", mode=Strong(now.value)), _MODES[now])
        )

    return await _once(desk, cause, work)


async def allow(desk: Desk, cause: Cause, plan: str, reason: str) -> Reply:
    """`automation allow <plan> <reason>`: close its breaker."""

    async def work(tx: Tx) -> Reply:
        row = await tx.breaker(plan)
        if row is None or row["state"] != "open":
            known = ", ".join(one.id for one in desk.plans.plans)
            if desk.plans.find(plan) is None:
                raise BadInput(
                    t("There is no plan {plan}. There are: {known}.", plan=Code(plan), known=known), "automation"
                )
            raise Refused(t("The plan {plan} is not locked.", plan=Code(plan)), "not_locked")
        closed = Draft(BreakerClosed(plan, reason))
        told = await _cases(desk, tx, cause, lambda incident: plan in incident.locked)
        for case in told:
            await case.record((closed,))
        await tx.append(ORG, (closed,), cause)
        await tx.set_breaker(plan, "closed", cause.actor)
        for case in told:
            await case.follow()
        return Reply(
            (t("Actions of {plan} are allowed again. What waits can be asked for with `run`.", plan=Code(plan)),)
        )

    return await _once(desk, cause, work)


async def _cases(desk: Desk, tx: Tx, cause: Cause, told: Callable[[Incident], bool]) -> list[Case]:
    """The open incidents that have to hear of it, themselves locked in their order."""
    found = await tx.incidents(EVERYTHING, limit=MOST)
    numbers = sorted(incident.number for incident in found if told(incident))
    return [Case(desk, tx, await tx.lock(number), cause) for number in numbers]


async def show(desk: Desk) -> Reply:
    """`automation`: how far it goes, who said so, and which plans are locked."""
    most = desk.organisation.policy.automation.mode
    async with desk.store.begin() as tx:
        row, now = await tx.breaker(ALL), await _now(tx, most)
        rows = {plan.id: await tx.breaker(plan.id) for plan in desk.plans.plans}
    lines: list[Text] = [t("Automation is at {mode}.", mode=Strong(now.value)), _MODES[now]]
    if row is not None:
        lines.append(
            t(
                "{who} set it to {mode}; policy.yaml allows {most}.",
                who=Who(row["closed_by"]),
                mode=row["state"],
                most=most.value,
            )
        )
    locked = {plan: found for plan, found in rows.items() if found and found["state"] == "open"}
    lines += [_locked(plan, found) for plan, found in locked.items()]
    others = tuple(
        Button(t("{mode} …", mode=mode.value), "automation", {"mode": mode.value}) for mode in Mode if mode is not now
    )
    again = tuple(
        Button(t("Allow {plan} …", plan=plan[:40]), "automation", {"plan": plan}) for plan in list(locked)[:5]
    )
    return Reply(tuple(lines), (*others, *again), done=False, shows=True)


def _locked(plan: str, row: Json) -> Text:
    return t("{plan} is locked since {at}: it failed too often.", plan=Code(plan), at=When(row["opened_at"]))


async def _once(desk: Desk, cause: Cause, work: Callable[[Tx], Awaitable[Reply]]) -> Reply:
    async def attempt() -> Reply:
        async with desk.store.begin() as tx:
            if await tx.answered(cause.input) is not None:
                return ALREADY
            reply = await work(tx)
            await tx.answer(cause.input, ORG, {})
            return reply

    return await surely(desk.clock, attempt)
