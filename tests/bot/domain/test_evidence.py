"""Files that people share: which are copied, and what a deletion takes away."""

import pytest

from bot.domain import evidence
from bot.domain.events import EvidenceGone, EvidenceKept, EvidenceLeft, EvidenceShared, ResponderJoined
from bot.domain.evidence import MOST, Shared
from bot.domain.reading import posted
from bot.flows.consequences import consequences
from tests.bot.domain.log import Log, alerted, minute

TS = f"{minute(0) // 1_000_000}.000000"
DUMP = Shared("F1", "threads.txt", 1200)
SHA = "ab" * 32


def shared(*files: Shared) -> Log:
    log = alerted().after(5)
    log.decided("UANA", evidence.share(log.state, log.by("UANA", "message"), "C1", TS, "UANA", files))
    return log


def test_a_file_is_shared_at_the_time_of_its_message_and_once() -> None:
    log = alerted().after(5)
    joined, found = evidence.share(log.state, log.by("UANA", "message"), "C1", TS, "UANA", (DUMP,))
    assert joined.payload == ResponderJoined("UANA", "message")
    assert (found.payload, found.at) == (EvidenceShared("F1", "C1", TS, "UANA", 1200, "threads.txt"), posted(TS))
    log.decided("UANA", (joined, found))
    assert evidence.share(log.state, log.by("UBEN", "reaction"), "C1", TS, "UANA", (DUMP,)) == ()


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (DUMP, ""),
        (Shared("F1", "all.hprof", MOST), ""),
        (Shared("F1", "all.hprof", MOST + 1), "too_large"),
        (Shared("F1", "sheet", 10, elsewhere=True), "elsewhere"),
    ],
)
def test_what_is_too_large_or_elsewhere_is_not_copied(file: Shared, reason: str) -> None:
    log = shared(file)
    (one,) = log.state.evidence
    assert one.left == reason
    kinds = {effect.kind for effect in consequences(log.state, log.events)}
    assert ("evidence" in kinds) == (not reason)
    assert any(isinstance(event.payload, EvidenceLeft) for event in log.events) is bool(reason)


def test_a_file_that_is_gone_already_is_nothing() -> None:
    assert shared(Shared("F1", gone=True)).state.evidence == ()


def test_a_deletion_takes_the_copy_away() -> None:
    log = shared(DUMP, Shared("F2", "b.txt", 1))
    log.add("bot", EvidenceKept("F1", SHA, 1200))
    assert evidence.delete(log.state, ["F9"]) == ()
    assert evidence.delete(log.state, ["F1"], "9.9") == (), "another message that brought it, too"
    before = len(log.events)
    log.decided("UANA", evidence.delete(log.state, ["F1"], TS))
    assert log.events[-1].payload == EvidenceGone("F1", SHA)
    assert [(one.file, one.sha, one.gone) for one in log.state.evidence] == [("F1", "", True), ("F2", "", False)]
    [drop] = [e for e in consequences(log.state, log.events[before:]) if e.kind == "evidence.drop"]
    assert drop.args == {"sha": SHA}
    assert evidence.delete(log.state, ["F1"]) == (), "once"


def test_what_was_deleted_while_it_was_copied_is_not_kept() -> None:
    log = shared(DUMP)
    log.decided("UANA", evidence.delete(log.state, ["F1"]))
    log.add("bot", EvidenceKept("F1", SHA, 1200))
    assert log.state.evidence[0].sha == ""
    assert [e.args for e in consequences(log.state, log.events[-1:]) if e.kind == "evidence.drop"] == [{"sha": SHA}]
