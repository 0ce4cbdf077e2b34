"""What must hold at the end of every run, when everything has healed and come to rest."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.domain.state import Incident
from bot.ports import Viewer
from bot.workspace.screens import message_text
from bot.workspace.things import Called
from storage.audit import broken
from storage.rebuild import differing
from storage.session import Session
from storage.sql import Sql
from tests.faults.simulator.alerts import Senders
from tests.faults.simulator.limits import passed
from tests.faults.simulator.people import People
from tests.faults.simulator.world import World

EVERYTHING = Viewer("bot", all=True)
AGAIN = ("(sent again)", "✓")
"""How a repeat is marked; answered meanwhile, it says that instead."""
MOST = {"mend": 3}
"""How often something may be done on one approval: once, and as often again as its plan tries."""
ALERTS = Sql("SELECT fingerprint, count FROM alert")
EFFECTS = Sql("SELECT * FROM effect ORDER BY lane, seq")
# A runner directory whose process is gone for good says nothing any more; it is waited for, for a day.
GONE = Sql(
    "SELECT e.key FROM effect e JOIN attempt a ON e.key LIKE '%:' || a.id"
    " WHERE e.kind = 'action.late' AND e.status = 'planned' AND a.runner <> :runner"
)
INPUTS = Sql(
    "SELECT input, COUNT(DISTINCT recorded_at) AS moments FROM event"
    " GROUP BY input HAVING COUNT(DISTINCT recorded_at) > 1"
)
NOTES = Sql(
    "SELECT e.input, b.body FROM event e JOIN event_body b ON b.stream = e.stream AND b.seq = e.seq WHERE e.kind = 'noted'"
)
NUMBERS = Sql("SELECT number FROM incident_state ORDER BY number")


async def violations(world: World, senders: Senders, people: People) -> list[str]:
    """Sentences; none if all is well."""
    assert world.app is not None
    async with world.app.store.read() as reads:
        numbers = [row["number"] for row in await reads.rows(NUMBERS)]
        incidents = [one for n in numbers if (one := await reads.incident(n, EVERYTHING)) is not None]
        found = [*world.wrong]
        found += [f"the chain of {bad.stream} is broken at {bad.seq}" for bad in await broken(reads)]
        found += [f"the derived rows of INC-{n} are not what its events say" for n in await differing(reads)]
        found += await _inputs(reads, people)
        found += await _alerts(reads, senders, numbers)
        gone = {row["key"] for row in await reads.rows(GONE, runner=world.app.desk.runner)}
        rows = [row for row in await reads.rows(EFFECTS) if row["key"] not in gone]
    found += [*_channels(world, incidents), *_effects(rows), *_order(rows)]
    plans = {plan.id: plan for plan in world.app.desk.plans.plans}
    return [*found, *_messages(world), *_runs(world, incidents), *passed(incidents, plans)]


async def _inputs(reads: Session, people: People) -> list[str]:
    """Each is decided once; what its author was told to be on the timeline is there."""
    twice = [f"the input {row['input']} was decided {row['moments']} times" for row in await reads.rows(INPUTS)]
    notes = Counter((json.loads(row["body"])["text"], row["input"]) for row in await reads.rows(NOTES))
    twice += [f"the note {text} is on the timeline {n} times" for (text, _), n in notes.items() if n > 1]
    there = {text for text, _ in notes}
    lost = [text for text, told in people.notes.items() if "on the timeline" in told and text not in there]
    return twice + [f"the note {text} was said to be on the timeline, and is not" for text in lost]


async def _alerts(reads: Session, senders: Senders, numbers: list[int]) -> list[str]:
    """What was answered with a 2xx is stored, each time, in an incident that is there."""
    stored = {row["fingerprint"]: row["count"] for row in await reads.rows(ALERTS)}
    found = [
        f"the alert {one} was acknowledged {len(answers)} times and stored {stored.get(one, 0)} times"
        for one, answers in senders.acked.items()
        if len(answers) > stored.get(one, 0)
    ]
    named = {answer["incident"] for answers in senders.acked.values() for answer in answers}
    return sorted(found) + [f"an answer named INC-{n}, which is not there" for n in named - {None, *numbers}]


def _channels(world: World, incidents: list[Incident]) -> Iterator[str]:
    """One for each incident, and no others; one that people put away is followed by another when it is reopened."""
    known = {incident.channel for incident in incidents}
    rooms = [channel for channel in world.state.channels.values() if channel.name.startswith("inc-")]
    rooms = [channel for channel in rooms if not channel.archived or channel.id in known]
    made = Counter(channel.name.split("-")[1] for channel in rooms)
    for incident in incidents:
        if made.pop(str(incident.number), 0) != 1:
            names = [channel.name for channel in rooms if channel.name.split("-")[1] == str(incident.number)]
            yield f"INC-{incident.number} has the channels {names}"
        elif world.state.channels.get(incident.channel) not in rooms:
            yield f"INC-{incident.number} does not know its channel: {incident.channel!r}"
    yield from (f"a channel of INC-{number}, which is not there" for number in made)


def _effects(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Each has ended; only decisions of later wait."""
    for row in rows:
        waits = row["status"] in ("planned", "started")
        if waits and not row["kind"].startswith("clock."):
            yield f"{row['key']} is still {row['status']}: {row['error']}"
        if row["status"] == "failed" and row["policy"] != "repeat_marked":
            yield f"{row['key']} failed: {row['error']}"


def _order(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Within a lane one thing ends after the other, as they were put in."""
    last: dict[str, tuple[int, str]] = {}
    for row in rows:
        if row["policy"] == "inner" or row["status"] not in ("done", "unknown"):
            continue
        ended, key = last.get(row["lane"], (0, ""))
        if row["ended_at"] < ended:
            yield f"{row['key']} was done before {key}, which came before it"
        last[row["lane"]] = (row["ended_at"], row["key"])


def _messages(world: World) -> Iterator[str]:
    """Posted once; direct messages at most once more for each doubt, and marked.

    The one call that a life had begun when it was stopped, and that goes out when it goes on, is marked in the end.
    """
    posts: dict[tuple[str, str], list[Called]] = {}
    for called in world.state.calls:
        if called.method == "chat.postMessage" and called.ok and "metadata" in called.args:
            key = called.args["metadata"]["event_payload"]["key"]
            posts.setdefault((key, called.args["channel"]), []).append(called)
    for (key, _), sent in posts.items():
        yield from _late(world, key, sent)
        yield from _repeats(world, key, [called for called in sent if called.fault != "late"])


def _late(world: World, key: str, sent: list[Called]) -> Iterator[str]:
    """sent: every post with this key."""
    if not any(called.fault == "late" for called in sent):
        return
    places = [called.answer or {} for called in sent]
    texts = [message_text(world.state, world.state.messages[at["channel"]][at["ts"]]) for at in places]
    if sum(AGAIN[0] not in text for text in texts) > 1:
        yield f"{key} went out late and is not marked: {texts}"


def _repeats(world: World, key: str, sent: list[Called]) -> Iterator[str]:
    """sent: the posts with this key that were not late."""
    stops = len(world.lives) - 1 + world.weather.trouble.get("connection lost", 0)
    doubts = stops + sum(bool(called.fault) for called in sent)
    texts = [str(called.args["text"]) + str(called.args.get("blocks", "")) for called in sent]
    if len(sent) < 2:
        return
    if (
        world.state.channels[sent[0].args["channel"]].kind != "dm"
    ):  # what cannot be looked up is sent again, and says so
        yield f"{key} was posted {len(sent)} times: {texts}"
    elif not all(any(mark in text for mark in AGAIN) for text in texts[1:]):
        yield f"{key} was sent again and not marked: {texts}"
    elif len(sent) - 1 > doubts:
        yield f"{key} was sent {len(sent)} times, with {doubts} reasons for a doubt"


def _runs(world: World, incidents: list[Incident]) -> Iterator[str]:
    """Nothing ran that nobody had approved, nothing twice, and on one approval no more than its card said. Nothing runs on."""
    attempts = {attempt.id: attempt for incident in incidents for attempt in incident.attempts}
    given = {approval.digest for i in incidents for approval in i.approvals if approval.state == "given"}
    yes: Counter[str] = Counter()
    for (what, id), times in Counter(world.machine.done).items():
        attempt = attempts.get(id)
        about = (
            attempts.get(attempt.undoes, attempt) if attempt else None
        )  # one yes may cover an action and its way back
        if attempt is None or about is None or not attempt.approvers or not given & {attempt.digest, about.digest}:
            yield f"{what} {id} ran and was not approved"
            continue
        if attempt.state == "never_started":
            yield f"{what} {id} ran and is said never to have begun"
        if times > 1:
            yield f"{what} {id} ran {times} times"
        yes[attempt.digest] += times
        if yes[attempt.digest] > MOST.get(what, 1):
            yield f"{what} ran {yes[attempt.digest]} times on one approval ({attempt.digest[:8]})"
    yield from (f"{a.action} {a.id} is still {a.state}" for a in attempts.values() if a.state == "running")
