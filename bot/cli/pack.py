"""An audit pack: one zip with everything that says what happened in an incident, and that proves itself without a database.

pack.json        what this is: incident, moment, version, the heads of both chains, the sha256 of every other file
events/*.jsonl   the rows of the incident's chain and of the organisation's, letter for letter as they were hashed
timeline.txt     the same for people
approvals.json   each question: what was shown, who could say yes at that moment, who did, by which policy
plans/, policy/  the texts as they were, by their sha256
outputs/         what actions wrote, as far as it is kept
evidence/        files that people shared, by their sha256; pack.json says which they are, and which are left out for their size
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from bot.domain import events as e
from bot.domain.events import Event
from bot.domain.terms import ORG, stream_of
from bot.ports import PlanText
from storage.chain import Broken, Chain

FORMAT = 1
MANIFEST = "pack.json"
LARGEST = 256 * 1024 * 1024
"""Bytes that a pack may hold when it is unpacked."""


def packed(
    number: int,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    timeline: Sequence[Event],
    texts: Sequence[PlanText],
    told: str,
    made_at: int,
    version: str,
    copies: Callable[[str], bytes | None] = lambda sha: None,
) -> bytes:
    """The zip. rows: of each chain, with salt and body; timeline: of the incident; told: the same for people; copies: the bytes of
    evidence by their sha256."""
    files = {f"events/{stream.replace(':', '-')}.jsonl": _lines(found) for stream, found in rows.items()}
    files["timeline.txt"] = told.encode()
    files["approvals.json"] = orjson.dumps(list(_approvals(timeline)), option=orjson.OPT_INDENT_2)
    for text in texts:
        folder, end = ("policy", "yaml") if text.plan == "policy.yaml" else ("plans", "md")
        files[f"{folder}/{text.sha}.{end}"] = text.text.encode()
    for event in timeline:
        if isinstance(event.payload, e.ActionEnded) and event.payload.output:
            files[f"outputs/{event.payload.attempt}.txt"] = event.payload.output.encode()
    evidence = [{**one, "packed": _packed(files, one["sha"], copies)} for one in kept(timeline)]
    manifest = {
        "format": FORMAT,
        "incident": number,
        "made_at": made_at,
        "version": version,
        "evidence": evidence,
        "heads": {stream: _head(found) for stream, found in rows.items()},
        "files": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
    return made.getvalue()


def _lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(dict(row), option=orjson.OPT_SORT_KEYS) + b"\n" for row in rows)


def _head(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"seq": rows[-1]["seq"], "hash": rows[-1]["hash"]} if rows else {"seq": 0, "hash": ""}


def _approvals(timeline: Sequence[Event]) -> Iterator[dict[str, Any]]:
    """Each question with its answers, from the events."""
    answers = (e.ApprovalGiven, e.ApprovalDenied, e.ApprovalExpired, e.ApprovalWidened)
    for event in timeline:
        asked = event.payload
        if not isinstance(asked, e.ApprovalAsked):
            continue
        said = [x for x in timeline if isinstance(x.payload, answers) and x.payload.digest == asked.digest]
        data, words = e.split(asked)
        yield {
            **data,
            **words,
            "asked_at": event.occurred_at,
            "answers": [
                {"kind": x.kind, "by": x.actor, "at": x.occurred_at, **e.split(x.payload)[0], **e.split(x.payload)[1]}
                for x in said
            ],
        }


def kept(timeline: Sequence[Event]) -> list[dict[str, Any]]:
    """The files whose copies are kept: name, sha256, size, by whom and when."""
    found: dict[str, dict[str, Any]] = {}
    for event in timeline:
        match event.payload:
            case e.EvidenceShared(file=file, name=name, by=by):
                found[file] = {"name": name, "by": by, "at": event.occurred_at, "sha": ""}
            case e.EvidenceKept(file=file, sha=sha, size=size):
                found[file] = {**found[file], "sha": sha, "size": size}
            case e.EvidenceGone(file=file):
                found[file]["sha"] = ""
    return [one for one in found.values() if one["sha"]]


def _packed(files: dict[str, bytes], sha: str, copies: Callable[[str], bytes | None]) -> bool:
    """Put a copy among the files, if it is there and there is room."""
    name = f"evidence/{sha}"
    content = files.get(name) or copies(sha)
    if content is None or sum(map(len, files.values())) + len(content) > LARGEST:
        return False
    files[name] = content
    return True


def shas(timeline: Sequence[Event]) -> tuple[str, ...]:
    """Texts of plans and policies that the incident names."""
    found: dict[str, None] = {}
    for event in timeline:
        match event.payload:
            case e.PlanAttached(sha=sha) | e.DrillBegan(sha=sha):
                found[sha] = None
            case e.ApprovalAsked(policy_sha=policy, plan_sha=plan):
                found |= {policy: None, plan: None}
    found.pop("", None)
    return tuple(found)


class NoPack(Exception):
    """The file is no audit pack, or one that cannot be read. In words."""


@dataclass(frozen=True, slots=True)
class Proof:
    """wrong: files that are not as they were packed, a sentence each; chains: by stream, with the first bad row of each; hashes:
    of the rows that verify, by (stream, seq).
    """

    wrong: tuple[str, ...]
    chains: Mapping[str, Chain]
    hashes: Mapping[tuple[str, int], str]


def proved(raw: bytes) -> Proof:
    """Whether a pack is what was packed. NoPack."""
    files, manifest = _opened(raw)
    wrong = [f"{name} is not what was packed" for name in _changed(files, manifest)]
    chains: dict[str, Chain] = {}
    hashes: dict[tuple[str, int], str] = {}
    for stream, head in manifest["heads"].items():
        chain = chains[stream] = Chain(stream)
        rows = files.get(f"events/{stream.replace(':', '-')}.jsonl", b"").splitlines()
        for line in rows:
            if not _follows(chain, line):
                break
            hashes[stream, chain.seq] = chain.hash
        else:
            chain.end(head)
    for name, content in files.items():
        folder, _, rest = name.partition("/")
        if folder in ("plans", "policy", "evidence") and sha256(content).hexdigest() != rest.partition(".")[0]:
            wrong.append(f"{name} is not what its name says")
    return Proof(tuple(wrong), chains, hashes)


def _follows(chain: Chain, line: bytes) -> bool:
    try:
        return chain.follow(orjson.loads(line))
    except (ValueError, KeyError, TypeError):
        chain.wrong = Broken(chain.stream, chain.seq + 1, "hash")
        return False


def _opened(raw: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise NoPack("it is too large for an audit pack")
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = orjson.loads(files.pop(MANIFEST))
        streams = {ORG, stream_of(int(manifest["incident"]))}
        if manifest["format"] != FORMAT or set(manifest["heads"]) != streams or not isinstance(manifest["files"], dict):
            raise NoPack("it is a pack of another form")
        return files, manifest
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError, RuntimeError) as error:
        raise NoPack("it is no audit pack") from error


def _changed(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*files, *manifest["files"]}):
        if name not in files or sha256(files[name]).hexdigest() != manifest["files"].get(name):
            yield name
