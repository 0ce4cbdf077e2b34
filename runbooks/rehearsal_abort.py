"""`## Abort when` in a rehearsal: its checks are made whenever the walk stands somewhere, as bot/flows/aborting.py makes them."""

from bot.domain import drill, walk_action
from bot.domain.events import ConditionSeen, Draft
from bot.domain.plan import Action
from bot.domain.policy import Automation, Mode
from runbooks import params
from runbooks.params import BadValue
from runbooks.rehearsal import Rehearsal, roster


def look(walked: Rehearsal, automation: Automation) -> None:
    """Each check is made, and made again while it cannot be; the experiment is taken back if that is what follows."""
    for _, check in walked.plan.abort_checks:
        what = _seen(walked, check, automation)
        while what and drill.goes_on(walked.incident, walked.plan):
            walked.record((Draft(ConditionSeen(check.id, what)),))
            walked.record(drill.judged(walked.incident, walked.plan, roster, walked.now, check.id, what))
            if not drill.goes_on(walked.incident, walked.plan):
                walked.trail.aborted.append(check.id)


def _seen(walked: Rehearsal, check: Action, automation: Automation) -> str:
    """holds | blind | "": it is not so. What the case says nothing of is never so."""
    case, said = walked.case, walked.case.seen.get(check.id)
    given = params.Given(case.alert, asked=case.run)
    try:
        params.resolve(check, walked.plan.settings, given, automation.hosts)
    except BadValue:
        return "blind"
    if case.mode is Mode.OFF:
        return "blind"
    if said is None or (said.at and said.at not in {visit.step for visit in walked.here.open}):
        return ""
    if said.timed_out:
        return "blind"
    return "holds" if said.code is None or said.code in walk_action.good(check.does) else ""
