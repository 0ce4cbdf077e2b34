"""An audit pack: one zip with everything that says what happened in an incident, and that proves itself without a database.

pack.json        what this is: incident, moment, version, the heads of both chains, the sha256 of every other file
events/*.jsonl   the rows of the incident's chain and of the organisation's, letter for letter as they were hashed
timeline.txt     the same for people: to be read, and proved by nothing
transcript.jsonl what people wrote in the incident's channel, where that is kept: proved by nothing either
approvals.json   each question: what was shown, who could say yes at that moment, who did, by which policy
plans/, policy/  the texts as they were, by their sha256
outputs/         what actions wrote, as far as it is kept
evidence/        files that people shared, by their sha256; pack.json says which they are, and which are left out for their size

What is not a row of a chain follows from the rows (`approvals`, `outputs`, `texts_named`, `kept`): it is made from them here, and
made again to prove it (`bot/cli/pack_proof.py`). It is read from the rows' own letters, so that a newer version proves older packs.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

import orjson

from bot.domain.terms import stream_of
from bot.domain.transcript import Line
from bot.ports import PlanText
from storage.chain import pinned

FORMAT = 1
LEFT_OUT = "left_out"
"""Why a copy of evidence is not in the pack; empty: it is."""
MANIFEST = "pack.json"
TIMELINE = "timeline.txt"
TRANSCRIPT = "transcript.jsonl"
LARGEST = 256 * 1024 * 1024
"""Bytes that a pack may hold when it is unpacked."""
ANSWERS = ("approval_given", "approval_denied", "approval_expired", "approval_widened")
Row = Mapping[str, Any]


def packed(
    number: int,
    rows: Mapping[str, Sequence[Row]],
    texts: Sequence[PlanText],
    told: str,
    made_at: int,
    version: str,
    copies: Callable[[str], bytes | None] = lambda sha: None,
    lines: Sequence[Line] = (),
    room: int = LARGEST,
) -> bytes:
    """The zip. rows: of each chain, with salt and body; texts: those that `texts_named` names; told: the timeline for people;
    copies: the bytes of evidence by their sha256; lines: the transcript, of which there is no file where it is empty;
    room: bytes, unpacked."""
    ours = rows[stream_of(number)]
    files = {name_of(stream): _lines(found) for stream, found in rows.items()}
    files[TIMELINE] = told.encode()
    if lines:
        files[TRANSCRIPT] = _lines([asdict(line) for line in lines])
    files |= derived(ours)
    by_sha = {text.sha: text.text for text in texts}
    files |= {name: by_sha[sha].encode() for sha, name in texts_named(ours).items() if sha in by_sha}
    evidence = [{**one, LEFT_OUT: _left_out(files, one["sha"], copies, room)} for one in kept(ours)]
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


def name_of(stream: str) -> str:
    """The file of a chain."""
    return f"events/{stream.replace(':', '-')}.jsonl"


def derived(rows: Sequence[Row]) -> dict[str, bytes]:
    """The files that follow from an incident's rows, and hold nothing else."""
    files = {"approvals.json": orjson.dumps(list(_approvals(rows)), option=orjson.OPT_INDENT_2)}
    for row in rows:
        if row["kind"] == "action_ended" and (output := _words(row).get("output")):
            files[f"outputs/{_data(row)['attempt']}.txt"] = output.encode()
    return files


def _data(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(row["data"])
    return found


def _words(row: Row) -> dict[str, str]:
    found: dict[str, str] = orjson.loads(row["body"]) if row["body"] else {}
    return found


def _approvals(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Each question with its answers."""
    answers = [(row, _data(row)) for row in rows if row["kind"] in ANSWERS]
    for row in rows:
        if row["kind"] == "approval_asked":
            asked = _data(row)
            said = [(x, data) for x, data in answers if data["digest"] == asked["digest"]]
            yield {
                **asked,
                **_words(row),
                "asked_at": row["occurred_at"],
                "answers": [
                    {"kind": x["kind"], "by": x["actor"], "at": x["occurred_at"], **data, **_words(x)}
                    for x, data in said
                ],
            }


def kept(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The files whose copies are kept: name, sha256, size, by whom and when."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["kind"] == "evidence_shared":
            name = _words(row).get("name", "")
            found[_data(row)["file"]] = {"name": name, "by": _data(row)["by"], "at": row["occurred_at"], "sha": ""}
        elif row["kind"] == "evidence_kept":
            found[_data(row)["file"]] |= {"sha": _data(row)["sha"], "size": _data(row)["size"]}
        elif row["kind"] == "evidence_gone":
            found[_data(row)["file"]]["sha"] = ""
    return [one for one in found.values() if one["sha"]]


def _left_out(files: dict[str, bytes], sha: str, copies: Callable[[str], bytes | None], room: int) -> str:
    """Put a copy among the files; or why not: "gone", "too_large"."""
    name = f"evidence/{sha}"
    content = files.get(name) or copies(sha)
    if content is None:
        return "gone"
    if sum(map(len, files.values())) + len(content) > room:
        return "too_large"
    files[name] = content
    return ""


def texts_named(rows: Sequence[Row]) -> dict[str, str]:
    """Texts of plans and policies that an incident names: sha256 → file."""
    found: dict[str, str] = {}
    for row in rows:
        plan, policy = pinned(row)
        found |= {plan: f"plans/{plan}.md"} if plan else {}
        found |= {policy: f"policy/{policy}.yaml"} if policy else {}
    return found
