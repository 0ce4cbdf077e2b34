"""What is made beside what must: only where it leads to something, and nothing waits for it."""

from bot.domain.events import ChannelMade, Draft, PageSent
from bot.domain.oncall import Callee, OnCall
from bot.domain.organisation import Organisation
from bot.flows.courtesies import follows
from bot.ports import Effect
from tests.bot.domain.log import Log, alerted, minute

RINGS = OnCall(people={"ana": Callee("ana", "UANA", notify=("env:ANA",)), "ben": Callee("ben", "UBEN")})


def made(organisation: Organisation, log: Log, last: int = 0) -> list[Effect]:
    return [one for one in follows(organisation, log.state, log.events[-last:]) if one.kind in ("bookmark", "dnd")]


def test_a_new_channel_gets_the_bridge() -> None:
    log = alerted()
    assert made(Organisation(), log) == []
    effects = follows(Organisation(bridge="https://meet.example"), log.state, log.events)
    [kept] = [one for one in effects if one.kind == "bookmark"]
    [channel] = [one for one in effects if one.kind == "channel" and one.stream == "inc:42"]
    assert kept.after == (channel.key,)
    assert not [one for one in effects if kept.key in one.after or (one.lane == kept.lane and one is not kept)]


def test_a_channel_whose_purpose_slack_did_not_take_gets_it_later() -> None:
    log = alerted()
    for marked, wanted in ((True, []), (False, ["purpose"])):
        log.add("bot", ChannelMade("C1", "inc-42", marked=marked))
        found = follows(Organisation(), log.state, log.events[-1:])
        assert [one.kind for one in found if one.kind == "purpose"] == wanted


def test_who_has_a_notifier_is_asked_about_until_it_rings_anyway() -> None:
    log = alerted()
    calls = [Draft(PageSent(f"p{n}", who, "incident", 1)) for n, who in enumerate(("UANA", "UBEN"))]
    log.decided("bot", tuple(calls))
    [asked] = made(Organisation(oncall=RINGS), log, 2)
    [ring] = [
        one
        for one in follows(Organisation(oncall=RINGS), log.state, log.events[-2:])
        if one.kind == "clock.ring" and one.args["person"] == "UANA"
    ]
    assert (asked.kind, asked.args, asked.expires_at) == ("dnd", ring.args, ring.not_before)
    assert (asked.lane == ring.lane, asked.not_before) == (False, 0)


def test_what_rings_at_once_needs_no_question() -> None:
    log = alerted()
    log.decided("bot", (Draft(PageSent("p1", "UANA", "incident", 1)),))
    log.after(5).decided("bot", (Draft(PageSent("p2", "UANA", "incident", 1)),))
    assert made(Organisation(oncall=RINGS), log, 1) == []
    assert minute(5) <= log.state.pages[-1].at
