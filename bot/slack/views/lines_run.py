"""One sentence for each thing that happens to the steps of a plan and its actions."""

from collections.abc import Callable
from typing import Any

from bot.domain import events as e
from bot.domain.gate_words import sentence
from bot.domain.state import Attempt, Incident
from bot.domain.terms import BOT
from bot.slack.views.doing import cut_off, undoing
from bot.slack.views.words import people
from bot.text import Code, Span, Strong, Text, Typed, When, Who, t

Sentence = Callable[[Any, Who, e.Event, Incident], Text]


def _with(said: Text, words: str) -> Text:
    return t("{said}: {words}", said=said, words=words) if words else said


def _started(p: e.StepStarted, who: Who, event: e.Event, i: Incident) -> Text:
    if not p.person:
        return t("Step {step} begins.", step=Strong(p.step))
    return t("Step {step} begins: {person}.", step=Strong(p.step), person=Who(p.person))


def _assigned(p: e.StepAssigned, who: Who, event: e.Event, i: Incident) -> Text:
    step, person = Strong(p.step), Who(p.person)
    if p.why == "standby":
        return t("Step {step} goes to the standby {person}.", step=step, person=person)
    if who == person:
        return t("{who} took step {step}.", who=who, step=step)
    return t("{who} gave step {step} to {person}.", who=who, step=step, person=person)


def _help(p: e.StepHelp, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} called {person} to help with step {step}.", who=who, person=Who(p.person), step=Strong(p.step))


def _overdue(p: e.StepOverdue, who: Who, event: e.Event, i: Incident) -> Text:
    return t("Step {step} is late.", step=Strong(p.step))


def _done(p: e.StepDone, who: Who, event: e.Event, i: Incident) -> Text:
    doer = Who(BOT) if p.by_bot else who
    return _with(t("{who} ticked step {step}", who=doer, step=Strong(p.step)), p.evidence)


def _confirmed(p: e.StepConfirmed, who: Who, event: e.Event, i: Incident) -> Text:
    said = t("{who} confirmed step {step}", who=who, step=Strong(p.step))
    alone = t("{who} confirmed step {step} alone", who=who, step=Strong(p.step))
    return _with(alone if p.alone else said, p.reason)


def _skipped(p: e.StepSkipped, who: Who, event: e.Event, i: Incident) -> Text:
    said = t("{who} skipped step {step}", who=who, step=Strong(p.step))
    visits = [v for w in i.walks for v in w.visits if (w.run, v.step, v.visit) == (p.run, p.step, p.visit)]
    for ticked in (visit.ticked_by for visit in visits if visit.ticked_by):
        said = t("{said}, ticked by {ticker} and not confirmed", said=said, ticker=Who(ticked))
    return _with(said, p.reason)


def _answered(p: e.StepAnswered, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} decided step {step}: {answer}", who=who, step=Strong(p.step), answer=Strong(p.answer))


def _on(action: str, target: str) -> Text:
    return t("{action} on {target}", action=Code(action), target=Code(target)) if target else t("{a}", a=Code(action))


def _asked(p: e.ApprovalAsked, who: Who, event: e.Event, i: Incident) -> Text:
    what = undoing(p.action, p.target) if p.undoes else _on(p.action, p.target)
    return t("Approval of {what} is asked of {may}.", what=what, may=people(p.may))


def _approval(i: Incident, digest: str) -> Text:
    found = i.approval(digest)
    if found and found.undoes:
        return undoing(found.action, found.target)
    return _on(found.action, found.target) if found else t("{code}", code=Code(digest[:4]))


def _widened(p: e.ApprovalWidened, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{may} may approve {what}, too.", may=people(p.may), what=_approval(i, p.digest))


def _waits(p: e.ApprovalWaits, who: Who, event: e.Event, i: Incident) -> Text:
    found, what, may = i.approval(p.digest), _approval(i, p.digest), people(p.may)
    if found is None:
        return t("{what} still waits for a yes of {may}.", what=what, may=may)
    until, code = When(found.expires_at), Code(found.code)
    return t(
        "{what} still waits for a yes of {may}, until {until}: code {code}.", what=what, may=may, until=until, code=code
    )


def _given(p: e.ApprovalGiven, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} approved {what}.", who=who, what=_approval(i, p.digest))


def _denied(p: e.ApprovalDenied, who: Who, event: e.Event, i: Incident) -> Text:
    return _with(t("{who} denied {what}", who=who, what=_approval(i, p.digest)), p.reason)


def _expired(p: e.ApprovalExpired, who: Who, event: e.Event, i: Incident) -> Text:
    if p.replaced_by:
        what, code = _approval(i, p.digest), Code(p.replaced_by[:4])
        return t(
            "The question about {what} was replaced by the one with code {code}. Nothing was run.", what=what, code=code
        )
    return t("The approval of {what} expired. Nothing was run.", what=_approval(i, p.digest))


def _refused(p: e.ActionRefused, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{action}: {why}", action=Code(p.action), why=sentence(p.code, p.params))


def _action_started(p: e.ActionStarted, who: Who, event: e.Event, i: Incident) -> Text:
    what = undoing(p.action, p.target) if p.undoes else _on(p.action, p.target)
    if p.overridden:
        return t("{what} was started on the word of {who}, without its approvals.", what=what, who=people(p.approvers))
    if p.approvers:
        return t("{what} was started, approved by {who}.", what=what, who=people(p.approvers))
    return t("{what} was started.", what=what)


def _attempt(i: Incident, attempt: str) -> Text:
    found: Attempt | None = i.attempt(attempt)
    if found and found.undoes:
        return undoing(found.action, found.target)
    return _on(found.action, found.target) if found else t("an action")


def _ended(p: e.ActionEnded, who: Who, event: e.Event, i: Incident) -> Text:
    what = _attempt(i, p.attempt)
    at = When(p.ended_at or event.occurred_at, "secs")
    said = {
        "exited": t("{what} ended {at} with {exit}.", what=what, at=at, exit="?" if p.exit is None else p.exit),
        "timed_out": t("{what} took too long and was ended {at}.", what=what, at=at),
        "stopped": t("{what} was stopped {at}.", what=what, at=at),
        "never_started": t("{what} was not started.", what=what),
        "failed": t("{what} could not be started.", what=what),
    }
    return said.get(p.outcome, t("Nobody knows whether {what} was done.", what=what))


def _verified(p: e.ActionVerified, who: Who, event: e.Event, i: Incident) -> Text:
    what = _attempt(i, p.attempt)
    return t("The check after {what} is good.", what=what) if p.ok else t("The check after {what} failed.", what=what)


def _settled(p: e.ActionSettled, who: Who, event: e.Event, i: Incident) -> Text:
    what = _attempt(i, p.attempt)
    if event.actor == BOT:
        return cut_off(what, i.attempt(p.attempt))
    said = {
        "done": t("{who}: {what} was done.", who=who, what=what),
        "not": t("{who}: {what} was not done.", who=who, what=what),
    }
    return said.get(p.outcome, t("{who} does {what} by hand.", who=who, what=what))


def _undone(p: e.ActionUndone, who: Who, event: e.Event, i: Incident) -> Text:
    what = _attempt(i, p.attempt)
    if p.ok:
        return t("{what} was undone.", what=what)
    return t("{what} could not be undone. Nothing more is undone by itself: people have it now.", what=what)


def _overridden(p: e.Overridden, who: Who, event: e.Event, i: Incident) -> Text:
    said = t(
        "{who} overrode the approvals of {action} in step {step}", who=who, action=Code(p.action), step=Strong(p.step)
    )
    return _with(said, p.reason)


def _stopping(p: e.ActionStopping, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} asked {what} to end.", who=who, what=_attempt(i, p.attempt))


def _locked(p: e.BreakerOpened, who: Who, event: e.Event, i: Incident) -> Text:
    return t(
        "Actions of {plan} failed, or did not last, too often ({n} in {time}): none runs until a person says {allow}.",
        plan=Code(p.plan),
        n=p.failures,
        time=Span(p.within),
        allow=Typed(f"automation allow {p.plan} <reason>"),
    )


def _lapsed(p: e.RecoveryLapsed, who: Who, event: e.Event, i: Incident) -> Text:
    return t(
        "{what} did not last: its check was good {good}, and the alert is back since {back}, {after} later. It counts as"
        " failed. Look for the cause before you run it again.",
        what=_on(p.action, p.target),
        good=When(p.healed_at, "secs"),
        back=When(p.back_at, "secs"),
        after=Span(p.back_at - p.healed_at),
    )


def _late(p: e.ActionLate, who: Who, event: e.Event, i: Incident) -> Text:
    what = _attempt(i, p.attempt)
    if p.outcome == "never_started":
        return t("Late: {what} was never begun. By itself that changes nothing.", what=what)
    if p.exit is None:
        return t("Late: {what} ended ({outcome}). By itself that changes nothing.", what=what, outcome=p.outcome)
    return t("Late: {what} ended with {code}. By itself that changes nothing.", what=what, code=Code(str(p.exit)))


RUN_LINES: dict[type[e.Payload], Sentence] = {
    e.StepStarted: _started,
    e.StepAssigned: _assigned,
    e.StepHelp: _help,
    e.StepOverdue: _overdue,
    e.StepDone: _done,
    e.StepConfirmed: _confirmed,
    e.StepSkipped: _skipped,
    e.StepAnswered: _answered,
    e.ApprovalAsked: _asked,
    e.ApprovalWaits: _waits,
    e.ApprovalWidened: _widened,
    e.ApprovalGiven: _given,
    e.ApprovalDenied: _denied,
    e.ApprovalExpired: _expired,
    e.ActionRefused: _refused,
    e.ActionStarted: _action_started,
    e.ActionEnded: _ended,
    e.ActionVerified: _verified,
    e.ActionSettled: _settled,
    e.ActionUndone: _undone,
    e.Overridden: _overridden,
    e.ActionStopping: _stopping,
    e.BreakerOpened: _locked,
    e.RecoveryLapsed: _lapsed,
    e.ActionLate: _late,
}
