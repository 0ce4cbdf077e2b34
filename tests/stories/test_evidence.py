"""Files that people share: copied, on the timeline, in the review and in the audit pack, gone when they are deleted."""

import io
import zipfile
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from bot.cli.pack import LARGEST, packed, texts_named
from bot.cli.pack_proof import proved
from bot.domain.events import EvidenceKept, EvidenceShared
from bot.domain.evidence import MOST
from bot.domain.reading import posted
from bot.flows import review
from bot.workspace.gate import Fault
from storage.audit import rows
from storage.evidence import copy_of
from tests.stories.story import Story

DUMP = b"14 threads wait for pool-1\n" * 40
SHA = sha256(DUMP).hexdigest()


pytestmark = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


@pytest.fixture
def folder(story: Story) -> Path:
    return story.settings.evidence


async def shares(story: Story, who: str, name: str, content: bytes = DUMP, thread: str | None = None) -> str:
    """Somebody shares a file; the ts of the message."""
    ts = await story.person(who).actor.share(story.channel.id, name, content, thread=thread)
    await story.settle()
    return ts


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def blocked(folder: Path, on: bool = True) -> None:
    """Nothing can be written there."""
    folder.write_bytes(b"this is no folder") if on else folder.unlink()


async def test_a_file_is_kept_and_told(story: Story, folder: Path) -> None:
    """In the channel and in a thread; the same bytes once; without a word of ours in the channel."""
    await story.alert()
    await story.ana.types("ack")
    before = len(story.channel.posts)
    ts = await shares(story, "ana", "threads.txt")
    await shares(story, "ana", "again.txt", thread=story.channel.posts[0].ts)
    assert copies(folder) == [SHA]
    assert copy_of(folder, SHA) == DUMP
    assert len(story.channel.posts) == before + 1, "what Ana shared, and nothing of ours"
    [shared, _] = [event for event in await story.timeline() if isinstance(event.payload, EvidenceShared)]
    assert (shared.occurred_at, shared.actor) == (posted(ts), "U0ANA")
    [kept, _] = [event.payload for event in await story.timeline() if isinstance(event.payload, EvidenceKept)]
    assert (kept.sha, kept.size) == (SHA, len(DUMP))
    told = await story.ana.types("timeline")
    assert f"Ana shared *threads.txt* (1.1 KiB), kept as `{SHA[:12]}`" in told
    assert told.count("again.txt") == 1
    async with story.running.store.read() as reads:
        draft = await review.draft(story.running.desk, reads, await story.incident())
        chains = {stream: await rows(reads, stream) for stream in ("inc:1", "org")}
        texts = [text for sha in texts_named(chains["inc:1"]) if (text := await reads.plan_text(sha))]
    assert f"| threads.txt | Ana | 2033-01-03 09:00 UTC | 1.1 KiB | {SHA} |" in draft
    pack = packed(1, chains, texts, "", story.clock.now(), "1", lambda sha: copy_of(folder, sha))
    assert not proved(pack).wrong
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        assert archive.read(f"evidence/{SHA}") == DUMP


async def test_a_pack_says_what_it_does_not_hold(story: Story, folder: Path) -> None:
    await story.alert()
    await story.ana.types("ack")
    await shares(story, "ana", "threads.txt")
    async with story.running.store.read() as reads:
        chains = {stream: await rows(reads, stream) for stream in ("inc:1", "org")}
        texts = [text for sha in texts_named(chains["inc:1"]) if (text := await reads.plan_text(sha))]
    whole, without, small = (
        packed(1, chains, texts, "", story.clock.now(), "1", copies, room=room)
        for copies, room in (
            (partial(copy_of, folder), LARGEST),
            (lambda sha: None, LARGEST),
            (partial(copy_of, folder), 1),
        )
    )
    assert [proved(pack).wrong for pack in (whole, without, small)] == [()] * 3
    said = f"The file 'threads.txt' ({SHA}) is not in the pack: "
    assert proved(whole).absent == ()
    assert list(proved(without).absent) == [f"{said}there is no copy where copies are kept (TOCSIN_EVIDENCE_DIR)."]
    assert list(proved(small).absent) == [f"{said}it is too large."]


async def test_who_deletes_it_in_slack_takes_the_copy_along(story: Story, folder: Path) -> None:
    """The message, or the file itself; but not as long as the same bytes are kept for another file."""
    await story.alert()
    await story.ana.types("ack")
    first = await shares(story, "ana", "threads.txt")
    await shares(story, "ana", "same.txt")
    other = await shares(story, "ana", "other.txt", b"other")
    for ts in (first, other):
        await story.ana.actor.delete(story.channel.id, ts)
    await story.settle()
    assert "shared a file that was deleted later; its copy is removed" in await story.ana.types("timeline")
    assert len(copies(folder)) == 2, "not at once: the same bytes may just have been shared elsewhere"
    await story.forward("11m")
    assert copies(folder) == [SHA], "same.txt is still there"
    [same] = [one for one in (await story.incident()).evidence if not one.gone]
    await story.ana.actor.delete_file(same.file)
    await story.settle()
    assert copies(folder) == []
    assert [one.gone for one in (await story.incident()).evidence] == [True] * 3
    assert "EffectFailed" not in await story.kinds()


async def test_what_is_too_large_is_said_once_and_kindly(story: Story, folder: Path) -> None:
    await story.alert()
    await story.ana.types("ack")
    ts = await shares(story, "ana", "all.hprof", b"x" * (MOST + 1))
    await story.ana.reacts(ts)
    [line] = [line for line in story.ana.sees() if "I keep copies of files up to 20 MiB" in line]
    assert "*all.hprof* is larger" in line
    assert copies(folder) == []
    assert "Ana shared *all.hprof* (20.0 MiB), no copy is kept" in await story.ana.types("timeline")


async def test_a_pinned_file_of_a_stranger_is_kept_and_no_other(story: Story, folder: Path) -> None:
    await story.alert()
    await story.ana.types("ack")
    await story.person("stranger").actor.join(story.channel.id)
    ts = await shares(story, "stranger", "vendor.log")
    assert copies(folder) == []
    await story.ana.reacts(ts)
    assert copies(folder) == [SHA]
    assert "wrote: vendor.log" in await story.ana.types("timeline"), (
        "a message without words has the names of its files"
    )


async def test_slack_is_away_and_the_disk_is_full(story: Story, folder: Path) -> None:
    """It waits, and is tried again; nobody is told of what has not failed."""
    await story.alert()
    await story.ana.types("ack")
    story.workspace.gate.faults = [Fault("500", "files.info", times=2)]
    blocked(folder)
    await shares(story, "ana", "threads.txt")
    await story.forward("3m")
    assert copies(folder) == []
    blocked(folder, on=False)
    await story.forward("20m")
    assert copies(folder) == [SHA]
    assert "EffectFailed" not in await story.kinds()
