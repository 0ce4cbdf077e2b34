"""`tocsin db` and `tocsin audit`: what an operator reads, and the exit codes."""

import asyncio
import os
from pathlib import Path

import pytest

from storage.opening import open_store
from tests.bot.cli.conftest import Run
from tests.fakes import FakeClock, FakeIds
from tests.storage.places import change, fill, read_all

HERE = "sqlite:///tocsin.db"
FORGED = "UPDATE event SET actor = 'U9' WHERE stream = 'inc:2' AND seq = 3"


@pytest.fixture
def there(place: Path) -> Path:
    """A database of three incidents where the settings say that it is."""
    asyncio.run(fill(HERE))
    return place


def test_upgrade_makes_the_database(run: Run, place: Path) -> None:
    assert run("db", "upgrade").out == "The database is up to date.\n"
    assert (place / "tocsin.db").exists()


def test_backup_and_restore(run: Run, there: Path) -> None:
    before = read_all(HERE)
    ran = run("db", "backup", "b.db")
    assert ran.code == 0
    assert ran.out.startswith("b.db: 3 incidents, 12 events, schema ")
    change(HERE, "DELETE FROM person")
    ran = run("db", "restore", "b.db")
    assert ran.code == 0
    assert "tocsin.db is b.db now: 3 incidents" in ran.out
    assert "The old database is tocsin.db.before-restore-1." in ran.out
    assert read_all(HERE) == before
    ran = run("db", "backup", "b.db")
    assert (ran.code, ran.err) == (1, "tocsin: b.db is there already; a backup overwrites nothing.\n")


def test_copy_there_and_back(run: Run, there: Path) -> None:
    ran = run("db", "copy", HERE, "sqlite:///other.db")
    assert ran.code == 0
    assert "12  event\n" in ran.out
    assert "The copy is like its source, row by row. Set TOCSIN_DATABASE_URL to it.\n" in ran.out
    assert read_all("sqlite:///other.db") == read_all(HERE)
    assert "not empty" in run("db", "copy", HERE, "sqlite:///other.db").err


def test_rebuild_says_what_differed(run: Run, there: Path) -> None:
    assert run("db", "rebuild").out == "3 incidents, 0 differed.\n"
    change(HERE, "UPDATE incident_state SET status = 'x', service = 'y' WHERE number = 3")
    ran = run("db", "rebuild")
    assert ran.code == 0
    assert ran.out == ("INC-3: made anew: incident_state.status, incident_state.service\n3 incidents, 1 differed.\n")
    change(HERE, FORGED)
    ran = run("db", "rebuild")
    assert (ran.code, ran.err) == (1, "INC-2: event 3 was changed.\n")


def test_audit_verify_names_the_first_bad_event(run: Run, there: Path) -> None:
    ran = run("audit", "verify")
    assert (ran.code, ran.out) == (0, "3 of 3 chains verify (12 events).\n")
    change(HERE, "DELETE FROM event_body WHERE stream = 'inc:1' AND seq = 2")
    assert run("audit", "verify").out == "3 of 3 chains verify (12 events, 1 of them without their words).\n"
    change(HERE, FORGED, "DELETE FROM event WHERE stream = 'inc:3' AND seq = 4")
    ran = run("audit", "verify")
    assert ran.code == 1
    assert ran.out.splitlines()[:2] == [
        "INC-2: event 3 was changed.",
        "INC-3: the events from 4 on are missing, or the record of where the stream ends was changed.",
    ]
    for command in (("db", "copy", HERE, "sqlite:///other.db"), ("db", "restore", "tocsin.db")):
        ran = run(*command)
        assert ran.code == 1
        assert "inc:2, event 3" in ran.err
    assert run("db", "copy", "--anyway", HERE, "sqlite:///other.db").err.startswith("INC-2: event 3 was changed.\n")


def test_what_writes_refuses_beside_a_running_bot(run: Run, there: Path) -> None:
    running = asyncio.Runner()
    store = running.run(open_store(HERE, FakeClock(), FakeIds()))
    for command in ("upgrade", "rebuild", "restore", "copy"):
        more = {"restore": ["tocsin.db"], "copy": [HERE, "sqlite:///other.db"]}.get(command, [])
        ran = run("db", command, *more)
        assert ran.code == 1
        assert f"in use by process {os.getpid()}" in ran.err
        assert len(ran.err.splitlines()) == 1
    assert run("db", "backup", "b.db").code == 0
    assert run("audit", "verify").code == 0
    running.run(store.close())
    running.close()


def test_postgresql_has_tools_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "postgresql://tocsin:hidden@db/tocsin")
    for command, tool in (("backup", "pg_dump --format=custom --file=b"), ("restore", "pg_restore --clean")):
        ran = run("db", command, "b")
        assert ran.code == 1
        assert tool in ran.err
        assert "hidden" not in ran.err
