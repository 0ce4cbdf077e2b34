"""Two replicas of the whole program on one PostgreSQL and one Slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import LiteralString

import pytest

from bot.app import App, built
from bot.domain.terms import Micros, Source
from bot.flows import approvals
from bot.ports import Cause, Reply
from bot.web.server import serve
from storage.bounded import connect
from tests.fakes import FakeIds
from tests.stories import alerts
from tests.stories.story import EVERYTHING, Story
from tests.stories.test_restart import asked
from tests.waiting import looks

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)]


class Ids(FakeIds):
    """Others than those of the first replica."""

    def new(self) -> str:
        return "f" + super().new()[1:]


class Second:
    """The other replica. It works from `wakes` on."""

    def __init__(self, story: Story, app: App, port: int) -> None:
        self._story, self.app, self.port = story, app, port

    def wakes(self) -> None:
        self._story.clock.drive(self)

    async def next_due(self) -> Micros | None:
        return await self.app.engine.next_due()

    async def tick(self, now: Micros) -> None:
        await self.app.engine.tick(now)


@pytest.fixture
async def second(story: Story) -> AsyncIterator[Second]:
    async with replica(story) as made:
        yield made
        await story.stop()


@asynccontextmanager
async def replica(story: Story) -> AsyncIterator[Second]:
    settings = story.settings.model_copy(update={"runner_dir": story.folder / "another runner"})
    async with built(settings, story.clock, Ids()) as app, serve(app.web, "127.0.0.1", 0) as port:
        yield Second(story, app, port)


async def test_people_are_read_once(story: Story, second: Second) -> None:
    asked_before = len(story.workspace.calls("users.list"))
    async with AsyncExitStack() as stack:
        await second.app.slack.open(stack)
        assert second.app.slack.up
    assert len(story.workspace.calls("users.list")) == asked_before == 1


async def test_a_storm_over_both_is_one_storm(story: Story, second: Second) -> None:
    """Twenty services fail and both replicas hear of it at the same moment: five channels and a storm, numbered without a gap."""
    second.wakes()

    async def fires(port: int, n: int) -> int:
        now = story.clock.now()
        one = alerts.alert(f"Fails{n}", "firing", now, now, {"service": f"s{n}"})
        status, said = await story.post(alerts.request([one], f"{{}}:{{Fails{n}}}"), port=port)
        assert status == 200
        return int(said["items"][0]["incident"])

    async with at_once(story.url, "INSERT INTO serial VALUES ('incident', 0)"):  # nobody gets a number
        firing = asyncio.gather(*[fires((story.port, second.port)[n % 2], n) for n in range(20)])
    numbers = await firing
    await story.settle()
    assert sorted(set(numbers)) == [1, 2, 3, 4, 5, 6]
    async with story.running.store.read() as reads:
        titles = [incident.title for incident in await reads.incidents(EVERYTHING)]
    assert titles.count("Alert storm") == 1
    assert len(story.rooms) == 6


@asynccontextmanager
async def at_once(url: str, row: LiteralString) -> AsyncIterator[None]:
    """What begins in here in both replicas goes on at the same moment: both come to a row that somebody else has."""
    async with await connect(url) as other:
        await other.execute("BEGIN")
        await other.execute(row)
        yield
        await both_wait(url)
        await other.execute("COMMIT")


async def both_wait(url: str) -> None:
    """Each replica is in the middle of its batch, and cannot go on."""
    question = (
        "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with await connect(url) as looking:
        async for _ in looks():
            if (await (await looking.execute(question)).fetchall())[0]["n"] == 2:
                return
    raise AssertionError("they do not wait for each other")


async def test_only_its_own_replica_says_what_became_of_an_attempt(unbegun: Story) -> None:
    """It sleeps while its program runs: a minute is waited for it, then nobody knows; what it knows is told late."""
    story = unbegun
    begun, hold = story.folder / "begun", story.folder / "hold"
    program(story, f"echo begun >> {begun}\nwhile [ -e {hold} ]; do sleep 0.05; done")
    hold.touch()
    await story.start()
    async with replica(story) as second:
        await asked(story)
        await story.running.pulse.beat()
        await second.app.pulse.beat()
        await story.ben.actor.click("Approve", story.channel.id)
        await story.until(begun.exists)
        story.clock.release(story)  # it sleeps
        second.wakes()
        await story.forward("50s")
        assert not story.ana.reads("[It was done]"), "only it can know"
        await story.forward("15s")
        await story.settle()
        assert story.ana.reads("[It was done]")
        assert story.ana.reads("It may go on there.")
        hold.unlink()
        story.clock.drive(story)  # it wakes up
        for _ in range(9):
            await story.running.pulse.beat()
            await story.forward("10s")
        await story.settle()
        assert story.ana.reads("Late: `restart` on `gw-1` ended with `0`. By itself that changes nothing.")
        assert story.ana.reads("[It was done]"), "people still decide"
        assert begun.read_text() == "begun\n"
        await story.stop()


async def test_two_plans_that_begin_at_once_do_not_both_touch_the_last_machine(unbegun: Story) -> None:
    """Both may touch one machine while nothing else is in hand, and both get their last yes at the same moment."""
    story = unbegun
    plan = story.folder / "config/plans/restart.md"
    (plan.parent / "other.md").write_text(
        plan.read_text().replace("id: restart\n", "id: other\n").replace("Hung", "Stuck")
    )
    story.machine.heals = False
    await story.start()
    await asked(story)
    await story.alert("Stuck", service="other", instance="gw-2")
    await story.ana.actor.join(story.channel.id)
    await story.ana.click("No")
    codes = [(await story.incident(number)).approvals[-1].code for number in (1, 2)]
    async with replica(story) as second:

        async def says_yes(app: App, number: int) -> Reply:
            cause = Cause(f"yes:{number}", "U0BEN", Source.BUTTON)
            return await approvals.approve(app.desk, cause, number, codes[number - 1])

        places: LiteralString = "INSERT INTO lock (key, holder, taken_at) VALUES ('gw-1', '', 0), ('gw-2', '', 0)"
        async with at_once(story.url, places):
            apps = (story.running, second.app)
            yes = asyncio.gather(*[says_yes(app, number) for number, app in enumerate(apps, 1)])
        await yes
        begun = [(await story.incident(number)).attempts[-1].changes for number in (1, 2)]
        assert sorted(begun) == [False, True]
        late = begun.index(False) + 1
        [waits] = [visit for visit in (await story.incident(late)).walks[-1].open if visit.refused]
        assert waits.refused == "blast"
        await story.stop()


def program(story: Story, body: str) -> None:
    """What restarts the service."""
    place = story.folder / "programs"
    place.mkdir(mode=0o700)
    (place / "restart").write_text(f"#!/bin/sh\n{body}\n")
    (place / "restart").chmod(0o700)
    url = f'  http: {{method: POST, url: "http://{story.machine.host}/restart/${{host}}", expect: 200}}\n'
    story.configure(
        "plans/restart.md",
        (
            f"{url}  changes: true\n  timeout: 5s",
            f'  run: ["{place}/restart", "${{host}}"]\n  changes: true\n  timeout: 10m',
        ),
    )
