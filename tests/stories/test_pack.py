"""Everything about an incident in one file that proves itself, and the heads that say whether it was rewritten."""

import asyncio
import contextlib
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from bot.cli.pack import MANIFEST, derived, packed, texts_named
from bot.cli.pack_proof import NoPack, proved
from bot.domain.events import PlanEnded
from storage.audit import rows, verified
from storage.chain import row_hash
from storage.sql import Sql
from tests.stories.story import Story

Files = dict[str, bytes]


async def tocsin(story: Story, *words: str) -> tuple[int, str]:
    """The command line beside the running bot: exit code, and all that it said."""
    where = {"TOCSIN_DATABASE_URL": story.url, "TOCSIN_CONFIG_DIR": str(story.folder / "config")}
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, env={**os.environ, **where}, stdout=-1, stderr=-1
    )
    out, err = await ran.communicate()
    assert ran.returncode is not None
    return ran.returncode, (out + err).decode()


async def healed(story: Story) -> None:
    """A run with an approval."""
    await story.alert("Hung", service="gateway")
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.ben.click("Approve")
    await story.until(lambda: story.ana.reads("Does it answer again"))
    await story.ana.click("Yes")


async def made(story: Story) -> bytes:
    async with story.running.store.read() as reads:
        chains = {stream: await rows(reads, stream) for stream in ("inc:1", "org")}
        texts = [text for sha in texts_named(chains["inc:1"]) if (text := await reads.plan_text(sha))]
    return packed(1, chains, texts, "what happened", story.clock.now(), "1")


def unpacked(raw: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Files) -> bytes:
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return again.getvalue()


async def test_what_is_in_it(story: Story) -> None:
    """The texts of plan and policy as they were, who could approve and who did, what was written."""
    await healed(story)
    raw = await made(story)
    proof = proved(raw)
    assert proof.wrong == ()
    assert [chain.wrong for chain in proof.chains.values()] == [None, None]
    files = unpacked(raw)
    [asked] = json.loads(files["approvals.json"])
    policy, plan = (files[f"policy/{asked['policy_sha']}.yaml"], files[f"plans/{asked['plan_sha']}.md"])
    assert policy == (story.folder / "config" / "policy.yaml").read_bytes()
    assert plan == (story.folder / "config" / "plans" / "restart.md").read_bytes()
    [given] = asked["answers"]
    assert (given["kind"], given["by"]) == ("approval_given", "U0BEN")
    assert set(given["members"]) >= {"U0ANA", "U0BEN"}
    assert b"14 threads wait for one lock" in b"".join(files[name] for name in files if name.startswith("outputs/"))


def _fitted(files: Files) -> bytes:
    """Every sha256 of pack.json fits again."""
    manifest = json.loads(files[MANIFEST])
    manifest["files"] = {name: sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST}
    return zipped({**files, MANIFEST: json.dumps(manifest).encode()})


def _flipped(raw: bytes) -> None:
    """A bit of each few bytes: told as no pack or as wrong, never by a traceback."""
    for place in range(7, len(raw), len(raw) // 400):
        changed = bytearray(raw)
        changed[place] ^= 1 << (place % 8)
        with contextlib.suppress(NoPack):
            proved(bytes(changed))


def _forged(files: Files) -> None:
    """Whatever follows from the chain is compared with it, also where every sha256 was made to fit."""
    output = next(name for name in files if name.startswith("outputs/"))
    other = files["approvals.json"].replace(b"U0BEN", b"U0LI0")
    assert proved(_fitted({**files, "approvals.json": other})).wrong == ("approvals.json is not what the events say",)
    assert proved(_fitted({**files, output: b"all is well"})).wrong == (f"{output} is not what the events say",)
    added = proved(_fitted({**files, "outputs/other.txt": b"x"})).wrong
    assert added == ("outputs/other.txt is named by no event",)
    for name in (output, "approvals.json", *(name for name in files if name.startswith(("plans/", "policy/")))):
        without = {one: content for one, content in files.items() if one != name}
        assert proved(_fitted(without)).wrong == (f"{name} is missing",)
    lines = [{**json.loads(line), "salt": None, "body": None} for line in files["events/inc-1.jsonl"].splitlines()]
    wordless = proved(_fitted({**files, "events/inc-1.jsonl": b"\n".join(json.dumps(x).encode() for x in lines)}))
    assert any("events are without their words" in one for one in wordless.left)
    assert f"{output} is named by no event" in wordless.wrong


async def test_whatever_is_changed_is_named(story: Story) -> None:
    await healed(story)
    raw = await made(story)
    assert proved(raw).left == ("timeline.txt is for reading: no chain proves it.",)
    _forged(unpacked(raw))
    _flipped(raw)
    name = "events/inc-1.jsonl"
    lines = unpacked(raw)[name].splitlines(keepends=True)

    def with_lines(changed: list[bytes]) -> bytes:
        return zipped({**unpacked(raw), name: b"".join(changed)})

    def at(changed: bytes) -> tuple[int, str]:
        wrong = proved(changed).chains["inc:1"].wrong
        assert wrong is not None
        return wrong.seq, wrong.why

    row = json.loads(lines[4])
    other = json.dumps({**row, "actor": "U0LI"}).encode() + b"\n"
    assert at(with_lines([*lines[:4], other, *lines[5:]])) == (5, "hash")
    assert at(with_lines([*lines[:4], *lines[5:]])) == (5, "order")
    assert at(with_lines([*lines[:2], lines[3], lines[2], *lines[4:]])) == (3, "order")
    assert at(with_lines(lines[:-1])) == (len(lines), "head")
    assert at(with_lines([*lines[:4], b"nonsense\n"])) == (5, "hash")
    assert proved(with_lines(lines[:-1])).wrong == (f"{name} is not what was packed",)
    for file in unpacked(raw):
        if file != MANIFEST:
            changed = {**unpacked(raw), file: unpacked(raw)[file] + b" "}
            assert f"{file} is not what was packed" in proved(zipped(changed)).wrong


@pytest.mark.parametrize(
    "change",
    [
        lambda files: b"no zip at all",
        lambda files: zipped({name: files[name] for name in files if name != MANIFEST}),
        lambda files: zipped({**files, MANIFEST: b"[]"}),
        lambda files: zipped({**files, MANIFEST: b'{"format": 2, "incident": 1, "heads": {}, "files": {}}'}),
        lambda files: zipped({**files, MANIFEST: b'{"format": 1, "incident": 1, "heads": {}, "files": {}}'}),
    ],
)
async def test_what_is_no_pack(story: Story, change: Callable[[Files], bytes]) -> None:
    await story.alert()
    with pytest.raises(NoPack):
        proved(change(unpacked(await made(story))))


@pytest.mark.slow
async def test_a_record_that_was_rewritten_whole_is_seen_by_what_was_posted(story: Story, tmp_path: Path) -> None:
    """Whoever has the database can make every hash anew; what stands in the channel cannot be taken back."""
    await healed(story)
    ended = next(event.seq for event in await story.timeline() if isinstance(event.payload, PlanEnded))
    shown = next(line for line in story.ana.sees() if "The record of INC-1" in line)
    posted = re.search(r"up to event (\d+): `([0-9a-f]{64})`", shown)
    assert posted is not None, shown
    assert int(posted[1]) == ended
    place = f"INC-1 {posted[1]} {posted[2]}"
    code, said = await tocsin(story, "audit", "verify", "--posted", place)
    assert (code, "verify" in said) == (0, True), said
    pack = tmp_path / "pack.zip"
    code, said = await tocsin(story, "incident", "export", "INC-1", "--pack", "--out", str(pack))
    assert code == 0, said
    assert (await tocsin(story, "audit", "verify", str(pack), "--posted", place))[0] == 0
    assert (await tocsin(story, "incident", "export", "INC-1", "--pack", "--out", str(pack)))[0] == 1, (
        "never over a file"
    )
    rewritten = _rewritten(unpacked(pack.read_bytes()))
    pack.write_bytes(rewritten)
    assert (await tocsin(story, "audit", "verify", str(pack)))[0] == 0, "by itself it is whole"
    code, said = await tocsin(story, "audit", "verify", str(pack), "--posted", place)
    assert code == 1
    assert f"INC-1: event {ended} is not the one that was posted" in said
    assert (await tocsin(story, "audit", "verify", str(pack), "--posted", "INC-1 5 3f"))[0] == 2


def _rewritten(files: Files) -> bytes:
    """Somebody else has approved, and every hash fits."""
    name, prev, lines = "events/inc-1.jsonl", "", []
    for line in files[name].splitlines():
        row = json.loads(line)
        row = {**row, "actor": "U0LI" if row["kind"] == "approval_given" else row["actor"], "prev": prev}
        prev = row["hash"] = row_hash(prev, row)
        lines.append(json.dumps(row).encode())
    files[name] = b"\n".join(lines) + b"\n"
    files |= derived([json.loads(line) for line in lines])
    manifest = json.loads(files[MANIFEST])
    manifest["heads"]["inc:1"]["hash"] = prev
    return _fitted({**files, MANIFEST: json.dumps(manifest).encode()})


async def test_each_yes_names_the_policy_that_counted_it(story: Story) -> None:
    """Another one than that by which it was asked; both texts are there, and in the database neither goes unnoticed."""
    await story.alert("Hung", service="gateway")
    await story.ana.types("ack")
    await story.ana.click("No")
    await story.stop()
    story.configure("policy.yaml", ("owners: [U0ANA, U0BEN]", "owners: [U0ANA, U0LI]"))
    await story.start()
    await story.person("li").types("approve INC-1 " + (await story.incident()).approvals[0].code, "general")
    assert story.machine.restarts == ["gw-1"]
    files = unpacked(await made(story))
    [asked] = json.loads(files["approvals.json"])
    [given] = asked["answers"]
    assert given["policy_sha"] != asked["policy_sha"]
    assert b"U0LI]" in files[f"policy/{given['policy_sha']}.yaml"]
    assert b"U0BEN]" in files[f"policy/{asked['policy_sha']}.yaml"]
    async with story.running.store.begin() as tx:
        await tx.change(Sql("DELETE FROM plan_revision WHERE sha = :sha"), sha=given["policy_sha"])
    assert (await verified(story.running.store)).texts == (given["policy_sha"],)
