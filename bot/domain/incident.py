"""An incident is the fold of its events: the same events give the same incident, with or without their free text."""

from collections.abc import Callable, Iterable
from typing import Any

from bot.domain import events as e
from bot.domain.folds import (
    actions,
    approvals,
    away,
    calls,
    course,
    drill,
    evidence,
    life,
    people,
    review,
    steps,
    telling,
    words,
)
from bot.domain.folds.heard import heard
from bot.domain.state import Incident

Folding = Callable[[Incident, e.Event, Any], Incident]

_FOLDS: dict[type[e.Payload], Folding] = {
    e.AlertsChanged: life.alerts_changed,
    e.AllClear: life.all_clear,
    e.Snoozed: life.snoozed,
    e.StatusChanged: life.status_changed,
    e.SeverityChanged: life.severity_changed,
    e.KindChanged: life.kind_changed,
    e.MilestoneMarked: life.milestone_marked,
    e.ChannelMade: life.channel_made,
    e.QuestionsAsked: review.questions_asked,
    e.QuestionAnswered: review.question_answered,
    e.Watched: course.watched,
    e.Paused: course.paused,
    e.Resumed: course.resumed,
    e.Archived: course.archived,
    e.Undone: course.undone,
    e.Merged: course.merged,
    e.TookIn: course.took_in,
    e.LetOut: course.let_out,
    e.SplitOff: course.split_off,
    e.MadePrivate: course.made_private,
    e.Acknowledged: people.acknowledged,
    e.ResponderJoined: people.responder_joined,
    e.RoleOffered: people.role_offered,
    e.RoleTaken: people.role_taken,
    e.RolePassed: people.role_passed,
    e.RoleUnanswered: people.role_unanswered,
    e.RoleLeft: people.role_left,
    e.PageSent: calls.page_sent,
    e.PageAnswered: calls.page_answered,
    e.NobodyCalled: calls.nobody_called,
    e.PersonWoken: calls.person_woken,
    e.CommanderSilent: people.commander_silent,
    e.NobodyAnswers: calls.nobody_answers,
    e.Watching: people.watching,
    e.PlanAttached: steps.plan_attached,
    e.PlanEnded: steps.plan_ended,
    e.PlanResumed: steps.plan_resumed,
    e.PlanRevised: steps.plan_revised,
    e.StepStarted: steps.step_started,
    e.StepAssigned: steps.step_assigned,
    e.StepOverdue: steps.step_overdue,
    e.StepDone: steps.step_done,
    e.StepConfirmed: steps.step_confirmed,
    e.StepSkipped: steps.step_skipped,
    e.StepAnswered: steps.step_answered,
    e.ApprovalAsked: approvals.approval_asked,
    e.ApprovalWaits: approvals.approval_waits,
    e.ApprovalWidened: approvals.approval_widened,
    e.ApprovalGiven: approvals.approval_given,
    e.ApprovalDenied: approvals.approval_denied,
    e.ApprovalExpired: approvals.approval_expired,
    e.ActionRefused: actions.action_refused,
    e.ActionStarted: actions.action_started,
    e.ActionEnded: actions.action_ended,
    e.ActionVerified: actions.action_verified,
    e.ActionSettled: actions.action_settled,
    e.ActionUndone: actions.action_undone,
    e.Overridden: approvals.overridden,
    e.RecoveryLapsed: actions.recovery_lapsed,
    e.BreakerOpened: actions.breaker_opened,
    e.BreakerClosed: actions.breaker_closed,
    e.ActionStopping: actions.action_stopping,
    e.SeenBy: telling.seen,
    e.CauseNamed: telling.cause,
    e.FollowupMade: telling.followup,
    e.Unflagged: telling.unflagged,
    e.Followed: telling.followed,
    e.Unfollowed: telling.unfollowed,
    e.ImpactTold: telling.impact,
    e.Pinned: words.pinned,
    e.Unpinned: words.unpinned,
    e.EvidenceShared: evidence.shared,
    e.EvidenceKept: evidence.kept,
    e.EvidenceLeft: evidence.left,
    e.EvidenceGone: evidence.gone,
    e.UpdateSent: words.update_sent,
    e.UpdateExpected: words.update_expected,
    e.UpdateMissed: words.update_missed,
    e.OutageBegan: away.outage_began,
    e.OutageEnded: away.outage_ended,
    e.DatabaseAway: away.absent,
    e.Stopped: away.absent,
    e.ClockSet: away.clock_set,
    e.RefusedTo: words.refused_to,
    e.DrillBegan: drill.began,
    e.DrillInjected: drill.injected,
    e.DrillStopped: drill.stopped,
    e.ConditionSeen: drill.condition_seen,
    e.DrillFound: drill.found,
    e.DrillSigned: drill.signed,
}


def fold(state: Incident | None, event: e.Event) -> Incident:
    """The incident after one more event. state: None before the first, which must be `Opened`.

    A kind of event that stands in no table here (a note, a help call) is on the timeline and changes nothing else.
    """
    incident = heard(approvals.overtaken(_folded(state, event), event), event)
    if people.acts(event) and event.actor not in incident.answered and not isinstance(event.payload, e.RoleLeft):
        incident = calls.answered_here(incident, event)
        return incident.renewed(seq=event.seq, answered=(*incident.answered, event.actor))
    return incident.renewed(seq=event.seq)


def _folded(state: Incident | None, event: e.Event) -> Incident:
    if state is None:
        assert isinstance(event.payload, e.Opened), f"{event.stream} does not begin with its opening"
        return life.opened(event, event.payload)
    folding = _FOLDS.get(type(event.payload))
    return folding(state, event, event.payload) if folding else state


def replay(events: Iterable[e.Event]) -> Incident:
    """The incident from all its events, in their order."""
    state: Incident | None = None
    for event in events:
        state = fold(state, event)
    assert state is not None, "an incident has events"
    return state
