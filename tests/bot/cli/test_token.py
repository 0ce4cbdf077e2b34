"""`tocsin token`: told once, kept as a hash, revoked at once; all of it beside the running bot."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import RandomIds, SystemClock
from bot.flows import tokens
from bot.ports import Person
from storage.opening import open_store
from storage.pidlock import PidLock
from tests.bot.cli.conftest import Run

PEOPLE = [
    Person("U1", "Ana Silva"),
    Person("U2", "Ben"),
    Person("U3", "Ben Okafor"),
    Person("U4", "Li Wei"),
    Person("U5", "Li Na"),
    Person("U6", "Gone Girl", deleted=True),
]


@pytest.fixture
def kept(place: Path) -> Path:
    """A database that knows people, in use by a bot."""

    async def write() -> None:
        store = await open_store(f"sqlite:///{place / 'tocsin.db'}", SystemClock(), RandomIds())
        async with store.begin() as tx:
            await tx.save(PEOPLE)
        await store.close()

    asyncio.run(write())
    return place


def holder(place: Path, token: str) -> str | None:
    async def ask() -> str | None:
        store = await open_store(f"sqlite:///{place / 'tocsin.db'}", SystemClock(), RandomIds(), write=False)
        async with store.read() as reads:
            found = await tokens.holder(reads, token)
        await store.close()
        return found

    return asyncio.run(ask())


def test_a_token_is_made_beside_the_bot_and_told_once(kept: Path, run: Run) -> None:
    lock = PidLock(kept / "tocsin.db.lock")
    made = run("token", "new", "ana")
    lock.free()
    token = made.out.strip()
    assert (made.code, "Ana Silva (U1)" in made.err) == (0, True)
    assert holder(kept, token) == "U1"
    secret = token.split("_", 2)[2]
    assert len(secret) >= 43
    with closing(sqlite3.connect(kept / "tocsin.db")) as database:
        assert secret not in "\n".join(database.iterdump())
    listed = run("token", "list").out
    assert listed.startswith(f"{token.split('_')[1]}  Ana Silva  act  made 20")
    assert secret not in listed


@pytest.mark.parametrize("whole", [True, False])
def test_a_revoked_token_opens_nothing(kept: Path, run: Run, whole: bool) -> None:
    token = run("token", "new", "U1").out.strip()
    other = run("token", "create", "Ana").out.strip()
    id = token.split("_")[1]
    assert run("token", "revoke", token if whole else id).out == f"The token {id} is revoked.\n"
    assert (holder(kept, token), holder(kept, other)) == (None, "U1")
    assert [" revoked " in line for line in run("token", "list").out.splitlines()].count(True) == 1
    assert run("token", "revoke", id).code == 0


def test_what_is_no_token_opens_nothing(kept: Path, run: Run) -> None:
    token = run("token", "new", "ana").out.strip()
    other = run("token", "new", "ben").out.strip()
    prefix, id, secret = token.split("_", 2)
    for wrong in (
        "",
        "_",
        "__",
        f"{prefix}_{id}_",
        f"{prefix}_{id}",
        f"{prefix}_{id}_{secret[:-1]}",
        f"{prefix}_{id}_{other.split('_', 2)[2]}",
        f"other_{id}_{secret}",
        f"{prefix}_nobody_{secret}",
        token + "x",
        "\udcff",
    ):
        assert holder(kept, wrong) is None, wrong


@pytest.mark.parametrize(
    ("name", "said"),
    [("anna", "called anna"), ("gone", "called gone"), ("U6", "called U6"), ("li", "U4 or U5: say which")],
)
def test_who_is_not_certain_gets_none(kept: Path, run: Run, name: str, said: str) -> None:
    made = run("token", "new", name)
    assert (made.code, made.out) == (1, "")
    assert said in made.err
    assert run("token", "list").out == "There is no token. `tocsin token new ana` makes one.\n"


def test_a_whole_name_goes_before_a_first_name(kept: Path, run: Run) -> None:
    assert "Ben (U2)" in run("token", "new", "ben").err


def test_there_must_be_a_database(place: Path, run: Run) -> None:
    made = run("token", "new", "ana")
    assert (made.code, made.out) == (1, "")
    assert "There is no database" in made.err
    assert not (place / "tocsin.db").exists()


def test_a_revoked_token_stays_who_it_was(kept: Path, run: Run) -> None:
    assert "no such token" in run("token", "revoke", "nothing").err
