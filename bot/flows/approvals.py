"""The answers to the bot's questions: yes and no, counted when they are said; and what time makes of a question."""

import json
from collections.abc import Collection

from bot.domain import approval, asking
from bot.domain.need import Requirement
from bot.domain.run_state import Approval, Visit
from bot.domain.state import Incident
from bot.errors import Refused
from bot.flows import calling, duty, prepare, rollback
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.execute import refuse, start
from bot.flows.prepare import Prepared
from bot.ports import Cause, Json, Reply
from bot.slack.views.approval import readable
from bot.text import Strong, Text, t
from runbooks.params import BadValue


async def approve(desk: Desk, cause: Cause, number: int, wanted: str) -> Reply:
    """`approve`. wanted: the digest of a button, or the code that was typed."""

    async def work(case: Case) -> Reply:
        asked = _question(case.incident, wanted)
        visit, ready = await _again(case, asked)
        if not readable(json.loads(ready.wanted.what)):
            raise Refused(
                t("It is too long to be read on the card, so nobody can approve it. You can: do it by hand."),
                "unreadable",
            )
        members, needs = prepare.members(case, await prepare.fresh(case)), ready.requirement
        may = approval.voters(case.incident, needs, asked, members, case.incident.counted(case.now))

        def content(said: Collection[str]) -> bool:
            return asking.enough(needs, said, members)

        if cause.actor not in may and (others := asking.grown(case.incident, asked.digest, may)):
            await case.record(others)
            groups = ", ".join(needs.groups)
            return Reply((t("It takes a yes of {groups} by now. They are asked.", groups=groups),), done=False)
        need, stands = asking.least(needs, members), await standing(case)
        sha = case.desk.organisation.policy.sha
        said = approval.give(case.incident, case.by, may, asked.digest, stands, "", need, content, sha)
        await case.record(said)
        now = case.incident.approval(asked.digest)
        assert now is not None
        if now.state != "given":
            await case.record(asking.grown(case.incident, asked.digest, may))
            return Reply((_more(needs, now, members, may),))
        return await _approved(case, visit, ready, now)

    return await once(desk, cause, number, work)


def _more(requirement: Requirement, now: Approval, members: asking.Members, may: Collection[str]) -> Text:
    """Who else must say yes. may: whose yes counts now, also one that was said before."""
    said = [person for person in now.given if person in may]
    missing = asking.missing(requirement, said, members)
    if not missing:
        return t("Your yes is counted. {n} more must say it.", n=now.need - len(said))
    groups = ", ".join(dict.fromkeys(group for side in missing for group in side.groups))
    return t("Your yes is counted. It takes a yes of {groups}, too.", groups=groups)


def _question(incident: Incident, wanted: str) -> Approval:
    button = len(wanted) == 64
    return approval.find(incident, wanted if button else "", "" if button else wanted)


async def _again(case: Case, asked: Approval) -> tuple[Visit, Prepared]:
    """The same action, made ready anew: what was approved must be what would run now."""
    approval.refuse_closed(case.incident, asked, case.now)
    if asked.undoes:
        return await rollback.again(case, asked)
    visit = next(v for v in case.incident.walks[-1].visits if (v.step, v.visit) == (asked.step, asked.visit))
    try:
        return visit, await prepare.again(case, visit, asked.digest)
    except BadValue as bad:
        raise Refused(bad.sentence, "changed") from bad


async def _approved(case: Case, visit: Visit, ready: Prepared, asked: Approval) -> Reply:
    """Enough people said yes: the gates once more, right before the start."""
    gate = ready.gate
    if ready.wanted.digest != asked.digest:
        await refuse(case, visit, "changed", {})
        await rollback.refused(case, asked)
        return Reply((t("Not run: it is no longer what was approved. Ask again with `run`."),), done=False)
    if gate is not None:
        await refuse(case, visit, gate.code, gate.params)
        await rollback.refused(case, asked)
        return Reply((t("Approved, but not run. The reason stands in the channel."),), done=False)
    started = await start(case, visit, ready, asked.given)
    if not started:
        return Reply((t("Approved, but not run. The reason stands in the channel."),))
    return Reply((t("Approved: {action} runs now.", action=Strong(ready.action.id)),), echo=True)


async def deny(desk: Desk, cause: Cause, number: int, wanted: str, reason: str) -> Reply:
    """`deny`. wanted: a digest or a code, or the first word of the reason; "": the newest question that is open."""

    async def work(case: Case) -> Reply:
        code = "" if approval.is_word(case.incident, wanted) else wanted
        asked = denied(case.incident, code)
        may, why = await _may_deny(case, asked), reason if code else f"{wanted} {reason}".strip()
        await case.record(approval.deny(case.incident, case.by, may, asked.digest, await standing(case), reason=why))
        await _no(case, asked.digest)
        return Reply((t("Denied. Nothing was run."),))

    return await once(desk, cause, number, work)


def denied(incident: Incident, code: str) -> Approval:
    """The question that a no is said to. code: or its digest; "": the newest that is open. Refused if there is none."""
    newest = next((a.digest for a in reversed(incident.approvals) if a.state == "open"), "")
    if not (code or newest):
        raise Refused(t("No question waits for a yes or a no here."), "nothing_waits")
    return _question(incident, code or newest)


async def _may_deny(case: Case, asked: Approval) -> tuple[str, ...]:
    """Who may say yes now; where it could not run any more, those who were asked: a no stops it all the same."""
    try:
        _, ready = await _again(case, asked)
    except Refused as refused:
        if refused.code != "changed":
            raise
        return asked.may
    members, counted = prepare.members(case, await prepare.fresh(case)), case.incident.counted(case.now)
    return approval.voters(case.incident, ready.requirement, asked, members, counted)


async def standing(case: Case) -> str:
    """What the directory says against the person, see approval.give."""
    known = await case.tx.person(case.cause.actor)
    if known is None:
        return "unknown"
    marks = {"stranger": known.stranger, "deleted": known.deleted, "bot": known.bot}
    return next((name for name, holds in marks.items() if holds), "")


async def half_over(case: Case, args: Json) -> None:
    """Half of the time for an approval is over (a reaction)."""
    await case.record(approval.half_over(case.incident, args["digest"], case.now))


async def expire(case: Case, args: Json) -> None:
    """The time for an approval is over: that is a no, and whoever is next is called (a reaction)."""
    told = approval.next_told(case.incident, args["digest"], prepare.members(case, await prepare.fresh(case)))
    spared = await duty.spared(case.desk, case.tx, case.incident, case.now)
    told = tuple(person for person in told if person not in spared)
    if not await case.record(approval.expire(case.incident, args["digest"], case.now, told)):
        return
    await _no(case, args["digest"])
    asked = case.incident.approval(args["digest"])
    if not told and asked is not None:
        await calling.one_more(case, asked.may)


async def _no(case: Case, digest: str) -> None:
    now = case.incident.approval(digest)
    assert now is not None, "it was asked"
    await rollback.refused(case, now)


async def widen(case: Case, args: Json) -> None:
    """Nobody asked first has answered: the next may approve, too (a reaction)."""
    known = await prepare.fresh(case)
    await case.record(approval.widen(case.incident, args["digest"], prepare.members(case, known), case.now))
