"""The schema: one history, all of a step or nothing, never downwards."""

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

import storage.migrations as migrations
from bot.errors import StartError
from storage.tables import metadata

HERE = Path(migrations.__file__).parent
HALF = '''
"""A revision that fails half way."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "half", "HEAD"


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer))
    op.execute("INSERT INTO setting (key, value) VALUES ('half', 'yes')")
    op.execute("SELECT * FROM nowhere")
'''


@pytest.fixture
def url(database_url: str) -> str:
    """As SQLAlchemy reads it."""
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)


def ours(name: str | None, kind: str, parents: object) -> bool:
    """Whether it is described in storage/tables.py; procrastinate's tables are its own."""
    return not str(name).startswith("procrastinate_")


def test_the_history_ends_in_the_tables_of_the_program(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, metadata) == []
        assert migrations.revision_of(connection) == migrations.HEAD
    engine.dispose()
    revisions = sorted(path.name[:4] for path in (HERE / "versions").glob("0*.py"))
    assert revisions[-1] == migrations.HEAD


def test_a_step_that_fails_leaves_nothing(url: str, database_url: str, tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    shutil.copytree(HERE, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "half.py").write_text(HALF.replace("HEAD", migrations.HEAD))
    with pytest.raises(StartError, match="nowhere"):
        migrations.upgrade(database_url, "half", scripts)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert not inspect(connection).has_table("half")
        assert connection.execute(text("SELECT count(*) FROM setting")).scalar() == 0
        assert migrations.revision_of(connection) == migrations.HEAD
    engine.dispose()


def test_a_newer_schema_is_refused(url: str, database_url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartError, match="newer Tocsin"):
        migrations.upgrade(database_url)
    engine.dispose()


def test_both_databases_refuse_what_is_not_there(url: str) -> None:
    """The half step fails for the reason the test believes."""
    engine = create_engine(url)
    with engine.connect() as connection, pytest.raises((OperationalError, ProgrammingError), match="nowhere"):
        connection.execute(text("SELECT * FROM nowhere"))
    engine.dispose()


def test_the_jobs_are_on_the_server_only(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        assert inspect(connection).has_table("procrastinate_jobs") == url.startswith("postgresql")
    engine.dispose()


def test_another_procrastinate_is_refused() -> None:
    """Its tables may differ: the revision was written for one version."""
    revision = ScriptDirectory(str(HERE)).get_revision("0002").module
    revision.judge("3.10.7")
    with pytest.raises(StartError, match=r"needs procrastinate 3\.10\.x, and 4\.0\.0 is installed"):
        revision.judge("4.0.0")
