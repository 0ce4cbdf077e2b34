"""Hands on a step: given, refused, helped, late; and the standby who takes over when nobody answers."""

from bot.domain import named
from bot.domain.events import Draft, RoleUnanswered, StepAssigned, StepHelp, StepOverdue
from bot.domain.people import By, arrive, refuse_if_over
from bot.domain.plan import Plan
from bot.domain.roles import offer
from bot.domain.run_state import Visit
from bot.domain.state import Incident
from bot.domain.terms import BOT, Micros, Source
from bot.domain.walk_next import Roster
from bot.domain.walk_pick import pick, walk_of
from bot.errors import BadInput, Refused
from bot.text import t


def assign(
    incident: Incident,
    plan: Plan,
    by: By,
    person: str,
    step: str = "",
    visit: int = 0,
    run: int = 0,
    why: str = "asked",
) -> tuple[Draft, ...]:
    """A step is given to a person. why: asked | not_mine. () beside the arrival if they have it already."""
    refuse_if_over(incident)
    here = pick(incident, plan, by, step, visit, run, careful=False)
    if not person:
        raise BadInput(t("Who has step {step} then?", step=here.step), f"assign {here.step} @ben", "whose")
    if here.person == person:
        return arrive(incident, by)
    given = StepAssigned(walk_of(incident).run, here.step, here.visit, person, here.person, why)
    return (*arrive(incident, by), Draft(given))


def help_(
    incident: Incident, plan: Plan, by: By, roster: Roster, step: str = "", visit: int = 0, run: int = 0
) -> tuple[Draft, ...]:
    """The standby of the step's role is called to it. Refused if the plan knows nobody else."""
    refuse_if_over(incident)
    here = pick(incident, plan, by, step, visit, run, careful=False)
    found = _stand_by(plan, here.role, roster, (by.who, here.person))
    if not found:
        role = named.role(here.role)
        sentence = t(
            "The plan names no standby for {role}. Ask somebody: `assign {step} @ben`.", role=role, step=here.step
        )
        raise Refused(sentence, "no_standby")
    return (*arrive(incident, by), Draft(StepHelp(walk_of(incident).run, here.step, here.visit, found)))


def overdue(incident: Incident, run: int, step: str, visit: int, now: Micros) -> tuple[Draft, ...]:
    """The time of a step is over and it is not done (actor: Tocsin). () if it is settled, replaced, or was said before."""
    walk = incident.walk
    if walk is None or walk.run != run or walk.ended_at is not None or not incident.status.open:
        return ()
    here = next((v for v in walk.open if (v.step, v.visit) == (step, visit)), None)
    if here is None or here.overdue or here.state == "unconfirmed" or here.due_at is None or here.due_at > now:
        return ()
    return (Draft(StepOverdue(run, step, visit), actor=BOT, source=Source.DERIVED),)


def standby(incident: Incident, plan: Plan, role: str, roster: Roster, now: Micros) -> tuple[Draft, ...]:
    """Nobody answered for a role in the time of the plan: its standby is asked, and has the role's open steps (actor: Tocsin).
    Where the plan knows nobody who was not asked yet, that is said once.

    () if somebody holds the role, or the plan does not name it.
    """
    row = plan.role(role)
    if incident.holder(role) or not incident.status.open or row is None:
        return ()
    offers = [offered for offered in incident.offers if offered.role == role]
    asked = tuple(offered.person for offered in offers)
    found = _stand_by(plan, role, roster, asked)
    if not found:
        late = any(offered.due_at is not None for offered in offers)
        return (Draft(RoleUnanswered(role, asked), actor=BOT, source=Source.DERIVED),) if late else ()
    due = None if row.after is None else now + row.after
    drafts = (*offer(incident, role, found, "standby", due), *_steps_to(incident, role, found, "standby"))
    return tuple(Draft(draft.payload, actor=BOT, source=Source.DERIVED) for draft in drafts)


def follow_role(incident: Incident, role: str, person: str) -> tuple[Draft, ...]:
    """Somebody took a role: its open steps are theirs."""
    return _steps_to(incident, role, person, "asked")


def _steps_to(incident: Incident, role: str, person: str, why: str) -> tuple[Draft, ...]:
    walk = incident.walk
    if walk is None or walk.ended_at is not None:
        return ()
    theirs: list[Visit] = [visit for visit in walk.open if visit.role == role and visit.person != person]
    return tuple(Draft(StepAssigned(walk.run, v.step, v.visit, person, v.person, why)) for v in theirs)


def _stand_by(plan: Plan, role: str, roster: Roster, but: tuple[str, ...]) -> str:
    """The standby of a role, else the next of those whom the table names first; nobody of `but`."""
    row = plan.role(role)
    if row is None:
        return ""
    people = (*(roster(row.standby) if row.standby else ()), *(roster(row.who) if row.who else ()))
    return next((person for person in people if person not in but), "")
