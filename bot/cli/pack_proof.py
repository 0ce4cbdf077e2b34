"""Whether an audit pack is what was packed: by its chains, and by what follows from them."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from bot.cli.pack import (
    FORMAT,
    LARGEST,
    LEFT_OUT,
    MANIFEST,
    TIMELINE,
    TRANSCRIPT,
    Row,
    derived,
    kept,
    name_of,
    texts_named,
)
from bot.domain.terms import ORG, stream_of
from storage.chain import Broken, Chain

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)
"""All that reading a zip that was damaged, and JSON of another form, has been seen to raise."""


WHY = {"gone": "there is no copy where copies are kept (TOCSIN_EVIDENCE_DIR)", "too_large": "it is too large"}


class NoPack(Exception):
    """The file is no audit pack, or one that cannot be read. In words."""


@dataclass(frozen=True, slots=True)
class Proof:
    """wrong: files that are not as they were packed, a sentence each; chains: by stream, with the first bad row of each; hashes:
    of the rows that verify, by (stream, seq); absent: evidence that it does not hold; left: what is not proved, a sentence each.
    """

    wrong: tuple[str, ...]
    chains: Mapping[str, Chain]
    hashes: Mapping[tuple[str, int], str]
    absent: tuple[str, ...]
    left: tuple[str, ...]


def proved(raw: bytes) -> Proof:
    """Whether a pack is what was packed. NoPack."""
    files, manifest = _opened(raw)
    wrong = [f"{name} is not what was packed" for name in _changed(files, manifest)]
    chains: dict[str, Chain] = {}
    hashes: dict[tuple[str, int], str] = {}
    rows: dict[str, list[Row]] = {}
    for stream, head in manifest["heads"].items():
        chain = chains[stream] = Chain(stream)
        rows[stream] = list(_verified(chain, files.get(name_of(stream), b""), hashes))
        chain.end(head)
    ours = stream_of(manifest["incident"])
    if chains[ours].wrong is None:
        wrong += [one for one in _unlike(files, manifest, rows[ours]) if one not in wrong]
    return Proof(tuple(wrong), chains, hashes, tuple(_absent(manifest)), tuple(_left(manifest, rows)))


def _verified(chain: Chain, lines: bytes, hashes: dict[tuple[str, int], str]) -> Iterator[Row]:
    """The rows up to the first that does not verify."""
    for line in lines.splitlines():
        try:
            row = orjson.loads(line)
            good = chain.follow(row)
        except (ValueError, KeyError, TypeError):
            chain.wrong, good = Broken(chain.stream, chain.seq + 1, "hash"), False
        if not good:
            return
        hashes[chain.stream, chain.seq] = chain.hash
        yield row


def _unlike(files: Mapping[str, bytes], manifest: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[str]:
    """Files that do not follow from the chain, in words: other ones, missing ones, and some that nothing names."""
    try:
        wanted, texts, evidence = derived(rows), texts_named(rows), kept(rows)
    except (KeyError, ValueError, TypeError, AttributeError):
        yield "the events of the incident cannot be read"
        return
    for name, content in sorted(wanted.items()):
        if files.get(name) != content:
            yield f"{name} is not what the events say" if name in files else f"{name} is missing"
    packs = manifest["evidence"]
    if [{key: value for key, value in one.items() if key != LEFT_OUT} for one in packs] != evidence:
        yield f"{MANIFEST} names other evidence than the events"
    copies = {one["sha"]: f"evidence/{one['sha']}" for one in packs if not one.get(LEFT_OUT)}
    for sha, name in {**texts, **copies}.items():
        if name not in files:
            yield f"{name} is missing"
        elif sha256(files[name]).hexdigest() != sha:
            yield f"{name} is not what its name says"
    named = {*wanted, *texts.values(), *copies.values(), TIMELINE, TRANSCRIPT, *map(name_of, manifest["heads"])}
    yield from (f"{name} is named by no event" for name in sorted({*files} - named))


def _left(manifest: Mapping[str, Any], rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """What a reader must know although nothing is wrong."""
    wordless = sum(bool(row["body_hash"]) and row["body"] is None for found in rows.values() for row in found)
    if wordless:
        yield f"{wordless} events are without their words: they were deleted, or left out."
    yield f"{TIMELINE} is for reading: no chain proves it."
    if TRANSCRIPT in manifest["files"]:
        yield f"{TRANSCRIPT} is what people wrote: no chain proves it, so that each word of it can be deleted."


def _absent(manifest: Mapping[str, Any]) -> Iterator[str]:
    for one in manifest["evidence"]:
        if why := one.get(LEFT_OUT):
            yield f"The file {one['name']!r} ({one['sha']}) is not in the pack: {WHY.get(why, why)}."


def _opened(raw: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise NoPack("it is too large for an audit pack")
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = orjson.loads(files.pop(MANIFEST))
        streams = {ORG, stream_of(int(manifest["incident"]))}
        if manifest["format"] != FORMAT or set(manifest["heads"]) != streams or not _formed(manifest):
            raise NoPack("it is a pack of another form")
        return files, manifest
    except UNREADABLE as error:
        raise NoPack("it is no audit pack, or it is damaged") from error


def _formed(manifest: Mapping[str, Any]) -> bool:
    """Its parts are of the right types."""
    packs = manifest["evidence"]
    there = all(isinstance(one, dict) and {"sha", "name"} <= {*one} for one in packs)
    return isinstance(manifest["files"], dict) and isinstance(packs, list) and there


def _changed(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*files, *manifest["files"]}):
        if name not in files or sha256(files[name]).hexdigest() != manifest["files"].get(name):
            yield name
