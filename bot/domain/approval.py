"""Who says yes or no to an action: counted when they say it, by people who may, for exactly what is on the card.

How much is needed stands in bot/domain/need.py, how it is asked in bot/domain/asking.py. No stops; time that runs out is never a
yes. Exactly one decision wins: the incident is locked while it is taken, and everybody else is told who was quicker.
"""

from collections.abc import Callable, Collection

from bot.domain.asking import (
    Members,
    Wanted,
    ask,
    asked_before,
    barred,
    canonical,
    digest,
    enough,
    expire,
    first_asked,
    half_over,
    next_told,
    widen,
)
from bot.domain.events import ApprovalDenied, ApprovalGiven, Draft
from bot.domain.need import Requirement, requirement
from bot.domain.need_facts import Facts
from bot.domain.people import By, refuse_if_over
from bot.domain.run_state import Approval
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.errors import BadInput, Refused
from bot.text import Code, Span, Strong, Text, When, Who, t

__all__ = [
    "Facts",
    "Members",
    "Requirement",
    "Wanted",
    "ask",
    "asked_before",
    "canonical",
    "deny",
    "digest",
    "enough",
    "expire",
    "find",
    "first_asked",
    "give",
    "half_over",
    "next_told",
    "requirement",
    "voters",
    "widen",
]

CODE = 4
"""A typed approval needs at least so many characters of the digest."""

_STANDINGS = {
    "stranger": t("You belong to another workspace: only people of this one may approve."),
    "deleted": t("Your account is deactivated: it may not approve."),
    "bot": t("A program may not approve."),
    "unknown": t("You are not in the directory yet, so you cannot approve. Try again in some minutes."),
}


def voters(
    incident: Incident, requirement: Requirement, approval: Approval, members: Members, counted: Micros
) -> tuple[str, ...]:
    """Who may say yes at this moment: members of the groups asked so far, as they are now; of all, where those are not enough for
    what is asked for by now. counted: up to when its time counts."""
    wanted = barred(incident, approval) if "starter" in requirement.forbid else ()

    def people(groups: Collection[str]) -> tuple[str, ...]:
        found = dict.fromkeys(person for group in groups for person in members(group))
        return tuple(person for person in found if person not in wanted)

    wide = approval.widen_at is None or counted >= approval.widen_at
    first = () if wide else people([group for group in requirement.groups if group not in approval.then])
    return first if first and enough(requirement, first, members) else people(requirement.groups)


def give(
    incident: Incident,
    by: By,
    may: Collection[str],
    wanted: str = "",
    standing: str = "",
    code: str = "",
    need: int = 0,
    content: Callable[[Collection[str]], bool] = bool,
    policy_sha: str = "",
) -> tuple[Draft, ...]:
    """Yes. wanted: the digest that a button carries; code: what was typed; may: `voters` now; need: people needed by the facts
    and the policy as they are now: more than were asked for count, fewer do not; content: whether these people are enough for
    all who must be content (`asking.enough`); policy_sha: of the policy that says so.

    standing: what the directory says against the person: stranger | deleted | bot | unknown | "". Refused with the reason.
    """
    approval = find(incident, wanted, code)
    refuse_closed(incident, approval, by.now)
    if standing in _STANDINGS:
        raise Refused(_STANDINGS[standing], standing)
    if by.who in approval.given:
        raise Refused(_already(approval), "twice")
    if by.who in barred(incident, approval) and by.who not in may:
        raise Refused(t("You asked for it, so somebody else must approve it."), "starter")
    if by.who not in may:
        raise Refused(_not_among(may), "not_member")
    said = [person for person in approval.given if person in may] + [by.who]
    need = max(need, approval.need)
    return (Draft(ApprovalGiven(approval.digest, len(said) >= need and content(said), tuple(may), need, policy_sha)),)


def deny(
    incident: Incident,
    by: By,
    may: Collection[str],
    wanted: str = "",
    standing: str = "",
    code: str = "",
    reason: str = "",
) -> tuple[Draft, ...]:
    """No, which stops: by who may approve, by who asked, or by the commander."""
    approval = find(incident, wanted, code)
    refuse_closed(incident, approval, by.now)
    if standing in _STANDINGS:
        raise Refused(_STANDINGS[standing], standing)
    if by.who not in may and by.who not in (approval.starter, incident.commander):
        raise Refused(_not_among(may), "not_member")
    return (Draft(ApprovalDenied(approval.digest, reason.strip())),)


def find(incident: Incident, wanted: str, code: str) -> Approval:
    """The approval that is meant: by the digest of a button, or by the typed code. Refused, BadInput if none is."""
    if wanted:
        found = next((a for a in reversed(incident.approvals) if a.digest == wanted), None)
        if found is None:
            raise Refused(t("This question does not belong to {incident}.", incident=incident.ref), "foreign")
        return found
    typed = code.strip().lower()
    if len(typed) < CODE:
        raise BadInput(t("Type the code that stands on the card; it says what you approve."), "approve 7f3a", "code")
    matching = [a for a in reversed(incident.approvals) if a.digest.startswith(typed)]
    found = next((a for a in matching if a.state == "open"), matching[0] if matching else None)
    if found is None:
        raise Refused(
            t("Nothing here has the code {code}. Look at the newest card.", code=Code(typed[:16])), "no_such_code"
        )
    return found


def is_word(incident: Incident, typed: str) -> bool:
    """It looks like a code, and is a word: no question here begins with it, and no digit is in it (feed, dead, face)."""
    return typed.isalpha() and not any(a.digest.startswith(typed) for a in incident.approvals)


def refuse_closed(incident: Incident, approval: Approval, now: Micros) -> None:
    """Raise Refused, with who was quicker, if the question is no longer open."""
    refuse_if_over(incident)
    ended = _ended(approval, now, incident.counted(now))
    if ended is not None:
        raise Refused(ended, approval.state if approval.state != "open" else "expired")


def _ended(approval: Approval, now: Micros, counted: Micros) -> Text | None:
    """counted: up to when its time counts."""
    ago = Span(now - (approval.ended_at or now))
    if approval.state == "given":
        last = approval.given[-1] if approval.given else approval.ended_by
        return t("{action} was approved by {who} {ago} ago.", action=Strong(approval.action), who=Who(last), ago=ago)
    if approval.state == "denied":
        who = Who(approval.ended_by)
        return t(
            "{action} was denied by {who} {ago} ago. Nothing was run.", action=Strong(approval.action), who=who, ago=ago
        )
    if approval.state == "overtaken":
        return t(
            "Step {step} no longer waits for it: {who} went on {ago} ago. Nothing was run.",
            step=approval.step,
            who=Who(approval.ended_by),
            ago=ago,
        )
    if approval.state == "replaced":
        code = Code(approval.replaced_by[:4])
        return t("Another question was asked in its place {ago} ago: code {code}. Nothing was run.", ago=ago, code=code)
    if approval.state == "expired" or counted >= approval.expires_at:
        return t("The question expired {at} unapproved. Nothing was run. Ask again.", at=When(approval.expires_at))
    return None


def _already(approval: Approval) -> Text:
    n = len(approval.given)
    return t("You said yes already. {n} of {need}: somebody else must say it, too.", n=n, need=approval.need)


def _not_among(may: Collection[str]) -> Text:
    if not may:
        return t("Nobody may approve it now: its group is empty or was not read lately. See groups in policy.yaml.")
    names: Text = t("{who}", who=Who(next(iter(may))))
    for person in list(may)[1:8]:
        names = t("{names}, {who}", names=names, who=Who(person))
    return t("You are not among those who may approve it now: {names}.", names=names)
