"""F36: the program is replaced by a newer one in the middle of an incident, and the database is of an older schema."""

from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, insert, select, text

from bot.workspace.gate import Fault
from storage import migrations
from storage.audit import broken
from storage.rebuild import differing
from tests.postgres import Fresh, Server
from tests.stories.story import Story
from tests.stories.test_restart import asked

pytestmark = pytest.mark.slow


def sql_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def aged(url: str, new: str, revision: str) -> None:
    """Make `new` a database of that revision with everything that the one at `url` holds and the older schema knows."""
    migrations.upgrade(new, revision)
    source, target = create_engine(sql_url(url)), create_engine(sql_url(new))
    old = MetaData()
    old.reflect(target)
    ours = [each for each in old.sorted_tables if not each.name.startswith(("procrastinate_", "alembic_"))]
    with source.connect() as reads, target.begin() as writes:
        for table in ours:
            rows = [dict(row) for row in reads.execute(select(table)).mappings()]
            if rows:
                writes.execute(insert(table), rows)
        writes.execute(text("UPDATE effect SET status = 'started' WHERE kind = 'say' AND status = 'planned'"))
    source.dispose()
    target.dispose()


def empty(story: Story, new_database: Fresh, folder: Path) -> str:
    """A database without any schema."""
    if story.url.startswith("sqlite"):
        return f"sqlite:///{folder}/older.db"
    server: Server = new_database.request.getfixturevalue("postgres")
    return server.url(server.create())


async def test_the_story_goes_on(story: Story, new_database: Fresh, tmp_path: Path) -> None:
    """What was asked can be answered, what was due becomes due, what was being said is said once; the past stays as it was."""
    await asked(story)
    await story.ana.types("update We look into it --next 5m")
    await story.settle()
    story.workspace.gate.faults = [Fault("503", times=1_000_000)]
    await story.ana.types("note written while nobody listened")
    before = await story.timeline()
    await story.stop()
    story.workspace.gate.faults = []
    older, revision = empty(story, new_database, tmp_path), "0001" if story.url.startswith("sqlite") else "0002"
    aged(story.url, older, revision)
    story.url = older

    assert migrations.upgrade(older) == revision, "what `tocsin db upgrade` does"
    await story.start()
    await story.running.pulse.beat()
    assert story.running.pulse.back is None, "the schema is its own"
    await story.forward("2m")
    assert (await story.timeline())[: len(before)] == before
    assert sum("written while nobody listened" in line for line in story.ana.sees()) == 1
    assert not story.ana.reads("was due", "@tocsin")
    await to_the_end(story)


async def to_the_end(story: Story) -> None:
    await story.ben.click("Approve")
    assert story.machine.restarts == ["gw-1"]
    await story.ana.click("Yes")
    await story.forward("4m")
    await story.settle()
    assert story.ana.reads("The update of *INC-1* was due", "@tocsin")
    await story.clears("Hung", service="gateway")
    await story.ana.types("resolve")
    await story.settle()
    assert (await story.incident()).status == "resolved"
    assert len(story.channel.files) == 1
    async with story.running.store.read() as reads:
        assert await broken(reads) == []
        assert await differing(reads) == []
    assert await story.waits() == []
