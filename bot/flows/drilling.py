"""Drills that the program begins and ends by itself: handlers of their effects, and their schedule."""

from collections.abc import Mapping, Sequence

from bot import telemetry
from bot.domain.events import Draft, DrillNotBegun, Event
from bot.domain.organisation import Organisation
from bot.domain.terms import ORG, number_of
from bot.errors import StoreAway
from bot.flows import brief, drill, plans_news
from bot.flows.desk import Desk
from bot.ports import Call, Done, Effect, Handler, Outcome, Reaction, Retry, Tx
from bot.work.due import plan_schedules
from bot.work.effects import NOTICE
from storage.store import SqlStore

PREFIX = "drill "


async def plan(store: SqlStore, organisation: Organisation) -> None:
    """The schedule of policy.yaml becomes rows: each turn is taken once, by one replica. ValueError: never, it was read before."""
    times = organisation.policy.drills.schedule
    lines = {f"{PREFIX}{one.plan} {one.service} {one.cron} {one.zone}": (one.cron, one.zone) for one in times}
    await plan_schedules(store, lines, PREFIX)


def handlers(desk: Desk) -> Mapping[str, Handler]:
    """What sends alerts does so outside any transaction, as every sender."""

    async def start(call: Call) -> Outcome:
        args = call.effect.args
        why = await drill.start(desk, args["plan"], args["service"], call.effect.key)
        if not why:
            return Done()
        telemetry.log("drill", level="warning", plan=args["plan"], what=why)
        return Done((Draft(DrillNotBegun(args["plan"], args["service"], why)),))

    async def clear(call: Call) -> Outcome:
        await drill.clear(desk, number_of(call.effect.stream))
        return Done()

    async def patiently(does: Handler, call: Call) -> Outcome:
        try:
            return await does(call)
        except StoreAway:
            return Retry(5.0, "the database is away", counted=False)

    return {"drill.start": lambda call: patiently(start, call), "drill.clear": lambda call: patiently(clear, call)}


def reactions(desk: Desk) -> Mapping[str, Reaction]:
    """What is decided for all drills at once; no incident is locked before."""

    async def schedule(tx: Tx, effect: Effect, events: Sequence[Event]) -> None:
        name, due = effect.args["name"], effect.args["due"]
        if name.startswith(brief.PREFIX):
            await brief.due(desk, tx, name.removeprefix(brief.PREFIX), due)
        if name.startswith(PREFIX):
            key = f"drill:{name}:{due}"
            plan, service, *_ = name.removeprefix(PREFIX).split(" ")
            args = {"plan": plan, "service": service}
            await tx.enqueue([Effect(key, "drill.start", f"{ORG}:drills", ORG, args, NOTICE)])

    async def make_way(tx: Tx, effect: Effect, events: Sequence[Event]) -> None:
        await drill.make_way(desk, tx, effect.args["incident"])

    async def begun(tx: Tx, effect: Effect, events: Sequence[Event]) -> None:
        for event in events:
            await tx.enqueue(await plans_news.told(desk, tx, event, effect.args["plan"]))

    return {"clock.schedule": schedule, "clock.drills": make_way, "drill.start": begun}
