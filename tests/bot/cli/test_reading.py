"""`tocsin incident` and `tocsin report` read a database beside whoever writes it."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.clock import RandomIds, SystemClock
from bot.domain.terms import MINUTE
from bot.domain.transcript import Line
from storage.opening import open_store
from tests.bot.cli.conftest import Run
from tests.bot.flows.sending import alert, sending
from tests.fakes import NINE


@pytest.fixture
def written(place: Path) -> Path:
    """A database in which one alert has opened INC-1."""
    asyncio.run(_write(place))
    return place


async def _write(folder: Path) -> None:
    clock = SystemClock()
    store = await open_store(f"sqlite:///{folder / 'tocsin.db'}", clock, RandomIds())
    async with sending(store) as sender:
        assert await sender.send(alert("OrdersDown", start=clock.now() - MINUTE)) == [("open", 1)]
    await store.close()


def test_open_incidents_are_listed(written: Path, run: Run) -> None:
    said = run("incident", "list").out
    assert said.startswith("INC-1 · SEV2 · Investigating · ")
    assert "OrdersDown is broken" in said


def test_one_incident_is_told_with_numbers_and_timeline(written: Path, run: Run) -> None:
    said = run("incident", "show", "INC-1").out
    assert said == run("incident", "show", "1").out
    assert "Found, from the first signal: 1 min, by monitoring — t.first_signal__detected" in said.replace(
        "\u00a0", " "
    )
    assert "SEV2 opened by an alert: OrdersDown is broken" in said


def test_what_people_wrote_is_read_where_it_is_kept(written: Path, run: Run) -> None:
    said = run("incident", "show", "1", "--transcript").out
    assert said == "Of what people wrote in its channel nothing is kept.\n"
    asyncio.run(_wrote(written))
    said = run("incident", "show", "1", "--transcript").out
    assert said == "2033-01-03 09:00:00 U0BEN: is it the disk?\n"


async def _wrote(folder: Path) -> None:
    store = await open_store(f"sqlite:///{folder / 'tocsin.db'}", SystemClock(), RandomIds())
    async with store.begin() as tx:
        await tx.save([Line("C1", "1988355600.000001", 1, "", NINE, "U0BEN", "is it the\ndisk?")])
    await store.close()


def test_an_incident_that_is_not_there_is_said_to_be_not_there(written: Path, run: Run) -> None:
    said = run("incident", "show", "7")
    assert (said.code, said.err) == (1, "tocsin: There is no INC-7, or you cannot see it.\n")


def test_the_report_says_what_each_number_rests_on(written: Path, run: Run) -> None:
    lines = run("report", "--days", "1").out.replace("\u00a0", " ").splitlines()
    assert lines[0].startswith("Incidents (n.incidents): 1 ")
    assert lines[1].startswith("Still open (n.open): 1, the oldest for ")
    assert [line for line in lines if line.startswith("Plans that were drilled (drill.plans): 0 % (0 of 12)")]
    assert "restart-hung-service: Restart a hung service — never drilled" in lines


def test_the_report_as_json_has_words_and_values(written: Path, run: Run) -> None:
    told = {number["metric"]: number for number in json.loads(run("report", "--format", "json").out)}
    assert told["n.incidents"]["value"] == 1
    assert told["n.incidents"]["title"] == "Incidents"
    assert told["t.started__recovered"]["value"] is None


def test_reading_changes_nothing(written: Path, run: Run) -> None:
    before = (written / "tocsin.db").read_bytes()
    for words in (["incident", "list", "--all"], ["incident", "show", "1"], ["report"]):
        assert run(*words).code == 0
    assert (written / "tocsin.db").read_bytes() == before
