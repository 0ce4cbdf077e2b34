"""Whether what was recorded is what is there: of a database, or of an audit pack."""

from pathlib import Path

import click

from bot.cli.audit import sentence
from bot.cli.pack_proof import NoPack, proved
from bot.clock import RandomIds, SystemClock
from bot.domain.terms import ORG
from bot.settings import read
from storage.audit import verified
from storage.opening import open_store

SHORTEST = 8
"""Letters of a hash at least; fewer prove nothing."""
Place = tuple[str, int, str]


def places(posted: tuple[str, ...]) -> list[Place]:
    """`INC-42 57 3fa9…` as (stream, seq, hash). UsageError."""
    found = []
    for one in posted:
        name, _, rest = one.strip().partition(" ")
        seq, _, head = rest.strip().partition(" ")
        stream = f"inc:{name[4:]}" if name.upper().startswith("INC-") else ORG if name == ORG else ""
        if not stream or not seq.isdigit() or len(head.strip("…. ")) < SHORTEST:
            raise click.UsageError(f"--posted {one!r}: write 'INC-42 57 3fa9c2…', or 'org 12 3fa9c2…'")
        found.append((stream, int(seq), head.strip("…. ")))
    return found


async def of_database(wanted: list[Place]) -> tuple[bool, list[str]]:
    """Whether everything verifies, and what to say."""
    store = await open_store(read().database_url, SystemClock(), RandomIds(), write=False)
    try:
        found = await verified(store)
        async with store.read() as reads:
            there = {(stream, seq): await reads.head_at(stream, seq) for stream, seq, _ in wanted}
    finally:
        await store.close()
    lines = [sentence(wrong) for wrong in found.broken] + _posted(wanted, there)
    lines += [f"the text {sha[:12]}… of a plan or a policy was changed, or is gone" for sha in found.texts]
    good = not lines
    left = f", {found.wordless} of them without their words" if found.wordless else ""
    whole = found.streams - len(found.broken)
    return good, [*lines, f"{whole} of {found.streams} chains verify ({found.events} events{left})."]


def of_pack(path: Path, wanted: list[Place]) -> tuple[bool, list[str]]:
    """The same for a pack. ClickException if it is none."""
    try:
        proof = proved(path.read_bytes())
    except NoPack as error:
        raise click.ClickException(f"{path}: {error}") from error
    chains = proof.chains.values()
    lines = [*proof.wrong, *(sentence(chain.wrong) for chain in chains if chain.wrong)]
    lines += _posted(wanted, {(stream, seq): proof.hashes.get((stream, seq), "") for stream, seq, _ in wanted})
    good = not lines
    heads = [f"{_name(chain.stream)}: {chain.seq} events, the last is {chain.hash}" for chain in chains]
    return good, [
        *lines,
        *heads,
        *proof.absent,
        *proof.left,
        "The pack verifies." if good else "The pack does not verify.",
    ]


def _posted(wanted: list[Place], there: dict[tuple[str, int], str]) -> list[str]:
    return [
        f"{_name(stream)}: event {seq} is not the one that was posted ({head}…)"
        for stream, seq, head in wanted
        if not there[stream, seq].startswith(head)
    ]


def _name(stream: str) -> str:
    return f"INC-{stream.removeprefix('inc:')}" if stream != ORG else "organisation"
