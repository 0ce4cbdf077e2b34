"""Drills: the plan's own alert comes in as a real one would, and everything that follows is a drill.

Nothing here touches a real alert or incident: the kind of an alert is part of its identity and of its group's.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import sha256

from bot.domain import drill, drill_report
from bot.domain.alert import Alert, AlertStatus
from bot.domain.events import Draft, DrillFound
from bot.domain.people import arrive
from bot.domain.plan import EXPERIMENT, Plan
from bot.domain.state import Incident
from bot.domain.terms import BOT, Kind, Micros, Source
from bot.errors import BadInput, Refused, UserError
from bot.flows import opening
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Cause, Json, Reads, Reply, Tx
from bot.text import Code, PlainShow, Strong, render, t
from runbooks import own_alert

SOURCE = "drill"
MOST = 1000


async def begin(desk: Desk, cause: Cause, name: str, service: str = "") -> Reply:
    """`drill <plan>`: its alert is sent in, through routing and paging as a real one."""
    plan = desk.named(name)
    async with desk.store.read() as reads:
        found, seen = await open_now(desk, reads, cause.actor)
    _refuse(plan, found, seen)
    labels = _labels(desk, plan, service)
    if plan.kind == EXPERIMENT and not drill.is_live(plan, labels, desk.organisation.policy.automation):
        line = Code("inventory: {NAME: {env: test, hosts: [test-1], drill: true}}")
        sentence = t(
            "This breaks something, and the plan names no machine that is there for drills: {line}.", line=line
        )
        raise Refused(sentence, "no_drill_target")
    said = await _sent(desk, cause, plan, labels, AlertStatus.FIRING, desk.clock.now())
    number, decision = said["incident"], said["decision"]
    if number is None:
        what = Code(" ".join(f"{name}={value}" for name, value in labels.items()))
        return Reply(
            (
                t("The alert of {plan} opens no incident here: nobody would have heard of it.", plan=Code(plan.id)),
                t("Its labels were {labels}; it was {decision}. Look at routes.yaml.", labels=what, decision=decision),
            ),
            done=False,
        )
    incident = t("The drill of {plan} has begun: {incident}.", plan=Strong(plan.title), incident=f"INC-{number}")
    return Reply((incident,), data={"incident": number})


def _refuse(plan: Plan, found: Sequence[Incident], seen: Collection[int]) -> None:
    """seen: as in `refuse_beside`."""
    refuse_beside(found, seen)
    same = next((one for one in found if drill.under_way(one, plan.id)), None)
    if same is not None:
        which = t("{ref}", ref=same.ref) if same.number in seen else t("Another incident")
        raise Refused(t("{incident} is a drill of this plan, and goes on.", incident=which), "same_drill")


def refuse_beside(found: Sequence[Incident], seen: Collection[int]) -> None:
    """Beside something real that needs everybody no drill begins, or begins again. found: what is open; seen: numbers of those that
    the person sees; of others nobody says more than must be said."""
    worse = sorted((one for one in found if drill.needs_everybody(one)), key=lambda one: one.number not in seen)
    if worse:
        which = t("{ref}", ref=worse[0].ref) if worse[0].number in seen else t("another incident")
        raise Refused(t("Not now: {incident} is real and needs everybody.", incident=which), "real")


async def open_now(desk: Desk, reads: Reads, person: str) -> tuple[Sequence[Incident], Collection[int]]:
    """What is open, and the numbers of what of it the person sees."""
    found = await reads.incidents(EVERYTHING, limit=MOST)
    return found, {one.number for one in await reads.incidents(await desk.viewer(reads, person), limit=MOST)}


def _labels(desk: Desk, plan: Plan, service: str) -> dict[str, str]:
    """Of a host that is there for drills, if the plan may touch one; of the first service that services.yaml gives the plan."""
    services = desk.organisation.services
    if service and services.get(service) is None:
        known = ", ".join(services.by_id)
        raise BadInput(
            t("There is no service {name}. There are: {known}.", name=Code(service), known=known),
            "drill default orders",
        )
    about = service or next((one.id for one in services.by_id.values() if plan.id in one.plans), "")
    automation = desk.organisation.policy.automation
    hosts = [host for entry in automation.inventory if entry.drill for host in entry.hosts]
    try:
        labels = own_alert.labels(plan, automation, hosts, about)
        return labels if drill.is_live(plan, labels, automation) else own_alert.labels(plan, automation, (), about)
    except own_alert.NoAlert as error:
        raise BadInput(error.sentence, "drill default") from error


async def _sent(
    desk: Desk, cause: Cause, plan: Plan, labels: dict[str, str], status: AlertStatus, began: Micros
) -> Json:
    """The alert goes the way of every alert; what became of it."""
    assert desk.take_in is not None, "the composition root sets it"
    key = sha256(f"{plan.id} {began}".encode()).hexdigest()
    alert = Alert(
        source=SOURCE,
        fingerprint=key[:16],
        status=status,
        starts_at=began,
        ends_at=desk.clock.now() if status is AlertStatus.RESOLVED else None,
        group_key=key,
        severity=labels.get("severity", ""),
        service=labels.get("service", ""),
        title=plan.title,
        labels=labels,
        annotations={"plan": plan.id, "by": "" if cause.actor == BOT else cause.actor},
        kind=Kind.DRILL,
    )
    [said] = await desk.take_in([alert], key, cause)
    return said


async def opened(case: Case) -> None:
    """The first thing in a drill's incident: which plan it is of. What no alert begins is taken up here."""
    [alert] = await case.tx.incident_alerts(case.incident.number)
    plan = case.desk.plans.find(alert.annotations["plan"])
    if plan is None:
        return
    live = drill.is_live(plan, alert.labels, case.desk.organisation.policy.automation)
    await case.record([drill.began(plan, alert.annotations["by"], live, case.now)])
    if not plan.match:
        await opening.take_up(case, plan, "asked")


async def chosen(case: Case) -> None:
    """The plan of the drill is walked; if its own alert gets another one, that is a finding."""
    here, walk = case.incident.drill, case.incident.walk
    if here is not None and walk is not None and walk.plan != here.plan:
        await case.record([Draft(DrillFound("other_plan", walk.plan))])
        await opening.take_up(case, case.desk.named(here.plan), "asked")


async def inject(case: Case, args: Json) -> None:
    """Something happens in the drill (a reaction)."""
    here = case.incident.drill
    if here is not None:
        plan = await case.desk.plan(case.tx, here.sha)
        await case.record(drill.injected(case.incident, plan, args["n"]))


async def time_over(case: Case, args: Json) -> None:
    """An experiment has lasted as long as it may, or turned out to be real: it is taken back (a reaction)."""
    why = args.get("why", "time")
    await case.record(await _ending(case, why, case.incident.number if why == "real" else 0))


async def make_way(desk: Desk, tx: Tx, other: int) -> None:
    """A real incident needs everybody: all drills stop, and say so (see `drill.ending`). A private one is not named."""
    real = await tx.incident(other, EVERYTHING)
    named = 0 if real is None or real.private else other
    for number in sorted(one.number for one in await tx.incidents(EVERYTHING, limit=MOST) if one.drill is not None):
        case = Case(desk, tx, await tx.lock(number), Cause(f"makeway:{number}:{other}", BOT, Source.AUTOMATION))
        await case.record(await _ending(case, "real", named))
        await case.follow()


async def _ending(case: Case, why: str, other: int = 0, reason: str = "") -> tuple[Draft, ...]:
    """A drill just ends; an experiment goes to its way back first."""
    here = case.incident.drill
    if here is None:
        return ()
    plan = await case.desk.plan(case.tx, here.sha)
    return drill.ending(case.incident, plan, await case.roster(), case.now, why, other, reason)


async def stop(desk: Desk, cause: Cause, number: int, reason: str) -> Reply:
    """`drill stop`; of an experiment, to its way back."""

    async def work(case: Case) -> Reply:
        drill.refuse_no_drill(case.incident)
        drafts = await _ending(case, "asked", reason=reason)
        if not drafts and case.incident.kind is not Kind.DRILL:
            raise Refused(t("{incident} is real by now: `resolve` ends it.", incident=case.incident.ref), "real")
        if not drafts:
            raise Refused(t("The drill is over already."), "over")
        await case.record((*arrive(case.incident, case.by), *drafts))
        over = not case.incident.status.open
        return Reply((t("The drill is stopped.") if over else t("It is being taken back: see the step."),), echo=True)

    return await once(desk, cause, number, work)


async def finding(desk: Desk, cause: Cause, number: int, text: str) -> Reply:
    """`drill finding <text>`."""

    async def work(case: Case) -> Reply:
        signed = case.incident.drill is not None and case.incident.drill.signed_by
        await case.record(drill_report.found(case.incident, case.by, text))
        anew = (t("The report has to be signed again."),) if signed else ()
        return Reply((t("The finding is in the report, and recorded as a follow-up."), *anew))

    return await once(desk, cause, number, work)


async def sign(desk: Desk, cause: Cause, number: int, words: str) -> Reply:
    """`drill sign`."""

    async def work(case: Case) -> Reply:
        drill.refuse_no_drill(case.incident)
        assert case.incident.drill is not None
        plan = await desk.plan(case.tx, case.incident.drill.sha)
        targets = desk.organisation.grade(case.incident.severity).targets
        await case.record(drill_report.signed(case.incident, plan, targets, case.by, words))
        return Reply((t("The report is signed."),))

    return await once(desk, cause, number, work)


async def start(desk: Desk, name: str, service: str, key: str) -> str:
    """A schedule begins a drill; why it could not, "" if it did. key: the same for the same turn. StoreAway."""
    try:
        said = await begin(desk, Cause(key, BOT, Source.AUTOMATION), name, service)
    except UserError as error:
        return render(error.sentence, PlainShow())
    return "" if "incident" in (said.data or {}) else render(said.lines[0], PlainShow())


async def clear(desk: Desk, number: int) -> None:
    """The drill's plan is at its end: its alert is over, and people are asked whether it is back to normal. StoreAway."""
    async with desk.store.read() as reads:
        incident = await reads.incident(number, EVERYTHING)
        alerts = await reads.incident_alerts(number) if incident else []
    if incident is not None and incident.walking is not None and incident.status.open:
        return
    for alert in (one for one in alerts if one.kind is Kind.DRILL):
        assert desk.take_in is not None
        over = replace(alert, status=AlertStatus.RESOLVED, ends_at=desk.clock.now())
        await desk.take_in([over], alert.fingerprint, Cause(f"drill:clear:{number}", BOT, Source.AUTOMATION))
